"""When an export was made: from its name, a sidecar, its content or its modification time.

Belongs here: the order in which these are asked. Does not belong here: which night a file is for.
"""

import datetime as dt
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from orchestration.landing.inbox import InboxFile

NANOSECONDS = 10**9
SIDECAR_SUFFIX = ".exported_at"
DATE_IN_NAME = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<sep>[-_.]?)(?P<month>\d{2})(?P=sep)(?P<day>\d{2})"
    r"(?P<clock>[T_ -]?(?P<hour>\d{2})[-_.:]?(?P<minute>\d{2})(?:[-_.:]?(?P<second>\d{2}))?)?"
    r"(?!\d)"
)
# Douyin starts the names of its exports with the second, counted since 1970.
EPOCH_IN_NAME = re.compile(r"(?P<epoch>1\d{9})_")
# Years that a statement of an export's time may name, as in file names: earlier and later ones are
# placeholders like 1753-01-01 and 9999-12-31.
FIRST_YEAR, LAST_YEAR = 1900, 2099


class SidecarError(ValueError):
    """The sidecar does not hold one ISO 8601 time."""


@dataclass(frozen=True)
class ExportedAt:
    """An aware time and what told it: `name`, `sidecar`, `content` or `mtime`."""

    at: dt.datetime
    told_by: str

    @property
    def utc(self) -> dt.datetime:
        """The same moment in UTC, without a zone, as landing stores it."""
        return self.at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)


def from_name(name: str, zone: ZoneInfo) -> ExportedAt | None:
    """Find the last date, with or without a time of day, in a file name.

    A date alone is read as the start of that day. Seconds since 1970 in front of a name count too.
    """
    if epoch := EPOCH_IN_NAME.match(name):
        return ExportedAt(dt.datetime.fromtimestamp(int(epoch["epoch"]), tz=zone), "name")
    for found in reversed(list(DATE_IN_NAME.finditer(name))):
        try:
            date = dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            continue
        try:
            hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
            clock = dt.time(hour, minute, second)
        except ValueError:
            if found["clock"][0].isdigit():
                continue  # one long number, not a date
            clock = dt.time()  # a number of the file follows: 2026-11-19_4711
        return ExportedAt(dt.datetime.combine(date, clock, zone), "name")
    return None


def from_sidecar(path: Path, zone: ZoneInfo) -> ExportedAt | None:
    """Read `<file>.exported_at`, one ISO 8601 time; without an offset it is business time.

    Raises:
        SidecarError: the sidecar is there but holds anything else.

    """
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    try:
        is_plain = stat.S_ISREG(sidecar.lstat().st_mode)
        text = sidecar.read_text(encoding="utf-8") if is_plain else ""
        at = dt.datetime.fromisoformat(text.strip())
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise ValueError(at.year)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SidecarError(
            f"its sidecar {sidecar.name} cannot be read: {error.strerror}"
        ) from error
    except ValueError as error:
        raise SidecarError(
            f"its sidecar {sidecar.name} does not hold one ISO 8601 time like "
            "2026-01-31T23:30:00+08:00"
        ) from error
    return ExportedAt(at if at.tzinfo else at.replace(tzinfo=zone), "sidecar")


def from_modified(modified_ns: int, zone: ZoneInfo) -> ExportedAt:
    """Take a modification time that is known, in nanoseconds since 1970."""
    return ExportedAt(dt.datetime.fromtimestamp(modified_ns // NANOSECONDS, tz=zone), "mtime")


def from_wall_clock(nanoseconds: int, zone: ZoneInfo) -> ExportedAt:
    """Take a wall-clock time from within an archive, which knows no zones, as business time."""
    at = dt.datetime.fromtimestamp(nanoseconds // NANOSECONDS, tz=dt.UTC)
    return ExportedAt(at.replace(tzinfo=zone), "content")


def from_content(newest: dt.datetime | None, zone: ZoneInfo) -> ExportedAt | None:
    """Take the newest local time in the file: an export is never older than what it holds."""
    return None if newest is None else ExportedAt(newest.replace(tzinfo=zone), "content")


def exported_at_of(file: "InboxFile", zone: ZoneInfo) -> ExportedAt:
    """Tell when a file of the inbox was exported, by all but the content of a plain file.

    Asked in order: its name, that of its archive, the sidecar, the youngest member of its archive,
    its modification time. A sidecar that cannot be read counts for none.
    """
    try:
        sidecar = from_sidecar(file.path, zone)
    except SidecarError:
        sidecar = None  # the file is refused with its message when it lands
    told = from_name(file.file_name, zone) or from_name(file.path.name, zone) or sidecar
    if told is None and file.newest_ns is not None:
        told = from_wall_clock(file.newest_ns, zone)
    return told or from_modified(file.modified_ns, zone)
