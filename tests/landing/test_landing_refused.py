"""Files that are refused as a whole: each by name, with a reason, and without harm to others."""

from pathlib import Path

import duckdb
import pytest
from landing_desk import NIGHT, Desk, Size, both_sizes

from orchestration.landing import decode, land

GOOD = "a,b\n1,2\n"


def outcomes(desk: Desk) -> list[tuple[str, str]]:
    return [(r.file_name.removeprefix("till/"), r.outcome) for r in desk.register()]


REFUSED = {
    "an empty file": (b"", "empty_file"),
    "a file of blank lines": (b"\n\n", "missing_columns"),
    "a header only": (b"a,b\n", "header_only"),
    "a header only without line break": (b"a,b", "header_only"),
    "a header and blank lines": (b"a,b\r\n\r\n", "header_only"),
    "a file cut in a cell": (b"a,b\n1,2\n3", "cut_short"),
    "a file cut in quotes": (b'a,b\n1,2\n3,"fo', "cut_short"),
    "a file cut in quotes of many lines": (b'a,b\n1,2\n3,"fo\nur\nfi', "cut_short"),
    "a file cut after a carriage return": (b"a,b\r\n1,2\r\n3", "cut_short"),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_cannot_be_whole_is_refused_and_lands_nothing(
    tmp_path: Path, content: bytes, code: str
) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", content)
    assert record.outcome == "refused"
    assert record.reason is not None and record.reason.startswith(f"{code}: ")
    assert desk.said == [f"till/x.csv: refused, {record.reason}"]
    assert (desk.landed_files(), desk.rejects()) == ([], [])
    assert desk.register() == [record]


def test_a_last_record_that_is_whole_lands_without_line_break(tmp_path: Path) -> None:
    assert Desk(tmp_path).land_one("x.csv", 'a,b\n1,2\n3,"4"').landed_rows == 2


def test_a_bad_last_record_with_its_line_break_is_rejected_and_the_file_lands(
    tmp_path: Path,
) -> None:
    record = Desk(tmp_path).land_one("x.csv", "a,b\n1,2\n3\n")
    assert (record.outcome, record.rejected_rows) == ("landed", 1)


def test_a_refused_file_is_tried_again_and_recorded_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.land_one("x.csv", "a,b\n")
    desk.land(NIGHT)
    assert outcomes(desk) == [("x.csv", "refused")]


def test_one_bad_file_does_not_keep_the_others_from_landing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for name, content in {"1.csv": GOOD, "2.csv": "", "3.csv": "a,b\n5,6\n"}.items():
        desk.put(name, content)
    desk.land()
    assert outcomes(desk) == [("1.csv", "landed"), ("2.csv", "refused"), ("3.csv", "landed")]


@both_sizes
def test_a_file_that_may_not_be_read_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: Size
) -> None:
    desk = Desk(tmp_path)
    locked = desk.put("1.csv", GOOD)
    desk.put("2.csv", "a,b\n3,4\n")
    read = decode.read_raw

    def refuse(path: Path) -> decode.RawFile:
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(land, "read_raw", refuse)
    with size():
        desk.land()
    assert outcomes(desk) == [("1.csv", "refused"), ("2.csv", "landed")]
    reason = desk.register()[0].reason
    assert reason is not None and reason.startswith("unreadable: Permission denied; ")


@both_sizes
def test_a_full_disk_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: Size
) -> None:
    desk = Desk(tmp_path)
    desk.put("x.csv", GOOD)

    def full(*_: object) -> int:
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr(land, "write_parquet", full)
    with size(), pytest.raises(duckdb.IOException):
        desk.land()
    assert desk.register() == []
