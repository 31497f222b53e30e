"""Long files say how far they have come; short ones say nothing of it."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest
from landing_desk import Desk, source

from orchestration.landing import progress

CAREFUL = "a,b\n1,\0x\n" + "".join(f"{n},x\n" for n in range(20))


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every file seem long: each look at the clock is one that a line is due at."""
    monkeypatch.setattr(progress, "SILENT_SECONDS", 0)
    monkeypatch.setattr(progress, "SECONDS_BETWEEN", 0)
    monkeypatch.setattr(progress, "RECORDS_AT_ONCE", 5)


@pytest.mark.parametrize("content", ["a,b\n1,2\n", CAREFUL], ids=["plain", "needs care"])
def test_a_short_file_says_only_what_landed(tmp_path: Path, content: str) -> None:
    desk = Desk(tmp_path)
    desk.land_one("short.csv", content)
    assert len(desk.said) == 1


@pytest.mark.usefixtures("slow")
def test_a_long_file_says_how_much_of_it_is_read(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.land_one("long.csv", "a,b\n" + "1,2\n" * 400_000)
    assert "till/long.csv: 1 of 2 MB read" in desk.said
    assert "till/long.csv: 2 of 2 MB read" in desk.said


@pytest.mark.usefixtures("slow")
def test_a_long_file_that_is_no_utf8_at_its_end_says_that_it_is_looked_at_again(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("long.csv", b"a,b\n" + b"1,2\n" * 400_000 + "1,会员二".encode("gb18030"))
    assert (record.encoding, record.landed_rows) == ("gb18030", 400_001)
    assert "till/long.csv: 1 of 2 MB checked as text" in desk.said


@pytest.mark.usefixtures("slow")
def test_a_file_that_is_decoded_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.land_one("long.csv", ("a,b\n" + "会员,二\n" * 200_000).encode("gb18030"))
    assert any(line.endswith("MB decoded") for line in desk.said)


@pytest.mark.usefixtures("slow")
def test_records_that_are_read_one_by_one_are_counted(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("careful.csv", CAREFUL)
    assert record.landed_rows == 20
    counts = [line for line in desk.said if line.endswith("rows so far")]
    assert counts == [f"till/careful.csv: {n} rows so far" for n in (5, 10, 15, 20)]


@pytest.mark.usefixtures("slow")
def test_workbooks_and_json_documents_are_counted_too(tmp_path: Path) -> None:
    book = Desk(tmp_path / "book", source(files=("*.xlsx",), formats=("excel",)))
    book.put_sheets("x.xlsx", {"s": [("a", "b"), *[(n, n) for n in range(6)]]})
    book.land()
    assert "till/x.xlsx: 5 rows so far" in book.said
    answer = Desk(tmp_path / "answer", source(files=("*.json",), formats=("json",)))
    answer.land_one("x.json", json.dumps([{"a": str(n), "b": "2"} for n in range(6)]))
    assert "till/x.json: 5 rows so far" in answer.said


@pytest.mark.usefixtures("slow")
def test_a_member_of_an_archive_says_that_it_is_unpacked(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr(ZipInfo("lines_001.csv", (2026, 11, 18, 0, 0, 0)), "a,b\n1,2\n")
    desk.put("x.zip", packed.getvalue())
    desk.land()
    assert "till/x.zip/lines_001.csv: 0 of 0 MB unpacked" in desk.said


@pytest.mark.usefixtures("slow")
def test_a_large_text_says_when_duckdb_starts_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    desk.land_one("small.csv", "a,b\n1,2\n")
    assert not any("reading the rows" in line for line in desk.said)
    monkeypatch.setattr(progress, "LARGE_TEXT", 1_000_000)
    desk.land_one("large.csv", "a,b\n" + "1,2\n" * 400_000)
    assert "till/large.csv: reading the rows of 2 MB" in desk.said


def test_a_line_is_said_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    said: list[str] = []
    with progress.of_file("x.csv", said.append):
        batches = progress.batches_of_records(range(5 * progress.RECORDS_AT_ONCE + 1))
        for now in (1.0, 2.5, 3.0, 6.0, 7.0):  # noqa: B007  # read by the clock above
            next(batches)
    assert said == ["x.csv: 100 rows so far", "x.csv: 400 rows so far"]
    assert len(list(progress.batches_of_records(range(progress.RECORDS_AT_ONCE)))) == 1
    assert len(said) == 2


@pytest.mark.usefixtures("slow")
def test_sources_that_land_side_by_side_each_speak_of_their_own_file(tmp_path: Path) -> None:
    desks = [Desk(tmp_path / name) for name in ("one", "two", "three")]
    for desk in desks:
        desk.put(f"{desk.home.name}.csv", CAREFUL)
    with ThreadPoolExecutor(len(desks)) as pool:
        list(pool.map(lambda desk: desk.land(), desks))
    for desk in desks:
        counts = [line for line in desk.said if line.endswith("so far")]
        assert counts == [f"till/{desk.home.name}.csv: {n} rows so far" for n in (5, 10, 15, 20)]
