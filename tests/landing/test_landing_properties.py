"""For every file: landed plus rejected rows are its physical records, whatever it holds.

The number of records is known by construction, and for text it is counted a second time by a
reader of a few lines that knows of quotes and of nothing else.
"""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_desk import Desk, Row, all_large, column, source

from orchestration.landing.register import FileRecord

FEW = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
FEWER = settings(FEW, max_examples=15)
NOVEMBER = (2026, 11, 18, 0, 0, 0)
DELIMITERS = (",", ";", "\t", "|")
NAMES = ("a", "b", "c")
LABELS = ("客户名称", "电话", "备注")
COLUMNS = tuple(column(name, label) for name, label in zip(NAMES, LABELS, strict=True))
# As landing reads it: a cell of nothing is null.
Cells = tuple[str, str, str]


@dataclass(frozen=True)
class Written:
    """One file, the rows that must land of it, and how many records must not."""

    name: str
    content: bytes
    kept: tuple[tuple[int, Cells], ...]
    rejected: int

    @property
    def rows(self) -> list[Row]:
        return [(row, *(cell or None for cell in cells)) for row, cells in self.kept]


def physical_records(text: str) -> int:
    """Count lines that are not blank and not within quotes."""
    count, is_quoted, has_any = 0, False, False
    for sign in text:
        if sign == '"':
            is_quoted = not is_quoted
        if sign == "\n" and not is_quoted:
            count, has_any = count + has_any, False
        elif sign != "\r" or is_quoted:
            has_any = True
    return count + has_any


def check(desk: Desk, written: Written, record: FileRecord) -> None:
    if not written.kept:
        assert record.outcome == "refused"
        return
    assert record.outcome == "landed", record.reason
    assert (record.landed_rows, record.rejected_rows) == (len(written.kept), written.rejected)
    assert record.records == record.landed_rows + record.rejected_rows
    assert desk.rows(record, "_row", *NAMES) == written.rows
    mine = [reject for reject in desk.rejects() if reject["file"] == record.file_name]
    assert len(mine) == written.rejected
    numbers = [row for row, _ in written.kept] + [int(reject["row"]) for reject in mine]
    assert len(set(numbers)) == record.records


# Texts ------------------------------------------------------------------------------------------

SIGNS = st.one_of(
    st.sampled_from('",;\t|\n\r 　"é数客\'\\=0'), st.sampled_from("客户订单商品上海北京，。abc123")
)
CELL = st.text(SIGNS, max_size=7)
# Nothing that a reader might take for another record, or for the end of this one.
PLAIN = st.text(st.sampled_from("客户订单abc123"), min_size=1, max_size=5)
GOOD = st.tuples(CELL, CELL, CELL)
BAD = st.one_of(
    st.tuples(PLAIN).map(list),
    st.tuples(PLAIN, PLAIN).map(list),
    st.tuples(PLAIN, PLAIN, PLAIN, PLAIN).map(list),
    st.sampled_from(['x{d}"y"z{d}w', "x{d}y\0{d}z", 'x{d}y{d}"z"w']),
)
TITLES = st.lists(PLAIN.map(lambda text: f"标题 {text}"), max_size=3)


@st.composite
def texts(draw: st.DrawFn, suffix: str = "csv") -> Written:
    """Draw a CSV with some damaged records, titles above its header, and blank lines about."""
    delimiter = draw(st.sampled_from(DELIMITERS))
    line_end = draw(st.sampled_from(["\n", "\r\n"]))
    quotes_all = draw(st.booleans())
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
    blank = draw(st.sampled_from(["", line_end, line_end * 2]))
    records = draw(st.lists(st.one_of(GOOD, GOOD, BAD), max_size=8))
    titles = draw(TITLES)

    def written(record: object) -> str:
        if isinstance(record, str):
            return record.format(d=delimiter) + line_end
        return delimiter.join(map(cell, record)) + line_end  # type: ignore[call-overload]

    def cell(text: str) -> str:
        needs_quotes = quotes_all or any(sign in text for sign in f'{delimiter}"\r\n')
        return '"' + text.replace('"', '""') + '"' if needs_quotes else text

    lines = [title + line_end for title in titles] + [written(r) for r in (LABELS, *records)]
    text = blank.join(lines)
    kept = [(row, r) for row, r in enumerate(records, len(titles) + 2) if isinstance(r, tuple)]
    if all(isinstance(r, tuple) for r in records):
        assert physical_records(text) == len(lines)
        # A whole last record needs no line break; a broken one without is a file cut short.
        text = text.removesuffix(line_end) if draw(st.booleans()) else text
    return Written(f"x.{suffix}", text.encode(encoding), tuple(kept), len(records) - len(kept))


def text_desk(folder: Path) -> Desk:
    return Desk(folder, source(*COLUMNS, delimiters=DELIMITERS))


@FEW
@given(written=texts())
def test_every_record_of_a_text_lands_or_is_rejected(
    tmp_path_factory: pytest.TempPathFactory, written: Written
) -> None:
    desk = text_desk(tmp_path_factory.mktemp("text"))
    check(desk, written, desk.land_one(written.name, written.content))
    with all_large():
        desk = text_desk(tmp_path_factory.mktemp("large"))
        check(desk, written, desk.land_one(written.name, written.content))


@FEWER
@given(written=texts(), cut=st.floats(0, 1))
def test_a_text_that_is_cut_anywhere_lands_no_row_that_it_never_had(
    tmp_path_factory: pytest.TempPathFactory, written: Written, cut: float
) -> None:
    desk = text_desk(tmp_path_factory.mktemp("cut"))
    record = desk.land_one("x.csv", written.content[: int(len(written.content) * cut)])
    if record.outcome == "landed":
        rows = desk.rows(record, "_row", *NAMES)
        # The last one may have lost the end of its last cell, which no reader can know.
        assert set(rows[:-1]) <= set(written.rows)
        assert record.records == record.landed_rows + record.rejected_rows


def test_the_reader_that_counts_knows_of_quotes() -> None:
    assert physical_records('a,b\n1,"x\ny"\n\n2,"""\n"\r\n\r\n3,4') == 4


# Lines of JSON and documents --------------------------------------------------------------------

VALUE = st.one_of(
    st.text(st.sampled_from('",;\n 客é\\/{}[]:'), min_size=1, max_size=7),
    st.integers(-(10**30), 10**30).map(str),
)
OBJECT = st.tuples(VALUE, VALUE, VALUE)
BROKEN = st.sampled_from(["{", '{"a":1', "x", "[1]", "null", "17", '{"a":1}}', "{'a':1}", '"x"'])


def as_object(cells: Cells) -> str:
    return json.dumps(dict(zip(LABELS, cells, strict=True)), ensure_ascii=False)


@st.composite
def json_lines(draw: st.DrawFn) -> Written:
    """Draw JSON Lines, some of them broken, with blank lines about."""
    lines = draw(st.lists(st.one_of(OBJECT, OBJECT, BROKEN), max_size=8))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
    blank = draw(st.sampled_from(["\n", "\r\n", "\n \n"]))
    # Two whole lines in front: otherwise a file of broken lines is no JSON Lines at all.
    whole = [("客户", "1", "2"), ("订单", "3", "4"), *lines]
    text = blank.join(as_object(r) if isinstance(r, tuple) else r for r in whole)
    text += draw(st.sampled_from(["", blank]))
    kept = [(row, r) for row, r in enumerate(whole, 1) if isinstance(r, tuple)]
    return Written("x.jsonl", text.encode(encoding), tuple(kept), len(whole) - len(kept))


def json_desk(folder: Path, records: tuple[str, ...] = ()) -> Desk:
    prefix = "list." if records else ""
    columns = [column(n, prefix + label) for n, label in zip(NAMES, LABELS, strict=True)]
    declared = source(*columns, files=("*.json*",), formats=("json",), records=records)
    return Desk(folder, declared)


@FEW
@given(written=json_lines())
def test_every_line_of_json_lands_or_is_rejected(
    tmp_path_factory: pytest.TempPathFactory, written: Written
) -> None:
    desk = json_desk(tmp_path_factory.mktemp("lines"))
    check(desk, written, desk.land_one(written.name, written.content))


@FEWER
@given(
    objects=st.lists(st.one_of(OBJECT, OBJECT, st.integers(0, 9)), min_size=1, max_size=8),
    indent=st.sampled_from([None, 2]),
)
def test_every_element_of_a_document_lands_or_is_rejected(
    tmp_path_factory: pytest.TempPathFactory, objects: list[Cells | int], indent: int | None
) -> None:
    whole = [json.loads(as_object(o)) if isinstance(o, tuple) else o for o in objects]
    kept = tuple((row, o) for row, o in enumerate(objects, 1) if isinstance(o, tuple))
    content = json.dumps(whole, ensure_ascii=False, indent=indent).encode()
    written = Written("x.json", content, kept, len(objects) - len(kept))
    desk = json_desk(tmp_path_factory.mktemp("document"))
    check(desk, written, desk.land_one(written.name, content))


@FEWER
@given(pages=st.lists(st.lists(OBJECT, max_size=4), min_size=1, max_size=4))
def test_every_record_of_every_page_lands(
    tmp_path_factory: pytest.TempPathFactory, pages: list[list[Cells]]
) -> None:
    lines = (f'{{"list":[{",".join(map(as_object, page))}]}}\n' for page in pages)
    records = [cells for page in pages for cells in page]
    written = Written("x.jsonl", "".join(lines).encode(), tuple(enumerate(records, 1)), 0)
    desk = json_desk(tmp_path_factory.mktemp("pages"), ("list[]",))
    check(desk, written, desk.land_one(written.name, written.content))


# Workbooks and archives -------------------------------------------------------------------------

EXCEL_CELL = st.text(st.sampled_from("客户订单 ab,;\"'=0\n"), min_size=1, max_size=6).filter(
    lambda text: not text.startswith("=")  # a formula
)


@FEWER
@given(
    rows=st.lists(
        st.one_of(st.tuples(EXCEL_CELL, EXCEL_CELL, EXCEL_CELL), st.just(("", "", ""))), max_size=8
    ),
    titles=TITLES,
)
def test_every_row_of_a_sheet_that_is_not_blank_lands_with_its_number(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Cells], titles: list[str]
) -> None:
    desk = Desk(
        tmp_path_factory.mktemp("sheet"), source(*COLUMNS, files=("*.xlsx",), formats=("excel",))
    )
    sheet: list[Row] = [*((title,) for title in titles), LABELS]
    path = desk.put_sheets("x.xlsx", {"Sheet1": [*sheet, *rows]})
    kept = tuple((n, row) for n, row in enumerate(rows, len(titles) + 2) if any(row))
    (record,) = desk.land()
    check(desk, Written("x.xlsx", path.read_bytes(), kept, 0), record)


@FEWER
@given(files=st.lists(texts(), min_size=1, max_size=4))
def test_every_record_of_every_member_lands_or_is_rejected(
    tmp_path_factory: pytest.TempPathFactory, files: list[Written]
) -> None:
    distinct = list({written.content: written for written in files}.values())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, written in enumerate(distinct):
            archive.writestr(zipfile.ZipInfo(f"Data/{number}.csv", NOVEMBER), written.content)
            archive.writestr(zipfile.ZipInfo(f"Pictures/{number}.png", NOVEMBER), b"\0")
    desk = text_desk(tmp_path_factory.mktemp("zip"))
    desk.put("x.zip", out.getvalue())
    landed = {Path(record.file_name).stem: record for record in desk.land()}
    assert len(landed) == len(distinct)
    for number, written in enumerate(distinct):
        check_member(desk, written, landed[str(number)])


def check_member(desk: Desk, written: Written, record: FileRecord) -> None:
    """Check as of a plain file; a member that holds a header alone is no failed export."""
    if written.kept or written.rejected:
        check(desk, written, record)
    else:
        assert (record.outcome, record.records) == ("landed", 0)
