"""A large sample, at a small size: the same files as a small one, and the same bytes in any blocks.

Belongs here: the crowd as its files show it. Does not belong here: how long it takes (bench).
"""

import csv
import datetime
import io
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from test_sample_files import bytes_under, declared_sources

from orchestration.landing.inbox import scan_inbox
from orchestration.landing.routing import route
from orchestration.sample import write
from orchestration.sample.scale import write as scale
from orchestration.sample.scale.nights import Clock
from orchestration.sample.spec import HISTORY_DAYS, CrowdSpec, SampleSpec

LAST_NIGHT = datetime.date(2026, 11, 19)
DRAWN, CUSTOMERS, NIGHTS = 40, 3_000, 2
CORRECTIONS = 0.1
# Files that only one of the two has: no workbook holds a crowd.
ONLY_SMALL = {"fxiaoke/客户对象导出结果_20261119.xlsx"}
ONLY_LARGE = {
    "fxiaoke/AccountObj_20261118_233000.jsonl", "fxiaoke/AccountObj_20261119_233000.jsonl",
    "taobao/ExportOrderList202611192330.csv", "taobao/ExportOrderDetailList202611192330.csv",
}  # fmt: skip
# The header ends in a comma, and its rows are one cell shorter than that.
SHORTER = "youzan/有赞客户导出_"


@dataclass(frozen=True)
class Large:
    """One large sample on disk, and what writing it returned and said."""

    folder: Path
    files: list[write.SampleFile]
    said: list[str]

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @cached_property
    def names(self) -> set[str]:
        return {file.path.relative_to(self.inbox).as_posix() for file in self.files}

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(text_of(self.inbox / name), newline="")))

    def documents(self, name: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.inbox / name).read_text("utf-8").splitlines()]

    def truth(self, system: str) -> dict[str, dict[str, str]]:
        with (self.folder / "truth.csv").open(encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if row["source_system"] == system]
        found = {row["record_id"]: row for row in rows}
        assert len(found) == len(rows), "a record is in the truth twice"
        return found


def text_of(path: Path) -> str:
    content = path.read_bytes()
    return content.decode("gb18030" if path.parent.name == "taobao" else "utf-8-sig")


def written(folder: Path, block: int, history: int = 1) -> Large:
    spec = SampleSpec(CUSTOMERS, NIGHTS, 7, LAST_NIGHT, "CNY", "Asia/Shanghai")
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write, "LARGE_FROM", CUSTOMERS)
        patch.setattr(scale, "DRAWN_SINGLY", DRAWN)
        patch.setattr(scale, "BLOCK_PEOPLE", block)
        crowd = CrowdSpec(CORRECTIONS, history)
        files = write.write_sample(spec, folder / "inbox", folder / "truth.csv", said.append, crowd)
    return Large(folder, files, said)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Large:
    return written(tmp_path_factory.mktemp("large"), scale.BLOCK_PEOPLE)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Large:
    folder = tmp_path_factory.mktemp("small")
    spec = SampleSpec(DRAWN, NIGHTS, 7, LAST_NIGHT, "CNY", "Asia/Shanghai")
    files = write.write_sample(spec, folder / "inbox", folder / "truth.csv")
    return Large(folder, files, [])


def test_the_same_spec_gives_the_same_bytes_in_any_blocks(large: Large, tmp_path: Path) -> None:
    # Twice into one place: the second must not append to the first.
    written(tmp_path, scale.BLOCK_PEOPLE)
    again = written(tmp_path, 1_500)
    assert bytes_under(again.folder) == bytes_under(large.folder)
    assert again.said[-1] == "customers 1,541 to 3,000 of 3,000"


def test_it_has_the_files_of_a_small_one(large: Large, small: Large) -> None:
    assert small.names - large.names == ONLY_SMALL
    assert large.names - small.names == ONLY_LARGE
    assert [file.system for file in large.files] == [file.path.parent.name for file in large.files]
    for name in small.names & large.names:
        before = (small.inbox / name).read_bytes()
        # What is drawn one by one stands in front, header and all.
        assert (large.inbox / name).read_bytes().startswith(before), name


def test_every_row_is_as_wide_as_its_header(large: Large) -> None:
    for file in large.files:
        if file.path.suffix == ".csv":
            name = file.path.relative_to(large.inbox).as_posix()
            header, *rows = csv.reader(io.StringIO(text_of(file.path), newline=""))
            assert len(rows) == file.rows, name
            assert {len(row) for row in rows} == {len(header) - name.startswith(SHORTER)}, name


def test_every_document_has_the_fields_of_the_small_ones(large: Large, small: Large) -> None:
    for name in ("segment/segment_events_20261118.jsonl", "sensors/sensors_events_20261118.jsonl"):
        assert len(large.documents(name)) > len(small.documents(name))
        assert shapes(large, name) == shapes(small, name)


def shapes(sample: Large, name: str) -> set[str]:
    """Return the fields of every kind of document, and of the objects in it, in their order."""
    return {json.dumps(shape(document)) for document in sample.documents(name)}


def shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return "text" if value is None else {str: "text"}.get(type(value), type(value).__name__)


def test_every_file_has_a_source(large: Large, tmp_path: Path) -> None:
    scan = scan_inbox(large.inbox, declared_sources(tmp_path), route=route)
    assert not scan.unmatched
    taken = {file.file_name for file in scan.matched["fxiaoke__customers"]}
    assert taken == {
        "客户对象导出结果_20261118.xlsx",
        "AccountObj_20261118_233000.jsonl",
        "AccountObj_20261119_233000.jsonl",
    }


def test_nobody_and_nothing_has_the_id_of_another(large: Large) -> None:
    for name, label in {
        "zoho/Contacts_2026_11_19.csv": "Record Id",
        "taobao/ExportOrderList202611182330.csv": "订单编号",
        "youzan/有赞订单导出_20261118233000.csv": "订单号",
        "shopify/customers_export_1.csv": "Customer ID",
        "shop/order_lines_2026-11-18.csv": "line_id",
        "loyalty/会员等级_20261119.csv": "会员编号",
    }.items():
        ids = Counter(row[label] for row in large.rows(name))
        assert max(ids.values()) == 1, name
    accounts = large.documents("fxiaoke/AccountObj_20261118_233000.jsonl")
    assert len({account["_id"] for account in accounts}) == len(accounts)


def test_the_truth_says_what_the_files_say(large: Large) -> None:
    truth = large.truth("zoho")
    contacts = large.rows("zoho/Contacts_2026_11_19.csv")
    for row in contacts:
        known = truth[row["Record Id"]]
        assert (known["phone"], known["email"]) == (row["Mobile"], row["Email"])
        assert row["Mobile"] or row["Email"]
    members = large.truth("loyalty")
    for row in large.rows("loyalty/会员等级_20261119.csv"):
        assert members[row["会员编号"]]["phone"] == row["手机号"]


def test_systems_that_share_a_person_state_the_same_contacts(large: Large) -> None:
    digits: dict[str, set[str]] = {}
    systems: dict[str, set[str]] = {}
    for system in ("zoho", "fxiaoke", "shop", "loyalty"):
        for row in large.truth(system).values():
            number = "".join(filter(str.isdigit, row["phone"]))[-11:]
            if row["person_id"] and len(number) == 11:
                digits.setdefault(row["person_id"], set()).add(number)
                systems.setdefault(row["person_id"], set()).add(system)
    assert {len(numbers) for numbers in digits.values()} == {1}
    known_to = Counter(map(len, systems.values()))
    assert all(known_to[count] > CUSTOMERS / 50 for count in (1, 2, 3, 4))
    owners = Counter(number for (number,) in digits.values())
    # Both of a family phone are here only if both state it.
    assert CUSTOMERS / 200 < sum(1 for count in owners.values() if count > 1) < CUSTOMERS / 50


def test_most_buy_little_and_few_buy_a_lot(large: Large) -> None:
    lines = large.rows("shop/order_lines_2026-11-18.csv")
    orders = {row["order_id"]: row["customer_id"] for row in lines}
    counts = sorted(Counter(customer for customer in orders.values() if customer).values())
    assert counts[len(counts) // 2] <= 2
    assert counts[-1] > 50
    assert 1.8 < len(lines) / len(orders) < 2.2


def test_amounts_add_up(large: Large) -> None:
    goods: Counter[str] = Counter()
    stated = {}
    for row in large.rows("shop/order_lines_2026-11-18.csv"):
        goods[row["order_id"]] += int(Decimal(row["unit_price"]) * int(row["quantity"]) * 100)
        stated[row["order_id"]] = int(Decimal(row["order_amount"]) * 100)
    assert goods == stated
    lines: Counter[str] = Counter()
    totals = {}
    for row in large.rows("shopify/orders_export_1.csv"):
        price, pieces = Decimal(row["Lineitem price"]), int(row["Lineitem quantity"])
        lines[row["Name"]] += int((price * pieces - Decimal(row["Lineitem discount"])) * 100)
        if row["Id"]:
            totals[row["Name"]] = int(
                (Decimal(row["Subtotal"]) + Decimal(row["Discount Amount"])) * 100
            )
            parts = sum(Decimal(row[label]) for label in ("Subtotal", "Shipping", "Taxes"))
            assert parts == Decimal(row["Total"])
    assert lines == totals


def test_the_last_night_corrects_a_share_of_the_last_ninety_days(large: Large) -> None:
    before: dict[str, dict[str, str]] = {}
    for row in large.rows("shop/order_lines_2026-11-18.csv"):
        before.setdefault(row["order_id"], row)
    restated = [
        row
        for row in large.rows("shop/order_lines_2026-11-19.csv")
        if row["line_id"].endswith("-1") and row["order_id"] in before
    ]
    assert all(row["order_amount"] != before[row["order_id"]]["order_amount"] for row in restated)
    since = str(LAST_NIGHT - datetime.timedelta(days=89))
    recent = sum(
        row["ordered_at"] >= since and row["quantity"][0] != "-" for row in before.values()
    )
    assert 0.8 * CORRECTIONS < len(restated) / recent < 1.3 * CORRECTIONS
    assert all(row["ordered_at"] >= since for row in restated)


def test_a_longer_history_lies_before_and_leaves_the_nights_as_they_are(
    large: Large, tmp_path: Path
) -> None:
    longer = written(tmp_path, scale.BLOCK_PEOPLE, history=5)
    first, last = "shop/order_lines_2026-11-18.csv", "shop/order_lines_2026-11-19.csv"
    assert 3.5 < len(longer.rows(first)) / len(large.rows(first)) < 5
    new = [
        sum(row["ordered_at"] >= str(LAST_NIGHT) for row in each.rows(last))
        for each in (longer, large)
    ]
    assert 0.7 < new[0] / new[1] < 1.3
    start = str(LAST_NIGHT - datetime.timedelta(days=HISTORY_DAYS - 1))
    assert min(row["ordered_at"] for row in large.rows(first)) >= start
    assert min(row["ordered_at"] for row in longer.rows(first)) < str(int(start[:4]) - 3)


def test_a_longer_history_is_refused_where_no_rates_reach(tmp_path: Path) -> None:
    spec = SampleSpec(write.LARGE_FROM, NIGHTS, 7, LAST_NIGHT, "GBP", "Europe/London")
    with pytest.raises(ValueError, match="draw it in CNY, not in GBP"):
        write.write_sample(spec, tmp_path, tmp_path / "truth.csv", crowd=CrowdSpec(history=2))


def test_a_later_night_holds_what_that_night_brought(large: Large) -> None:
    states = large.documents("fxiaoke/AccountObj_20261119_233000.jsonl")
    zone = ZoneInfo("Asia/Shanghai")
    changed = {
        datetime.datetime.fromtimestamp(int(str(row["last_modified_time"])) / 1000, zone).date()
        for row in states
    }
    assert changed == {LAST_NIGHT}
    new = large.rows("loyalty/points_ledger_20261119.csv")
    assert {row["occurred_at"][:10] for row in new} == {str(LAST_NIGHT)}


@pytest.mark.parametrize("timezone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York"])
def test_other_clocks_show_what_they_showed_that_day(timezone: str) -> None:
    zone = ZoneInfo(timezone)
    clock = Clock(datetime.date(2025, 5, 29), zone)
    for days in (0.0, 150.25, 151.5, 303.99, 539.0):
        asked = ", ".join(
            (
                clock.moment(str(days)),
                clock.platform(clock.moment(str(days))),
                clock.epoch(clock.moment(str(days))),
                clock.with_offset(clock.moment(str(days))),
            )
        )
        moment, shanghai, epoch, text = duckdb.execute(f"select {asked}").fetchall()[0]
        aware = moment.replace(tzinfo=zone)
        assert shanghai == aware.astimezone(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)
        assert epoch == aware.timestamp() * 1000
        assert text == aware.strftime("%Y-%m-%d %H:%M:%S %z")
