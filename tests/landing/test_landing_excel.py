"""Workbooks: which sheet is read, how cells become text, and what is no workbook."""

import datetime as dt
import os
import re
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from landing_desk import NOON, Desk, Row, column, source

from orchestration.landing import sheet_extent

HEADER: Row = ("a", "b")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    columns = (column("a"), column("b"), column("note", required=False))
    return Desk(tmp_path, source(*columns, files=("*.xlsx",), formats=("excel",), sheet="数据"))


def edit_sheet(path: Path, pattern: bytes, replacement: bytes) -> None:
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name], count = re.subn(pattern, replacement, parts[name])
    assert count == 1
    with zipfile.ZipFile(path, "w") as book:
        for part, content in parts.items():
            book.writestr(part, content)
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))


def test_cells_become_the_text_that_a_person_sees(desk: Desk) -> None:
    morning = dt.datetime(2026, 11, 19, 9, 30)  # noqa: DTZ001
    rows: list[Row] = [
        ("b", "a"),
        (1, 2.0),
        (1.5, 138_0013_8000),
        (dt.date(2026, 11, 19), morning),
        (True, "007"),
        (0.1, 12345678901234567890),
        ("x\r\ny\rz", '"q", \n'),
    ]
    with xlsxwriter.Workbook(desk.put("x.xlsx", b"")) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                form = moment if cell is morning else day if isinstance(cell, dt.date) else None
                sheet.write(number, place, cell, form)
    (record,) = desk.land(dt.date(2099, 1, 1))
    assert desk.rows(record, "b", "a") == [
        ("1", "2"),
        ("1.5", "13800138000"),
        ("2026-11-19", "2026-11-19 09:30:00"),
        ("true", "007"),
        ("0.1", "1.234567890123457e+19"),
        ("x\r\ny\rz", '"q", \n'),
    ]


def test_the_sheet_with_the_suffix_is_read(desk: Desk) -> None:
    desk.put_sheets("x.xlsx", {"说明": [("read me",)], "客户数据": [HEADER, (1, 2)]})
    (record,) = desk.land()
    assert desk.rows(record, "a", "b") == [("1", "2")]


def test_without_that_suffix_the_first_visible_sheet_is_read(desk: Desk) -> None:
    sheets: dict[str, list[Row]] = {
        "hidden_options": [("x",)],
        "客户数据": [HEADER, ("hidden", "sheet")],
        "Sheet1": [HEADER, (1, 2)],
        "Sheet2": [HEADER, (3, 4)],
    }
    with xlsxwriter.Workbook(desk.put("chart.xlsx", b"")) as book:
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=S!$A$2:$A$2"})
        book.add_chartsheet().set_chart(chart)
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, (5, 6))
    os.utime(desk.settings.inbox / "till" / "chart.xlsx", (0, 0))
    desk.put_sheets("x.xlsx", sheets, hidden="客户数据")
    beside_chart, record = desk.land()
    assert desk.rows(record, "a", "b") == [("1", "2")]
    assert desk.rows(beside_chart, "a", "b") == [("5", "6")]


@pytest.mark.parametrize("claim", [b"A1", b"A1:A1", b"A1:XFD1048576", b"B2:C3"])
def test_a_wrong_dimension_hides_no_row_and_no_column(desk: Desk, claim: bytes) -> None:
    path = desk.put_sheets("x.xlsx", {"数据": [HEADER, *((n, n) for n in range(50))]})
    edit_sheet(path, rb'<dimension ref="[^"]*"', b'<dimension ref="' + claim + b'"')
    (record,) = desk.land()
    assert record.landed_rows == 50
    assert desk.rows(record, "a", "b")[-1] == ("49", "49")


def test_short_rows_are_padded_and_blank_rows_are_none(desk: Desk) -> None:
    rows: list[Row] = [("a", "b", "note"), (1,), (), (None, 2), ("", "", ""), (3, 4, 5)]
    desk.put_sheets("x.xlsx", {"数据": rows})
    (record,) = desk.land()
    assert desk.rows(record, "_row", "a", "b", "note") == [
        (2, "1", None, None),
        (4, None, "2", None),
        (6, "3", "4", "5"),
    ]
    assert (record.records, record.rejected_rows, record.encoding) == (3, 0, None)


def test_blank_rows_above_the_header_do_not_count_as_it(desk: Desk) -> None:
    desk.put_sheets("x.xlsx", {"数据": [(), (), HEADER, (1, 2)]})
    (record,) = desk.land()
    assert desk.rows(record, "_row", "a") == [(4, "1")]


def test_cells_beyond_the_header_are_kept(desk: Desk) -> None:
    desk.put_sheets("x.xlsx", {"数据": [HEADER, (1, 2, 3, 4)]})
    (record,) = desk.land()
    assert desk.rows(record, "_extra") == [('{"column_3":"3","column_4":"4"}',)]


def test_a_workbook_of_a_header_only_is_refused(desk: Desk) -> None:
    desk.put_sheets("x.xlsx", {"数据": [HEADER]})
    (record,) = desk.land()
    assert record.reason is not None and record.reason.startswith("header_only")


def test_an_empty_sheet_is_refused(desk: Desk) -> None:
    desk.put_sheets("x.xlsx", {"数据": []})
    (record,) = desk.land()
    assert record.reason is not None and "it has no header" in record.reason


def test_a_workbook_without_a_visible_sheet_is_refused(desk: Desk) -> None:
    desk.put_sheets("x.xlsx", {"hidden_a": [HEADER, (1, 2)]})
    (record,) = desk.land()
    assert record.reason == "unreadable_workbook: it has no visible sheet; export it again"


def test_a_workbook_that_is_cut_anywhere_is_refused(desk: Desk) -> None:
    path = desk.put_sheets("whole.xlsx", {"数据": [HEADER, (1, 2)]})
    content = path.read_bytes()
    path.unlink()
    sizes = range(1, len(content) - 1, len(content) // 9)
    for size in sizes:
        desk.put(f"{size}.xlsx", content[:size])
    records = desk.land()
    assert len(records) == len(sizes)
    for record in records:
        assert record.outcome == "refused"
        assert record.reason is not None and record.reason.startswith("unreadable_workbook")


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_only_called_a_workbook_is_refused(desk: Desk, content: bytes) -> None:
    record = desk.land_one("x.xlsx", content)
    assert record.reason is not None and record.reason.startswith("unreadable_workbook")


def test_a_workbook_without_a_required_column_is_refused_like_text(desk: Desk) -> None:
    desk.put_sheets("x.xlsx", {"数据": [("a", "c"), (1, 2)]})
    (record,) = desk.land()
    assert record.reason is not None
    assert record.reason.startswith("missing_columns: till.lines needs b; the file has a, c.")


def test_errors_and_formulas_and_times_land_as_a_person_reads_them(desk: Desk) -> None:
    with xlsxwriter.Workbook(desk.put("x.xlsx", b"")) as book:
        sheet, clock = book.add_worksheet(), book.add_format({"num_format": "hh:mm:ss"})
        sheet.write_row(0, 0, HEADER)
        sheet.write_formula(1, 0, '="x"&"y"', None, "xy")
        sheet.write_formula(1, 1, "=1+1", None, 2)
        sheet.write_string(2, 0, "k")
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_boolean(3, 0, False)
        sheet.write_datetime(3, 1, dt.time(9, 30), clock)
    (record,) = desk.land(dt.date(2099, 1, 1))
    assert desk.rows(record, "_row", "a", "b") == [
        (2, "xy", "2"), (3, "k", None), (4, "false", "09:30:00"),
    ]  # fmt: skip


NOWHERE, END = 0xFFFFFFFF, 0xFFFFFFFE


def old_workbook(rows: list[Row], title: str = "Sheet1") -> bytes:
    """Write a workbook as Excel did until 2003: records in the one stream of a compound file."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def start(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 1997, 0, 0x600))

    def text(value: str) -> bytes:
        return b"\1" + value.encode("utf-16-le")

    def book(offset: int) -> bytes:
        sheet = struct.pack("<IHB", offset, 0, len(title)) + text(title)
        return start(5) + record(0x42, struct.pack("<H", 1200)) + record(0x85, sheet) + record(10)

    cells = b""
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            at = struct.pack("<HHH", number, place, 0)
            if isinstance(cell, str):
                cells += record(0x204, at + struct.pack("<H", len(cell)) + text(cell))
            else:
                cells += record(0x203, at + struct.pack("<d", cell))
    size = record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    return compound(book(len(book(0))) + start(0x10) + size + cells + record(10))


def compound(stream: bytes) -> bytes:
    """Wrap one stream: header, sectors in use, folder, and the stream in sectors of 512 bytes."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    chain = [0xFFFFFFFD, END, *range(3, 2 + len(stream) // 512), END]

    def entry(name: str, kind: int, child: int, begin: int, size: int) -> bytes:
        raw = f"{name}\0".encode("utf-16-le")
        links = struct.pack("<HBBIII", len(raw), kind, 1, NOWHERE, NOWHERE, child)
        return raw.ljust(64, b"\0") + links + bytes(36) + struct.pack("<III", begin, size, 0)

    head = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16)
    head += struct.pack("<5H6x10I", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0, 0)
    folder = entry("Root Entry", 5, 1, END, 0) + entry("Workbook", 2, NOWHERE, 2, len(stream))
    used = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    return head.ljust(512, b"\xff") + used + folder.ljust(512, b"\0") + stream


@pytest.mark.parametrize("name", ["x.xls", "x.xlsx", "x.csv"])
def test_a_workbook_of_old_excel_lands_under_any_name(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path, source(files=("*",), formats=("csv", "excel")))
    content = old_workbook([("订单",), HEADER, (1.0, "王小明"), (13800138000.0, "x,y")])
    record = desk.land_one(name, content)
    assert record.outcome == "landed", record.reason
    assert desk.rows(record, "_row", "a", "b") == [(3, "1", "王小明"), (4, "13800138000", "x,y")]


def test_a_workbook_of_old_excel_that_is_cut_is_refused(tmp_path: Path) -> None:
    content = old_workbook([HEADER, (1.0, "x")])
    for cut in (9, 600, 1100, 1600):
        desk = Desk(tmp_path / str(cut), source(files=("*",), formats=("excel",)))
        record = desk.land_one("x.xls", content[:cut])
        assert record.reason is not None and record.reason.startswith("unreadable_workbook: ")


@pytest.mark.parametrize("prefix", [b"", b"x:"])
def test_a_stray_cell_in_the_last_corner_refuses_the_file_and_does_not_end_the_night(
    desk: Desk, prefix: bytes
) -> None:
    with xlsxwriter.Workbook(desk.put("x.xlsx", b"")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("1", "2"))
        sheet.write(1_048_575, 16_383, "stray")
    path = desk.settings.inbox / "till" / "x.xlsx"
    if prefix:
        with zipfile.ZipFile(path) as whole:
            text = whole.read("xl/worksheets/sheet1.xml")
        prefixed = re.sub(rb"<(/?)(row|c|v|worksheet|sheetData)\b", rb"<\1x:\2", text)
        edit_sheet(path, re.escape(text), prefixed.replace(b"\\", b"\\\\"))
    (record,) = desk.land(dt.date(2099, 1, 1))
    assert record.reason == (
        "unreadable_workbook: its cells reach to row 1,048,576 and column 16,384; delete the "
        "stray ones; export it again"
    )


def test_a_cell_that_is_long_or_speaks_of_cells_does_not_hide_how_far_a_sheet_reaches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_extent, "CHUNK_BYTES", 7)
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ('r="XFD9999999" row>', "b", "<c "))
        sheet.write(40, 30, "x" * 5_000)
    monkeypatch.setattr(sheet_extent, "MOST_CELLS", 41 * 31)
    sheet_extent.check_extent(path)
    monkeypatch.setattr(sheet_extent, "MOST_CELLS", 41 * 31 - 1)
    with pytest.raises(sheet_extent.ExtentError, match="row 41 and column 31"):
        sheet_extent.check_extent(path)
