"""Sources land side by side: a slow file, or a fault, is one source's and nobody else's."""

import io
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Event, Thread

import duckdb
import pytest
from homes import settings_of

from orchestration.landing import land, listings, register
from orchestration.landing.decode import RawFile, read_raw
from orchestration.landing.parquet import landed_rows
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import FilePattern, SourceColumn, SourceTable
from orchestration.night import LANDING_THREADS, Night
from orchestration.settings import Settings

AS_OF = date(2026, 11, 19)
SOURCES, FILES = 30, 10
# Seconds after which something hangs.
PATIENCE = 60


def declared(number: int) -> SourceTable:
    return SourceTable(
        system="till", table=f"t{number:02}", files=(FilePattern(f"t{number:02}_*.csv", "full"),),
        formats=("csv",), load="full", arrival="irregular",
        columns=(SourceColumn("a", ("a",), required=True),
                 SourceColumn("b", ("b",), required=True)),
    )  # fmt: skip


TABLES = tuple(declared(number) for number in range(SOURCES))


def fill(settings: Settings) -> None:
    """Drop ten files per source; the sources grow with their number."""
    folder = settings.inbox / "till"
    folder.mkdir(parents=True)
    for number in range(SOURCES):
        for part in range(FILES):
            rows = "".join(f"{number},{part}-{row}\n" for row in range(number + 1))
            (folder / f"t{number:02}_2026-11-{part + 10}.csv").write_text(f"a,b\n{rows}")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path)


@contextmanager
def night(settings: Settings, tables: tuple[SourceTable, ...] = TABLES) -> Iterator[Night]:
    """A night that has begun."""
    found = Night(settings, tables)
    found.begin(AS_OF, "run")
    try:
        yield found
    finally:
        found.release()


def recorded(settings: Settings, table: SourceTable) -> list[FileRecord]:
    return register.read_part(register.part(settings.landing, table.relation))


def wait_until_landed(settings: Settings, tables: list[SourceTable]) -> None:
    end = time.monotonic() + PATIENCE
    while any(len(recorded(settings, table)) < FILES for table in tables):
        assert time.monotonic() < end, "other sources wait for the slow one"
        time.sleep(0.05)


def test_every_file_of_every_source_lands_whatever_lands_beside_it(settings: Settings) -> None:
    fill(settings)
    with night(settings) as tonight:
        landed = tonight.land()
    assert list(landed) == [table.relation for table in TABLES]
    for number, table in enumerate(TABLES):
        records = landed[table.relation]
        assert [(r.outcome, r.landed_rows) for r in records] == [("landed", number + 1)] * FILES
        for part, record in enumerate(records):
            rows = landed_rows(["a", "b"], [record.parquet(settings.landing)])
            found = duckdb.execute(f"select a, b, _row from {rows}").fetchall()
            assert found == [(str(number), f"{part}-{row}", row + 2) for row in range(number + 1)]
    assert [r.file_name for r in tonight.landed] == [
        r.file_name for records in landed.values() for r in records
    ]


@pytest.mark.parametrize("slow", [0, SOURCES - 1], ids=["the smallest", "the largest"])
def test_one_slow_file_holds_up_no_other_source(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, slow: int
) -> None:
    fill(settings)
    may_go_on, is_reading = Event(), Event()

    def read_slowly(path: Path) -> RawFile:
        if path.name == f"t{slow:02}_2026-11-10.csv":
            is_reading.set()
            assert may_go_on.wait(PATIENCE)
        return read_raw(path)

    monkeypatch.setattr(land, "read_raw", read_slowly)
    with night(settings) as tonight:
        landing = Thread(target=tonight.land)
        landing.start()
        try:
            assert is_reading.wait(PATIENCE)
            others = [table for table in TABLES if table != TABLES[slow]]
            wait_until_landed(settings, others)
            assert landing.is_alive()
            assert recorded(settings, TABLES[slow]) == []
        finally:
            may_go_on.set()
            landing.join(PATIENCE)
    assert len(recorded(settings, TABLES[slow])) == FILES
    assert len(tonight.landed) == SOURCES * FILES


def test_several_sources_are_read_at_the_same_time_but_not_all(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(settings)
    together = threading.Barrier(LANDING_THREADS)
    names: set[str] = set()

    def read_together(path: Path) -> RawFile:
        if path.name.endswith("10.csv") and len(names) < LANDING_THREADS:
            names.add(threading.current_thread().name)
            together.wait(PATIENCE)
        return read_raw(path)

    monkeypatch.setattr(land, "read_raw", read_together)
    with night(settings) as tonight:
        tonight.land()
    assert len(names) == LANDING_THREADS


def test_the_fault_of_one_source_is_raised_and_leaves_no_other_half_recorded(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(settings)

    def read_or_fail(path: Path) -> RawFile:
        if path.name.startswith("t03_"):
            raise RuntimeError("a fault")
        return read_raw(path)

    monkeypatch.setattr(land, "read_raw", read_or_fail)
    with night(settings) as tonight, pytest.raises(RuntimeError, match="a fault"):
        tonight.land()
    others = [table for table in TABLES if table.table != "t03"]
    assert {len(recorded(settings, table)) for table in others} <= {0, FILES}
    # The sources that were ahead of it were not interrupted.
    assert [len(recorded(settings, table)) for table in others[:3]] == [FILES] * 3
    assert recorded(settings, TABLES[3]) == []


def test_a_refused_file_of_one_source_costs_no_other(settings: Settings) -> None:
    fill(settings)
    (settings.inbox / "till" / "t05_2026-11-12.csv").write_text("x\n1\n")
    with night(settings) as tonight:
        tonight.land()
    assert [r.file_name for r in tonight.landed if r.outcome != "landed"] == [
        "till/t05_2026-11-12.csv"
    ]
    assert len(tonight.landed) == SOURCES * FILES


def test_an_archive_is_opened_on_its_first_night_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = settings.inbox / "till"
    folder.mkdir(parents=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("t00_1.csv", (2026, 11, 18, 0, 0, 0)), "a,b\n1,2\n")
    (folder / "Data.zip").write_bytes(out.getvalue())
    with night(settings) as tonight:
        assert [r.outcome for r in tonight.land()["till__t00"]] == ["landed"]
    monkeypatch.setattr(listings, "list_members", lambda _: pytest.fail("opened again"))
    with night(settings) as tonight:
        assert tonight.scan is not None
        assert len(tonight.scan.matched["till__t00"]) == 1
