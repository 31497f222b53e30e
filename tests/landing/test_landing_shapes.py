"""Exports of marketplaces land unedited, each in the tables whose columns it has.

Belongs here: files as the systems write them, and which tables take them. Does not belong here:
what staging makes of their rows.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from landing_desk import Desk, Row, real_sources, run_of

from orchestration.landing.inbox import scan_inbox
from orchestration.landing.land import LandingRun, land_source
from orchestration.landing.register import FileRecord
from orchestration.landing.routing import route
from orchestration.settings import PROJECT_ROOT

SHAPES = PROJECT_ROOT.parent / "shared" / "formats" / "shapes"
NIGHT = dt.date(2026, 12, 31)
# File, the folder it is dropped in -> rows per table, and its encoding.
EXPECTED: dict[tuple[str, str], tuple[dict[str, int], str | None]] = {
    ("taobao_ExportOrderList202411121530.gb18030.csv", "taobao"): ({"orders": 2}, "gb18030"),
    ("jd_orders.utf8.csv", "jd"): ({"order_lines": 1}, "utf-8"),
    ("youzan_customers.utf8.csv", "youzan"): ({"customers": 2}, "utf-8"),
    ("1791430000_douyin_orders.utf8bom.csv", "douyin"): ({"order_lines": 2}, "utf-8-sig"),
    ("zoho_backup/Data/Contacts_001.csv", "zoho"): ({"contacts": 2}, "utf-8"),
    ("wecom_get_corp_tag_list.json", "wecom"): ({"corp_tags": 2}, "utf-8"),
}
CUSTOMERS_2022 = (
    "First Name,Last Name,Email,Accepts Email Marketing,Company,Address1,Address2,City,Province,"
    "Province Code,Country,Country Code,Zip,Phone,Accepts SMS Marketing,Total Spent,Total Orders,"
    "Tags,Note,Tax Exempt\n"
    "Li,Na,,no,,,,,,,,,,,no,0.00,0,,,no\n"
)
OLD_LINES = (
    "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码\n"
    '="1690000000000000001","袜子","9.90","1","","颜色：白","","null","交易成功","S-1"\n'
    '="1690000000000000001","袜子","9.90","1","","颜色：白","","null","交易成功","S-1"\n'
)
NEW_LINES = (
    "子订单编号,主订单编号,商品标题,商品价格,购买数量,外部系统编号,商品属性,商家编码,买家应付货款,"
    "退款金额,订单创建时间\n"
    "1690000000000000002,1690000000000000001,袜子,9.90,1,,,S-1,9.90,0.00,2026-11-11 00:03:12\n"
)
ORDER_SHEET: list[Row] = [
    ("订单编号", "买家昵称", "买家应付货款", "买家实付金额", "订单状态", "订单创建时间"),
    ("1690000000000000001", "t**1", "9.90", "9.90", "交易成功", "2026-11-11 00:03:12"),
]
LINE_SHEET: list[Row] = [tuple(line.split(",")) for line in NEW_LINES.splitlines()]
PARCEL_SHEET: list[Row] = [
    ("订单编号", "收货人姓名", "联系手机", "物流公司", "运单号", "发货时间"),
    ("1690000000000000001", "李**", "138****1234", "顺丰", "SF1", "2026-11-12 09:00:00"),
]


def desk_of(home: Path, table: str) -> Desk:
    return Desk(home, real_sources()[table])


def land_everything(desk: Desk) -> tuple[dict[str, FileRecord], list[str]]:
    """Land the inbox of one system in every table of it; also return why files match none."""
    sources = [s for s in real_sources().values() if s.system == desk.source.system]
    scan = scan_inbox(desk.settings.inbox, sources, route=route)
    landed: dict[str, FileRecord] = {}
    for source in sources:
        run = LandingRun(desk.settings, source, NIGHT, run_of(NIGHT), desk.said.append)
        for record in land_source(run, scan.matched[source.relation]):
            landed[record.table_name] = record
    return landed, [unmatched.reason for unmatched in scan.unmatched]


def rows_by_table(landed: dict[str, FileRecord]) -> dict[str, int]:
    assert {(r.outcome, r.rejected_rows) for r in landed.values()} == {("landed", 0)}
    return {table: record.landed_rows for table, record in landed.items()}


def dropped(home: Path, name: str, system: str, table: str) -> Desk:
    if not (SHAPES / name).exists():
        pytest.skip(f"{SHAPES / name} is absent")
    desk = desk_of(home, f"{system}.{table}")
    desk.put(name, (SHAPES / name).read_bytes())
    return desk


@pytest.mark.parametrize(("name", "system"), EXPECTED, ids=[system for _, system in EXPECTED])
def test_a_real_shape_lands_whole_and_unedited(tmp_path: Path, name: str, system: str) -> None:
    tables, encoding = EXPECTED[name, system]
    landed, unmatched = land_everything(dropped(tmp_path, name, system, next(iter(tables))))
    assert (rows_by_table(landed), unmatched) == (tables, [])
    assert {record.encoding for record in landed.values()} == {encoding}


def test_a_name_that_starts_with_a_second_says_when_it_was_exported(tmp_path: Path) -> None:
    name = "1791430000_douyin_orders.utf8bom.csv"
    landed, _ = land_everything(dropped(tmp_path, name, "douyin", "order_lines"))
    record = landed["order_lines"]
    moment = dt.datetime.fromtimestamp(1791430000, tz=dt.UTC).replace(tzinfo=None)
    assert (record.exported_at, record.exported_at_from) == (moment, "name")


def test_guards_and_units_land_as_they_stand_in_the_file(tmp_path: Path) -> None:
    name = "taobao_ExportOrderList202411121530.gb18030.csv"
    desk = dropped(tmp_path, name, "taobao", "orders")
    landed, _ = land_everything(desk)
    rows = desk.rows(landed["orders"], "order_id", "paid_amount", "phone", "ordered_at")
    assert rows == [
        ('="1690000000000000001"', "179.00元", "'13800001234", "2024-11-11 00:03:12"),
        ('="1690000000000000002"', "0.00", None, "2024/11/11 0:05"),
    ]


def test_ragged_rows_of_customers_keep_their_cells_in_place(tmp_path: Path) -> None:
    desk = dropped(tmp_path, "youzan_customers.utf8.csv", "youzan", "customers")
    landed, _ = land_everything(desk)
    rows = desk.rows(landed["customers"], "full_name", "phone", "points_balance", "city")
    assert rows == [("Alice", "13800138000", "200", "北京"), ("Foo", "186******05", "0", "广州")]


def test_rows_shorter_than_the_header_are_padded(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "youzan.customers")
    labels = "客户姓名,客户昵称,客户手机号,成为客户时间,来源方式,"
    desk.put("客户.csv", f"{labels}\nAlice,Alice,13800138000,2024-01-01 10:00:00\n")
    landed, _ = land_everything(desk)
    assert rows_by_table(landed) == {"customers": 1}
    assert desk.rows(landed["customers"], "phone", "source_method") == [("13800138000", None)]


def test_a_label_that_stands_twice_is_kept_twice(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "youzan.orders")
    labels = "订单号,订单状态,订单创建时间,订单实付金额,全部商品名称,分销员,桌号,分销员"
    desk.put("订单.csv", f"{labels}\nO-1,交易完成,2026-06-19 10:00:00,100.00,蛋糕,甲,7,乙\n")
    landed, _ = land_everything(desk)
    assert rows_by_table(landed) == {"orders": 1}
    ((distributor, extra),) = desk.rows(landed["orders"], "distributor", "_extra")
    assert (distributor, json.loads(extra)) == ("甲", {"分销员_1": "乙", "桌号": "7"})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ExportOrderDetailList202611111530.csv", OLD_LINES),
        ("ExportItemlList202608111558.csv", NEW_LINES),
    ],
)
def test_both_layouts_of_taobao_lines_are_lines_only(
    tmp_path: Path, name: str, content: str
) -> None:
    desk = desk_of(tmp_path, "taobao.order_lines")
    desk.put(name, content.encode("gb18030"))
    landed, unmatched = land_everything(desk)
    assert rows_by_table(landed) == {"order_lines": len(content.splitlines()) - 1}
    assert unmatched == []


def sheets(**named: Any) -> dict[str, list[Row]]:
    return named


@pytest.mark.parametrize(
    ("book", "tables"),
    [
        (
            sheets(订单报表=ORDER_SHEET, 销售明细=LINE_SHEET, 发货报表=PARCEL_SHEET),
            {"orders", "order_lines", "shipments"},
        ),
        (sheets(export=ORDER_SHEET), {"orders"}),
        (sheets(Sheet1=LINE_SHEET), {"order_lines"}),
    ],
    ids=["three sheets", "orders alone", "lines alone"],
)
def test_a_report_workbook_lands_in_the_tables_of_its_sheets(
    tmp_path: Path, book: dict[str, list[Row]], tables: set[str]
) -> None:
    desk = desk_of(tmp_path, "taobao.orders")
    desk.put_sheets("千牛订单报表_202611192330.xlsx", book)
    landed, unmatched = land_everything(desk)
    assert (rows_by_table(landed), unmatched) == (dict.fromkeys(tables, 1), [])


def test_shopify_customers_land_without_an_id_as_well(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "shopify.customers")
    desk.put("customers_export.csv", CUSTOMERS_2022)
    landed, unmatched = land_everything(desk)
    assert (rows_by_table(landed), unmatched) == ({"customers": 1}, [])
    assert desk.rows(landed["customers"], "customer_id", "email") == [(None, None)]
