"""Orders on marketplaces: who buys there beside the shops, and what becomes of each order.

Belongs here: what every marketplace has in common: orders, money, states, and a night's window.
Does not belong here: the columns and spellings of one platform.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from zoneinfo import ZoneInfo

import numpy as np

from orchestration.sample.arrays import Bools, Ints, Moments, starts_of, sum_groups
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import TruthRow
from orchestration.sample.people import People
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec
from orchestration.sample.timeline import day_number, day_numbers, wall_clock

# What the platforms' clocks show, wherever the company is.
PLATFORM_ZONE = ZoneInfo("Asia/Shanghai")
# The part of all people who buy on one platform, and what they buy beyond a first order.
BUYER_SHARE = 0.15
MEAN_REPEATS = 1.0
SELLING_DAYS = 180
WINDOW_DAYS = 30

TWO_LINES_SHARE = 0.25
TWO_PIECES_SHARE = 0.15
DISCOUNT_SHARE = 0.20
DISCOUNT_RATE = 0.10
# In hundredths of the currency unit; free of freight from this amount on.
FREIGHT = 800
FREE_FREIGHT_FROM = 9_900

NEVER_PAID_SHARE = 0.06
REFUNDED_SHARE = 0.06
# Everything happens within the window, or an export of it would never show the last state.
PAY_MINUTES = (1, 11)
SEND_DAYS = (1, 3)
DONE_DAYS = (6, 15)
REFUND_DAYS = (2, 21)
CLOSE_DAYS = 1
NAT = np.datetime64("NaT", "s")
DAY = np.timedelta64(1, "D")


class State(Enum):
    """What an order is at the end of a night. A closed one was never paid."""

    WAITING = "waiting"
    PAID = "paid"
    SENT = "sent"
    DONE = "done"
    CLOSED = "closed"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class MarketOrders:
    """Orders (n) in order of time, with their lines (m) grouped by order; money in hundredths.

    paid_at, sent_at, done_at, closed_at, refunded_at: (n,) local moments, NaT where it never
    happens. A refund gives back the first line: an order of one line is then refunded as a whole.
    """

    person: Ints
    placed_at: Moments
    paid_at: Moments
    sent_at: Moments
    done_at: Moments
    closed_at: Moments
    refunded_at: Moments
    line_start: Ints
    product: Ints
    quantity: Ints
    line_amount: Ints
    discount: Ints
    freight: Ints

    @property
    def count(self) -> int:
        """Number of orders."""
        return len(self.person)

    @property
    def goods(self) -> Ints:
        """The (n,) sums of the lines, before discounts."""
        return sum_groups(self.line_amount, self.line_start)

    @property
    def due(self) -> Ints:
        """The (n,) amounts that buyers have to pay."""
        due: Ints = self.goods - self.discount + self.freight
        return due

    def lines(self, order: int) -> range:
        """Positions of the lines of one order."""
        return range(int(self.line_start[order]), int(self.line_start[order + 1]))

    def due_of_line(self, order: int, line: int) -> int:
        """Return what a buyer has to pay for one line, without freight."""
        is_first = line == int(self.line_start[order])
        return int(self.line_amount[line]) - (int(self.discount[order]) if is_first else 0)

    def refund(self, order: int) -> int:
        """Return what a refund gives back: the first line, and the freight of a whole order."""
        lines = self.lines(order)
        whole = int(self.freight[order]) if len(lines) == 1 else 0
        return self.due_of_line(order, lines[0]) + whole


@dataclass(frozen=True)
class NightView:
    """Orders as their platform knows them at the end of a night; moments are in `zone`."""

    orders: MarketOrders
    night: datetime.date
    zone: ZoneInfo

    def exported(self, whole_history: bool) -> list[int]:
        """Return the orders of the night's file, newest first: all so far, or the last 30 days."""
        days, day = day_numbers(self.orders.placed_at), day_number(self.night)
        chosen = days <= day
        if not whole_history:
            chosen &= days > day - WINDOW_DAYS
        found: list[int] = np.flatnonzero(chosen)[::-1].tolist()
        return found

    def state(self, order: int) -> State:
        """Return what an order is by now."""
        orders = self.orders
        if self._happened(orders.closed_at, order):
            return State.CLOSED
        if self.is_refunded(order) and len(orders.lines(order)) == 1:
            return State.REFUNDED
        steps = (
            (orders.done_at, State.DONE),
            (orders.sent_at, State.SENT),
            (orders.paid_at, State.PAID),
        )
        reached = (state for moments, state in steps if self._happened(moments, order))
        return next(reached, State.WAITING)

    def is_refunded(self, order: int) -> bool:
        """Tell whether the first line was given back by now."""
        return self._happened(self.orders.refunded_at, order)

    def text(self, moments: Moments, order: int) -> str:
        """Return `YYYY-MM-DD HH:MM:SS` on the platform's clock; nothing if it is not there yet."""
        if not self._happened(moments, order):
            return ""
        local: datetime.datetime = moments[order].astype("datetime64[s]").item()
        shown = local.replace(tzinfo=self.zone).astimezone(PLATFORM_ZONE)
        return str(shown.replace(tzinfo=None))

    def _happened(self, moments: Moments, order: int) -> bool:
        moment = moments[order]
        return not np.isnat(moment) and bool(moment < np.datetime64(self.night, "s") + DAY)


def draw_market_orders(
    spec: SampleSpec, people: People, catalogue: Catalogue, rng: np.random.Generator
) -> MarketOrders:
    """Draw one platform's orders of the last 180 days; nights cut them and do not shape them."""
    buys = rng.random(people.count) < BUYER_SHARE
    # Somebody buys in the smallest sample too; person 0 is there from the first day on.
    buys[0] = True
    buyers = np.flatnonzero(buys)
    person = np.repeat(buyers, 1 + rng.poisson(MEAN_REPEATS, len(buyers)))
    start = np.maximum(people.arrived[person], HISTORY_DAYS - SELLING_DAYS)
    days = start + rng.random(len(person)) * (np.nextafter(HISTORY_DAYS, 0) - start)
    order = np.lexsort((person, days))
    placed_at = wall_clock(days[order], spec.history_start)
    line_start, product, quantity = _draw_lines(rng, len(person), catalogue)
    line_amount = catalogue.price[product] * quantity
    goods = sum_groups(line_amount, line_start)
    has_discount = rng.random(len(person)) < DISCOUNT_SHARE
    first_line = line_amount[line_start[:-1]]
    moments = _draw_moments(rng, placed_at)
    return MarketOrders(
        person=person[order],
        placed_at=placed_at,
        paid_at=moments["paid"],
        sent_at=moments["sent"],
        done_at=moments["done"],
        closed_at=moments["closed"],
        refunded_at=moments["refunded"],
        line_start=line_start,
        product=product,
        quantity=quantity,
        line_amount=line_amount,
        # Off the first line, so that no line costs less than nothing.
        discount=np.where(has_discount, np.rint(first_line * DISCOUNT_RATE), 0).astype(np.int64),
        freight=np.where(goods < FREE_FREIGHT_FROM, FREIGHT, 0),
    )


def _draw_lines(
    rng: np.random.Generator, orders: int, catalogue: Catalogue
) -> tuple[Ints, Ints, Ints]:
    lengths = 1 + (rng.random(orders) < TWO_LINES_SHARE).astype(np.int64)
    # Drawn for two lines each, so that an order's second line moves no other order.
    level = rng.random((orders, 2))
    pieces = 1 + (rng.random((orders, 2)) < TWO_PIECES_SHARE).astype(np.int64)
    product = np.searchsorted(catalogue.popularity, level, side="right") - 1
    product = np.clip(product, 0, len(catalogue.products) - 1)
    # A platform adds up pieces of one product, so the second line is another one.
    is_twice = product[:, 0] == product[:, 1]
    product[is_twice, 1] = (product[is_twice, 1] + 1) % len(catalogue.products)
    taken = np.arange(2) < lengths[:, np.newaxis]
    return starts_of(lengths), product[taken], pieces[taken]


def _draw_moments(rng: np.random.Generator, placed_at: Moments) -> dict[str, Moments]:
    count = len(placed_at)
    fate = rng.random(count)
    is_paid = fate >= NEVER_PAID_SHARE
    is_refunded = is_paid & (fate < NEVER_PAID_SHARE + REFUNDED_SHARE)
    paid_at = placed_at + rng.integers(*PAY_MINUTES, size=count).astype("timedelta64[m]")
    sent_at = paid_at + rng.integers(*SEND_DAYS, size=count).astype("timedelta64[D]")
    done_at = paid_at + rng.integers(*DONE_DAYS, size=count).astype("timedelta64[D]")
    refunded_at = paid_at + rng.integers(*REFUND_DAYS, size=count).astype("timedelta64[D]")
    closed_at = placed_at + np.timedelta64(CLOSE_DAYS, "D")
    return {
        "paid": _only(paid_at, is_paid),
        "sent": _only(sent_at, is_paid),
        "done": _only(done_at, is_paid),
        "closed": _only(closed_at, ~is_paid),
        "refunded": _only(refunded_at, is_refunded),
    }


def _only(moments: Moments, where: Bools) -> Moments:
    kept: Moments = np.where(where, moments, NAT)
    return kept


def night_views(spec: SampleSpec, orders: MarketOrders) -> Iterator[tuple[NightView, list[int]]]:
    """Yield each night with the orders of its file; nights whose file would be empty are left out.

    The first file holds the history, later ones the last 30 days.
    """
    first, *_ = spec.night_dates()
    for night in spec.night_dates():
        view = NightView(orders, night, spec.zone)
        exported = view.exported(whole_history=night == first)
        if exported:
            yield view, exported


def quoted_line(cells: Iterable[str]) -> str:
    """Return one line of CSV with every cell in quotes."""
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n"


def name_mask(full_name: str) -> str:
    """Return `李**`, of which nothing but the family name can be told."""
    return f"{full_name[:1]}**"


def order_truth(
    system: str, people: People, orders: MarketOrders, ids: list[str], phones: list[str]
) -> Iterator[TruthRow]:
    """Yield one row per order; `phones` is what the platform shows of each person."""
    for order_id, person in zip(ids, orders.person.tolist(), strict=True):
        phone = phones[person] if "*" not in phones[person] else ""
        yield TruthRow(people.person_id[person], system, order_id, phone, "")
