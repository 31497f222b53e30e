"""Records of Zoho as its exports spell them: ids, moments, amounts, owners and tables.

Belongs here: what all modules of Zoho have in common. Does not belong here: any one module.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from zoneinfo import ZoneInfo

import numpy as np

from orchestration.sample.arrays import Floats, Ints
from orchestration.sample.names import STAFF
from orchestration.sample.spec import SampleSpec
from orchestration.sample.timeline import EXPORT_TIME, datetimes, wall_clock
from orchestration.sample.zoho import FIRST_STAFF_NUMBER, RECORD_PREFIX, STAFF_ID

# One company for so many contacts; a company always has some.
CONTACTS_PER_ACCOUNT = 40
SEPARATOR_OF_TAGS = ","


class Module(IntEnum):
    """A module of Zoho; its number is part of the ids of its records."""

    LEADS = 1
    ACCOUNTS = 2
    DEALS = 3
    PRODUCTS = 4
    SALES_ORDERS = 5
    ORDERED_ITEMS = 6
    INVOICES = 7
    TASKS = 8
    CALLS = 9
    EVENTS = 10
    NOTES = 11
    CAMPAIGNS = 12
    CAMPAIGN_MEMBERS = 13
    EMAILS = 14
    CONSENTS = 15
    TAGS = 16
    VISITS = 17


@dataclass(frozen=True)
class RecordId:
    """An id, without the prefix that the web interface and the backup put before it."""

    digits: str


@dataclass(frozen=True)
class Money:
    """An amount in hundredths, which Zoho writes with as few decimals as it can."""

    hundredths: int


Value = str | bool | int | datetime.datetime | datetime.date | RecordId | Money | None
Cells = Mapping[str, Value]


@dataclass(frozen=True)
class Table:
    """One module on one night: the name of its file, its labels, and a mapping per record."""

    name: str
    labels: tuple[str, ...]
    records: Sequence[Cells]

    def rows(self) -> Iterator[list[str]]:
        """Yield the cells as the web interface and the backup write them."""
        for record in self.records:
            yield [labelled_text(record.get(label)) for label in self.labels]


def record_id(module: Module, number: int) -> RecordId:
    """Return the id of a module's record: 19 digits, where those of contacts have 18."""
    return RecordId(f"5361160{module:02d}{number:010d}")


def labelled_text(value: Value) -> str:
    """Return a cell of the web interface and the backup: local time without an offset."""
    if isinstance(value, RecordId):
        return f"{RECORD_PREFIX}{value.digits}"
    return _text(value)


def api_text(value: Value, zone: ZoneInfo) -> str:
    """Return a cell of a Bulk Read file: bare ids, and moments with their offset."""
    if isinstance(value, RecordId):
        return value.digits
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=zone).isoformat()
    return _text(value)


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Money):
        return str(value.hundredths / 100)
    return str(value)


def staff_of(number: int) -> int:
    """Return which of the staff looks after the record of this number."""
    return number % len(STAFF)


def staff_id(staff: int) -> RecordId:
    """Return the id of a member of staff."""
    return RecordId(STAFF_ID.format(FIRST_STAFF_NUMBER + staff).removeprefix(RECORD_PREFIX))


def pair(label: str, identity: RecordId | None, name: str) -> dict[str, Value]:
    """Return the two columns of a lookup; both are empty where there is nothing to look up."""
    return {f"{label}.id": identity, label: name if identity else ""}


def pair_labels(*labels: str) -> tuple[str, ...]:
    """Return the labels of lookups, each as the pair that an export makes of it."""
    return tuple(text for label in labels for text in (f"{label}.id", label))


def owned(label: str, number: int) -> dict[str, Value]:
    """Return owner, creator and editor of the record of this number."""
    staff = staff_of(number)
    cells: dict[str, Value] = {}
    for role in (label, "Created By", "Modified By"):
        cells |= pair(role, staff_id(staff), STAFF[staff])
    return cells


def stamped(
    created_at: datetime.datetime, modified_at: datetime.datetime | None = None
) -> dict[str, Value]:
    """Return the moments of creation and of the last change."""
    return {"Created Time": created_at, "Modified Time": modified_at or created_at}


def end_of(night: datetime.date) -> datetime.datetime:
    """Return the local moment up to which a night's exports know what happened."""
    return datetime.datetime.combine(night, EXPORT_TIME)


def accounts_in(spec: SampleSpec) -> int:
    """Return how many companies the sample holds; at least one."""
    return 1 + spec.customers // CONTACTS_PER_ACCOUNT


def moments(days: Floats, spec: SampleSpec) -> list[datetime.datetime]:
    """Return local moments for fractional days since the start of the sample's history."""
    return datetimes(wall_clock(days, spec.history_start))


def later(
    rng: np.random.Generator, base: Sequence[datetime.datetime], first: int, last: int
) -> list[datetime.datetime]:
    """Return a moment for each of `base`, `first` to `last` days later and in opening hours."""
    lag: Ints = rng.integers(first, last + 1, size=len(base))
    # Only the time of day counts.
    clock = datetimes(wall_clock(rng.random(len(base)), datetime.date(1970, 1, 1)))
    return [
        datetime.datetime.combine(moment.date() + datetime.timedelta(days=days), at.time())
        for moment, days, at in zip(base, lag.tolist(), clock, strict=True)
    ]


def picked(rng: np.random.Generator, choices: Sequence[str], count: int) -> list[str]:
    """Draw `count` of `choices`; how often a choice is in there is its weight."""
    return [choices[index] for index in rng.integers(len(choices), size=count).tolist()]


def known_by(
    records: Iterable[Cells], night: datetime.date, label: str = "Created Time"
) -> list[Cells]:
    """Return the records that exist at the end of `night`."""
    end = end_of(night)
    return [
        record
        for record in records
        if isinstance(at := record[label], datetime.datetime) and at <= end
    ]
