"""Fxiaoke's leads and activity records.

Belongs here: where customers came from, who never became one, and who was talked to.
Does not belong here: what they order (fxiaoke_sales.py).
"""

from collections.abc import Iterator, Mapping
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np

from orchestration.sample.files import TruthRow
from orchestration.sample.fxiaoke import SYSTEM
from orchestration.sample.fxiaoke_accounts import Account
from orchestration.sample.fxiaoke_documents import Document, Kind, Record, epoch, object_id
from orchestration.sample.fxiaoke_sales import Moment, Moments
from orchestration.sample.names import STAFF
from orchestration.sample.people import People
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream
from orchestration.sample.spelling import Contacts, draw_contacts, masked_phone
from orchestration.sample.timeline import datetimes, wall_clock

# Shares: customers who were a lead, and strangers who are one and stay one.
CONVERTED_SHARE = 0.35
COLD_SHARE = 0.15
# Shares of the leads that stay: closed after some weeks, and deleted after that.
CLOSED_SHARE = 0.6
DELETED_SHARE = 0.1
CLOSED_DAYS, DELETED_DAYS = 21, 30
# Phones that no longer say whose they are, only where an e-mail does.
MASKED_SHARE = 0.02
MOST_ACTIVITIES = 3

NEW = {"leads_stage": "1", "leads_stage__r": "潜在线索", "biz_status": "un_processed"}
QUALIFIED = {"leads_stage": "2", "leads_stage__r": "MQL", "biz_status": "processed"}
CONVERTED = {"leads_stage": "4", "leads_stage__r": "已转换", "biz_status": "transformed"}
CLOSED = {"leads_stage": "1", "leads_stage__r": "潜在线索", "biz_status": "closed"}
SOURCES = (("1", "官网"), ("2", "展会"), ("3", "转介绍"), ("other", "其他"))
# Kinds of meeting with what sales writes about it.
MEETINGS = (
    ("call", "电话沟通采购需求"),
    ("visit", "上门拜访，介绍新品"),
    ("email", "已发送报价"),
    ("chat", "微信回访"),
    ("meeting", "线上会议，确认交期"),
)


class Leads:
    """All leads of one sample, converted ones first."""

    def __init__(
        self,
        spec: SampleSpec,
        people: People,
        accounts: Mapping[int, Account],
        contact_ids: Mapping[int, str],
    ) -> None:
        """Draw who was or is a lead, and what Fxiaoke wrote down of them."""
        rng = spec.generator(Stream.FXIAOKE_ACTIVITIES)
        self._people, self._accounts, self._contact_ids = people, accounts, contact_ids
        self._zone: ZoneInfo = spec.zone
        self._contacts = _mask(rng, people, draw_contacts(rng, people, str))
        draw = rng.random(people.count)
        known = people.in_fxiaoke & (draw < CONVERTED_SHARE)
        self._converted: list[int] = np.flatnonzero(known).tolist()
        self._cold: list[int] = np.flatnonzero(~people.in_fxiaoke & (draw < COLD_SHARE)).tolist()
        before = people.arrived - rng.uniform(1, 25, people.count)
        begun = np.where(known, before, people.arrived)
        self._begun: Moments = datetimes(wall_clock(begun, spec.history_start))
        middle = begun + 0.5 * np.where(known, people.arrived - begun, CLOSED_DAYS)
        self._qualified: Moments = datetimes(wall_clock(middle, spec.history_start))
        closed = wall_clock(begun + CLOSED_DAYS, spec.history_start)
        self._closed: Moments = datetimes(closed)
        self._deleted = datetimes(closed + np.timedelta64(DELETED_DAYS, "D"))
        self._fate: list[float] = rng.random(people.count).tolist()

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per lead."""
        for person in (*self._converted, *self._cold):
            yield TruthRow(
                self._people.person_id[person],
                SYSTEM,
                self._lead_id(person),
                self._contacts.phone[person],
                self._contacts.email[person],
            )

    def records(self) -> Iterator[Record]:
        """Yield LeadsObj."""
        for person in self._converted:
            moments = (
                self._begun[person], self._qualified[person], self._accounts[person].created_at
            )  # fmt: skip
            yield self._record(person, moments)
        for person in self._cold:
            fate = self._fate[person]
            ends = [self._closed[person]] if fate < CLOSED_SHARE else []
            ends += [self._deleted[person]] if fate < DELETED_SHARE else []
            yield self._record(person, (self._begun[person], *ends))

    def _record(self, person: int, moments: tuple[Moment, ...]) -> Record:
        owner = person % len(STAFF)
        return Record(self._lead_id(person), owner, moments, partial(self._fields, person))

    def _lead_id(self, person: int) -> str:
        return object_id(self._begun[person], Kind.LEAD, person)

    def _fields(self, person: int, at: Moment) -> Document:
        source, label = SOURCES[person % len(SOURCES)]
        return {
            "name": self._people.full_name[person],
            "company": None,
            "mobile": self._contacts.phone[person] or None,
            "tel": None,
            "email": self._contacts.email[person] or None,
            "source": source,
            "source__r": label,
            "source__o": "朋友介绍" if source == "other" else None,
            "assigned_time": epoch(self._begun[person], self._zone),
            "is_duplicated": "0",
            **(self._outcome(person, at) if person in self._accounts else self._end(person, at)),
        }

    def _outcome(self, person: int, at: Moment) -> Document:
        account = self._accounts[person]
        is_qualified, is_converted = at >= self._qualified[person], at >= account.created_at
        stage = CONVERTED if is_converted else QUALIFIED if is_qualified else NEW
        qualified = epoch(self._qualified[person], self._zone) if is_qualified else None
        return {
            **stage,
            "changed_to_mql_time": qualified,
            "transform_time": epoch(account.created_at, self._zone) if is_converted else None,
            "account_id": account.account_id if is_converted else None,
            "contact_id": self._contact_ids.get(person) if is_converted else None,
        }

    def _end(self, person: int, at: Moment) -> Document:
        is_closed = at >= self._closed[person]
        return {
            **(CLOSED if is_closed else NEW),
            "close_reason": "1" if is_closed else None,
            "close_reason__r": "暂无需求" if is_closed else None,
            "is_deleted": at >= self._deleted[person],
        }


def _mask(rng: np.random.Generator, people: People, contacts: Contacts) -> Contacts:
    masked = (rng.random(people.count) < MASKED_SHARE).tolist()
    phones = (
        masked_phone(mobile) if hide and phone and email else phone
        for mobile, phone, email, hide in zip(
            people.mobile, contacts.phone, contacts.email, masked, strict=True
        )
    )
    return Contacts(tuple(phones), contacts.email)


def activities(
    spec: SampleSpec, people: People, accounts: Mapping[int, Account]
) -> Iterator[Record]:
    """Yield ActiveRecordObj: up to `MOST_ACTIVITIES` per customer, spread over its history."""
    # A stream of its own, beside that of the leads.
    rng = spec.generator(Stream.FXIAOKE_ACTIVITIES).spawn(1)[0]
    customers = np.array(list(accounts), dtype=np.int64)
    person = np.repeat(customers, rng.integers(MOST_ACTIVITIES + 1, size=len(customers)))
    first = people.arrived[person] + 0.1
    days = first + rng.random(len(person)) * np.maximum(HISTORY_DAYS - first, 0)
    moments = datetimes(wall_clock(days, spec.history_start))
    kinds = rng.integers(len(MEETINGS), size=len(person)).tolist()
    for number, (who, kind, at) in enumerate(zip(person.tolist(), kinds, moments, strict=True)):
        record_id = object_id(at, Kind.ACTIVITY, number)
        yield Record(
            record_id, accounts[who].owner, (at,), partial(_activity_fields, accounts[who], kind)
        )


def _activity_fields(account: Account, kind: int, _at: Moment) -> Document:
    interaction, content = MEETINGS[kind]
    return {
        "active_record_content": content,
        "active_record_type": "1",
        "active_record_type__r": "跟进",
        "interactive_types": [interaction],
        "interactive_scenario": None,
        "account_id": account.account_id,
        "account_id__r": account.name,
        "new_opportunity_id": None,
        "related_object_data": [
            {"describe_api_name": "AccountObj", "id": account.account_id, "name": account.name}
        ],
        "related_api_names": ["AccountObj"],
    }
