"""The sample's calendar: from days of history to wall-clock moments and their spellings.

Belongs here: conversions between day numbers, moments, nights and text.
Does not belong here: what happens at a moment.
"""

import datetime
from zoneinfo import ZoneInfo

import numpy as np

from orchestration.sample.arrays import Floats, Ints, Moments

# Everything happens between 07:00 and 23:00: an export at 23:30 then holds its whole day, and
# the hour that daylight saving skips or repeats is never used.
OPENING_SECOND = 7 * 3600
OPEN_SECONDS = 16 * 3600
EXPORT_TIME = datetime.time(23, 30)

# A day number after every night: an event that never happens.
NEVER = np.iinfo(np.int64).max


def wall_clock(days: Floats, history_start: datetime.date) -> Moments:
    """Return local moments (whole seconds) for fractional days since `history_start`.

    The order of moments is the order of `days`: a day's fraction maps to its opening hours.
    """
    whole = np.floor(days)
    seconds = np.floor((days - whole) * OPEN_SECONDS).astype(np.int64) + OPENING_SECOND
    midnight = np.datetime64(history_start, "s") + whole.astype(np.int64) * np.timedelta64(1, "D")
    moments: Moments = midnight + seconds.astype("timedelta64[s]")
    return moments


def day_numbers(moments: Moments) -> Ints:
    """Return days since 1970-01-01 of local moments."""
    return moments.astype("datetime64[D]").astype(np.int64)


def day_number(date: datetime.date) -> int:
    """Return days since 1970-01-01 of one date."""
    return date.toordinal() - datetime.date(1970, 1, 1).toordinal()


def datetimes(moments: Moments) -> list[datetime.datetime]:
    """Return naive local datetimes, one per moment."""
    values: list[datetime.datetime] = moments.astype("datetime64[s]").tolist()
    return values


def local_texts(moments: Moments) -> list[str]:
    """Return `YYYY-MM-DD HH:MM:SS`, local, one per moment."""
    return [str(value) for value in datetimes(moments)]


def offset_text(moment: datetime.datetime, zone: ZoneInfo) -> str:
    """Return `YYYY-MM-DD HH:MM:SS +HHMM` with the zone's offset at that local moment."""
    return moment.replace(tzinfo=zone).strftime("%Y-%m-%d %H:%M:%S %z")


def exported_at(night: datetime.date, zone: ZoneInfo) -> str:
    """Return the ISO 8601 moment, with offset, at which a night's export was made."""
    return datetime.datetime.combine(night, EXPORT_TIME, zone).isoformat()
