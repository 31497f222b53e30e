"""Orders and their lines, as one shop sees them.

Belongs here: the columns of an order book, filling baskets, splitting the purchases by shop.
Does not belong here: numbers, discounts, refunds, corrections: those are the shops' own.
"""

import datetime
from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrays import Bools, Floats, Ints, Moments, positions_of, starts_of
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.people import People
from orchestration.sample.purchases import draw_purchases, mean_spend
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream
from orchestration.sample.timeline import day_number, day_numbers, wall_clock

DAYS_PER_WEEK = 7.0
# The `person` of an order that nobody in the sample placed.
NOBODY = -1

# Chances of one, two, three and four lines in a basket.
LINE_CHANCES = (0.55, 0.28, 0.12, 0.05)
# A line's product costs at most this multiple of its part of the spend, so that rounding the
# quantity to a whole number stays near the spend ...
HIGHEST_PRICE = 1.25
# ... and at least this share of it, so that quantities stay small.
LOWEST_PRICE = 0.25
# Neighbours in price to choose from when the limits above leave too few.
FEWEST_CHOICES = 4

# Walk-ins come at noon: the hour does not matter, the day does.
NOON = datetime.time(12)


@dataclass(frozen=True)
class Orders:
    """Orders with their lines; line fields are grouped by order.

    person: (n,) index into People or NOBODY. placed_at: (n,) local moments. is_first: (n,) the
    person's first order anywhere. line_start: (n+1,) offsets of the lines. product: (m,) index
    into the catalogue. quantity: (m,) at least 1.
    """

    person: Ints
    placed_at: Moments
    is_first: Bools
    line_start: Ints
    product: Ints
    quantity: Ints

    @property
    def count(self) -> int:
        """Number of orders."""
        return len(self.person)

    def take(self, index: Ints) -> "Orders":
        """Return these orders, in this order, with their lines."""
        lines = positions_of(index, self.line_start)
        return Orders(
            person=self.person[index],
            placed_at=self.placed_at[index],
            is_first=self.is_first[index],
            line_start=starts_of(np.diff(self.line_start)[index]),
            product=self.product[lines],
            quantity=self.quantity[lines],
        )

    def then(self, other: "Orders") -> "Orders":
        """Return these orders followed by the other ones."""
        return Orders(
            person=np.concatenate([self.person, other.person]),
            placed_at=np.concatenate([self.placed_at, other.placed_at]),
            is_first=np.concatenate([self.is_first, other.is_first]),
            line_start=np.concatenate(
                [self.line_start, self.line_start[-1] + other.line_start[1:]]
            ),
            product=np.concatenate([self.product, other.product]),
            quantity=np.concatenate([self.quantity, other.quantity]),
        )


def draw_orders(spec: SampleSpec, people: People, catalogue: Catalogue) -> Orders:
    """Draw all orders of all buyers up to the last night, in order of time.

    The result does not depend on `spec.nights`: nights cut this timeline, they do not shape it.
    """
    buyers = np.flatnonzero(people.is_buyer)
    arrived = people.arrived[buyers]
    drawn = draw_purchases(
        spec.generator(Stream.PURCHASES), (HISTORY_DAYS - arrived) / DAYS_PER_WEEK
    )
    days = arrived[drawn.buyer] + drawn.week * DAYS_PER_WEEK
    lengths, product, quantity = _fill_baskets(
        spec.generator(Stream.BASKETS), drawn.spend, catalogue
    )
    unordered = Orders(
        person=buyers[drawn.buyer],
        placed_at=wall_clock(np.minimum(days, np.nextafter(HISTORY_DAYS, 0)), spec.history_start),
        is_first=drawn.week == 0,
        line_start=starts_of(lengths),
        product=product,
        quantity=quantity,
    )
    return unordered.take(np.lexsort((buyers[drawn.buyer], unordered.placed_at)))


def split_orders(spec: SampleSpec, people: People, orders: Orders) -> tuple[Orders, Orders]:
    """Return Shopify's orders and the shop's, each still in order of time."""
    draw = spec.generator(Stream.CHANNELS).random(orders.count)
    to_shopify = draw < people.shopify_chance[orders.person]
    return orders.take(np.flatnonzero(to_shopify)), orders.take(np.flatnonzero(~to_shopify))


def draw_walk_ins(spec: SampleSpec, orders: Orders, catalogue: Catalogue) -> Orders:
    """Draw one anonymous order for each exported night on which `orders` holds none.

    Without them a small sample would have nights without news. They belong to nobody, so
    nobody's history depends on the number of nights. A date gets the same one for any `nights`.
    """
    busy = set(day_numbers(orders.placed_at).tolist())
    quiet = [night for night in spec.night_dates() if day_number(night) not in busy]
    # Drawn for the whole history, so that a date's basket does not move with `nights`.
    products = spec.generator(Stream.WALK_INS).integers(
        np.searchsorted(catalogue.price, mean_spend()), size=HISTORY_DAYS
    )
    back = np.array([(spec.last_night - night).days for night in quiet], dtype=np.int64)
    return Orders(
        person=np.full(len(quiet), NOBODY, dtype=np.int64),
        placed_at=_noons(quiet),
        is_first=np.zeros(len(quiet), dtype=np.bool_),
        line_start=np.arange(len(quiet) + 1, dtype=np.int64),
        product=products[back],
        quantity=np.ones(len(quiet), dtype=np.int64),
    )


def _noons(dates: list[datetime.date]) -> Moments:
    noons = [datetime.datetime.combine(date, NOON) for date in dates]
    return np.array(noons, dtype="datetime64[s]")


def _fill_baskets(
    rng: np.random.Generator, spend: Floats, catalogue: Catalogue
) -> tuple[Ints, Ints, Ints]:
    """Return lines per basket, and product and quantity per line, worth about `spend`."""
    limits = np.cumsum(LINE_CHANCES)[:-1]
    lengths: Ints = np.searchsorted(limits, rng.random(len(spend)), side="right") + 1
    part = np.repeat(spend / lengths, lengths)
    last = len(catalogue.products)
    low = np.searchsorted(catalogue.price, part * LOWEST_PRICE)
    low = np.minimum(low, last - FEWEST_CHOICES)
    high = np.searchsorted(catalogue.price, part * HIGHEST_PRICE)
    high = np.minimum(np.maximum(high, low + FEWEST_CHOICES), last)
    floor, ceiling = catalogue.popularity[low], catalogue.popularity[high]
    level = floor + rng.random(len(part)) * (ceiling - floor)
    found = np.searchsorted(catalogue.popularity, level, side="right") - 1
    product: Ints = np.clip(found, low, high - 1)
    quantity = np.maximum(np.rint(part / catalogue.price[product]), 1).astype(np.int64)
    return lengths, product, quantity
