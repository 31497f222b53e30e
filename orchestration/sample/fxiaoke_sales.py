"""What Fxiaoke's customers order in quantity: a sale from its opportunity to its return.

Belongs here: who orders what and when, and what becomes of it.
Does not belong here: how an object reads (fxiaoke_orders.py).
"""

import datetime
from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrays import Bools, Floats, Ints, starts_of
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.people import People
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream
from orchestration.sample.timeline import datetimes, wall_clock

# Shares of customers: those who order, and those who only talked about it.
ORDERING_SHARE = 0.1
LOST_SHARE = 0.08
MOST_ORDERS = 3
MOST_LINES = 4
FEWEST_PIECES, MOST_PIECES = 2, 12
# Percent of the list price that a customer pays.
PRICES = (100, 95, 90, 85)

# Shares of orders.
VOIDED_SHARE = 0.04
CORRECTED_SHARE = 0.08
IN_TWO_PARTS_SHARE = 0.4
RETURNED_SHARE = 0.08
# Pieces too many that a corrected order starts with.
PIECES_TOO_MANY = 2

Moment = datetime.datetime
Moments = list[Moment]


@dataclass(frozen=True)
class Line:
    """One line of an order; `price` is in hundredths, `product` an index into the catalogue."""

    product: int
    price: int
    quantity: int


@dataclass(frozen=True)
class Sale:
    """One order with what leads to it and what follows; moments are local, money in hundredths.

    decided_at: when it was confirmed or voided. too_many: pieces of the first line that were
    corrected then. payments: when and how much. returned: when and how much, or nothing.
    """

    number: int
    person: int
    opened_at: Moment
    placed_at: Moment
    decided_at: Moment
    is_voided: bool
    too_many: int
    lines: tuple[Line, ...]
    payments: tuple[tuple[Moment, int], ...]
    returned: tuple[Moment, int] | None

    def quantities(self, at: Moment) -> tuple[int, ...]:
        """Return the pieces of each line as they stand at a moment."""
        first, *others = (line.quantity for line in self.lines)
        return (first + (self.too_many if at < self.decided_at else 0), *others)

    def amount(self, at: Moment) -> int:
        """Return the amount of the order as it stands at a moment."""
        pieces = zip(self.lines, self.quantities(at), strict=True)
        return sum(line.price * quantity for line, quantity in pieces)


@dataclass(frozen=True)
class LostChance:
    """An opportunity that came to nothing, and when its record was deleted, if it was."""

    person: int
    opened_at: Moment
    lost_at: Moment
    deleted_at: Moment | None


def draw_sales(spec: SampleSpec, people: People, catalogue: Catalogue) -> list[Sale]:
    """Draw all sales, by the time of their order; nights cut them and change none."""
    rng = spec.generator(Stream.FXIAOKE_ORDERS)
    customers = np.flatnonzero(people.in_fxiaoke)
    # Person 0 is known from the first day, so that no sample is without an order.
    orders = rng.random(len(customers)) < ORDERING_SHARE
    each = np.where(orders | (customers == 0), rng.integers(1, MOST_ORDERS + 1, len(customers)), 0)
    person = np.repeat(customers, each)
    start = people.arrived[person] + 1
    placed = start + rng.random(len(person)) * np.maximum(HISTORY_DAYS - start, 0)
    order = np.lexsort((person, placed))
    return _sales(rng, spec, people, catalogue, person[order], placed[order])


def _sales(
    rng: np.random.Generator,
    spec: SampleSpec,
    people: People,
    catalogue: Catalogue,
    person: Ints,
    placed: Floats,
) -> list[Sale]:
    count = len(person)
    arrived = people.arrived[person]
    opened = arrived + (placed - arrived) * rng.uniform(0.3, 0.8, count)
    decided = placed + rng.uniform(0.1, 1, count)
    fate = rng.random(count)
    voided = fate < VOIDED_SHARE
    corrected = ~voided & (fate < VOIDED_SHARE + CORRECTED_SHARE)
    lines = _draw_lines(rng, catalogue, count)
    amounts = [sum(line.price * line.quantity for line in basket) for basket in lines]
    payments = _draw_payments(rng, spec, decided, amounts, voided)
    returned = _draw_returns(rng, spec, decided, lines, voided)
    moments = [_moments(spec, days) for days in (opened, placed, decided)]
    return [
        Sale(
            number=index + 1,
            person=int(person[index]),
            opened_at=moments[0][index],
            placed_at=moments[1][index],
            decided_at=moments[2][index],
            is_voided=bool(voided[index]),
            too_many=PIECES_TOO_MANY if corrected[index] else 0,
            lines=lines[index],
            payments=payments[index],
            returned=returned[index],
        )
        for index in range(count)
    ]


def _moments(spec: SampleSpec, days: Floats) -> Moments:
    return datetimes(wall_clock(days, spec.history_start))


def _draw_lines(
    rng: np.random.Generator, catalogue: Catalogue, count: int
) -> list[tuple[Line, ...]]:
    starts = starts_of(rng.integers(1, MOST_LINES + 1, count)).tolist()
    total = starts[-1]
    products = rng.integers(len(catalogue.products), size=total).tolist()
    percents = rng.choice(PRICES, total).tolist()
    pieces = rng.integers(FEWEST_PIECES, MOST_PIECES + 1, total).tolist()
    lines = [
        Line(product, catalogue.products[product].price * percent // 100, quantity)
        for product, percent, quantity in zip(products, percents, pieces, strict=True)
    ]
    return [tuple(lines[starts[index] : starts[index + 1]]) for index in range(count)]


def _draw_payments(
    rng: np.random.Generator, spec: SampleSpec, decided: Floats, amounts: list[int], voided: Bools
) -> list[tuple[tuple[Moment, int], ...]]:
    count = len(amounts)
    first = decided + rng.uniform(1, 20, count)
    once, again = _moments(spec, first), _moments(spec, first + rng.uniform(10, 40, count))
    in_parts = (rng.random(count) < IN_TWO_PARTS_SHARE).tolist()
    payments: list[tuple[tuple[Moment, int], ...]] = []
    for index, amount in enumerate(amounts):
        half = amount // 2 if in_parts[index] else 0
        parts = ((once[index], amount - half), (again[index], half))
        payments.append(() if voided[index] else tuple(part for part in parts if part[1]))
    return payments


def _draw_returns(
    rng: np.random.Generator,
    spec: SampleSpec,
    decided: Floats,
    lines: list[tuple[Line, ...]],
    voided: Bools,
) -> list[tuple[Moment, int] | None]:
    came_back = ~voided & (rng.random(len(lines)) < RETURNED_SHARE)
    moments = _moments(spec, decided + rng.uniform(3, 30, len(lines)))
    return [
        (moments[index], basket[0].price) if came_back[index] else None
        for index, basket in enumerate(lines)
    ]


def draw_lost_chances(spec: SampleSpec, people: People) -> list[LostChance]:
    """Draw the opportunities that came to nothing; half of their records are deleted later."""
    # A stream of its own, beside that of the orders.
    rng = spec.generator(Stream.FXIAOKE_ORDERS).spawn(1)[0]
    customers = np.flatnonzero(people.in_fxiaoke)
    person = customers[rng.random(len(customers)) < LOST_SHARE]
    days = people.arrived[person] + rng.uniform(1, 60, len(person))
    opened = _moments(spec, days)
    lost = _moments(spec, days + 30)
    deleted = _moments(spec, days + rng.uniform(40, 200, len(person)))
    is_deleted = (rng.random(len(person)) < 0.5).tolist()
    return [
        LostChance(int(who), opened[at], lost[at], deleted[at] if is_deleted[at] else None)
        for at, who in enumerate(person.tolist())
    ]
