"""Landing on trial: the same landing in a folder that is thrown away, and what it left out.

Belongs here: running it, and reading its rejects masked. Does not belong here: which source is
meant (inspect.py), and typing, which staging does.
"""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from orchestration.landing import register
from orchestration.landing.inbox import InboxFile
from orchestration.landing.land import LandingRun, land_source
from orchestration.landing.masking import masked
from orchestration.landing.parquet import connect
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import identifier, quoted
from orchestration.settings import Settings

# A night that no export is too young for.
LAST_NIGHT = dt.date.max
RUN_ID = "trial"
EXAMPLES = 3


@dataclass(frozen=True)
class Example:
    """One value that is rejected, masked, and its row; the header of a plain file is row 1."""

    row: int
    value: str


@dataclass(frozen=True)
class Rejects:
    """Records that are rejected for one reason. `column` is empty where it is the whole record."""

    column: str
    reason: str
    count: int
    examples: tuple[Example, ...]


def land_on_trial(
    settings: Settings, source: SourceTable, files: Sequence[InboxFile], say: Callable[[str], None]
) -> dict[str, FileRecord]:
    """Land `files` in `settings.home`, and return what would be recorded of each, by name.

    They are recorded as landed for the day they were exported on, the first that can take them.
    """

    def say_headline(line: str) -> None:
        if not line.startswith(" "):  # what belongs to the line before is in the report
            say(f"on trial in {source.name}: {line}")

    records = land_source(LandingRun(settings, source, LAST_NIGHT, RUN_ID, say_headline), files)
    dated = [replace(r, landed_for=_day(r, settings)) for r in records]
    register.write_part(register.part(settings.landing, source.relation), dated)
    return {record.file_name: record for record in dated}


def _day(record: FileRecord, settings: Settings) -> dt.date:
    return record.exported_at.replace(tzinfo=dt.UTC).astimezone(settings.zone).date()


def landing_rejects(settings: Settings, source: SourceTable, record: FileRecord) -> list[Rejects]:
    """Return what landing left out of a file that landed on trial, by column and reason."""
    path = LandingRun(settings, source, LAST_NIGHT, RUN_ID, _silent).rejects_file(record)
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return grouped(
            (line["column"], line["reason"], int(line["row"]), line["raw_text"])
            for line in csv.DictReader(file)
        )


def grouped(rejected: Iterable[tuple[str, str, int, str | None]]) -> list[Rejects]:
    """Count rejects, each a column, a reason, a row and a raw value, and mask the first of each."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    examples: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for column, reason, row, value in rejected:
        key = (column, reason)
        counts[key] += 1
        if len(examples[key]) < EXAMPLES:
            examples[key].append(Example(row, masked(value or "")))
    return [Rejects(*key, count, tuple(examples[key])) for key, count in counts.items()]


def _silent(_: str) -> None:
    """Say nothing."""


def unique_columns(settings: Settings, source: SourceTable, record: FileRecord) -> list[str]:
    """Names of the columns whose values are there in every row and differ in all."""
    tests = ", ".join(
        f"count(nullif({name}, '')) = count(*) and count(distinct {name}) = count(*)"
        for name in (identifier(column.name) for column in source.columns)
    )
    rows = quoted(str(record.parquet(settings.landing)))
    with connect() as connection:
        found = connection.execute(f"select {tests} from read_parquet({rows})").fetchone()
    told = zip(source.columns, found or (), strict=True)
    return [column.name for column, is_unique in told if is_unique]
