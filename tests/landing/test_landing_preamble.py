"""What stands above the header and below it: titles, remarks, notes; rows keep their numbers."""

from pathlib import Path

import pytest
from landing_desk import Desk, Row, column, source

NOTE = column("note", "备注", required=False)
TITLES = [("订单报表",), ("导出时间：2026-11-19 10:00",), ("",)]


def desk_of(tmp_path: Path, **changes: object) -> Desk:
    declared = {"files": ("*",), "formats": ("csv", "excel"), "notes": ("此项必填", "公式")}
    return Desk(tmp_path, source("a", "b", NOTE, **(declared | changes)))


def lines(*rows: str) -> str:
    return "".join(f"{row}\n" for row in rows)


# Text -> rows as number, a, b; rejects as number and reason.
TEXTS: dict[str, tuple[str, list[Row], list[tuple[int, str]]]] = {
    "no preamble": (lines("a,b", "1,2"), [(2, "1", "2")], []),
    "a title": (lines("订单报表", "a,b", "1,2", "3,4"), [(3, "1", "2"), (4, "3", "4")], []),
    "a title with delimiters": (lines("订单报表,,", "a,b", "1,2"), [(3, "1", "2")], []),
    "a title in quotes": (lines('"订单, 2026"', "a,b", "1,2"), [(3, "1", "2")], []),
    "a title over two lines": (lines('"订单\n2026"', "a,b", "1,2"), [(3, "1", "2")], []),
    "blank lines about": (lines("", "订单", "", "a,b", "", "1,2"), [(3, "1", "2")], []),
    "nine lines": (lines(*(f"remark {n}" for n in range(9)), "a,b", "1,2"), [(11, "1", "2")], []),
    "one required label above": (lines("a", "a,b", "1,2"), [(3, "1", "2")], []),
    "a note below": (lines("a,b,备注", "此项必填,文本,", "1,2,3"), [(3, "1", "2")], []),
    "a note in a long remark": (lines("a,b", "x,收入的公式是 a+b", "1,2"), [(3, "1", "2")], []),
    "a note in quotes over lines": (lines("a,b", '"此项必填\n文本",', "1,2"), [(3, "1", "2")], []),
    "both": (lines("订单", "a,b", "此项必填,", "1,2"), [(4, "1", "2")], []),
    "a note further down is data": (lines("a,b", "1,2", "此项必填,3"),
                                    [(2, "1", "2"), (3, "此项必填", "3")], []),
    "only the first of two notes": (lines("a,b", "此项必填,", "公式,x"), [(3, "公式", "x")], []),
    "a row like the header is data": (lines("a,b", "1,2", "a,b"),
                                      [(2, "1", "2"), (3, "a", "b")], []),
    "a ragged row": (lines("订单", "a,b", "1", "3,4"), [(4, "3", "4")], [(3, "too_few_fields")]),
    "a quoted line break": (lines("订单", "a,b", '1,"x\ny"', "3,4"),
                            [(3, "1", "x\ny"), (4, "3", "4")], []),
    "a comma behind the header": (lines("a,b,", "1,2,", "3,4"), [(2, "1", "2"), (3, "3", "4")], []),
    "commas behind all": (lines("订单,,,", "a,b,,", "1,2,,", "3,4,,"),
                          [(3, "1", "2"), (4, "3", "4")], []),
    "a cell without a label": (lines("a,b,", "1,2,9", "3,4,"),
                               [(3, "3", "4")], [(2, "too_many_fields")]),
}  # fmt: skip


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(("text", "rows", "rejects"), TEXTS.values(), ids=TEXTS.keys())
def test_the_header_is_found_and_rows_are_numbered_as_they_stand_in_the_text(
    tmp_path: Path,
    text: str,
    rows: list[Row],
    rejects: list[tuple[int, str]],
    line_end: str,
) -> None:
    desk = desk_of(tmp_path)
    record = desk.land_one("x.csv", text.replace("\n", line_end))
    assert record.outcome == "landed", record.reason
    found = [tuple(str(c).replace(line_end, "\n") if isinstance(c, str) else c for c in row)
             for row in desk.rows(record, "_row", "a", "b")]  # fmt: skip
    assert found == rows
    assert [reject[:2] for reject in desk.reasons()] == rejects
    assert (record.landed_rows, record.rejected_rows) == (len(rows), len(rejects))


def test_a_preamble_is_found_where_lines_end_in_bare_carriage_returns(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    record = desk.land_one("x.csv", "订单\ra,b\r此项必填,\r1,2\r3\r")
    assert desk.rows(record, "_row", "a", "b") == [(4, "1", "2")]
    assert desk.reasons() == [(5, "too_few_fields", "3")]


@pytest.mark.parametrize(
    "text",
    [
        lines(*(f"remark {n}" for n in range(10)), "a,b", "1,2"),
        lines("订单报表", "A1,B1", "1,2"),
        lines("订单报表"),
    ],
)
def test_a_header_below_the_tenth_line_or_none_at_all_is_refused(tmp_path: Path, text: str) -> None:
    record = desk_of(tmp_path).land_one("x.csv", text)
    assert record.reason is not None and record.reason.startswith("missing_columns: ")


def test_a_title_and_a_header_alone_are_an_export_that_failed(tmp_path: Path) -> None:
    for name, text in {
        "1": "订单\na,b\n",
        "2": "a,b\n此项必填,\n",
        "3": "订单\na,b\n公式,\n",
    }.items():
        record = desk_of(tmp_path / name).land_one("x.csv", text)
        assert record.reason is not None and record.reason.startswith("header_only: ")


def test_a_preamble_in_another_encoding_is_found_as_well(tmp_path: Path) -> None:
    text = lines("订单报表", "a,b,备注", "此项必填,,", "1,2,好", "3,4,一般")
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        desk = desk_of(tmp_path / encoding)
        record = desk.land_one("x.csv", text.encode(encoding))
        assert desk.rows(record, "_row", "a", "note") == [(4, "1", "好"), (5, "3", "一般")]


PADDED = {
    "short rows": (lines("a,b,备注", "1,2", "3,4,x", "5"), [(2, "1", "2", None), (3, "3", "4", "x"),
                                                        (4, "5", None, None)]),
    "all of them short": (lines("a,b,备注,c,d", "1,2", "3,4"), [(2, "1", "2", None),
                                                              (3, "3", "4", None)]),
    "under a title": (lines("标题", "a,b,备注", "1,2"), [(3, "1", "2", None)]),
    "with a quoted line break": (lines("a,b,备注", '"1\n1",2', "3,4"), [(2, "1\n1", "2", None),
                                                                      (3, "3", "4", None)]),
    "sound": (lines("a,b,备注", "1,2,3"), [(2, "1", "2", "3")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), PADDED.values(), ids=PADDED.keys())
def test_short_rows_are_padded_where_the_source_says_so_and_nowhere_else(
    tmp_path: Path, text: str, rows: list[Row]
) -> None:
    desk = desk_of(tmp_path / "pads", pads_short_rows=True)
    record = desk.land_one("x.csv", text)
    assert desk.rows(record, "_row", "a", "b", "note") == rows
    assert record.rejected_rows == 0
    width = 1 + text[text.index("a,b") :].split("\n")[0].count(",")
    whole = ",".join(str(number) for number in range(width))
    strict = desk_of(tmp_path / "strict").land_one("x.csv", f"{text}{whole}\n")
    assert strict.rejected_rows == sum(1 for row in rows if row[3] is None)


def test_a_row_that_is_too_long_is_rejected_even_where_short_ones_are_padded(
    tmp_path: Path,
) -> None:
    desk = desk_of(tmp_path, pads_short_rows=True)
    record = desk.land_one("x.csv", lines("a,b,备注", "1,2,3,4", "5,6"))
    assert (record.landed_rows, record.rejected_rows) == (1, 1)
    assert desk.reasons() == [(2, "too_many_fields", "1,2,3,4")]


HEADER = ("a", "b", "备注")
SHEETS: dict[str, tuple[list[Row], list[Row]]] = {
    "no preamble": ([HEADER, (1, 2, 3)], [(2, "1", "2")]),
    "titles": ([*TITLES, HEADER, (1, 2, 3)], [(5, "1", "2")]),
    "a note below": ([HEADER, ("此项必填", "文本", ""), (1, 2, 3)], [(3, "1", "2")]),
    "both": ([*TITLES, HEADER, ("x", "公式", ""), (1, 2, 3), (4, 5, 6)],
             [(6, "1", "2"), (7, "4", "5")]),
    "blank rows about": ([("",), HEADER, ("",), (1, 2, 3), ("",), (4, 5, 6)],
                         [(4, "1", "2"), (6, "4", "5")]),
    "a wide title": ([("标题", "", "", "", "wide"), HEADER, (1, 2, 3)], [(3, "1", "2")]),
    "nine rows": ([*[("x",)] * 9, HEADER, (1, 2, 3)], [(11, "1", "2")]),
}  # fmt: skip


@pytest.mark.parametrize(("sheet", "rows"), SHEETS.values(), ids=SHEETS.keys())
def test_the_header_of_a_sheet_is_found_and_rows_keep_the_numbers_that_excel_shows(
    tmp_path: Path, sheet: list[Row], rows: list[Row]
) -> None:
    desk = desk_of(tmp_path)
    desk.put_sheets("x.xlsx", {"Sheet1": sheet})
    (record,) = desk.land()
    assert desk.rows(record, "_row", "a", "b") == rows
    assert (record.landed_rows, record.rejected_rows) == (len(rows), 0)


def test_the_sheet_is_chosen_by_its_name_and_else_by_its_columns(tmp_path: Path) -> None:
    sheets: dict[str, list[Row]] = {
        "说明": [("read", "me")],
        "旧数据": [HEADER, (1, 2, 3)],
        "新数据": [*TITLES, HEADER, (4, 5, 6)],
    }
    for sheet, expected in (("新数据", "4"), ("旧数据", "1"), (None, "1"), ("无", "1")):
        desk = desk_of(tmp_path / str(sheet), sheet=sheet)
        desk.put_sheets("x.xlsx", sheets)
        assert desk.rows(desk.land()[0], "a") == [(expected,)]


def test_a_sheet_of_the_declared_name_without_the_columns_is_refused(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, sheet="新数据")
    desk.put_sheets("x.xlsx", {"旧数据": [HEADER, (1, 2, 3)], "新数据": [("x", "y"), (1, 2)]})
    (record,) = desk.land()
    assert record.reason is not None and "the file has x, y" in record.reason


def test_a_hidden_sheet_is_never_read_whatever_it_holds(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.put_sheets("x.xlsx", {"A": [("x",), (1,)], "B": [HEADER, (1, 2, 3)]}, hidden="B")
    (record,) = desk.land()
    assert record.reason is not None and record.reason.startswith("missing_columns: ")


def test_a_workbook_and_a_text_of_the_same_rows_land_alike(tmp_path: Path) -> None:
    book, text = desk_of(tmp_path / "book"), desk_of(tmp_path / "text")
    book.put_sheets("orders.csv", {"Sheet1": [*TITLES[:2], HEADER, (1, "x,y", "好\n的")]})
    text.put("orders.xlsx", lines(*(t for (t,) in TITLES[:2]), "a,b,备注", '1,"x,y","好\n的"'))
    found = [desk.rows(desk.land()[0], "_row", "a", "b", "note") for desk in (book, text)]
    assert found == [[(4, "1", "x,y", "好\n的")]] * 2
