"""Shopify's order book: numbers, amounts, and what becomes of an order later.

Belongs here: discounts, shipping, taxes, refunds, cancellations and their days.
Does not belong here: the columns of the export (shopify.py).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrays import Bools, Floats, Ints, Moments, sum_groups
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.orders import Orders, draw_walk_ins
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.timeline import NEVER, day_numbers

LINE_DISCOUNT_SHARE = 0.10
CODE_SHARE = 0.12
# Both a marked-down line and a discount code take a tenth off.
DISCOUNT_RATE = 0.10
# Shipping in hundredths of the currency unit, free from this subtotal on.
SHIPPING_FEE = 1_200
FREE_SHIPPING_FROM = 19_900
# China's composite tax on cross-border retail: 70 % of the 13 % value-added tax.
TAX_RATE = 0.091

CANCELLED_SHARE = 0.01
REFUNDED_SHARE = 0.04
# Of the refunded orders: those that get only a part back, and then the rest at a second date.
PARTIAL_SHARE = 0.5
SECOND_REFUND_SHARE = 0.2
SMALLEST_PART, LARGEST_PART = 0.2, 0.8
# Beyond 30 days the order has left the export's window and must come back into it.
REFUND_LAG_DAYS = (2, 60)
SECOND_REFUND_LAG_DAYS = (3, 20)
CANCEL_LAG_DAYS = (1, 3)
FULFIL_LAG_DAYS = (1, 4)

FIRST_ORDER_NUMBER = 1001
FIRST_ID = 5_400_000_000_001
FIRST_WALK_IN_ID = 5_900_000_000_000


@dataclass(frozen=True)
class ShopifyBook:
    """One entry per order (n) or per line (m), ordered like `orders`; money in hundredths.

    subtotal = sum of price x quantity - line_discount (m,) - discount; total = subtotal +
    shipping + tax. refund_days and refunds: (2, n) day numbers, NEVER if not, and amounts.
    cancelled_at and fulfilled_at: (n,) local moments, NaT if not.
    """

    orders: Orders
    name: tuple[str, ...]
    order_id: tuple[str, ...]
    line_discount: Ints
    discount: Ints
    subtotal: Ints
    shipping: Ints
    tax: Ints
    total: Ints
    refund_days: Ints
    refunds: Ints
    cancelled_at: Moments
    fulfilled_at: Moments

    def refunded_until(self, day: int) -> Ints:
        """Return the (n,) cumulative refunds at the end of a day."""
        refunded: Ints = np.where(self.refund_days <= day, self.refunds, 0).sum(axis=0)
        return refunded

    def changed_on(self, day: int) -> Bools:
        """Return the (n,) orders that got a refund on a day."""
        changed: Bools = (self.refund_days == day).any(axis=0)
        return changed


def draw_shopify_book(spec: SampleSpec, placed: Orders, catalogue: Catalogue) -> ShopifyBook:
    """Draw everything about Shopify's orders; walk-ins are appended and never change."""
    rng = spec.generator(Stream.SHOPIFY)
    natural = placed.count
    walk_ins = draw_walk_ins(spec, placed, catalogue)
    orders = placed.then(walk_ins)
    gross = catalogue.price[orders.product] * orders.quantity
    marked_down = rng.random(len(placed.product)) < LINE_DISCOUNT_SHARE
    line_discount = _tenth(gross, np.flatnonzero(marked_down))
    goods = sum_groups(gross - line_discount, orders.line_start)
    discount = _tenth(goods, np.flatnonzero(rng.random(natural) < CODE_SHARE))
    subtotal = goods - discount
    shipping = np.where(subtotal < FREE_SHIPPING_FROM, SHIPPING_FEE, 0)
    tax = np.rint(subtotal * TAX_RATE).astype(np.int64)
    total = subtotal + shipping + tax
    # Only natural orders are drawn for, or the number of nights would shift every later draw.
    fate = rng.random(natural)
    cancelled_at = _later(rng, placed, fate < CANCELLED_SHARE, CANCEL_LAG_DAYS)
    fulfilled_at = _later(rng, placed, fate >= CANCELLED_SHARE, FULFIL_LAG_DAYS)
    refund_days, refunds = _draw_refunds(rng, placed, total[:natural], fate, cancelled_at)
    unchanged = np.full(walk_ins.count, np.datetime64("NaT", "s"))
    never = np.full((2, walk_ins.count), NEVER)
    return ShopifyBook(
        orders=orders,
        name=_names(natural, walk_ins),
        order_id=_ids(natural, walk_ins),
        line_discount=line_discount,
        discount=discount,
        subtotal=subtotal,
        shipping=shipping,
        tax=tax,
        total=total,
        refund_days=np.concatenate([refund_days, never], axis=1),
        refunds=np.concatenate([refunds, np.zeros_like(never)], axis=1),
        cancelled_at=np.concatenate([cancelled_at, unchanged]),
        # A walk-in takes the goods along.
        fulfilled_at=np.concatenate([fulfilled_at, walk_ins.placed_at]),
    )


def _tenth(amount: Ints, where: Ints) -> Ints:
    part = np.zeros(len(amount), dtype=np.int64)
    part[where] = np.rint(amount[where] * DISCOUNT_RATE).astype(np.int64)
    return part


def _later(
    rng: np.random.Generator, orders: Orders, where: Bools, lag_days: tuple[int, int]
) -> Moments:
    lag = rng.integers(*lag_days, size=orders.count).astype("timedelta64[D]")
    later: Moments = np.where(where, orders.placed_at + lag, np.datetime64("NaT", "s"))
    return later


def _draw_refunds(
    rng: np.random.Generator, orders: Orders, total: Ints, fate: Floats, cancelled_at: Moments
) -> tuple[Ints, Ints]:
    count = orders.count
    in_refund = (fate >= CANCELLED_SHARE) & (fate < CANCELLED_SHARE + REFUNDED_SHARE)
    # Half of the cancelled orders keep the status `paid`, as real exports show.
    with_cancel = fate < CANCELLED_SHARE / 2
    partial = in_refund & (rng.random(count) < PARTIAL_SHARE)
    second = partial & (rng.random(count) < SECOND_REFUND_SHARE)
    part = np.rint(total * rng.uniform(SMALLEST_PART, LARGEST_PART, count)).astype(np.int64)
    lag = rng.integers(*REFUND_LAG_DAYS, size=count)
    next_lag = rng.integers(*SECOND_REFUND_LAG_DAYS, size=count)
    placed = day_numbers(orders.placed_at)
    first_day = np.where(in_refund, placed + lag, NEVER)
    first_day[with_cancel] = day_numbers(cancelled_at[with_cancel])
    second_day = np.where(second, placed + lag + next_lag, NEVER)
    first = np.where(partial, part, total)
    return np.stack([first_day, second_day]), np.stack([first, total - first])


def _names(natural: int, walk_ins: Orders) -> tuple[str, ...]:
    # Named by date like draft orders, so that the other orders' numbers stay where they are.
    drafts = [f"D-{day}" for day in _walk_in_days(walk_ins)]
    return (*(f"#{FIRST_ORDER_NUMBER + index}" for index in range(natural)), *drafts)


def _ids(natural: int, walk_ins: Orders) -> tuple[str, ...]:
    drafts = [str(FIRST_WALK_IN_ID + day) for day in _walk_in_days(walk_ins)]
    return (*(str(FIRST_ID + index) for index in range(natural)), *drafts)


def _walk_in_days(walk_ins: Orders) -> list[int]:
    days: list[int] = day_numbers(walk_ins.placed_at).tolist()
    return days
