"""Leads of Zoho: people before they become contacts, and visitors who never do.

Belongs here: who is a lead, what becomes of it and when. Does not belong here: deals
(zoho_sales.py), and the files (zoho_modules.py).
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.sample.people import People
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream
from orchestration.sample.spelling import draw_contacts, zoho_phone
from orchestration.sample.zoho import LEAD_SOURCES, KnownContact
from orchestration.sample.zoho_records import (
    Module,
    RecordId,
    Value,
    accounts_in,
    end_of,
    moments,
    owned,
    pair,
    record_id,
    stamped,
)

# Labels of the web export, and what else a backup has.
_LABELS = (
    "Record Id,Lead Owner.id,Lead Owner,Is Converted,Company,First Name,Last Name,Email,Phone,"
    "Mobile,Lead Source,Lead Status,Created By.id,Created By,Modified By.id,Modified By,"
    "Created Time,Modified Time,Lead Name,Street,City,State,Zip Code,Email Opt Out,Salutation,"
    "Last Activity Time,Tag,Days Visited,Average Time Spent (Minutes),Number Of Chats,"
    "Most Recent Visit,First Visit,First Page Visited,Referrer,Visitor Score,"
    "Data Processing Basis Details.id,Data Processing Basis,Data Source,Converted Date Time,"
    "Lead Conversion Time,Unsubscribed Mode,Unsubscribed Time,Converted Account.id,"
    "Converted Account,Converted Contact.id,Converted Contact,Converted Deal.id,Converted Deal,"
    "Change Log Time,Locked,Last Enriched Time,Enrich Status"
)
LABELS = tuple(_LABELS.split(","))

# Shares of the contacts who were a lead before, and of the other buyers who still are one.
CONVERTED_SHARE = 0.35
PROSPECT_SHARE = 0.25
DEAL_SHARE = 0.6
COMPANY_SHARE = 0.4
OPT_OUT_SHARE = 0.08
# One of so many leads has a phone that is none: few enough not to matter.
LEADS_PER_ODD_PHONE = 250
ODD_PHONES = ("8888", "021-6688 转 12", "微信同号")
CONVERSION_DAYS = (1, 31)
TOUCH_DAYS = (1, 10)
# Visitors without a name are thrown away after some days.
VISITOR_DAYS = 3
FIRST_VISITOR = 8000
STATUSES = ("Attempted to Contact", "Contact in Future", "Contacted", "Not Qualified", "Lost Lead")
NEW_STATUS, READY_STATUS = "Not Contacted", "Pre-Qualified"
TAGS = ("", "", "VIP", "VIP,老客户", "展会")


@dataclass(frozen=True)
class Lead:
    """One lead. `person` is None for a visitor; `contact` is whom it became at `converted_at`."""

    number: int
    person: int | None
    name: tuple[str, str, str]
    phone: str
    email: str
    place: tuple[str, str, str]
    is_female: bool
    status: str
    created_at: datetime.datetime
    touched_at: datetime.datetime | None
    is_opted_out: bool
    contact: KnownContact | None
    account: int | None
    has_deal: bool
    deleted_at: datetime.datetime | None

    @property
    def record_id(self) -> RecordId:
        """Its id."""
        return record_id(Module.LEADS, self.number)

    @property
    def converted_at(self) -> datetime.datetime | None:
        """When it became a contact, if ever."""
        return self.contact.created_at if self.contact else None

    def exists(self, at: datetime.datetime) -> bool:
        """Tell whether it is there at a moment."""
        return self.created_at <= at and not (self.deleted_at and self.deleted_at <= at)

    def changes(self) -> Iterator[datetime.datetime]:
        """Yield the moments at which it was created or changed."""
        known = (self.created_at, self.touched_at, self.converted_at)
        yield from (moment for moment in known if moment)

    def cells(self, at: datetime.datetime) -> dict[str, Value]:
        """Return the lead as it stands at a moment."""
        modified_at = max(moment for moment in self.changes() if moment <= at)
        touched = self.touched_at is not None and self.touched_at <= at
        converted = self.converted_at is not None and self.converted_at <= at
        family, given, full = self.name
        city, province, postcode = self.place
        status = READY_STATUS if converted else self.status if touched else NEW_STATUS
        opted_out = touched and self.is_opted_out
        cells: dict[str, Value] = {
            "Record Id": self.record_id, "First Name": given, "Last Name": family,
            "Lead Name": full, "Email": self.email, "Mobile": self.phone,
            "Company": full if self.account is None else account_name(self.account),
            "Lead Source": LEAD_SOURCES[self.number % len(LEAD_SOURCES)], "Lead Status": status,
            "City": city, "State": province, "Zip Code": postcode,
            "Salutation": "" if self.person is None else "Ms." if self.is_female else "Mr.",
            "Tag": "" if self.person is None else TAGS[self.number % len(TAGS)],
            "Is Converted": converted, "Email Opt Out": opted_out, "Locked": False,
            "Last Activity Time": modified_at, "Change Log Time": modified_at,
            "Data Source": "Manual" if self.person is not None else "Web",
        }  # fmt: skip
        if opted_out:
            cells |= {"Unsubscribed Mode": "Manual", "Unsubscribed Time": self.touched_at}
        if converted and self.contact:
            cells |= self._conversion(self.contact)
        return cells | owned("Lead Owner", self.number) | stamped(self.created_at, modified_at)

    def _conversion(self, contact: KnownContact) -> dict[str, Value]:
        account = None if self.account is None else record_id(Module.ACCOUNTS, self.account)
        deal = record_id(Module.DEALS, self.number) if self.has_deal else None
        cells: dict[str, Value] = {
            "Converted Date Time": contact.created_at,
            "Lead Conversion Time": (contact.created_at - self.created_at).days,
        }
        cells |= pair("Converted Contact", RecordId(contact.record_id), contact.name)
        cells |= pair("Converted Account", account, account_name(self.account or 0))
        return cells | pair("Converted Deal", deal, deal_name(self.name[2]))


def account_name(number: int) -> str:
    """Return the name of the company of this number."""
    words = ("华信", "嘉禾", "远航", "启明", "东方", "瑞丰", "天成", "汇通")
    trades = ("商贸", "科技", "文化传播", "餐饮管理")
    return f"{words[number % len(words)]}{trades[number % len(trades)]}有限公司{number + 1}"


def deal_name(person: str) -> str:
    """Return what staff call a deal with somebody."""
    return f"{person}团购"


def draw_leads(
    spec: SampleSpec, people: People, contacts: Sequence[KnownContact]
) -> tuple[Lead, ...]:
    """Draw all leads of the sample, visitors last; `spec.nights` does not matter."""
    rng = spec.generator(Stream.ZOHO_LEADS)
    known = {contact.person: contact for contact in contacts}
    named = _draw_named(rng, spec, people, known)
    return (*named, *_visitors(spec, people.count))


def _draw_named(
    rng: np.random.Generator, spec: SampleSpec, people: People, known: dict[int, KnownContact]
) -> Iterator[Lead]:
    count = people.count
    chance = rng.random(count)
    is_lead = np.where(people.in_zoho, chance < CONVERTED_SHARE, chance < PROSPECT_SHARE)
    is_lead &= people.in_zoho | people.is_buyer
    created_day = np.floor(people.arrived) - rng.integers(*CONVERSION_DAYS, size=count)
    touched_day = created_day + rng.integers(*TOUCH_DAYS, size=count)
    created_at = moments(created_day + rng.random(count), spec)
    touched_at = moments(touched_day + rng.random(count), spec)
    reach = draw_contacts(rng, people, zoho_phone)
    opted_out = (rng.random(count) < OPT_OUT_SHARE).tolist()
    with_deal = (rng.random(count) < DEAL_SHARE).tolist()
    of_company = (rng.random(count) < COMPANY_SHARE).tolist()
    account = rng.integers(accounts_in(spec), size=count).tolist()
    status = rng.integers(len(STATUSES), size=count).tolist()
    for index, person in enumerate(np.flatnonzero(is_lead).tolist(), start=1):
        contact, place = known.get(person), people.place[person]
        touched: datetime.datetime | None = touched_at[person]
        if contact and touched and touched >= contact.created_at:
            touched = None
        yield Lead(
            number=person, person=person,
            name=(people.family[person], people.given[person], people.full_name[person]),
            phone=_phone(index, reach.phone[person]), email=reach.email[person],
            place=(place.city, place.province, place.postcode),
            is_female=bool(people.is_female[person]), status=STATUSES[status[person]],
            created_at=created_at[person], touched_at=touched, is_opted_out=opted_out[person],
            contact=contact, account=account[person] if contact and of_company[person] else None,
            has_deal=contact is not None and with_deal[person], deleted_at=None,
        )  # fmt: skip


def _phone(index: int, phone: str) -> str:
    times, rest = divmod(index, LEADS_PER_ODD_PHONE)
    return phone if rest or not phone else ODD_PHONES[times % len(ODD_PHONES)]


def _visitors(spec: SampleSpec, first_number: int) -> Iterator[Lead]:
    """Yield a visitor a day: so each night has a new lead, and one that was deleted."""
    for index, day in enumerate(range(-VISITOR_DAYS, HISTORY_DAYS)):
        created_at = end_of(spec.history_start + datetime.timedelta(days=day)).replace(hour=9)
        yield Lead(
            number=first_number + index, person=None,
            name=(f"Visitor {FIRST_VISITOR + index}", "", f"Visitor {FIRST_VISITOR + index}"),
            phone="", email="", place=("", "", ""), is_female=False, status=NEW_STATUS,
            created_at=created_at, touched_at=None, is_opted_out=False, contact=None,
            account=None, has_deal=False,
            deleted_at=created_at + datetime.timedelta(days=VISITOR_DAYS, hours=2),
        )  # fmt: skip
