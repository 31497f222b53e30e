"""`strata sources`: what the registers say of every declared source."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from homes import KEY, settings_of

from orchestration.cli import main
from orchestration.landing import register
from orchestration.landing.arrivals import FRESH, LATE, NEVER, Arrival, arrival_of
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import FilePattern, SourceTable, load_sources
from orchestration.manifest import prepare_manifest
from orchestration.settings import Settings

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = dt.date(2026, 3, 31)


def source(arrival: str) -> SourceTable:
    return SourceTable("till", "orders", (FilePattern("*", "full"),), ("csv",), "full", arrival, ())


def record(day: dt.date, number: int = 0, **changes: object) -> FileRecord:
    """Return a file that was exported at eight in the evening of `day`, Shanghai time."""
    values: dict[str, object] = {
        "system": "till", "table_name": "orders", "file_name": f"till/{day}.csv",
        "sha256": f"{day}", "size_bytes": 1, "modified_ns": 1, "encoding": "utf-8",
        "records": 100, "landed_rows": 95, "rejected_rows": 5,
        "exported_at": dt.datetime.combine(day, dt.time(12)), "exported_at_from": "name",
        "landed_for": day, "file_number": number, "outcome": register.LANDED, "reason": None,
        "landed_by": "run",
    }  # fmt: skip
    return FileRecord(**(values | changes))  # type: ignore[arg-type]


def arrived(arrival: str, *ages: int) -> Arrival:
    """Return what is said today of a source whose exports are so many days old."""
    records = [record(TODAY - dt.timedelta(days=age)) for age in ages]
    return arrival_of(source(arrival), records, TODAY, ZONE)


def test_a_source_without_exports_is_never() -> None:
    found = arrived("nightly")
    assert (found.state, found.age_days, found.next_day, found.rows) == (NEVER, None, None, 0)


@pytest.mark.parametrize(("age", "state"), [(0, FRESH), (1, FRESH), (2, LATE), (9, LATE)])
def test_a_nightly_export_is_due_every_day(age: int, state: str) -> None:
    found = arrived("nightly", age, age + 1)
    assert (found.state, found.age_days) == (state, age)
    assert found.next_day == TODAY + dt.timedelta(days=1 - age)


def test_an_irregular_export_is_due_after_the_median_gap() -> None:
    found = arrived("irregular", 3, 10, 17, 60)
    assert (found.next_day, found.state) == (TODAY + dt.timedelta(days=4), FRESH)
    assert arrived("irregular", 14, 21, 28).state == FRESH
    assert arrived("irregular", 15, 22, 29).state == LATE


def test_one_irregular_export_tells_nothing_of_the_next() -> None:
    found = arrived("irregular", 300)
    assert (found.next_day, found.state) == (None, FRESH)


def test_files_of_one_day_are_one_export() -> None:
    day = TODAY - dt.timedelta(days=2)
    found = arrival_of(source("irregular"), [record(day, n) for n in range(3)], TODAY, ZONE)
    assert (found.files, found.next_day) == (3, None)


def test_the_last_file_is_that_of_the_newest_export_and_only_landed_files_count() -> None:
    yesterday, earlier = TODAY - dt.timedelta(days=1), TODAY - dt.timedelta(days=5)
    records = [
        record(yesterday, 0, landed_rows=190, records=200, rejected_rows=10),
        record(earlier, 1),
        record(TODAY, 2, outcome=register.REFUSED),
        record(TODAY, 3, outcome=register.DUPLICATE),
    ]
    found = arrival_of(source("nightly"), records, TODAY, ZONE)
    assert found.last == records[0]
    assert (found.rows, found.rejected_share, found.age_days) == (285, 0.05, 1)


def test_the_day_of_an_export_is_a_business_day() -> None:
    late = record(TODAY, exported_at=dt.datetime.combine(TODAY, dt.time(20)))
    assert arrival_of(source("nightly"), [late], TODAY, ZONE).age_days == -1


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_of(tmp_path_factory.mktemp("home"))
    prepare_manifest(settings)
    return settings


def listed(settings: Settings, *arguments: str) -> Result:
    environment = {"STRATA_HOME": str(settings.home), "STRATA_HASH_KEY": KEY}
    return CliRunner().invoke(main, ["sources", *arguments], env=environment)


def line_of(result: Result, name: str) -> list[str]:
    (line,) = [line for line in result.output.splitlines() if line.startswith(f"{name} ")]
    return line.split()


def test_an_empty_home_lists_every_declared_source(settings: Settings) -> None:
    found = listed(settings)
    assert found.exit_code == 0, found.output
    for source in load_sources(prepare_manifest(settings).path):
        assert line_of(found, source.name)[-1] == NEVER
    assert not (Path(settings.home) / "landing").exists()


def test_a_late_nightly_source_is_said_to_be_late(settings: Settings) -> None:
    today = dt.datetime.now(ZONE).date()
    days = [today - dt.timedelta(days=age) for age in (3, 4)]
    contacts = [
        record(day, system="zoho", table_name="contacts", file_name=f"zoho/Contacts_{day}.csv")
        for day in days
    ]
    part = register.part(settings.landing, "zoho__contacts")
    register.write_part(part, contacts)
    found = listed(settings, "--system", "zoho")
    part.unlink()
    assert found.exit_code == 0
    assert line_of(found, "zoho.contacts")[-1] == LATE
    assert {str(days[0]), "3", "d", "95", "190", "5.0%"} <= {*line_of(found, "zoho.contacts")}
    assert "1 late (1 of them nightly)" in found.output
    assert "shopify" not in found.output


def test_a_system_that_nobody_declares_is_named(settings: Settings) -> None:
    found = listed(settings, "--system", "nobody")
    assert found.exit_code == 1
    assert "no source of nobody is declared; the systems are" in found.output
