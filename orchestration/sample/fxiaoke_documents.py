"""Fxiaoke (纷享销客): records as its OpenAPI answers them, one JSON object per line.

Belongs here: ids, epochs, the fields that every object has, and what changed on a night.
Does not belong here: the objects themselves (fxiaoke_orders.py, fxiaoke_leads.py).
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.sample.names import STAFF

# The platform's own clock, which its Excel exports show wherever the company is.
PLATFORM_ZONE = ZoneInfo("Asia/Shanghai")
MILLISECONDS = 1000
# No export tells what a voided record looks like; this is the word of the interface.
LIVE, UNDER_REVIEW, VOIDED = "normal", "under_review", "invalid"

Document = dict[str, Any]


class Kind(IntEnum):
    """Kinds of records, by the number that their ids carry."""

    ACCOUNT = 1
    CONTACT = 2
    LEAD = 3
    OPPORTUNITY = 4
    ORDER = 5
    ORDER_LINE = 6
    RETURN = 7
    PAYMENT = 8
    PRODUCT = 9
    ACTIVITY = 10
    TAG = 11


@dataclass(frozen=True)
class Record:
    """One record of one object.

    moments: local times of its creation and of each change, ascending. fields: how it reads from
    such a moment on, without what every object has; they may state that differently.
    """

    record_id: str
    owner: int
    moments: tuple[datetime.datetime, ...]
    fields: Callable[[datetime.datetime], Document]

    def changed_by(self, night: datetime.date) -> datetime.datetime | None:
        """Return its last change up to the end of `night`; None if it is not there yet."""
        return max((at for at in self.moments if at.date() <= night), default=None)


def object_id(created_at: datetime.datetime, kind: Kind, number: int) -> str:
    """Return an id shaped like the platform's own: a creation second, a constant, a counter."""
    seconds = int(created_at.replace(tzinfo=datetime.UTC).timestamp())
    return f"{seconds:08x}4f5c0a{kind:04x}{number:06x}"


def epoch(moment: datetime.datetime, zone: ZoneInfo) -> int:
    """Return milliseconds since 1970 of a local moment."""
    return int(moment.replace(tzinfo=zone).timestamp()) * MILLISECONDS


def epoch_of_date(moment: datetime.datetime, zone: ZoneInfo) -> int:
    """Return milliseconds since 1970 of the midnight before, as a field of type date holds it."""
    return epoch(datetime.datetime.combine(moment.date(), datetime.time()), zone)


def platform_text(moment: datetime.datetime, zone: ZoneInfo) -> str:
    """Return `YYYY-MM-DD HH:MM:SS` on the platform's clock of a local moment."""
    return f"{moment.replace(tzinfo=zone).astimezone(PLATFORM_ZONE):%Y-%m-%d %H:%M:%S}"


def changed_documents(
    name: str, records: Iterable[Record], night: datetime.date, zone: ZoneInfo, is_first: bool
) -> Iterator[Document]:
    """Yield the records of the object `name` that changed on `night`, each as of its end.

    The first night has no night before it: it yields everything that is there.
    """
    for record in records:
        at = record.changed_by(night)
        if at and (is_first or at.date() == night):
            yield _document(name, record, at, zone)


def _document(name: str, record: Record, at: datetime.datetime, zone: ZoneInfo) -> Document:
    user = (
        f"FSUID_{hashlib.blake2b(STAFF[record.owner].encode(), digest_size=16).hexdigest().upper()}"
    )
    person = {"id": user, "name": STAFF[record.owner]}
    return {
        "_id": record.record_id,
        "object_describe_api_name": name,
        "record_type": "default__c",
        "life_status": LIVE,
        "lock_status": "0",
        "is_deleted": False,
        **record.fields(at),
        "owner": [user],
        "owner__r": person,
        "owner__l": [person],
        "created_by": [user],
        "create_time": epoch(record.moments[0], zone),
        "last_modified_by": [user],
        "last_modified_time": epoch(at, zone),
        "version": str(1 + record.moments.index(at)),
    }


def write_lines(path: Path, documents: Iterable[Document]) -> int:
    """Write one document per line and return their number; without any there is no file."""
    lines = [json.dumps(document, ensure_ascii=False) for document in documents]
    if lines:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return len(lines)
