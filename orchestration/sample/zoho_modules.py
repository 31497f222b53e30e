"""Zoho CRM beside Contacts: data backups, nightly Bulk Read files, and the list of deletions.

Belongs here: which module goes into which file, and the files' names and shapes. Does not belong
here: the Contacts of the web interface (zoho.py), and what the modules hold (the other zoho_*.py).
"""

import csv
import datetime
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TypeVar

from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow, write_csv
from orchestration.sample.names import STAFF
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec
from orchestration.sample.timeline import EXPORT_TIME
from orchestration.sample.zoho import RECORD_PREFIX, SYSTEM, ZohoExports
from orchestration.sample.zoho_activities import ActivityBook
from orchestration.sample.zoho_campaigns import CampaignBook
from orchestration.sample.zoho_leads import LABELS as LEAD_LABELS
from orchestration.sample.zoho_leads import Lead, draw_leads
from orchestration.sample.zoho_records import (
    Cells,
    Table,
    api_text,
    end_of,
    staff_id,
    staff_of,
)
from orchestration.sample.zoho_sales import SalesBook

Item = TypeVar("Item")
# Rows of one file of a backup. Zoho cuts at 100,000; small samples show the cut as well.
CHUNK_ROWS = 500
# Read and write for the owner alone, as a regular file, in the upper half of a member's attributes.
MEMBER_MODE = 0o100600 << 16
FIELD_LABELS = ("Module", "Label", "Api Name", "Data Type")
# Fields whose API name is not their label, and how the ends of labels tell the type of a field.
API_NAMES = {
    "Record Id": "id", "Lead Name": "Full_Name", "Is Converted": "Converted__s",
    "Change Log Time": "Change_Log_Time__s", "Locked": "Locked__s",
    "Probability (%)": "Probability", "Reason For Loss": "Reason_For_Loss__s",
    "Call Duration (in seconds)": "Call_Duration_in_seconds", "Store Visit Name": "Name",
}  # fmt: skip
ACTIVITY_NAMES = {
    "Contact Name": "Who_Id", "Related To": "What_Id", "Title": "Event_Title",
    "Location": "Venue", "All day": "All_day", "From": "Start_DateTime", "To": "End_DateTime",
}  # fmt: skip
DATA_TYPES = {
    " Time": "datetime", " Date": "date", " Owner": "ownerlookup", " By": "ownerlookup",
}  # fmt: skip
# What a Bulk Read asks for: API names, each with the label that the same value has elsewhere.
LEAD_FIELDS = {
    "id": "Record Id", "Owner": "Lead Owner.id", "Company": "Company",
    "First_Name": "First Name", "Last_Name": "Last Name", "Full_Name": "Lead Name",
    "Salutation": "Salutation", "Email": "Email", "Phone": "Phone", "Mobile": "Mobile",
    "Lead_Source": "Lead Source", "Lead_Status": "Lead Status", "City": "City", "State": "State",
    "Zip_Code": "Zip Code", "Email_Opt_Out": "Email Opt Out",
    "Unsubscribed_Mode": "Unsubscribed Mode", "Unsubscribed_Time": "Unsubscribed Time",
    "Converted__s": "Is Converted", "Converted_Date_Time": "Converted Date Time",
    "Converted_Contact": "Converted Contact.id", "Converted_Account": "Converted Account.id",
    "Converted_Deal": "Converted Deal.id", "Tag": "Tag", "Data_Source": "Data Source",
    "Created_By": "Created By.id", "Modified_By": "Modified By.id",
    "Created_Time": "Created Time", "Modified_Time": "Modified Time",
    "Last_Activity_Time": "Last Activity Time",
}  # fmt: skip
DEAL_FIELDS = {
    "id": "Record Id", "Owner": "Deal Owner.id", "Deal_Name": "Deal Name", "Amount": "Amount",
    "Expected_Revenue": "Expected Revenue", "Stage": "Stage", "Pipeline": "Pipeline",
    "Probability": "Probability (%)", "Closing_Date": "Closing Date",
    "Account_Name": "Account Name.id", "Contact_Name": "Contact Name.id", "Type": "Type",
    "Lead_Source": "Lead Source", "Next_Step": "Next Step", "Description": "Description",
    "Reason_For_Loss__s": "Reason For Loss", "Currency": "Currency",
    "Exchange_Rate": "Exchange Rate", "Tag": "Tag", "Created_By": "Created By.id",
    "Modified_By": "Modified By.id", "Created_Time": "Created Time",
    "Modified_Time": "Modified Time", "Last_Activity_Time": "Last Activity Time",
}  # fmt: skip


class ZohoModuleExports:
    """All modules of Zoho but Contacts, ready to be exported for any night."""

    def __init__(
        self, spec: SampleSpec, people: People, contacts: ZohoExports, catalogue: Catalogue
    ) -> None:
        """Draw what Zoho holds of `people` beside the `contacts` that it already has."""
        known = tuple(contacts.known())
        self._spec = spec
        self._people = people
        self._leads = draw_leads(spec, people, known)
        self._sales = SalesBook(spec, self._leads, catalogue)
        self._activities = ActivityBook(spec, known, self._leads)
        self._campaigns = CampaignBook(spec, known, self._leads)
        self._lead_changes = _by_day((lead, lead.changes()) for lead in self._leads)
        self._deal_changes = _by_day(
            (deal, (at for at, _ in deal.steps)) for deal in self._sales.deals
        )
        self._deletions = _by_day(
            (lead, (lead.deleted_at,)) for lead in self._leads if lead.deleted_at
        )

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per lead with a name; visitors are nobody."""
        for lead in self._leads:
            if lead.person is not None:
                identity = f"{RECORD_PREFIX}{lead.record_id.digits}"
                person_id = self._people.person_id[lead.person]
                yield TruthRow(person_id, SYSTEM, identity, lead.phone, lead.email)

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write a night's changes and deletions each night, and a backup on the first and last.

        A file of changes is left out on a night without any.
        """
        nights = self._spec.night_dates()
        for night in nights:
            if night in (nights[0], nights[-1]):
                yield self._write_backup(folder, night)
            at = end_of(night)
            leads = [x.cells(at) for x in self._lead_changes[night] if x.exists(at)]
            deals = self._sales.deal_cells(self._deal_changes[night], at)
            for name, fields, records in (
                ("Leads", LEAD_FIELDS, leads),
                ("Deals", DEAL_FIELDS, deals),
            ):
                if records:
                    path = folder / f"{name}_bulk_{night:%Y%m%d}.csv"
                    count = write_csv(path, tuple(fields), self._api_rows(fields, records))
                    yield SampleFile(path, SYSTEM, night, count)
            yield self._write_deletions(folder, night)

    def _api_rows(self, fields: dict[str, str], records: Iterable[Cells]) -> Iterator[list[str]]:
        zone = self._spec.zone
        for cells in records:
            yield [api_text(cells.get(label), zone) for label in fields.values()]

    def _write_deletions(self, folder: Path, night: datetime.date) -> SampleFile:
        gone = self._deletions[night]
        path = folder / f"deleted_{night:%Y%m%d}.json"
        info = {"per_page": 200, "count": len(gone), "page": 1, "more_records": False}
        answer = {"data": [self._deletion(lead) for lead in gone], "info": info}
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        path.write_text(text, encoding="utf-8", newline="\n")
        return SampleFile(path, SYSTEM, night, len(gone))

    def _deletion(self, lead: Lead) -> dict[str, object]:
        staff = staff_of(lead.number)
        user = {"name": STAFF[staff], "id": staff_id(staff).digits}
        return {
            "deleted_by": user,
            "id": lead.record_id.digits,
            "display_name": lead.name[2],
            "type": "recycle",
            "created_by": user,
            "deleted_time": api_text(lead.deleted_at, self._spec.zone),
        }

    def _write_backup(self, folder: Path, night: datetime.date) -> SampleFile:
        path = folder / f"Zoho_backup_{night:%Y_%m_%d}.zip"
        tables = [table for table in self._tables(night) if table.records]
        stamp = datetime.datetime.combine(night, EXPORT_TIME).timetuple()[:6]
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in chain(*map(_chunks, tables), [_fields(tables)]):
                # Without a time of its own, a member would carry the moment of writing.
                member = zipfile.ZipInfo(name, stamp)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.create_system, member.external_attr = 3, MEMBER_MODE
                archive.writestr(member, text)
        return SampleFile(path, SYSTEM, night, sum(len(table.records) for table in tables))

    def _tables(self, night: datetime.date) -> Iterator[Table]:
        at = end_of(night)
        leads = [lead.cells(at) for lead in self._leads if lead.exists(at)]
        yield Table("Leads", LEAD_LABELS, leads)
        for book in (self._sales, self._activities, self._campaigns):
            yield from book.tables(night)


def _by_day(
    happened: Iterable[tuple[Item, Iterable[datetime.datetime]]],
) -> defaultdict[datetime.date, list[Item]]:
    """Return what something happened to, by the day on which it did; once per day."""
    days: defaultdict[datetime.date, list[Item]] = defaultdict(list)
    for item, moments in happened:
        for day in sorted({moment.date() for moment in moments}):
            days[day].append(item)
    return days


def _chunks(table: Table) -> Iterator[tuple[str, str]]:
    """Yield the files of one module, each with its header."""
    rows = list(table.rows())
    for number, start in enumerate(range(0, len(rows), CHUNK_ROWS), start=1):
        chunk = rows[start : start + CHUNK_ROWS]
        yield f"Data/{table.name}_{number:03d}.csv", _csv_text(table.labels, chunk)


def _fields(tables: Sequence[Table]) -> tuple[str, str]:
    """Return the member that says which label stands for which field."""
    rows = []
    for table in tables:
        module = table.name.removesuffix("_C").replace("_", " ")
        for label in table.labels:
            if not label.endswith(".id"):
                rows.append((module, label, _api_name(module, label), _data_type(label)))
    return "Metadata/Fields_001.csv", _csv_text(FIELD_LABELS, rows)


def _api_name(module: str, label: str) -> str:
    one = module.removesuffix("s")
    if label in (f"{one} Owner", "Host"):
        return "Owner"
    names = API_NAMES | (ACTIVITY_NAMES if module in ("Tasks", "Calls", "Meetings") else {})
    return names.get(label, label.replace(" ", "_"))


def _data_type(label: str) -> str:
    return next((kind for end, kind in DATA_TYPES.items() if label.endswith(end)), "text")


def _csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
