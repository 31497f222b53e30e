"""The order exports: Shopify and the plain order lines.

Belongs here: arithmetic, windows, refunds, corrections and returns.
Does not belong here: the CRMs.
"""

import csv
import datetime
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from orchestration.sample.catalogue import load_catalogue
from orchestration.sample.orders import draw_orders, split_orders
from orchestration.sample.people import draw_people
from orchestration.sample.shop import ShopExports
from orchestration.sample.shopify import ShopifyExports
from orchestration.sample.shopify_book import draw_shopify_book
from orchestration.sample.timeline import day_number
from orchestration.sample.write import SampleSpec, write_sample

NIGHTS = 30
LAST_NIGHT = datetime.date(2026, 11, 19)
FIRST_NIGHT = LAST_NIGHT - datetime.timedelta(days=NIGHTS - 1)
# Cells that a continuation row may fill, besides those that start with `Lineitem`.
SHARED = {"Name", "Email", "Created at", "Vendor", "Phone"}

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Write both shops, without the CRMs, large enough for the rare events to happen."""
    folder = tmp_path_factory.mktemp("shops")
    spec = SampleSpec(6_000, NIGHTS, 5, LAST_NIGHT, "CNY", "Asia/Shanghai")
    people, catalogue = draw_people(spec), load_catalogue()
    to_shopify, to_shop = split_orders(spec, people, draw_orders(spec, people, catalogue))
    for system in ("shopify", "shop"):
        (folder / system).mkdir()
    list(ShopifyExports(spec, people, to_shopify, catalogue).write(folder / "shopify"))
    list(ShopExports(spec, people, to_shop, catalogue).write(folder / "shop"))
    yield folder


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def shopify_night(inbox: Path, number: int) -> dict[str, Rows]:
    rows = read(inbox / "shopify" / f"orders_export_{number}.csv")
    grouped = [(name, list(group)) for name, group in groupby(rows, lambda row: row["Name"])]
    assert len(dict(grouped)) == len(grouped), "rows of an order are not contiguous"
    return dict(grouped)


def shop_night(inbox: Path, back: int) -> dict[str, Rows]:
    night = LAST_NIGHT - datetime.timedelta(days=back)
    orders: dict[str, Rows] = {}
    for row in read(inbox / "shop" / f"order_lines_{night}.csv"):
        orders.setdefault(row["order_id"], []).append(row)
    return orders


def test_shopify_totals_add_up(inbox: Path) -> None:
    for rows in shopify_night(inbox, 1).values():
        first = {
            label: Decimal(first_cell)
            for label, first_cell in rows[0].items()
            if label in {"Subtotal", "Shipping", "Taxes", "Total", "Discount Amount"}
        }
        lines = sum(
            Decimal(row["Lineitem price"]) * int(row["Lineitem quantity"])
            - Decimal(row["Lineitem discount"])
            for row in rows
        )
        assert first["Subtotal"] == lines - first["Discount Amount"]
        assert first["Total"] == first["Subtotal"] + first["Shipping"] + first["Taxes"]


def test_discounts_of_both_kinds_occur(inbox: Path) -> None:
    orders = shopify_night(inbox, 1).values()
    assert any(Decimal(rows[0]["Discount Amount"]) > 0 for rows in orders)
    assert any(Decimal(row["Lineitem discount"]) > 0 for rows in orders for row in rows)


def test_continuation_rows_fill_only_the_shared_and_the_line_cells(inbox: Path) -> None:
    continued = 0
    for rows in shopify_night(inbox, 1).values():
        assert rows[0]["Id"] and rows[0]["Total"] and rows[0]["Currency"] == "CNY"
        for row in rows[1:]:
            continued += 1
            filled = {label for label, cell in row.items() if cell}
            assert {label for label in filled if not label.startswith("Lineitem")} <= SHARED
            assert {"Name", "Created at", "Vendor", "Lineitem name", "Lineitem price"} <= filled
            assert all(row[label] == rows[0][label] for label in ("Email", "Phone", "Created at"))
    assert continued > 100


def test_shopify_has_79_columns_newest_first_and_offsets(inbox: Path) -> None:
    rows = read(inbox / "shopify" / "orders_export_1.csv")
    created = [row["Created at"] for row in rows]
    assert len(rows[0]) == 79
    assert created == sorted(created, reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0800", text) for text in created)
    assert any("\n" in row["Note Attributes"] for row in rows)


def test_offsets_follow_daylight_saving(tmp_path: Path) -> None:
    spec = SampleSpec(60, 1, 5, LAST_NIGHT, "USD", "America/New_York")
    write_sample(spec, tmp_path, tmp_path / "truth.csv")
    rows = read(tmp_path / "shopify" / "orders_export_1.csv")
    assert {row["Created at"][-5:] for row in rows} == {"-0400", "-0500"}
    stamp = (tmp_path / "shopify" / "orders_export_1.csv.exported_at").read_text("utf-8")
    assert stamp == "2026-11-19T23:30:00-05:00\n"


def test_a_sidecar_says_when_each_shopify_file_was_exported(inbox: Path) -> None:
    for number in range(1, NIGHTS + 1):
        night = FIRST_NIGHT + datetime.timedelta(days=number - 1)
        sidecar = inbox / "shopify" / f"orders_export_{number}.csv.exported_at"
        assert sidecar.read_bytes() == f"{night}T23:30:00+08:00\n".encode()


def test_shopify_phones_are_international_and_sometimes_guarded(inbox: Path) -> None:
    phones = {rows[0]["Phone"] for rows in shopify_night(inbox, 1).values()} - {""}
    assert all(re.fullmatch(r"'?\+861\d{10}", phone) for phone in phones)
    assert {phone[0] for phone in phones} == {"'", "+"}


def test_later_shopify_files_hold_the_window_and_what_was_refunded(inbox: Path) -> None:
    returned_to_view = 0
    first = shopify_night(inbox, 1)
    for number in range(2, NIGHTS + 1):
        night = FIRST_NIGHT + datetime.timedelta(days=number - 1)
        opens = (night - datetime.timedelta(days=29)).isoformat()
        now = shopify_night(inbox, number)
        recent = {name for name, rows in first.items() if rows[0]["Created at"] >= opens}
        assert recent <= set(now)
        for rows in now.values():
            assert rows[0]["Created at"][:10] <= night.isoformat()
            if rows[0]["Created at"] < opens:
                returned_to_view += 1
                assert Decimal(rows[0]["Refunded Amount"]) > 0
    assert returned_to_view > 0


def test_refunds_accumulate_and_the_status_follows(inbox: Path) -> None:
    last_seen: dict[str, Decimal] = {}
    grown = 0
    for number in range(1, NIGHTS + 1):
        for name, rows in shopify_night(inbox, number).items():
            refunded, total = Decimal(rows[0]["Refunded Amount"]), Decimal(rows[0]["Total"])
            assert last_seen.get(name, Decimal(0)) <= refunded <= total
            grown += refunded > last_seen.get(name, refunded)
            last_seen[name] = refunded
            status = rows[0]["Financial Status"]
            expected = "refunded" if refunded == total else "partially_refunded"
            assert status == (expected if refunded else "paid")
    assert grown > 0
    share = sum(amount > 0 for amount in last_seen.values()) / len(last_seen)
    assert share == pytest.approx(0.04, abs=0.015)


def test_cancellation_and_fulfilment_show_only_once_they_happened(inbox: Path) -> None:
    cancelled = 0
    for number in range(1, NIGHTS + 1):
        night = FIRST_NIGHT + datetime.timedelta(days=number - 1)
        for rows in shopify_night(inbox, number).values():
            cell = rows[0]["Cancelled at"]
            cancelled += bool(cell) and number == 1
            for moment in (cell, rows[0]["Fulfilled at"]):
                assert not moment or rows[0]["Created at"] <= moment < f"{night} 23:30"
            assert not (cell and rows[0]["Fulfilled at"])
    assert cancelled > 0


def test_a_refund_counts_from_its_own_day_on() -> None:
    spec = SampleSpec(6_000, 1, 5, LAST_NIGHT, "CNY", "Asia/Shanghai")
    catalogue = load_catalogue()
    orders = draw_orders(spec, draw_people(spec), catalogue)
    book = draw_shopify_book(spec, orders, catalogue)
    last = day_number(LAST_NIGHT)
    changes = 0
    for day in range(last - 60, last + 1):
        grown = book.refunded_until(day) - book.refunded_until(day - 1)
        assert ((grown > 0) == book.changed_on(day)).all()
        changes += int((grown > 0).sum())
    assert changes > 0
    assert (book.refunds.sum(axis=0) <= book.total).all()


def test_an_order_amount_is_the_sum_of_its_lines(inbox: Path) -> None:
    for back in range(NIGHTS):
        for rows in shop_night(inbox, back).values():
            amount = sum(Decimal(row["unit_price"]) * int(row["quantity"]) for row in rows)
            assert {Decimal(row["order_amount"]) for row in rows} == {amount}
            assert len({row["line_id"] for row in rows}) == len(rows)


def test_returns_are_credit_orders_with_negative_amounts_on_their_own_day(inbox: Path) -> None:
    history = shop_night(inbox, NIGHTS - 1)
    credited = {order: rows for order, rows in history.items() if order.startswith("C")}
    for order, rows in history.items():
        assert all((int(row["quantity"]) < 0) == (order in credited) for row in rows)
    for order, rows in credited.items():
        sale = history[order.removeprefix("C")]
        assert rows[0]["ordered_at"][:10] > sale[0]["ordered_at"][:10]
        assert Decimal(rows[0]["order_amount"]) == -Decimal(sale[0]["order_amount"]) < 0
    assert len(credited) / (len(history) - len(credited)) == pytest.approx(0.03, abs=0.015)


def test_guests_leave_no_trace_and_customers_do(inbox: Path) -> None:
    orders = [rows[0] for rows in shop_night(inbox, NIGHTS - 1).values()]
    guests = [row for row in orders if not row["customer_id"]]
    assert all(not row["phone"] and not row["email"] for row in guests)
    assert len(guests) / len(orders) == pytest.approx(0.05, abs=0.02)
    for row in orders:
        assert not row["customer_id"] or row["phone"] or row["email"]
        assert re.fullmatch(r"(S\d{6})?", row["customer_id"])
        assert re.fullmatch(r"(1\d{10})?", row["phone"])


def test_later_shop_files_hold_the_day_and_corrected_orders_in_full(inbox: Path) -> None:
    stated = shop_night(inbox, NIGHTS - 1)
    restated = 0
    for back in range(NIGHTS - 2, -1, -1):
        night = LAST_NIGHT - datetime.timedelta(days=back)
        for order, rows in shop_night(inbox, back).items():
            age = (night - datetime.date.fromisoformat(rows[0]["ordered_at"][:10])).days
            assert (age == 0) == (order not in stated)
            if order in stated:
                restated += 1
                assert 1 <= age <= 5
                before = stated[order]
                assert [row["line_id"] for row in rows] == [row["line_id"] for row in before]
                assert rows[0]["quantity"] != before[0]["quantity"]
                assert rows[0]["order_amount"] != before[0]["order_amount"]
            stated[order] = rows
    assert restated > 0


def test_history_is_in_order_of_time(inbox: Path) -> None:
    rows = read(inbox / "shop" / f"order_lines_{FIRST_NIGHT}.csv")
    assert all(a["ordered_at"] <= b["ordered_at"] for a, b in pairwise(rows))
    assert rows[-1]["ordered_at"][:10] == FIRST_NIGHT.isoformat()
