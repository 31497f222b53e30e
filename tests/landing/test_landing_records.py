"""Records of delimited text: what is one, what is kept, what is rejected, on both paths."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_desk import Desk, Row, all_large, column, source

from orchestration.landing import care, decode, land, records
from orchestration.landing.records import Kept, Layout, Reject, read_records

GOOD = "a,b\n1,one\n2,two\n3,three\n"
BOTH_WAYS = {
    "plain": GOOD,
    "CRLF": GOOD.replace("\n", "\r\n"),
    "bare carriage returns": GOOD.replace("\n", "\r"),
    "mixed line breaks": "a,b\n1,one\r\n2,two\n3,three\r\n",
    "no final line break": GOOD.rstrip(),
    "blank lines": "\n\na,b\n\n1,one\n\n\n2,two\n3,three\n\n",
    "blank CRLF lines": "a,b\r\n\r\n1,one\r\n\r\n2,two\r\n3,three\r\n\r\n",
    "quotes": 'a,b\n"1","one"\n2,"two"\n"3",three\n',
    "doubled quotes": 'a,b\n1,"say ""one"""\n2,""""\n3,"""x"","""\n',
    "inch marks": 'a,b\n1,5" pipe\n2,6" pipe\n3,"7"" pipe"\n',
    "quoted line breaks": 'a,b\n1,"one\nmore"\n2,"two\r\nmore"\n3,"\n\n"\n',
    "quoted carriage return": 'a,b\n1,"one\rmore"\n2,two\n3,three\n',
    "delimiters in quotes": 'a,b\n"1,1",one\n2,"two,"\n3,","\n',
    "blanks beside quotes": 'a,b\n1, "one"\n2,"two" \n "3" ,three\n',
    "more blanks beside quotes": 'a,b\n1,   "one"\n2,"two"  \n  "3"  ,three\n',
    "quoted texts side by side": 'a,b\n1,"one" "two"\n2,two\n3,three\n',
    "empty quotes side by side": 'a,b\n1, "" ""\n2,two\n3,three\n',
    "empty quotes and blanks in a cell": 'a,b\n1,"say "" "" and "" """\n2,two\n3,three\n',
    "blanks kept": "a,b\n 1 , one \n2,\ttwo\n3,　three\n",
    "empty cells": 'a,b\n1,\n,two\n"",""\n',
    "empty cells after the last column": "a,b\n1,one,\n2,two,,\n3,three\n",
    "byte order mark": "\ufeff" + GOOD,
    "byte order mark and quotes": '\ufeff"a","b"\n1,one\n2,two\n3,three\n',
    "header over two lines": '"a","b\n"\n1,one\n2,two\n3,three\n',
    "separators of Unicode": "a,b\n1,x\u2028y\n2,x\x0cy\n3,x\x85y\n",
    "astral signs": "a,b\n1,😀\n2,𠮷野家\n3,é\n",
    "broken quote": 'a,b\n1,"one\n2,two\n3,three\n',
    "junk after a quote": 'a,b\n1,"one"x\n2,two\n3,three\n',
    "too few": "a,b\n1\n2,two\n3,three\n",
    "too many": "a,b\n1,one\n2,two,too\n3,three\n",
}

SOUND = (
    "plain", "CRLF", "quotes", "quoted line breaks", "doubled quotes", "inch marks",
    "no final line break", "blank lines", "byte order mark", "astral signs",
)  # fmt: skip


def land_carefully(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send every file through Python, record by record."""
    monkeypatch.setattr(care, "needs_care", lambda piece: True)


def both_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> list[tuple[list[Row], list[tuple[int, str, str]]]]:
    """Land `content` as it comes, and again record by record; return rows and rejects of each."""
    found = []
    with all_large():
        large = Desk(tmp_path / "as_large")
        record = large.land_one("x.csv", content)
        as_large = large.rows(record, "_row", "a", "b"), large.reasons()
    for way in ("as_it_comes", "carefully"):
        desk = Desk(tmp_path / way)
        if way == "carefully":
            land_carefully(desk, monkeypatch)
        record = desk.land_one("x.csv", content)
        assert record.outcome == "landed", record.reason
        assert record.records == record.landed_rows + record.rejected_rows
        found.append((desk.rows(record, "_row", "a", "b"), desk.reasons()))
    assert found[0] == as_large
    return found


@pytest.mark.parametrize("content", BOTH_WAYS.values(), ids=BOTH_WAYS.keys())
def test_both_paths_give_the_same_rows_numbers_and_rejects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    as_it_comes, carefully = both_ways(tmp_path, monkeypatch, content)
    assert as_it_comes == carefully
    assert len(carefully[0]) + len(carefully[1]) == 3
    numbers = [row[0] for row in carefully[0]] + [reject[0] for reject in carefully[1]]
    assert sorted(numbers) == [2, 3, 4]


@pytest.mark.parametrize("blanks", [62, 63, 64, 67, 68, 69])
@pytest.mark.parametrize("cells", ['1,{}"one"', '1,""{}"one"', '1,"one"{}"two"', '1, ""{}""'])
def test_blanks_on_the_border_of_two_chunks_are_read_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: str, blanks: int
) -> None:
    # What is kept of the first chunk starts with the quote, or within the blanks.
    monkeypatch.setattr(decode, "CHUNK_BYTES", care.OVERLAP + 16)
    content = f"a,b\n2,two\n{cells.format(' ' * blanks)}\n3,three\n"
    as_it_comes, carefully = both_ways(tmp_path, monkeypatch, content)
    assert as_it_comes == carefully


def test_a_sound_file_never_takes_the_slow_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(land, "clean_text", lambda *_: pytest.fail("read record by record"))
    for name in SOUND:
        assert Desk(tmp_path / name).land_one("x.csv", BOTH_WAYS[name]).landed_rows == 3


def test_a_record_with_too_few_fields_names_the_first_column_that_is_missing(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, source("a", "b", "c"))
    desk.land_one("x.csv", "a,b,c\n1,2,3\n4,5\n7,8,9\n")
    (reject,) = desk.rejects()
    assert (reject["row"], reject["column"], reject["reason"]) == ("3", "c", "too_few_fields")
    assert (reject["system"], reject["table"], reject["file"]) == ("till", "lines", "till/x.csv")
    assert reject["raw_text"] == "4,5"


def test_a_record_with_too_many_fields_is_rejected_with_its_raw_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", "a,b\n1,2\n3,4,5\n6,7\n")
    assert desk.rows(record) == [("1", "2"), ("6", "7")]
    assert desk.reasons() == [(3, "too_many_fields", "3,4,5")]


def test_a_broken_quote_costs_one_record_only(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", 'a,b\n1,x\n2,"open\n3,y\n4,"z"\n5,"two\nlines"\n6,w\n')
    assert desk.rows(record, "_row", "a") == [(2, "1"), (4, "3"), (5, "4"), (6, "5"), (7, "6")]
    assert desk.reasons() == [(3, "broken_quote", '2,"open')]


def test_a_broken_quote_that_closes_further_down_gives_back_the_records_between(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", 'a,b\n1,"open\n3,y\n4,z\n5,closed",c\n6,w\n')
    assert desk.rows(record, "_row", "a") == [(3, "3"), (4, "4"), (6, "6")]
    assert desk.reasons() == [
        (2, "broken_quote", '1,"open'),
        (5, "too_many_fields", '5,closed",c'),
    ]


def test_two_broken_quotes_far_apart_do_not_swallow_what_lies_between(tmp_path: Path) -> None:
    between = "".join(f"{n},x\n" for n in range(5_000))
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", f'a,b\n0,"open\n{between}9,closed"\n1,y\n')
    assert record.landed_rows == 5_002
    assert desk.reasons() == [(2, "broken_quote", '0,"open')]


def test_an_extra_cell_that_swallows_lines_is_seen_too(tmp_path: Path) -> None:
    between = "".join(f"{n},x,y\n" for n in range(300))
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", f'a,b,note\n0,x,"open\n{between}9,x,closed"\n1,x,y\n')
    assert (record.landed_rows, record.rejected_rows) == (302, 1)


def test_a_long_quoted_cell_of_many_lines_is_one_record(tmp_path: Path) -> None:
    text = "\n".join(f"line {n}" for n in range(records.LONGEST_RECORD_LINES))
    record = (desk := Desk(tmp_path)).land_one("x.csv", f'a,b\n1,"{text}"\n2,x\n')
    assert desk.rows(record) == [("1", text), ("2", "x")]


def test_a_ragged_record_with_a_quoted_line_break_is_one_reject(tmp_path: Path) -> None:
    desk = Desk(tmp_path, source("a", "b", "c"))
    desk.land_one("x.csv", 'a,b,c\n1,2,3\n4,"five\nmore"\n7,8,9\n')
    assert desk.reasons() == [(3, "too_few_fields", '4,"five\nmore"')]


def test_an_inch_mark_in_every_row_is_read_in_linear_time(tmp_path: Path) -> None:
    content = "a,b\n" + "".join(f'{n},"{n}" pipe\n' for n in range(20_000)) + "x,y\n"
    record = Desk(tmp_path).land_one("x.csv", content)
    assert (record.landed_rows, record.rejected_rows) == (1, 20_000)


def test_a_nul_byte_rejects_its_record_and_names_the_column(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", b"a,b\n1,one\n2,t\0wo\n3,three\n")
    assert desk.rows(record, "_row", "b") == [(2, "one"), (4, "three")]
    (reject,) = desk.rejects()
    assert (reject["column"], reject["reason"]) == ("b", "nul_byte")
    assert reject["raw_text"] == "2,t\\0wo"


def test_a_carriage_return_bare_in_a_cell_rejects_the_whole_record(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", "a,b\n1,one\n2,tw\ro\n3,three\n")
    assert desk.rows(record, "a") == [("1",), ("3",)]
    assert desk.reasons() == [(3, "stray_line_break", "2,tw\ro")]


def test_a_line_of_many_megabytes_is_rejected_and_the_rest_lands(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", f"a,b\n1,one\n2,{'x' * 10_000_000}\n3,three\n")
    assert desk.rows(record, "_row", "b") == [(2, "one"), (4, "three")]
    (reject,) = desk.rejects()
    assert reject["reason"] == "line_too_long"
    assert len(reject["raw_text"]) == records.LONGEST_RAW_TEXT


@pytest.mark.parametrize("sign", ["x", "数", '""'])
def test_a_long_cell_lands_whole_on_the_slow_path(tmp_path: Path, sign: str) -> None:
    text = sign * 300_000
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", f'a,b\n1,"{text}"\n2\n')
    assert desk.rows(record) == [("1", text.replace('""', '"'))]


def test_a_bad_record_never_reaches_landing_and_a_file_of_bad_ones_is_refused(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", "a,b\n1\n2\n3\n")
    assert record.outcome == "refused"
    assert record.reason is not None and record.reason.startswith("no_rows: all 3 records")
    assert "row 2 for too_few_fields" in record.reason
    assert (record.records, record.rejected_rows) == (0, 0)
    assert desk.landed_files() == []


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_have_the_same_dialect(tmp_path: Path, delimiter: str) -> None:
    desk = Desk(tmp_path, source(delimiters=(",", ";", "\t", "|")))
    text = 'a;b\n1;"x;""y""\nz"\n2;5,5\n3\n'.replace(";", delimiter)
    record = desk.land_one("x.csv", text)
    assert desk.rows(record, "_row", "a", "b") == [
        (2, "1", f'x{delimiter}"y"\nz'),
        (3, "2", "5,5"),
    ]
    assert desk.reasons() == [(4, "too_few_fields", "3")]


def test_a_column_alone_in_its_file_has_no_rows_for_blank_lines(tmp_path: Path) -> None:
    desk = Desk(tmp_path, source("a"))
    record = desk.land_one("x.csv", "a\n1\n\n2\n\n")
    assert desk.rows(record, "_row", "a") == [(2, "1"), (3, "2")]


CELLS = st.text(
    st.one_of(st.sampled_from('",;\n\r 　"é数😀=\'\\\t'), st.characters(codec="utf-8")), max_size=8
).filter(lambda text: "\0" not in text)
GOOD_RECORDS = st.lists(CELLS, min_size=3, max_size=3)
# What no reading can mistake for anything but one bad record: no line within a cell is a record.
PLAIN_CELLS = CELLS.map(lambda text: text.replace(",", ";"))
BAD_RECORDS = st.one_of(
    st.lists(PLAIN_CELLS, min_size=1, max_size=2),
    st.tuples(PLAIN_CELLS, PLAIN_CELLS, PLAIN_CELLS, PLAIN_CELLS.filter(bool)).map(list),
    st.sampled_from(['x,"y"z,1', "x,y\0,z", "x,y"]),
)


def encoded(cells: list[str], line_end: str) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=line_end).writerow(cells)
    return out.getvalue()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    drawn=st.lists(st.one_of(GOOD_RECORDS, GOOD_RECORDS, BAD_RECORDS), max_size=12),
    line_end=st.sampled_from(["\n", "\r\n"]),
    blanks=st.booleans(),
)
def test_landed_and_rejected_are_all_records_and_kept_cells_survive_exactly(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[list[str] | str],
    line_end: str,
    blanks: bool,
) -> None:
    good = [cells for cells in drawn if isinstance(cells, list) and len(cells) == 3]
    text = "".join(
        (line_end if blanks else "")
        + (record + line_end if isinstance(record, str) else encoded(record, line_end))
        for record in [["a", "b", "c"], *drawn]
    )
    desk = Desk(tmp_path_factory.mktemp("generated"), source("a", "b", "c"))
    record = desk.land_one("x.csv", text)
    if not good:
        assert record.outcome == "refused"
        return
    assert record.landed_rows == len(good)
    assert record.rejected_rows == len(drawn) - len(good) == len(desk.rejects())
    expected = [tuple(cell or None for cell in cells) for cells in good]
    assert desk.rows(record) == expected
    rows = {number: index for index, (number,) in enumerate(desk.rows(record, "_row"))}
    places = [n for n, r in enumerate(drawn, 2) if isinstance(r, list) and len(r) == 3]
    assert list(rows) == places
    assert {int(reject["row"]) for reject in desk.rejects()} == {*range(2, len(drawn) + 2)} - set(
        places
    )


PIECES = st.lists(
    st.sampled_from(
        ["x", "", ",", ",", ",", "\n", "\n", "\r\n", '"', '"', '""', " ", "é", "\\", '"x"', '"\n"']
    ),
    max_size=16,
).map("".join)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=PIECES)
def test_whatever_the_fast_path_accepts_the_slow_path_reads_alike(
    tmp_path_factory: pytest.TempPathFactory, body: str
) -> None:
    desk = Desk(
        tmp_path_factory.mktemp("pieces"),
        source(column("a", required=True), column("b", required=False)),
    )
    path = desk.put("x.csv", "a,b\n0,0\n" + body)
    found = list(read_records(path, Layout(",", ["a", "b"], 1, 2, pads=False)))
    slow = [(r.row, *(cell or None for cell in r.cells)) for r in found if isinstance(r, Kept)]
    (record,) = desk.land()
    with all_large():
        again = Desk(tmp_path_factory.mktemp("large"), desk.source)
        large = again.land_one("x.csv", path.read_bytes())
    assert (large.outcome, large.records, large.reason, large.sha256) == (
        record.outcome, record.records, record.reason, record.sha256
    )  # fmt: skip
    assert again.rejects() == desk.rejects()
    if record.outcome == "refused":
        assert isinstance(found[-1], Reject)
        assert record.reason is not None and record.reason.startswith("cut_short")
    else:
        assert desk.rows(record, "_row", "a", "b") == again.rows(large, "_row", "a", "b") == slow
        assert record.records == len(found)
