"""What the registers say of each source: its last export, how old it is, when the next is due.

Belongs here: reading registers into one line per source. Does not belong here: refusing a night for
a late source (expectations/), and printing.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from orchestration.landing import register
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import SourceTable

FRESH, LATE, NEVER = "fresh", "late", "never"
NIGHTLY = "nightly"


@dataclass(frozen=True)
class Arrival:
    """One source on the business day `today`; all None and 0 before its first export.

    `last` is the file of the newest export, `rows` what all of its files landed, `next_day` the day
    on which the next export is due, as far as anything tells.
    """

    source: SourceTable
    today: dt.date
    last: FileRecord | None = None
    exported_at: dt.datetime | None = None
    files: int = 0
    rows: int = 0
    next_day: dt.date | None = None
    late_from: dt.date | None = None

    @property
    def age_days(self) -> int | None:
        """Days since the last export."""
        return (self.today - self.exported_at.date()).days if self.exported_at else None

    @property
    def rejected_share(self) -> float | None:
        """Share of the records of the last file that landing left out."""
        if self.last is None or not self.last.records:
            return None
        return self.last.rejected_rows / self.last.records

    @property
    def state(self) -> str:
        """Name the state: fresh, late or never."""
        if self.last is None:
            return NEVER
        return LATE if self.late_from is not None and self.today >= self.late_from else FRESH


def read_arrivals(
    landing: Path, sources: Sequence[SourceTable], today: dt.date, zone: ZoneInfo
) -> list[Arrival]:
    """Sum up the register of every source, in their order; nothing else is read."""
    return [
        arrival_of(s, register.read_part(register.part(landing, s.relation)), today, zone)
        for s in sources
    ]


def arrival_of(
    source: SourceTable, records: Sequence[FileRecord], today: dt.date, zone: ZoneInfo
) -> Arrival:
    """Sum up the register of one source.

    A nightly export is due the day after the last, and late once that day has ended. An irregular
    one is due after the median gap between its days, once there are two, and late after twice that:
    every second gap is longer than the median.
    """
    landed = [record for record in records if record.outcome == register.LANDED]
    if not landed:
        return Arrival(source, today)
    last = max(landed, key=lambda record: (record.exported_at, record.file_number))
    days = sorted({_local(record, zone).date() for record in landed})
    next_day, late_from = _due(source, days)
    rows = sum(record.landed_rows for record in landed)
    exported = _local(last, zone)
    return Arrival(source, today, last, exported, len(landed), rows, next_day, late_from)


def _local(record: FileRecord, zone: ZoneInfo) -> dt.datetime:
    return record.exported_at.replace(tzinfo=dt.UTC).astimezone(zone)


def _due(source: SourceTable, days: Sequence[dt.date]) -> tuple[dt.date | None, dt.date | None]:
    if source.arrival == NIGHTLY:
        day = dt.timedelta(days=1)
        return days[-1] + day, days[-1] + 2 * day
    gaps = [(later - earlier).days for earlier, later in zip(days, days[1:], strict=False)]
    if not gaps:
        return None, None
    gap = dt.timedelta(days=median(gaps))
    return days[-1] + gap, days[-1] + 2 * gap + dt.timedelta(days=1)
