"""Fxiaoke beside its customers: contacts and tags in Excel, the other objects over the OpenAPI.

Belongs here: columns, spellings, dates and increments of those files.
Does not belong here: the workbook of customers (test_sample_crms.py).
"""

import datetime
import json
import re
import time
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from orchestration.sample.catalogue import load_catalogue
from orchestration.sample.files import SampleFile, TruthRow
from orchestration.sample.fxiaoke import FxiaokeExports
from orchestration.sample.fxiaoke_objects import FxiaokeObjectExports
from orchestration.sample.orders import draw_orders
from orchestration.sample.people import draw_people
from orchestration.sample.spec import SampleSpec

NIGHTS = 12
LAST_NIGHT = datetime.date(2026, 11, 19)
FIRST_NIGHT = LAST_NIGHT - datetime.timedelta(days=NIGHTS - 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
OBJECTS = (
    "LeadsObj",
    "NewOpportunityObj",
    "SalesOrderObj",
    "SalesOrderProductObj",
    "ReturnedGoodsInvoiceObj",
    "PaymentObj",
    "ProductObj",
    "ActiveRecordObj",
)

Documents = list[dict[str, Any]]


def spec_of(customers: int, nights: int, seed: int = 7, zone: str = "Asia/Shanghai") -> SampleSpec:
    return SampleSpec(customers, nights, seed, LAST_NIGHT, "CNY", zone)


def exports_of(spec: SampleSpec) -> FxiaokeObjectExports:
    return FxiaokeObjectExports(spec, draw_people(spec), load_catalogue())


def written(folder: Path, spec: SampleSpec) -> list[SampleFile]:
    folder.mkdir(parents=True, exist_ok=True)
    return list(exports_of(spec).write(folder))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Write a sample large enough for the rare events to happen."""
    target = tmp_path_factory.mktemp("fxiaoke_objects")
    written(target, spec_of(6_000, NIGHTS))
    yield target


def nights() -> list[datetime.date]:
    return [FIRST_NIGHT + datetime.timedelta(days=day) for day in range(NIGHTS)]


def workbook(folder: Path, night: datetime.date) -> CalamineWorkbook:
    return CalamineWorkbook.from_path(folder / f"联系人对象导出结果_{night:%Y%m%d}.xlsx")


def sheet_rows(book: CalamineWorkbook) -> list[dict[str, str]]:
    header, *rows = book.get_sheet_by_index(0).to_python()
    assert all(isinstance(cell, str) for row in rows for cell in row), "a cell is not text"
    return [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]


def queried(folder: Path, name: str, night: datetime.date) -> Documents:
    path = folder / f"{name}_{night:%Y%m%d}_233000.jsonl"
    text = path.read_text("utf-8") if path.exists() else ""
    return [json.loads(line) for line in text.splitlines()]


def newest(folder: Path, name: str) -> dict[str, dict[str, Any]]:
    """Return every record as the last query that holds it states it."""
    return {each["_id"]: each for night in nights() for each in queried(folder, name, night)}


def local(milliseconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(milliseconds / 1000, SHANGHAI)


def bytes_under(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_contacts_have_the_columns_of_the_export_in_their_order(folder: Path) -> None:
    header = workbook(folder, LAST_NIGHT).get_sheet_by_index(0).to_python()[0]
    assert len(header) == len(set(header)) == 52
    assert header[:4] == [
        "唯一性ID（必填）",
        "联系人姓名（必填）",
        "客户名称_唯一性ID",
        "客户名称",
    ]
    assert header[13:24] == [
        *("手机", "手机2", "手机3", "手机4", "手机5"),
        *("电话", "电话2", "电话3", "电话4", "电话5", "邮件"),
    ]
    assert header[-4:] == ["创建人", "创建时间", "最后修改人", "最后修改时间"]


def test_the_data_comes_first_then_hidden_choices_and_an_empty_sheet(folder: Path) -> None:
    book = workbook(folder, LAST_NIGHT)
    assert [(sheet.name, sheet.visible) for sheet in book.sheets_metadata] == [
        ("联系人数据", SheetVisibleEnum.Visible),
        ("hidden_options", SheetVisibleEnum.Hidden),
        ("Sheet1", SheetVisibleEnum.Visible),
    ]
    assert book.get_sheet_by_name("Sheet1").to_python() == []


def test_the_workbook_of_contacts_is_wrong_about_its_own_size(folder: Path) -> None:
    path = folder / f"联系人对象导出结果_{LAST_NIGHT:%Y%m%d}.xlsx"
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert re.search(rb'<dimension ref="A1:[A-Z]+1"/>', sheet)
    assert len(sheet_rows(workbook(folder, LAST_NIGHT))) > 1_000


def test_a_contact_names_a_customer_of_the_same_night(tmp_path: Path) -> None:
    spec = spec_of(400, 3)
    people = draw_people(spec)
    written(tmp_path, spec)
    list(FxiaokeExports(spec, people, draw_orders(spec, people, load_catalogue())).write(tmp_path))
    for night in spec.night_dates():
        book = CalamineWorkbook.from_path(tmp_path / f"客户对象导出结果_{night:%Y%m%d}.xlsx")
        names = {row["唯一性ID（必填）"]: row["客户名称（必填）"] for row in sheet_rows(book)}
        contacts = sheet_rows(workbook(tmp_path, night))
        assert len({row["唯一性ID（必填）"] for row in contacts}) == len(contacts) > 50
        assert all(names[row["客户名称_唯一性ID"]] == row["客户名称"] for row in contacts)
        assert not names.keys() & {row["唯一性ID（必填）"] for row in contacts}


def test_contacts_grow_and_are_never_from_after_the_night(folder: Path) -> None:
    for before, after in pairwise(nights()):
        earlier = [row["唯一性ID（必填）"] for row in sheet_rows(workbook(folder, before))]
        rows = sheet_rows(workbook(folder, after))
        assert [row["唯一性ID（必填）"] for row in rows][: len(earlier)] == earlier
        assert len(rows) > len(earlier)
        end = f"{after} 23:30:00"
        assert all(row["创建时间"] <= row["最后修改时间"] < end for row in rows)


def test_phones_of_contacts_are_mobiles_but_for_a_few(folder: Path) -> None:
    rows = sheet_rows(workbook(folder, LAST_NIGHT))
    phones = [row["手机"] for row in rows if row["手机"]]
    masked = [phone for phone in phones if re.fullmatch(r"1\d\d\*{4}\d{4}", phone)]
    ugly = [phone for phone in phones if re.fullmatch(r"010-\d{8}", phone)]
    plain = [phone for phone in phones if re.fullmatch(r"1\d\d-\d{4}-\d{4}", phone)]
    assert len(masked) + len(ugly) + len(plain) == len(phones)
    assert 0 < len(masked) < len(rows) * 0.06
    assert 0 < len(ugly) < len(rows) * 0.01
    assert all(row["手机"] or row["邮件"] for row in rows)
    assert {row["性别"] for row in rows} == {"女", "男"}


def test_tags_are_listed_once(folder: Path) -> None:
    assert [path.name for path in folder.glob("标签*")] == [f"标签_{FIRST_NIGHT:%Y%m%d}.xlsx"]
    book = CalamineWorkbook.from_path(folder / f"标签_{FIRST_NIGHT:%Y%m%d}.xlsx")
    rows = sheet_rows(book)
    assert len({(row["所属对象"], row["标签组"], row["标签名称（必填）"]) for row in rows}) == 8
    used = {
        tag for each in newest(folder, "ProductObj").values() for tag in each["commodity_label"]
    }
    assert used <= {row["标签名称（必填）"] for row in rows if row["所属对象"] == "产品"}


@pytest.mark.parametrize("name", OBJECTS)
def test_a_query_holds_what_changed_that_night_and_the_first_one_everything(
    folder: Path, name: str
) -> None:
    seen: dict[str, dict[str, Any]] = {}
    for night in nights():
        found = queried(folder, name, night)
        assert len({each["_id"] for each in found}) == len(found)
        for each in found:
            created, modified = local(each["create_time"]), local(each["last_modified_time"])
            assert created <= modified
            assert modified.date() == night or (night == FIRST_NIGHT and modified.date() < night)
            before = seen.get(each["_id"])
            assert (before is None) == (night == FIRST_NIGHT or created.date() == night)
            assert before is None or before["create_time"] == each["create_time"]
            seen[each["_id"]] = each
    assert len(seen) > 20


@pytest.mark.parametrize("name", OBJECTS)
def test_every_record_has_what_the_interface_gives_each_object(folder: Path, name: str) -> None:
    for each in newest(folder, name).values():
        assert re.fullmatch("[0-9a-f]{24}", each["_id"])
        assert each["object_describe_api_name"] == name
        assert re.fullmatch("FSUID_[0-9A-F]{32}", each["owner"][0])
        assert each["owner__r"]["id"] == each["owner"][0] and each["owner__r"]["name"]
        assert isinstance(each["is_deleted"], bool)
        assert each["life_status"] in ("normal", "under_review", "invalid")
        amounts = [value for key, value in each.items() if key.endswith("amount")]
        assert all(isinstance(value, str) and Decimal(value) >= 0 for value in amounts)


def test_an_order_is_the_sum_of_its_lines_and_of_what_is_paid_and_open(folder: Path) -> None:
    lines: dict[str, Decimal] = {}
    for line in newest(folder, "SalesOrderProductObj").values():
        subtotal = Decimal(line["subtotal"])
        assert subtotal == Decimal(line["sales_price"]) * Decimal(line["quantity"])
        assert Decimal(line["sales_price"]) <= Decimal(line["product_price"])
        lines[line["order_id"]] = lines.get(line["order_id"], Decimal()) + subtotal
    paid: dict[str, Decimal] = {}
    for payment in newest(folder, "PaymentObj").values():
        amount = Decimal(payment["payment_amount"])
        paid[payment["order_id"]] = paid.get(payment["order_id"], Decimal()) + amount
    returned = {
        each["order_id"]: Decimal(each["returned_goods_inv_amount"])
        for each in newest(folder, "ReturnedGoodsInvoiceObj").values()
    }
    orders = newest(folder, "SalesOrderObj")
    assert orders.keys() == lines.keys() and orders.keys() >= paid.keys() | returned.keys()
    for order_id, order in orders.items():
        amount = Decimal(order["order_amount"])
        assert amount == Decimal(order["product_amount"]) == lines[order_id]
        assert Decimal(order["payment_amount"]) == paid.get(order_id, 0)
        assert Decimal(order["receivable_amount"]) == amount - paid.get(order_id, Decimal())
        assert Decimal(order["returned_goods_amount"]) == returned.get(order_id, 0)
    assert max(paid[order_id] / lines[order_id] for order_id in paid) == 1


def test_an_order_is_under_review_before_it_is_confirmed_or_voided(folder: Path) -> None:
    states = {
        (each["life_status"], each["order_status"], each["order_status__r"])
        for night in nights()
        for each in queried(folder, "SalesOrderObj", night)
    }
    assert states == {
        ("under_review", "6", "确认中"),
        ("invalid", "6", "确认中"),
        ("normal", "7", "已确认"),
    }


def test_a_query_that_holds_a_line_of_an_order_holds_all_of_them(folder: Path) -> None:
    every: dict[str, set[str]] = {}
    for line in newest(folder, "SalesOrderProductObj").values():
        every.setdefault(line["order_id"], set()).add(line["_id"])
    corrected = 0
    for night in nights():
        held: dict[str, set[str]] = {}
        for line in queried(folder, "SalesOrderProductObj", night):
            held.setdefault(line["order_id"], set()).add(line["_id"])
            corrected += line["version"] == "2"
        assert all(every[order_id] == ids for order_id, ids in held.items())
    assert corrected > 0


def test_a_date_is_the_midnight_before_in_milliseconds(folder: Path) -> None:
    for name, label in (
        ("SalesOrderObj", "order_time"),
        ("PaymentObj", "payment_time"),
        ("ReturnedGoodsInvoiceObj", "returned_goods_time"),
    ):
        for each in newest(folder, name).values():
            assert local(each[label]).time() == datetime.time()
            assert local(each[label]).date() == local(each["create_time"]).date()


def test_a_lead_ends_as_a_customer_or_closed_and_some_are_deleted(folder: Path) -> None:
    leads = newest(folder, "LeadsObj").values()
    by_status: dict[str, Documents] = {}
    for lead in leads:
        by_status.setdefault(lead["biz_status"], []).append(lead)
        assert lead["mobile"] or lead["email"]
    assert set(by_status) == {"un_processed", "transformed", "closed"}
    open_leads = [each for night in nights() for each in queried(folder, "LeadsObj", night)]
    assert "processed" in {each["biz_status"] for each in open_leads}
    assert all(lead["account_id"] and lead["transform_time"] for lead in by_status["transformed"])
    assert any(lead["contact_id"] for lead in by_status["transformed"])
    assert not any(lead["is_deleted"] for lead in by_status["transformed"])
    assert any(lead["is_deleted"] for lead in by_status["closed"])


def test_an_opportunity_is_won_when_its_order_is_placed_or_lost(folder: Path) -> None:
    chances = newest(folder, "NewOpportunityObj")
    orders = newest(folder, "SalesOrderObj").values()
    for order in orders:
        chance = chances[order["new_opportunity_id"]]
        assert chance["sales_status__r"] == "赢单"
        assert chance["account_id"] == order["account_id"]
        assert chance["last_modified_time"] == order["create_time"]
    others = chances.keys() - {order["new_opportunity_id"] for order in orders}
    assert {chances[key]["sales_status__r"] for key in others} == {"进行中", "输单"}
    assert any(chances[key]["is_deleted"] for key in others)


def test_the_truth_covers_every_contact_and_lead_as_it_is_written(tmp_path: Path) -> None:
    spec = spec_of(500, 3)
    exports = exports_of(spec)
    files = list(exports.write(tmp_path))
    truth = {row.record_id: row for row in exports.truth()}
    assert len(truth) == len(list(exports.truth()))
    found: dict[str, tuple[str, str]] = {}
    for file in files:
        if file.path.name.startswith("联系人"):
            rows = sheet_rows(CalamineWorkbook.from_path(file.path))
            found |= {row["唯一性ID（必填）"]: (row["手机"], row["邮件"]) for row in rows}
        elif file.path.name.startswith("LeadsObj"):
            leads = queried(tmp_path, "LeadsObj", file.night)
            found |= {each["_id"]: (each["mobile"] or "", each["email"] or "") for each in leads}
    assert found == {key: (row.phone, row.email) for key, row in truth.items()}
    assert {row.source_system for row in truth.values()} == {"fxiaoke"}
    assert all(isinstance(row, TruthRow) and row.person_id for row in truth.values())


def test_the_same_spec_gives_the_same_bytes_at_any_time(tmp_path: Path) -> None:
    written(tmp_path / "a", spec_of(80, 3))
    # A file's own clock counts in seconds, and a zip's in pairs of seconds.
    time.sleep(2.1)
    written(tmp_path / "b", spec_of(80, 3))
    assert bytes_under(tmp_path / "a") == bytes_under(tmp_path / "b")


def test_nights_cut_the_timeline_and_change_nobody(tmp_path: Path) -> None:
    few = written(tmp_path / "few", spec_of(600, 2))
    written(tmp_path / "many", spec_of(600, 9))
    last = [file.path.name for file in few if file.night == LAST_NIGHT]
    assert len(last) > 3
    for name in last:
        assert (tmp_path / "few" / name).read_bytes() == (tmp_path / "many" / name).read_bytes()


@pytest.mark.parametrize("customers", [1, 40])
def test_a_small_sample_has_no_empty_file(tmp_path: Path, customers: int) -> None:
    files = written(tmp_path, spec_of(customers, 6))
    assert {file.path for file in files} == set(tmp_path.iterdir())
    assert all(file.rows >= 1 for file in files)
    assert sum(file.path.name.startswith("联系人") for file in files) == 6


def test_another_zone_shows_the_clock_of_the_platform_and_the_same_moment(tmp_path: Path) -> None:
    spec = spec_of(60, 1, zone="America/New_York")
    exports = exports_of(spec)
    list(exports.write(tmp_path))
    new_york = ZoneInfo("America/New_York")
    rows = sheet_rows(workbook(tmp_path, LAST_NIGHT))
    moments = [datetime.datetime.fromisoformat(row["创建时间"]) for row in rows]
    moments += [local(each["create_time"]) for each in queried(tmp_path, "PaymentObj", LAST_NIGHT)]
    for moment in moments:
        at = moment.replace(tzinfo=SHANGHAI).astimezone(new_york)
        assert datetime.time(7) <= at.time() < datetime.time(23, 30)
        assert at.date() <= LAST_NIGHT
