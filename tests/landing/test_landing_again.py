"""Content that comes again: a duplicate, unless something else was stated in between."""

import datetime as dt
from pathlib import Path

from landing_desk import NIGHT, Desk, source

from orchestration.building import landed_records, source_view

FIRST, SECOND = "a,b\n1,old\n", "a,b\n1,new\n"


def test_a_list_that_is_again_what_it_was_before_it_changed_is_the_newest_statement(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    for day, content in ((16, FIRST), (17, SECOND), (18, FIRST)):
        desk.put(f"list_2026-11-{day}.csv", content)
    records = desk.land()
    assert [record.outcome for record in records] == ["landed"] * 3
    assert len({desk.parquet(record) for record in records}) == 3
    assert desk.rows(records[2], "b") == [("old",)]
    assert str(records[2].exported_at.date()) == "2026-11-17"  # midnight of the 18th in Shanghai
    assert desk.land(NIGHT + dt.timedelta(days=1)) == ()
    landed = landed_records(desk.settings, desk.source, NIGHT)
    view = source_view(desk.settings, desk.source, landed)
    assert all(record.parquet_name in view for record in records)


def test_a_list_that_stays_as_it_is_lands_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for day in (16, 17, 18):
        desk.put(f"list_2026-11-{day}.csv", FIRST)
    assert [record.outcome for record in desk.land()] == ["landed", "duplicate", "duplicate"]


def test_a_copy_whose_time_only_its_file_tells_is_a_duplicate(tmp_path: Path) -> None:
    desk = Desk(tmp_path, source())
    noon = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)
    desk.put("list.csv", FIRST, at=noon - dt.timedelta(days=2))
    desk.put("other.csv", SECOND, at=noon - dt.timedelta(days=1))
    desk.put("copied.csv", FIRST, at=noon)
    outcomes = {record.file_name: record.outcome for record in desk.land()}
    assert outcomes == {
        "till/list.csv": "landed",
        "till/other.csv": "landed",
        "till/copied.csv": "duplicate",
    }
