"""The register of files: what is skipped, what is a duplicate, what goes and comes again."""

import dataclasses
import datetime as dt
import os
from pathlib import Path

import pytest
from landing_desk import NIGHT, NOON, Desk, run_of, source

from orchestration.landing import land, parquet, register
from orchestration.landing.land import LandingRun, land_source
from orchestration.landing.parquet import LINEAGE

GOOD = "a,b\n1,2\n"
DAY = dt.timedelta(days=1)
NOTHING_PUBLISHED: frozenset[str] = frozenset()


def outcomes(desk: Desk) -> list[tuple[str, str]]:
    return [(r.file_name.removeprefix("till/"), r.outcome) for r in desk.register()]


def test_a_landed_file_is_recorded_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", "a,b\n1,2\n3\n4,5\n")
    assert desk.register() == [record]
    assert (record.records, record.landed_rows, record.rejected_rows) == (3, 2, 1)
    assert (record.system, record.table_name, record.file_name) == ("till", "lines", "till/x.csv")
    assert (record.landed_for, record.encoding, record.size_bytes) == (NIGHT, "utf-8", 14)
    assert desk.said == ["till/x.csv: 2 rows landed, 1 rejected"]


def test_the_same_file_again_is_skipped_and_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    desk.land_one("x.csv", GOOD)
    before = register.part(desk.settings.landing, "till__lines").stat().st_mtime_ns
    monkeypatch.setattr(land, "read_raw", lambda path: pytest.fail("read again"))
    assert desk.land(NIGHT) == desk.land(NIGHT + DAY) == ()
    assert register.part(desk.settings.landing, "till__lines").stat().st_mtime_ns == before


def test_a_file_that_was_only_touched_stays_landed_and_is_read_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", GOOD)
    desk.put("x.csv", GOOD, at=NOON + dt.timedelta(minutes=1))
    assert desk.land(NIGHT + DAY) == ()
    (now,) = desk.register()
    assert dataclasses.replace(now, modified_ns=record.modified_ns) == record
    assert desk.rows(now) == [("1", "2")]
    assert desk.said == ["till/x.csv: 1 rows landed"]
    monkeypatch.setattr(land, "read_raw", lambda path: pytest.fail("read a third time"))
    assert desk.land(NIGHT + DAY) == ()


def test_the_same_content_under_another_name_is_a_duplicate_and_lands_no_row(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    desk.land_one("x.csv", GOOD)
    record = desk.land_one("y.csv", GOOD)
    assert (record.outcome, record.reason) == ("duplicate", "the same content as till/x.csv")
    assert (record.records, record.landed_rows, record.rejected_rows) == (0, 0, 0)
    assert len(desk.landed_files()) == 1
    assert desk.land(NIGHT + DAY) == ()


def test_of_two_equal_files_the_earlier_export_lands(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("a_2026-11-19.csv", GOOD)
    desk.put("b_2026-11-18.csv", GOOD)
    desk.land()
    assert outcomes(desk) == [("b_2026-11-18.csv", "landed"), ("a_2026-11-19.csv", "duplicate")]


def test_new_content_under_an_old_name_lands_beside_the_old(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first = desk.land_one("x.csv", GOOD)
    second = desk.land_one("x.csv", "a,b\n3,4\n", at=NOON + dt.timedelta(minutes=1))
    assert desk.register() == [first, second]
    assert len(desk.landed_files()) == 2


def test_a_file_that_changes_while_it_is_read_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    path = desk.put("x.csv", GOOD)
    write = parquet.write_parquet

    def write_while_it_grows(*given: object) -> int:
        with path.open("a") as file:
            file.write("3,4\n")
        return write(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(land, "write_parquet", write_while_it_grows)
    assert desk.land() == ()
    assert (desk.register(), desk.landed_files()) == ([], [])
    assert desk.said == ["till/x.csv: waits for the next night, it changed while it was read"]
    monkeypatch.undo()
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    assert desk.land()[0].landed_rows == 2


def test_a_file_that_became_a_fifo_or_vanished_after_the_scan_is_never_opened(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    fifo, gone = desk.put("fifo.csv", GOOD), desk.put("gone.csv", GOOD)
    files = desk.scan().matched["till__lines"]
    fifo.unlink()
    os.mkfifo(fifo)
    gone.unlink()
    run = LandingRun(desk.settings, desk.source, NIGHT, run_of(NIGHT), desk.said.append)
    assert land_source(run, files) == ()
    assert len(desk.said) == 2


def test_nothing_stays_in_the_scratch_folder(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.land_one("x.csv", GOOD)
    left = desk.settings.landing / "_scratch" / "till__lines" / "clean.csv"
    left.write_text("of a night that was killed")
    desk.land()
    assert not left.exists()
    desk.land_one("y.csv", "a,b\n1\n2,3\n")
    assert [p for p in desk.settings.landing.rglob("_scratch/**/*") if p.is_file()] == []


def test_files_of_unpublished_nights_are_discarded_and_refused_ones_withdrawn(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    kept = desk.land_one("kept.csv", GOOD)
    for name, content in {"late.csv": "a,b\n3,4\n", "bad.csv": "a,b\n", "twin.csv": GOOD}.items():
        desk.put(name, content)
    desk.land(NIGHT + DAY)
    assert len(desk.landed_files()) == 2
    assert register.discard_unpublished(desk.settings.landing, frozenset({run_of(NIGHT)})) == 2
    assert outcomes(desk) == [("kept.csv", "landed"), ("bad.csv", "withdrawn")]
    assert desk.landed_files() == [desk.parquet(kept)]
    assert desk.rows(kept) == [("1", "2")]


def test_discarding_twice_changes_nothing_more(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.land_one("x.csv", GOOD)
    desk.land_one("bad.csv", "")
    assert register.discard_unpublished(desk.settings.landing, NOTHING_PUBLISHED) == 1
    before = desk.register()
    assert register.discard_unpublished(desk.settings.landing, NOTHING_PUBLISHED) == 0
    assert desk.register() == before
    assert [record.outcome for record in before] == ["withdrawn"]


def test_a_withdrawn_file_that_was_mended_lands_and_one_that_was_not_is_refused_again(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    desk.land_one("x.csv", "a,b\n")
    register.discard_unpublished(desk.settings.landing, NOTHING_PUBLISHED)
    assert [record.outcome for record in desk.land(NIGHT)] == ["refused"]
    register.discard_unpublished(desk.settings.landing, NOTHING_PUBLISHED)
    assert desk.land_one("x.csv", GOOD, at=NOON + dt.timedelta(minutes=1)).outcome == "landed"
    assert outcomes(desk) == [("x.csv", "withdrawn"), ("x.csv", "landed")]


def test_a_withdrawn_file_lands_a_second_time_when_its_source_takes_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, source("a", "c"))
    refused = desk.land_one("x.csv", GOOD)
    register.discard_unpublished(desk.settings.landing, NOTHING_PUBLISHED)
    desk.source = source("a", "b")
    (landed,) = desk.land()
    assert (refused.outcome, landed.outcome) == ("refused", "landed")
    assert desk.register() == [landed]


def test_a_night_that_failed_leaves_no_trace_in_landing(tmp_path: Path) -> None:
    clean, tried = Desk(tmp_path / "clean"), Desk(tmp_path / "tried")
    for desk in (clean, tried):
        desk.land_one("1.csv", GOOD)
    tried.put("2.csv", "a,b\n3\n4,5\n")
    tried.put("3.csv", "a,b\n")
    tried.land(NIGHT + DAY)
    register.discard_unpublished(tried.settings.landing, frozenset({run_of(NIGHT)}))
    for desk in (clean, tried):
        for name in ("2.csv", "3.csv"):
            desk.put(name, f"a,b\n6,{name}\n", at=NOON + dt.timedelta(minutes=1))
        desk.land(NIGHT + DAY)
    assert [r for r in tried.register() if r.outcome != "withdrawn"] == clean.register()
    for ours, theirs in zip(clean.landed_files(), tried.landed_files(), strict=True):
        assert (ours.name, ours.read_bytes()) == (theirs.name, theirs.read_bytes())
    assert tried.rejects(NIGHT + DAY) == []


def test_no_two_files_share_a_number(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for day in range(4):
        desk.put(f"good{day}.csv", f"a,b\n1,{day}\n")
        desk.put(f"bad{day}.csv", "a,b\n" + "\n" * day)
        desk.land(NIGHT + day * DAY)
        if day % 2:
            published = frozenset({run_of(NIGHT), run_of(NIGHT + 2 * DAY)})
            register.discard_unpublished(desk.settings.landing, published)
            desk.land(NIGHT + day * DAY)
    numbers = [r.file_number for r in desk.register() if r.outcome != "withdrawn"]
    assert len(numbers) == len(set(numbers)) > 4


def test_the_register_survives_rewriting(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("it's; 1\"2.csv", GOOD)
    odd = dataclasses.replace(
        record, file_name="x\ny\\ü.csv", reason='"\n\\', encoding=None, modified_ns=2**62
    )
    path = register.part(desk.settings.landing, "till__lines")
    register.write_part(path, [record, odd])
    assert register.read_part(path) == [record, odd]
    first = path.read_bytes()
    register.write_part(path, register.read_part(path))
    assert path.read_bytes() == first
    register.write_part(path, [])
    assert register.read_part(path) == []
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_no_part_is_an_empty_register(tmp_path: Path) -> None:
    assert register.read_part(tmp_path / "none.parquet") == []
    assert register.discard_unpublished(tmp_path, NOTHING_PUBLISHED) == 0


def test_every_landed_row_carries_its_lineage(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.land_one("old_2026-11-17.csv", GOOD)
    record = desk.land_one("x_2026-11-18_0930.csv", "a,b\n3,4\n\n5,6\n")
    rows = desk.rows(record, *LINEAGE)
    assert rows == [
        (record.file_name, record.sha256, number, record.exported_at, NIGHT, 1, "full", None)
        for number in (2, 3)
    ]
    assert str(record.exported_at) == "2026-11-18 01:30:00"
