"""The second shop's order book: guests, corrections, returns, and what a night states.

Belongs here: what happens to an order later, and which orders a night's file restates.
Does not belong here: the columns of the file (shop.py).
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrays import Bools, Ints, Moments
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.orders import Orders, draw_walk_ins
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.timeline import NEVER, day_number, day_numbers, local_texts

GUEST_SHARE = 0.05
CORRECTED_SHARE = 0.01
RETURNED_SHARE = 0.03
# One to five days until a miscount is noticed; two to thirty until goods come back.
CORRECTION_LAG_DAYS = (1, 6)
RETURN_LAG_DAYS = (2, 31)

FIRST_ORDER_NUMBER = 600_001
CREDIT_PREFIX = "C"
WALK_IN_PREFIX = "W"


@dataclass(frozen=True)
class ShopBook:
    """One entry per order, ordered like `orders`.

    is_guest: (n,) placed without an account. corrected_on: (n,) day number of the restatement,
    NEVER if none; it adds one to the quantity of the order's first line. returned_at: (n,) local
    moment of the credit order, NaT if none. No order is both corrected and returned.
    """

    orders: Orders
    order_id: tuple[str, ...]
    is_guest: Bools
    corrected_on: Ints
    returned_at: Moments


@dataclass(frozen=True)
class Statement:
    """One order as a file states it: a sale, its corrected version, or a credit."""

    order: int
    order_id: str
    ordered_at: str
    quantities: tuple[int, ...]


def draw_shop_book(spec: SampleSpec, placed: Orders, catalogue: Catalogue) -> ShopBook:
    """Draw everything about the shop's orders; walk-ins are appended and never change."""
    rng = spec.generator(Stream.SHOP)
    walk_ins = draw_walk_ins(spec, placed, catalogue)
    orders = placed.then(walk_ins)
    count = placed.count
    walked_in = np.ones(walk_ins.count, dtype=np.bool_)
    is_guest = _draw_guests(rng, placed)
    fate = rng.random(count)
    correction = rng.integers(*CORRECTION_LAG_DAYS, size=count)
    lag = rng.integers(*RETURN_LAG_DAYS, size=count).astype("timedelta64[D]")
    corrected = fate < CORRECTED_SHARE
    # Goods come back to an account: a guest leaves no trace to credit.
    returned = (fate >= 1 - RETURNED_SHARE / (1 - GUEST_SHARE)) & ~is_guest
    corrected_on = np.where(corrected, day_numbers(placed.placed_at) + correction, NEVER)
    returned_at = np.where(returned, placed.placed_at + lag, np.datetime64("NaT", "s"))
    return ShopBook(
        orders=orders,
        order_id=_order_ids(count, walk_ins),
        is_guest=np.concatenate([is_guest, walked_in]),
        corrected_on=np.concatenate([corrected_on, np.full(walk_ins.count, NEVER)]),
        returned_at=np.concatenate(
            [returned_at, np.full(walk_ins.count, np.datetime64("NaT", "s"))]
        ),
    )


def _draw_guests(rng: np.random.Generator, placed: Orders) -> Bools:
    """Draw guests among repeat orders only, so that everybody's first order says who they are."""
    repeats = int(np.count_nonzero(~placed.is_first))
    chance = GUEST_SHARE * placed.count / max(repeats, 1)
    return (rng.random(placed.count) < chance) & ~placed.is_first


def _order_ids(count: int, walk_ins: Orders) -> tuple[str, ...]:
    days = day_numbers(walk_ins.placed_at).tolist()
    # Named by date, so that the other orders' numbers stay where they are.
    return (
        *(str(FIRST_ORDER_NUMBER + index) for index in range(count)),
        *(f"{WALK_IN_PREFIX}{day}" for day in days),
    )


def statements(book: ShopBook, night: datetime.date, whole_history: bool) -> Iterator[Statement]:
    """Yield what a night's file states, in order of time.

    The first file states every sale and credit up to that night once, corrected if it already
    was; later ones that day's sales and credits, and the orders that were corrected that day.
    """
    day = day_number(night)
    earliest = -NEVER if whole_history else day
    orders = book.orders
    sold_on = day_numbers(orders.placed_at)
    sold = (sold_on >= earliest) & (sold_on <= day)
    if not whole_history:
        sold |= book.corrected_on == day
    returned = ~np.isnat(book.returned_at)
    returned_on = day_numbers(book.returned_at[returned])
    returned[returned] = (returned_on >= earliest) & (returned_on <= day)
    sales, credited = np.flatnonzero(sold), np.flatnonzero(returned)
    moments = np.concatenate([orders.placed_at[sales], book.returned_at[credited]])
    index = np.concatenate([sales, credited])
    is_credit = np.arange(len(index)) >= len(sales)
    # A credit never stands before a sale of the same second.
    by_time = np.lexsort((index, is_credit, moments))
    for order, credit, text in zip(
        index[by_time].tolist(),
        is_credit[by_time].tolist(),
        local_texts(moments[by_time]),
        strict=True,
    ):
        yield _statement(book, order, credit, text, day)


def _statement(book: ShopBook, order: int, is_credit: bool, moment: str, day: int) -> Statement:
    start, end = book.orders.line_start[order : order + 2].tolist()
    quantities: list[int] = book.orders.quantity[start:end].tolist()
    if book.corrected_on[order] <= day:
        quantities[0] += 1
    if is_credit:
        quantities = [-quantity for quantity in quantities]
        return Statement(order, CREDIT_PREFIX + book.order_id[order], moment, tuple(quantities))
    return Statement(order, book.order_id[order], moment, tuple(quantities))
