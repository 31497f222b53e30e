"""Zoho beside Contacts: data backups, Bulk Read files and deletions.

Belongs here: their names, shapes, links and moments. Does not belong here: the nightly Contacts.
"""

import csv
import datetime
import fnmatch
import hashlib
import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from orchestration.sample.catalogue import load_catalogue
from orchestration.sample.files import SampleFile
from orchestration.sample.people import draw_people
from orchestration.sample.spec import SampleSpec
from orchestration.sample.zoho import ZohoExports
from orchestration.sample.zoho_modules import ZohoModuleExports
from orchestration.settings import DBT_PROJECT

LAST_NIGHT = datetime.date(2026, 11, 19)
NIGHTS = 4
ID = r"zcrm_\d{18,19}"
LOCAL = r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?"
# Labels of ids that are not the record's own, with the module that the id is of.
LINKS = {
    ("Deals", "Account Name.id"): "Accounts",
    ("Sales_Orders", "Deal Name.id"): "Deals",
    ("Ordered Items", "Parent.id"): "Sales_Orders",
    ("Ordered Items", "Product Name.id"): "Products",
    ("Invoices", "Sales Order.id"): "Sales_Orders",
    ("Leads", "Converted Deal.id"): "Deals",
    ("Leads", "Converted Account.id"): "Accounts",
    ("CampaignLeadMember", "Campaign.id"): "Campaigns",
    ("CampaignLeadMember", "Lead.id"): "Leads",
}
Rows = list[dict[str, str]]


def written(folder: Path, customers: int, nights: int, zone: str = "Asia/Shanghai") -> Path:
    exports(folder, customers, nights, zone)
    return folder


def exports(
    folder: Path, customers: int, nights: int, zone: str = "Asia/Shanghai"
) -> list[SampleFile]:
    spec = SampleSpec(customers, nights, 7, LAST_NIGHT, "CNY", zone)
    people = draw_people(spec)
    contacts = ZohoExports(spec, people)
    modules = ZohoModuleExports(spec, people, contacts, load_catalogue())
    folder.mkdir(parents=True, exist_ok=True)
    list(contacts.write(folder))
    return list(modules.write(folder))


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("zoho"), 3_000, NIGHTS)


def rows_of(text: str) -> Rows:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def file_rows(path: Path) -> Rows:
    return rows_of(path.read_bytes().decode("utf-8"))


def backup(inbox: Path, day: int) -> dict[str, Rows]:
    """Every module of a backup, its chunks together."""
    modules: dict[str, Rows] = {}
    with zipfile.ZipFile(inbox / f"Zoho_backup_2026_11_{day}.zip") as archive:
        for name in archive.namelist():
            found = re.fullmatch(r"Data/(.+)_\d{3}\.csv", name)
            if found:
                modules.setdefault(found[1], []).extend(rows_of(archive.read(name).decode()))
    return modules


def bare(rows: Rows, label: str = "Record Id") -> list[str]:
    return [row[label].removeprefix("zcrm_") for row in rows if row[label]]


def tables_that_take(name: str) -> dict[str, str]:
    """Tables of Zoho whose patterns take a file of this name, and what the file states."""
    path = DBT_PROJECT / "models" / "staging" / "zoho" / "_zoho__sources.yml"
    (source,) = yaml.safe_load(path.read_text("utf-8"))["sources"]
    found = {}
    for table in source["tables"]:
        landing = table["config"]["meta"]["landing"]
        for entry in landing["files"]:
            pattern = {"name": entry} if isinstance(entry, str) else entry
            if fnmatch.fnmatchcase(name.casefold(), pattern["name"].casefold()):
                found.setdefault(table["name"], pattern.get("load", landing["load"]))
    return found


@pytest.mark.parametrize(
    ("name", "table", "load"),
    [
        ("Contacts_2026_02_12.csv", "contacts", "full"),
        ("Contacts_2026-02-12 (1).csv", "contacts", "full"),
        ("Contacts_001.csv", "contacts", "full"),
        ("Contacts_bulk_20261119.csv", "contacts", "incremental"),
        ("Contacts_VIP_C_001.csv", "custom_records", "full"),
        ("Old Contacts_C_012.csv", "custom_records", "full"),
        ("Deals__2026_01_26.csv", "deals", "full"),
        ("Potentials_001.csv", "deals", "full"),
        ("Sales Orders_001.csv", "sales_orders", "full"),
        ("Ordered Items_002.csv", "sales_order_lines", "full"),
        ("Meetings_001.csv", "events", "full"),
        ("Notes_001.csv", "notes", "full"),
        ("Notes_Leads_2026_02_10.csv", "notes", "incremental"),
        ("Notes_2026_02_10.csv", "notes", "incremental"),
        ("CampaignLeadMember_001.csv", "campaign_members", "full"),
        ("deleted_20261119.json", "deleted_records", "incremental"),
    ],
)
def test_each_name_of_an_export_belongs_to_one_table(name: str, table: str, load: str) -> None:
    assert tables_that_take(name) == {table: load}


def test_every_table_of_the_sample_belongs_to_one_table(inbox: Path) -> None:
    names = [path.name for path in inbox.iterdir() if path.suffix != ".zip"]
    with zipfile.ZipFile(inbox / "Zoho_backup_2026_11_19.zip") as archive:
        names += [x.removeprefix("Data/") for x in archive.namelist() if x.startswith("Data/")]
    taken = [tables_that_take(name) for name in names]
    assert {len(tables) for tables in taken} == {1}
    assert len({table for tables in taken for table in tables}) == 19


def test_the_same_spec_gives_the_same_bytes_at_any_time(tmp_path: Path) -> None:
    first = written(tmp_path / "a", 60, 3)
    time.sleep(2.1)
    second = written(tmp_path / "b", 60, 3)
    digests = [
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
        for folder in (first, second)
    ]
    assert digests[0] == digests[1]


def test_nights_cut_the_timeline_and_change_nothing(tmp_path: Path) -> None:
    few, many = written(tmp_path / "few", 300, 2), written(tmp_path / "many", 300, 9)
    for path in few.iterdir():
        # The first night has a backup of its own.
        if path.name != "Zoho_backup_2026_11_18.zip":
            assert path.read_bytes() == (many / path.name).read_bytes(), path.name


def test_there_is_a_backup_first_and_last_and_the_rest_each_night(inbox: Path) -> None:
    names = {path.name for path in inbox.iterdir()}
    days = [f"202611{day}" for day in (16, 17, 18, 19)]
    assert {name for name in names if name.endswith(".zip")} == {
        "Zoho_backup_2026_11_16.zip",
        "Zoho_backup_2026_11_19.zip",
    }
    assert {f"Leads_bulk_{day}.csv" for day in days} <= names
    assert {f"deleted_{day}.json" for day in days} <= names
    assert any(name.startswith("Deals_bulk_") for name in names)


@pytest.mark.parametrize(("customers", "nights"), [(1, 1), (1, 5), (50, 24)])
def test_one_customer_is_enough_for_every_file(tmp_path: Path, customers: int, nights: int) -> None:
    assert all(file.rows >= 1 for file in exports(tmp_path, customers, nights))


def test_a_backup_cuts_long_modules_and_repeats_their_header(inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "Zoho_backup_2026_11_19.zip") as archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        headers = {
            archive.read(name).split(b"\n", 1)[0]
            for name in names
            if re.fullmatch(r"Data/Leads_\d{3}\.csv", name)
        }
    assert {"Data/Leads_001.csv", "Data/Leads_002.csv", "Metadata/Fields_001.csv"} <= set(names)
    assert {"Data/Ordered Items_001.csv", "Data/Store Visits_C_001.csv"} <= set(names)
    assert len(headers) == 1
    assert not any("Contacts" in name for name in names)
    assert {member.date_time for member in members} == {(2026, 11, 19, 23, 30, 0)}


def test_a_backup_has_prefixed_ids_and_wall_clock_up_to_its_night(inbox: Path) -> None:
    for day in (16, 19):
        for module, rows in backup(inbox, day).items():
            assert len(set(bare(rows))) == len(rows), module
            for row in rows:
                for label, cell in row.items():
                    if label == "Record Id" or (label.endswith(".id") and cell):
                        assert re.fullmatch(ID, cell), (module, label, cell)
                    if re.fullmatch(r"20\d\d-.*", cell):
                        assert re.fullmatch(LOCAL, cell), (module, label, cell)
                        assert cell <= f"2026-11-{day} 23:30:00", (module, label, cell)


def test_every_link_leads_somewhere(inbox: Path) -> None:
    modules = backup(inbox, 19)
    for (module, label), target in LINKS.items():
        linked = set(bare(modules[module], label))
        assert linked, (module, label)
        assert linked <= set(bare(modules[target])), (module, label)
    contacts = set(bare(file_rows(inbox / "Contacts_2026_11_19.csv")))
    for module, label in (("Leads", "Converted Contact.id"), ("Calls", "Contact Name.id")):
        assert set(bare(modules[module], label)) <= contacts
    everybody = contacts | set(bare(modules["Leads"]))
    assert set(bare(modules["Notes"], "Parent.id")) <= everybody


def test_an_order_is_the_sum_of_its_lines(inbox: Path) -> None:
    modules = backup(inbox, 19)
    for order in modules["Sales_Orders"]:
        lines = [x for x in modules["Ordered Items"] if x["Parent.id"] == order["Record Id"]]
        assert float(order["Grand Total"]) == sum(float(line["Total"]) for line in lines) > 0
    won = [deal for deal in modules["Deals"] if deal["Stage"] == "Closed Won"]
    assert len(won) == len(modules["Sales_Orders"])


def test_a_converted_lead_stays_and_names_the_contact_it_became(inbox: Path) -> None:
    contacts = {row["Record Id"]: row for row in file_rows(inbox / "Contacts_2026_11_19.csv")}
    leads = backup(inbox, 19)["Leads"]
    converted = [lead for lead in leads if lead["Is Converted"] == "true"]
    assert 0 < len(converted) < len(leads)
    for lead in converted:
        contact = contacts[lead["Converted Contact.id"]]
        assert lead["Converted Contact"] == contact["Contact Name"]
        assert lead["Created Time"] < contact["Created Time"] == lead["Converted Date Time"]
    assert any(lead["Mobile"] or lead["Email"] for lead in leads)
    assert {lead["Tag"] for lead in leads} >= {"", "VIP,老客户"}


def test_a_bulk_read_has_api_names_bare_ids_and_offsets(inbox: Path) -> None:
    for name in ("Leads", "Deals"):
        for path in sorted(inbox.glob(f"{name}_bulk_*.csv")):
            day = f"{path.stem[-8:-4]}-{path.stem[-4:-2]}-{path.stem[-2:]}"
            for row in file_rows(path):
                assert re.fullmatch(r"\d{19}", row["id"])
                assert row["Modified_Time"].startswith(day)
                assert re.fullmatch(r".+T\d\d:\d\d:\d\d\+08:00", row["Created_Time"])
                assert row["Created_Time"] <= row["Modified_Time"]
                assert not any("zcrm_" in cell for cell in row.values())


def test_the_last_backup_is_the_first_with_all_changes_and_deletions(inbox: Path) -> None:
    state = {x.removeprefix("zcrm_") for x in bare(backup(inbox, 16)["Leads"])}
    for day in (17, 18, 19):
        state |= set(bare(file_rows(inbox / f"Leads_bulk_202611{day}.csv"), "id"))
        answer = json.loads((inbox / f"deleted_202611{day}.json").read_text("utf-8"))
        assert answer["info"]["count"] == len(answer["data"]) > 0
        state -= {row["id"] for row in answer["data"]}
        for row in answer["data"]:
            assert row["deleted_time"].startswith(f"2026-11-{day}T")
            assert row["deleted_by"]["name"]
    assert state == set(bare(backup(inbox, 19)["Leads"]))


def test_offsets_follow_daylight_saving(tmp_path: Path) -> None:
    folder = written(tmp_path, 400, 40, "America/New_York")
    offsets = {
        row["Modified_Time"][-6:]
        for path in folder.glob("Leads_bulk_*.csv")
        for row in file_rows(path)
    }
    assert offsets == {"-04:00", "-05:00"}


def test_few_phones_are_odd_and_some_are_hidden(inbox: Path) -> None:
    modules = backup(inbox, 19)
    mobiles = [lead["Mobile"] for lead in modules["Leads"] if lead["Mobile"]]
    odd = [mobile for mobile in mobiles if not re.fullmatch(r"\+86 1\d\d \d{4} \d{4}", mobile)]
    assert 0 < len(odd) / len(mobiles) < 0.005
    numbers = {
        call[label] for call in modules["Calls"] for label in ("Caller ID", "Dialled Number")
    }
    assert any("*" in number for number in numbers)


def test_the_fields_of_a_backup_name_label_and_field(inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "Zoho_backup_2026_11_19.zip") as archive:
        rows = rows_of(archive.read("Metadata/Fields_001.csv").decode())
    assert list(rows[0]) == ["Module", "Label", "Api Name", "Data Type"]
    assert {"Leads", "Sales Orders", "Store Visits"} <= {row["Module"] for row in rows}


def test_the_truth_names_everybody_who_was_ever_a_lead(tmp_path: Path) -> None:
    spec = SampleSpec(500, 3, 7, LAST_NIGHT, "CNY", "Asia/Shanghai")
    people = draw_people(spec)
    contacts = ZohoExports(spec, people)
    modules = ZohoModuleExports(spec, people, contacts, load_catalogue())
    truth = {row.record_id: row for row in modules.truth()}
    list(modules.write(tmp_path))
    named = {lead["Record Id"]: lead for lead in people_of(backup(tmp_path, 19)["Leads"])}
    assert set(named) == set(truth)
    for record_id, lead in named.items():
        assert (truth[record_id].phone, truth[record_id].email) == (lead["Mobile"], lead["Email"])
    assert all(row.person_id in people.person_id for row in truth.values())


def people_of(leads: Rows) -> Iterator[dict[str, str]]:
    return (lead for lead in leads if not lead["Lead Name"].startswith("Visitor"))
