"""The calendar of a large sample in SQL: moments, nights, and other clocks than the company's.

Belongs here: conversions of moments. Does not belong here: what happens at a moment.
"""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from orchestration.sample.marketplaces import PLATFORM_ZONE
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec
from orchestration.sample.timeline import OPEN_SECONDS, OPENING_SECOND

MICROSECONDS = 1_000_000
DAY_SECONDS = 86_400
# Days after the last night on which something drawn may still happen; no file shows it.
LATER_DAYS = 120
# A clock is read at noon: it never changes while something happens.
NOON = datetime.time(12)


@dataclass(frozen=True)
class Night:
    """One night of exports; `number` counts from 1, `is_last` marks the newest."""

    date: datetime.date
    number: int
    is_last: bool

    @property
    def is_first(self) -> bool:
        """Whether its files hold the history."""
        return self.number == 1

    @property
    def day(self) -> str:
        """The date in SQL."""
        return f"date '{self.date}'"

    @property
    def end(self) -> str:
        """The midnight after it in SQL."""
        return f"timestamp '{self.date + datetime.timedelta(days=1)}'"

    def since(self, days: int) -> str:
        """Return the first of that many days up to the night, in SQL."""
        return f"date '{self.date - datetime.timedelta(days=days - 1)}'"


def nights_of(spec: SampleSpec) -> list[Night]:
    """Return the nights, oldest first."""
    dates = spec.night_dates()
    return [Night(date, n, date == spec.last_night) for n, date in enumerate(dates, start=1)]


@dataclass(frozen=True)
class Clock:
    """Local moments of one sample, and what other clocks show at them."""

    start: datetime.date
    zone: ZoneInfo
    # Days before the start on which something may have happened.
    earlier: int = 0

    def moment(self, days: str) -> str:
        """Return the local moment, in whole seconds, of fractional days since the start."""
        start = datetime.datetime.combine(self.start, datetime.time(), datetime.UTC)
        seconds = (
            f"cast(floor({days}) as bigint) * {DAY_SECONDS} + {OPENING_SECOND}"
            f" + cast(floor(({days} - floor({days})) * {OPEN_SECONDS}) as bigint)"
        )
        return f"make_timestamp(({int(start.timestamp())} + {seconds}) * {MICROSECONDS})"

    def platform(self, moment: str) -> str:
        """Return a local moment as Shanghai's clock shows it."""
        return self._moved(moment, self._offsets(PLATFORM_ZONE))

    def utc(self, moment: str) -> str:
        """Return a local moment as UTC's clock shows it."""
        return self._moved(moment, self._offsets(ZoneInfo("UTC")))

    def epoch(self, moment: str) -> str:
        """Return milliseconds since 1970 of a local moment, as a number."""
        return f"epoch_ms({self.utc(moment)})"

    def with_offset(self, moment: str) -> str:
        """Return `YYYY-MM-DD HH:MM:SS +HHMM` of a local moment; null stays null."""
        noons = (datetime.datetime.combine(day, NOON, self.zone) for day in self._days())
        shown = [f"' {noon:%z}'" for noon in noons]
        offset = shown[0] if len(set(shown)) == 1 else self._of_day(moment, shown)
        return f"cast({moment} as varchar) || {offset}"

    def _offsets(self, other: ZoneInfo) -> list[int]:
        """Return by how many seconds another clock is ahead of ours, for each day."""
        found = []
        for day in self._days():
            noon = datetime.datetime.combine(day, NOON, self.zone)
            there = noon.astimezone(other).replace(tzinfo=None)
            found.append(int((there - noon.replace(tzinfo=None)).total_seconds()))
        return found

    def _days(self) -> list[datetime.date]:
        count = HISTORY_DAYS + LATER_DAYS
        return [self.start + datetime.timedelta(days=day) for day in range(-self.earlier, count)]

    def _moved(self, moment: str, offsets: list[int]) -> str:
        if not any(offsets):
            return moment
        seconds = str(offsets[0])
        if len(set(offsets)) > 1:
            seconds = self._of_day(moment, [str(offset) for offset in offsets])
        return f"({moment} + to_seconds({seconds}))"

    def _of_day(self, moment: str, values: list[str]) -> str:
        first = self._days()[0]
        return f"[{', '.join(values)}][1 + (cast({moment} as date) - date '{first}')]"
