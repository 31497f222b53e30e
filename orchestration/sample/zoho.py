"""Zoho CRM: a nightly full dump of Contacts, as the web interface exports it.

Belongs here: the file's columns, ids and spellings. Does not belong here: who the people are.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestration.sample.arrays import scatter
from orchestration.sample.crm import CrmRecords, crm_records
from orchestration.sample.files import SampleFile, TruthRow, write_csv
from orchestration.sample.names import STAFF
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.spelling import Contacts, draw_contacts, zoho_phone
from orchestration.sample.timeline import datetimes, local_texts

SYSTEM = "zoho"

_LABELS = (
    "Record Id,Contact Owner.id,Contact Owner,Lead Source,First Name,Last Name,"
    "Account Name.id,Account Name,Vendor Name.id,Vendor Name,Email,Title,Department,Phone,"
    "Mobile,Created By.id,Created By,Modified By.id,Modified By,Created Time,Modified Time,"
    "Contact Name,Description,Email Opt Out,Salutation,Last Activity Time,Tag,"
    "Reporting To.id,Reporting To,Unsubscribed Mode,Unsubscribed Time,Change Log Time,"
    "First Visit,Visitor Score,Referrer,Average Time Spent (Minutes),Most Recent Visit,"
    "First Page Visited,Number Of Chats,Days Visited,Locked,Last Enriched Time,Enrich Status,"
    "Mailing City,Mailing State,Mailing Country,Date of Birth"
)
HEADER = tuple(_LABELS.split(","))
# Written by Zoho whenever the record changes.
_CHANGE_COLUMNS = tuple(
    HEADER.index(label) for label in ("Modified Time", "Last Activity Time", "Change Log Time")
)

OPT_OUT_SHARE = 0.10
# Free text: most staff write the country in Chinese.
ENGLISH_COUNTRY_SHARE = 0.2
LEAD_SOURCES = ("Web Download", "Trade Show", "Online Store", "External Referral", "Chat")

# Ids have 18 digits: the organisation's seven, then eleven of the record's own.
RECORD_PREFIX = "zcrm_"
ID_PREFIX = "zcrm_5361160"
OWN_DIGITS = 11
STAFF_ID = "zcrm_536116000000{:06d}"
FIRST_STAFF_NUMBER = 135_001


@dataclass(frozen=True)
class KnownContact:
    """What the other modules of Zoho know about a contact. `record_id` has no prefix."""

    person: int
    record_id: str
    name: str
    email: str
    mobile: str
    created_at: datetime.datetime
    is_opted_out: bool


class ZohoExports:
    """All contacts of one sample, in order of creation, ready to be dumped for any night."""

    def __init__(self, spec: SampleSpec, people: People) -> None:
        """Draw what Zoho holds of `people`."""
        rng = spec.generator(Stream.ZOHO)
        self._spec = spec
        self._records = crm_records(spec, people, people.in_zoho, delay_minutes=0)
        contacts = draw_contacts(rng, people, zoho_phone)
        own = scatter(people.count, OWN_DIGITS, int(rng.integers(10**OWN_DIGITS))).tolist()
        self._ids = [f"{ID_PREFIX}{number:0{OWN_DIGITS}d}" for number in own]
        self._truth = [
            TruthRow(
                people.person_id[person],
                SYSTEM,
                self._ids[person],
                contacts.phone[person],
                contacts.email[person],
            )
            for person in self._records.person.tolist()
        ]
        self._rows = _static_rows(rng, people, self._records, contacts, self._ids)

    def known(self) -> Iterator[KnownContact]:
        """Yield every contact, in order of creation."""
        places = [
            HEADER.index(label)
            for label in ("Record Id", "Contact Name", "Email", "Mobile", "Email Opt Out")
        ]
        moments = datetimes(self._records.created_at)
        people = self._records.person.tolist()
        for person, moment, row in zip(people, moments, self._rows, strict=True):
            record_id, name, email, mobile, opted_out = (row[place] for place in places)
            bare = record_id.removeprefix(RECORD_PREFIX)
            yield KnownContact(person, bare, name, email, mobile, moment, opted_out == "true")

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per contact."""
        yield from self._truth

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one full dump per night into `folder`, oldest night first."""
        for night in self._spec.night_dates():
            modified = local_texts(self._records.modified_at(night))
            path = folder / f"Contacts_{night:%Y_%m_%d}.csv"
            count = write_csv(path, HEADER, self._rows_of(modified))
            yield SampleFile(path, SYSTEM, night, count)

    def _rows_of(self, modified: list[str]) -> Iterator[list[str]]:
        # Creation order makes the contacts of a night the first ones, one per modification.
        for row, changed in zip(self._rows, modified, strict=False):
            for column in _CHANGE_COLUMNS:
                row[column] = changed
            yield row


def _static_rows(
    rng: np.random.Generator,
    people: People,
    records: CrmRecords,
    contacts: Contacts,
    ids: list[str],
) -> list[list[str]]:
    opted_out = (rng.random(people.count) < OPT_OUT_SHARE).tolist()
    english = (rng.random(people.count) < ENGLISH_COUNTRY_SHARE).tolist()
    created = local_texts(records.created_at)
    rows = []
    for person, moment in zip(records.person.tolist(), created, strict=True):
        cells = {
            "Record Id": ids[person],
            "Email": contacts.email[person],
            "Mobile": contacts.phone[person],
            "Created Time": moment,
            "Email Opt Out": "true" if opted_out[person] else "false",
            "Unsubscribed Mode": "Manual" if opted_out[person] else "",
            "Unsubscribed Time": moment if opted_out[person] else "",
            "Mailing Country": "China" if english[person] else "中国",
        }
        cells.update(_about(people, person))
        rows.append([cells.get(label, "") for label in HEADER])
    return rows


def _about(people: People, person: int) -> dict[str, str]:
    staff = person % len(STAFF)
    staff_id = STAFF_ID.format(FIRST_STAFF_NUMBER + staff)
    people_cells = {
        "First Name": people.given[person],
        "Last Name": people.family[person],
        "Contact Name": people.full_name[person],
        "Salutation": "Ms." if people.is_female[person] else "Mr.",
        "Mailing City": people.place[person].city,
        "Mailing State": people.place[person].province,
        "Date of Birth": people.birth_date[person],
        "Lead Source": LEAD_SOURCES[person % len(LEAD_SOURCES)],
        "Locked": "false",
    }
    for role in ("Contact Owner", "Created By", "Modified By"):
        people_cells[role] = STAFF[staff]
        people_cells[f"{role}.id"] = staff_id
    return people_cells
