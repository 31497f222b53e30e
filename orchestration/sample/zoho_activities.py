"""What staff of the sample's company do in Zoho: tasks, calls, meetings, notes, store visits.

Belongs here: which contact gets how many of them, and when. Does not belong here: the files.
"""

import datetime
from collections.abc import Iterator, Sequence

import numpy as np

from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.spelling import masked_phone
from orchestration.sample.zoho import KnownContact
from orchestration.sample.zoho_leads import Lead
from orchestration.sample.zoho_records import (
    Cells,
    Module,
    RecordId,
    Table,
    Value,
    known_by,
    later,
    owned,
    pair,
    pair_labels,
    picked,
    record_id,
    stamped,
)

_BY = pair_labels("Created By", "Modified By")
_STAMPS = ("Created Time", "Modified Time")
_WITH = (*pair_labels("Contact Name", "Related To"), "Related To Module")
TASK_LABELS = (
    "Record Id", *pair_labels("Task Owner"), "Subject", "Due Date", *_WITH, "Status", "Priority",
    "Closed Time", "Description", *_BY, *_STAMPS, "Tag",
)  # fmt: skip
CALL_LABELS = (
    "Record Id", "Call Type", *_WITH, "Subject", "Call Purpose", "Call Start Time",
    "Call Duration", "Call Duration (in seconds)", "Call Result", "Caller ID", "Dialled Number",
    "Voice Recording", *pair_labels("Call Owner"), "Description", *_BY, *_STAMPS, "Tag",
)  # fmt: skip
EVENT_LABELS = (
    "Record Id", "Title", "Location", "All day", "From", "To", *pair_labels("Host"), *_WITH,
    "Participants", "Description", *_BY, *_STAMPS, "Tag",
)  # fmt: skip
NOTE_LABELS = (
    "Record Id", "Parent.id", "Parent Module", *pair_labels("Note Owner"), "Note Title",
    "Note Content", *_BY, *_STAMPS,
)  # fmt: skip
VISIT_LABELS = (
    "Record Id", *pair_labels("Store Visit Owner"), "Store Visit Name",
    *pair_labels("Contact Name"), "Store", "Visited On", "Party Size", *_BY, *_STAMPS, "Tag",
)  # fmt: skip

# Averages per contact over the history that follows its creation.
TASKS, CALLS, EVENTS, NOTES, VISITS = 0.5, 0.8, 0.2, 0.4, 0.3
# Activities come within half a year of the contact; most samples see all but the last of them.
WITHIN_DAYS = 180
# One call of so many hides the number of the customer.
CALLS_PER_HIDDEN_NUMBER = 250
OFFICE_PHONE = "+86 21 6688 0000"
LONGEST_CALL_SECONDS = 900
SECONDS_PER_MINUTE = 60
CALL_TYPES = ("Outbound", "Outbound", "Inbound", "Missed")
CALL_PURPOSES = ("Prospecting", "Follow-up", "Desk")
TASK_SUBJECTS = ("回访", "发送报价", "生日问候", "Follow up : Missed chat")
EVENT_TITLES = ("门店品鉴会", "上门拜访", "新品体验")
STORES = ("南京路店", "天河店", "春熙路店")
NOTE_TEXTS = ('喜欢坚果礼盒,\n下次送"试吃装"', "要求开发票", "SalesIQ 聊天记录：询问配送时间")


class ActivityBook:
    """All activities of one sample, ready to be dumped for any night."""

    def __init__(
        self, spec: SampleSpec, contacts: Sequence[KnownContact], leads: Sequence[Lead]
    ) -> None:
        """Draw what is done with `contacts`, and the notes on them and on `leads`."""
        rng = spec.generator(Stream.ZOHO_ACTIVITIES)
        self._tasks = [_task(*entry) for entry in _draw(rng, contacts, TASKS)]
        self._calls = list(_calls(rng, list(_draw(rng, contacts, CALLS))))
        self._events = [_event(*entry) for entry in _draw(rng, contacts, EVENTS)]
        self._visits = [_visit(*entry) for entry in _draw(rng, contacts, VISITS)]
        self._notes = [
            _note(number, RecordId(contact.record_id), "Contacts", at)
            for number, contact, at in _draw(rng, contacts, NOTES)
        ]
        touched = [(lead, lead.touched_at) for lead in leads if lead.touched_at]
        self._notes += [
            _note(len(self._notes) + index, lead.record_id, "Leads", at)
            for index, (lead, at) in enumerate(touched)
        ]

    def tables(self, night: datetime.date) -> Iterator[Table]:
        """Yield every module of activities as it stands at the end of `night`."""
        yield Table("Tasks", TASK_LABELS, known_by(self._tasks, night))
        yield Table("Calls", CALL_LABELS, known_by(self._calls, night))
        yield Table("Meetings", EVENT_LABELS, known_by(self._events, night, "To"))
        yield Table("Notes", NOTE_LABELS, known_by(self._notes, night))
        yield Table("Store Visits_C", VISIT_LABELS, known_by(self._visits, night))


Entry = tuple[int, KnownContact, datetime.datetime]


def _draw(
    rng: np.random.Generator, contacts: Sequence[KnownContact], average: float
) -> Iterator[Entry]:
    """Yield number, contact and moment of each activity of one kind, contact after contact."""
    times = rng.poisson(average, size=len(contacts)).tolist()
    chosen = [contact for contact, often in zip(contacts, times, strict=True) for _ in range(often)]
    at = later(rng, [contact.created_at for contact in chosen], 1, WITHIN_DAYS)
    yield from zip(range(len(chosen)), chosen, at, strict=True)


def _with(contact: KnownContact) -> dict[str, Value]:
    return pair("Contact Name", RecordId(contact.record_id), contact.name)


def _task(number: int, contact: KnownContact, at: datetime.datetime) -> Cells:
    return {
        "Record Id": record_id(Module.TASKS, number),
        "Subject": TASK_SUBJECTS[number % len(TASK_SUBJECTS)], "Due Date": at.date(),
        "Status": "Completed", "Priority": "High" if number % 4 == 0 else "Normal",
        "Closed Time": at + datetime.timedelta(minutes=20),
        **_with(contact), **owned("Task Owner", number), **stamped(at),
    }  # fmt: skip


def _calls(rng: np.random.Generator, entries: Sequence[Entry]) -> Iterator[Cells]:
    kinds = picked(rng, CALL_TYPES, len(entries))
    seconds = rng.integers(20, LONGEST_CALL_SECONDS, size=len(entries)).tolist()
    for (number, contact, at), kind, length in zip(entries, kinds, seconds, strict=True):
        theirs = contact.mobile
        if theirs and (number + 1) % CALLS_PER_HIDDEN_NUMBER == 0:
            theirs = masked_phone(theirs.replace(" ", "")[3:])
        outbound, missed = kind == "Outbound", kind == "Missed"
        spoken = 0 if missed else length
        minutes, rest = divmod(spoken, SECONDS_PER_MINUTE)
        yield {
            "Record Id": record_id(Module.CALLS, number), "Call Type": kind,
            "Subject": "Missed call" if missed else f"与{contact.name}通话",
            "Call Purpose": CALL_PURPOSES[number % len(CALL_PURPOSES)], "Call Start Time": at,
            "Call Duration": f"{minutes:02d}:{rest:02d}", "Call Duration (in seconds)": spoken,
            "Caller ID": OFFICE_PHONE if outbound else theirs,
            "Dialled Number": theirs if outbound else OFFICE_PHONE,
            **_with(contact), **owned("Call Owner", number), **stamped(at),
        }  # fmt: skip


def _event(number: int, contact: KnownContact, at: datetime.datetime) -> Cells:
    ends_at = at + datetime.timedelta(minutes=30)
    return {
        "Record Id": record_id(Module.EVENTS, number),
        "Title": EVENT_TITLES[number % len(EVENT_TITLES)],
        "Location": STORES[number % len(STORES)], "All day": False, "From": at, "To": ends_at,
        "Participants": contact.name,
        **_with(contact), **owned("Host", number), **stamped(at),
    }  # fmt: skip


def _visit(number: int, contact: KnownContact, at: datetime.datetime) -> Cells:
    return {
        "Record Id": record_id(Module.VISITS, number), "Store Visit Name": f"SV-{number + 1:05d}",
        "Store": STORES[number % len(STORES)], "Visited On": at.date(),
        "Party Size": 1 + number % 3, "Tag": "VIP" if number % 9 == 0 else "",
        **_with(contact), **owned("Store Visit Owner", number), **stamped(at),
    }  # fmt: skip


def _note(number: int, parent: RecordId, module: str, at: datetime.datetime) -> Cells:
    return {
        "Record Id": record_id(Module.NOTES, number), "Parent.id": parent,
        "Parent Module": module, "Note Title": "备注" if number % 2 else "",
        "Note Content": NOTE_TEXTS[number % len(NOTE_TEXTS)],
        **owned("Note Owner", number), **stamped(at),
    }  # fmt: skip
