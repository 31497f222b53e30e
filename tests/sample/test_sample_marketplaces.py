"""The marketplace exports and Shopify's customers: shape, states, windows and masks.

Belongs here: what the files of each platform look like, and how an order reads night by night.
Does not belong here: how the files land.
"""

import csv
import datetime
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from orchestration.sample.catalogue import load_catalogue
from orchestration.sample.douyin import DouyinExports
from orchestration.sample.files import Exports
from orchestration.sample.jd import JdExports
from orchestration.sample.orders import draw_orders, split_orders
from orchestration.sample.people import draw_people
from orchestration.sample.shopify import ShopifyExports
from orchestration.sample.shopify_customers import ShopifyCustomerExports
from orchestration.sample.spec import SampleSpec
from orchestration.sample.taobao import TaobaoExports
from orchestration.sample.youzan import YouzanExports

NIGHTS = 35
LAST_NIGHT = datetime.date(2026, 11, 19)
FIRST_NIGHT = LAST_NIGHT - datetime.timedelta(days=NIGHTS - 1)
CUSTOMERS = 1_500
MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
Rows = list[dict[str, str]]


def exports_of(
    customers: int, nights: int, seed: int = 5, zone: str = "Asia/Shanghai"
) -> dict[str, Exports]:
    spec = SampleSpec(customers, nights, seed, LAST_NIGHT, "CNY", zone)
    people, catalogue = draw_people(spec), load_catalogue()
    to_shopify, _ = split_orders(spec, people, draw_orders(spec, people, catalogue))
    return {
        "taobao": TaobaoExports(spec, people, catalogue),
        "jd": JdExports(spec, people, catalogue),
        "youzan": YouzanExports(spec, people, catalogue),
        "douyin": DouyinExports(spec, people, catalogue),
        "shopify": ShopifyCustomerExports(spec, people, to_shopify, catalogue),
    }


def write(folder: Path, exports: dict[str, Exports]) -> Path:
    for system, book in exports.items():
        (folder / system).mkdir(parents=True)
        for file in book.write(folder / system):
            assert file.path.exists() and file.rows > 0 and file.system == system
    return folder


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield write(tmp_path_factory.mktemp("marketplaces"), exports_of(CUSTOMERS, NIGHTS))


def lines(path: Path, encoding: str = "utf-8") -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def records(path: Path, encoding: str = "utf-8") -> Rows:
    header, *rows = lines(path, encoding)
    return [dict(zip(header, row, strict=False)) for row in rows]


def night_of(path: Path) -> datetime.date:
    """The night that a file's name states."""
    if epoch := re.match(r"(1\d{9})_", path.name):
        moment = datetime.datetime.fromtimestamp(int(epoch[1]), tz=datetime.UTC)
        return (moment + datetime.timedelta(hours=8)).date()
    found = re.search(r"(\d{4})(\d\d)(\d\d)2330", path.name)
    assert found, path.name
    return datetime.date(int(found[1]), int(found[2]), int(found[3]))


def bytes_under(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_the_same_spec_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first, second, other = (
        bytes_under(write(tmp_path / name, exports_of(120, 3, seed)))
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == second
    assert first.keys() == other.keys()
    assert not [n for n in first if not n.endswith("_at") and first[n] == other[n]]


def test_nights_cut_the_timeline_and_change_no_order(tmp_path: Path) -> None:
    few = bytes_under(write(tmp_path / "few", exports_of(120, 3)))
    many = bytes_under(write(tmp_path / "many", exports_of(120, 5)))
    later = [n for n in few if "20261118" in n or "20261119" in n or n.startswith("douyin")]
    same = [name for name in later if few[name] == many.get(name)]
    # The first file holds the whole history, so the first of three nights differs.
    assert len(same) >= len(later) - 1
    assert len(same) > 6


def test_the_smallest_sample_has_files_and_none_of_them_is_empty(tmp_path: Path) -> None:
    folder = write(tmp_path, exports_of(1, 2))
    assert {path.parent.name for path in folder.rglob("*.*")} >= {"taobao", "jd", "youzan"}


def test_taobao_lists_are_gb18030_with_a_bare_guard_before_the_id(inbox: Path) -> None:
    path = inbox / "taobao" / "ExportOrderList202611182330.csv"
    text = path.read_bytes().decode("gb18030")
    header, first, *_ = text.splitlines()
    assert len(header.split(",")) == 37 and header.startswith("订单编号,买家会员名,")
    assert re.match(r'="24\d{17}","tb', first)
    assert path.read_bytes() != text.encode()
    detail = (inbox / "taobao" / "ExportOrderDetailList202611182330.csv").read_bytes()
    assert detail.decode("gb18030").splitlines()[0] == (
        "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码"
    )


def test_taobao_ends_with_a_workbook_of_three_sheets(inbox: Path) -> None:
    names = {path.name for path in (inbox / "taobao").iterdir()}
    assert len(names) == 2 * (NIGHTS - 1) + 1
    book = CalamineWorkbook.from_path(inbox / "taobao" / "千牛订单报表_202611192330.xlsx")
    assert book.sheet_names == ["订单报表", "销售明细", "发货报表"]
    orders, details, parcels = (book.get_sheet_by_name(n).to_python() for n in book.sheet_names)
    assert {row[0] for row in orders[1:]} == {row[1] for row in details[1:]}
    assert {row[0] for row in orders[1:]} == {row[0] for row in parcels[1:]}
    ids = [row[0] for row in details[1:]]
    assert len(set(ids)) == len(ids)


def test_taobao_spells_times_and_commas_in_two_ways(inbox: Path) -> None:
    rows = records(inbox / "taobao" / f"ExportOrderList{FIRST_NIGHT:%Y%m%d}2330.csv", "gb18030")
    times = [row["订单创建时间"] for row in rows]
    slashed = [time for time in times if re.fullmatch(r"\d{4}/\d\d/\d\d \d{1,2}:\d\d", time)]
    dashed = [time for time in times if re.fullmatch(MOMENT, time)]
    assert len(slashed) + len(dashed) == len(times) and slashed and dashed
    statuses = {row["订单状态"] for row in rows}
    assert {"交易成功", "交易关闭"} < statuses
    assert all(re.fullmatch(r"\d+\.\d\d元", row["买家实际支付金额"]) for row in rows)


def test_platforms_show_few_phones_whole(inbox: Path) -> None:
    rows = records(inbox / "taobao" / f"ExportOrderList{FIRST_NIGHT:%Y%m%d}2330.csv", "gb18030")
    phones = [row["联系手机"] for row in rows]
    whole = [phone for phone in phones if re.fullmatch(r"'1\d{10}", phone)]
    masked = [phone for phone in phones if re.fullmatch(r"'1\d\d\*{4}\d{4}", phone)]
    assert 0.1 < len(whole) / len(phones) < 0.35
    assert (len(phones) - len(whole) - len(masked)) / len(phones) < 0.02
    for path in (inbox / "jd").iterdir():
        assert all(re.fullmatch(r"1\*{6}\d{4}", row["联系电话"]) for row in records(path))
    for path in (inbox / "douyin").iterdir():
        assert {row["收件人手机号"] for row in records(path, "utf-8-sig")} == {"$$密文"}


def test_jd_repeats_what_belongs_to_the_order_and_has_one_row_per_product(inbox: Path) -> None:
    rows = records(inbox / "jd" / f"京东订单导出_{FIRST_NIGHT:%Y%m%d}233000.csv")
    assert len(rows[0]) == 30
    grouped: dict[str, Rows] = defaultdict(list)
    for row in rows:
        grouped[row["订单号"]].append(row)
    assert {len(group) for group in grouped.values()} == {1, 2}
    for group in grouped.values():
        assert len({row["商品ID"] for row in group}) == len(group)
        for label in ("订单金额", "应付金额", "订单状态", "下单时间", "下单帐号"):
            assert len({row[label] for row in group}) == 1
        goods = sum(Decimal(row["京东价"]) * int(row["订购数量"]) for row in group)
        assert Decimal(group[0]["订单金额"]) == goods + Decimal(group[0]["运费金额"])


def test_douyin_guards_ids_with_tabs_and_writes_a_dash_for_nothing(inbox: Path) -> None:
    path = min((inbox / "douyin").iterdir())
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and night_of(path) == FIRST_NIGHT
    assert re.fullmatch(r"1\d{9}_[0-9a-f]{16}\.csv", path.name)
    rows = records(path, "utf-8-sig")
    assert len(rows[0]) == 21
    assert all(re.fullmatch(r"\t69\d{17}", row["子订单编号"]) for row in rows)
    assert len({row["子订单编号"] for row in rows}) == len(rows)
    assert {row["售后状态"] for row in rows} == {"-", "退款成功"}
    assert all(re.fullmatch(f"-|{MOMENT}", row["订单完成时间"]) for row in rows)


def test_youzan_has_a_label_twice_and_ragged_customers(inbox: Path) -> None:
    orders = lines(inbox / "youzan" / f"有赞订单导出_{FIRST_NIGHT:%Y%m%d}233000.csv")
    assert {len(row) for row in orders} == {60}
    assert orders[0].count("分销员") == 2
    header, *rows = lines(inbox / "youzan" / f"有赞客户导出_{LAST_NIGHT:%Y%m%d}233000.csv")
    assert (len(header), header[-1]) == (35, "")
    assert {len(row) for row in rows} == {34}


def test_youzan_balances_are_those_of_the_orders(inbox: Path) -> None:
    """On the first night, whose file of orders holds everything."""
    stamp = f"{FIRST_NIGHT:%Y%m%d}233000"
    orders = records(inbox / "youzan" / f"有赞订单导出_{stamp}.csv")
    customers = records(inbox / "youzan" / f"有赞客户导出_{stamp}.csv")
    for label, of_order in (("消费金额", "订单实付金额"), ("累计退款金额", "订单已退款金额")):
        by_customer = sum(Decimal(row[label]) for row in customers)
        assert by_customer == sum(Decimal(row[of_order]) for row in orders) > 0


# System -> pattern of its order files, their encoding, and its labels of order, time and status.
LISTS = {
    "taobao": ("ExportOrderList*.csv", "gb18030", "订单编号", "订单创建时间", "订单状态"),
    "jd": ("*.csv", "utf-8", "订单号", "下单时间", "订单状态"),
    "youzan": ("有赞订单*.csv", "utf-8", "订单号", "订单创建时间", "订单状态"),
    "douyin": ("*.csv", "utf-8-sig", "主订单编号", "订单提交时间", "订单状态"),
}


@pytest.mark.parametrize("system", LISTS)
def test_a_night_holds_the_last_thirty_days_and_nothing_of_the_future(
    inbox: Path, system: str
) -> None:
    pattern, encoding, _, placed, _ = LISTS[system]
    for path in (inbox / system).glob(pattern):
        night = night_of(path)
        rows = records(path, encoding)
        days = [row[placed][:10].replace("/", "-") for row in rows]
        assert max(days) <= night.isoformat()
        oldest = night - datetime.timedelta(days=30)
        assert (min(days) <= oldest.isoformat()) == (night == FIRST_NIGHT)
        moments = [cell for row in rows for cell in row.values() if re.fullmatch(MOMENT, cell)]
        assert max(moments)[:10] <= night.isoformat()


@pytest.mark.parametrize("system", LISTS)
def test_an_order_ends_once_and_stays_so(inbox: Path, system: str) -> None:
    pattern, encoding, order, _, status = LISTS[system]
    seen: dict[str, list[str]] = defaultdict(list)
    for path in sorted((inbox / system).glob(pattern), key=night_of):
        for row in {row[order]: row for row in reversed(records(path, encoding))}.values():
            seen[row[order]].append(row[status].replace(",", "，"))
    changed = [states for states in seen.values() if len(set(states)) > 1]
    assert len(changed) > 10
    for states in seen.values():
        kept = [state for state, before in zip(states, ["", *states], strict=False)
                if state != before]  # fmt: skip
        assert len(set(kept)) == len(kept), kept


@pytest.mark.parametrize("system", [*LISTS, "shopify"])
def test_the_truth_names_every_order_once(inbox: Path, system: str) -> None:
    truth = list(exports_of(CUSTOMERS, NIGHTS)[system].truth())
    ids = [row.record_id for row in truth]
    assert len(set(ids)) == len(ids) > 100
    assert {row.source_system for row in truth} == {system}
    assert all(row.person_id and "*" not in row.phone for row in truth)
    if system in LISTS:
        pattern, encoding, order, _, _ = LISTS[system]
        written = {row[order].strip('\t="') for path in (inbox / system).glob(pattern)
                   for row in records(path, encoding)}  # fmt: skip
        assert written <= set(ids)


def test_about_a_seventh_of_the_people_buys_on_each_platform(inbox: Path) -> None:
    books = exports_of(CUSTOMERS, NIGHTS)
    for system in LISTS:
        truth = list(books[system].truth())
        people = {row.person_id for row in truth}
        assert 0.11 < len(people) / CUSTOMERS < 0.19
        assert 1.7 < len(truth) / len(people) < 2.3


def test_platforms_show_shanghai_time_wherever_the_company_is(tmp_path: Path) -> None:
    folder = write(tmp_path, exports_of(200, 1, zone="America/New_York"))
    (path,) = (folder / "jd").iterdir()
    hours = {row["下单时间"][11:13] for row in records(path)}
    # Open from 7 to 23 in New York, which is 12 or 13 hours behind Shanghai.
    assert "03" in hours and "15" not in hours


def test_shopify_customers_are_the_buyers_of_its_orders(tmp_path: Path) -> None:
    spec = SampleSpec(400, 2, 5, LAST_NIGHT, "CNY", "Asia/Shanghai")
    people, catalogue = draw_people(spec), load_catalogue()
    placed, _ = split_orders(spec, people, draw_orders(spec, people, catalogue))
    list(ShopifyCustomerExports(spec, people, placed, catalogue).write(tmp_path))
    list(ShopifyExports(spec, people, placed, catalogue).write(tmp_path))
    customers = records(tmp_path / "customers_export_1.csv")
    orders = records(tmp_path / "orders_export_1.csv")
    assert len(customers[0]) == 20
    assert all(re.fullmatch(r"'90\d{11}", row["Customer ID"]) for row in customers)
    assert len({row["Customer ID"] for row in customers}) == len(customers)
    named = [row for row in orders if row["Id"] and (row["Email"] or row["Phone"])]
    assert {r["Email"] for r in named} == {r["Email"] for r in customers}
    bought = {r["Phone"].strip("'") for r in named}
    assert bought == {r["Phone"].strip("'") for r in customers}
    assert sum(int(row["Total Orders"]) for row in customers) == len(named)
    spent = sum(Decimal(row["Total Spent"]) for row in customers)
    assert spent == sum(Decimal(row["Total"]) for row in named)
    stamp = (tmp_path / "customers_export_2.csv.exported_at").read_text("utf-8")
    assert stamp == "2026-11-19T23:30:00+08:00\n"
