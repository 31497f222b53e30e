"""The ledger of points: what members earn and spend, in order of time, with running balances.

Belongs here: the rules of the programme. Does not belong here: the columns of a file (loyalty.py).
"""

import datetime
from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrays import Ints, Moments, sum_groups
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.loyalty_members import ENTRIES, Members, loyalty_generator
from orchestration.sample.orders import Orders
from orchestration.sample.people import People
from orchestration.sample.shop_book import FIRST_ORDER_NUMBER
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec
from orchestration.sample.timeline import datetimes, wall_clock

# Chance per day: a member checks in less than once a year, or the ledger would be nothing else.
CHECK_IN_CHANCE = 0.002
CHECK_IN_POINTS = 5
# One point per currency unit.
HUNDREDTHS_PER_POINT = 100
# Who has enough may turn points into a voucher a minute after an order.
VOUCHER_POINTS = 500
VOUCHER_CHANCE = 0.3
VOUCHER_DELAY = datetime.timedelta(minutes=1)

ORDERED, CHECKED_IN, REDEEMED = "消费积分", "每日签到", "积分兑换"


@dataclass(frozen=True)
class Entry:
    """One change of a member's points; `at` is local."""

    person: int
    at: datetime.datetime
    change: int
    balance: int
    reason: str
    order_number: str


def draw_entries(
    spec: SampleSpec, people: People, members: Members, placed: Orders, catalogue: Catalogue
) -> list[Entry]:
    """Draw the ledger up to the last night; `placed` are the orders of the shop, by time."""
    rng = loyalty_generator(spec, ENTRIES)
    checked_in, check_in_at = _draw_check_ins(rng, spec, people, members)
    earning = np.flatnonzero(members.is_member[placed.person])
    points = _points_of(placed, catalogue)[earning]
    person = np.concatenate([placed.person[earning], checked_in])
    moments = np.concatenate([placed.placed_at[earning], check_in_at])
    change = np.concatenate([points, np.full(len(checked_in), CHECK_IN_POINTS)])
    order = np.concatenate([earning, np.full(len(checked_in), -1)])
    spends = rng.random(len(person)) < VOUCHER_CHANCE
    by_time = np.lexsort((order, person, moments))
    return _balanced(
        datetimes(moments[by_time]),
        person[by_time].tolist(),
        change[by_time].tolist(),
        order[by_time].tolist(),
        spends[by_time].tolist(),
    )


def _draw_check_ins(
    rng: np.random.Generator, spec: SampleSpec, people: People, members: Members
) -> tuple[Ints, Moments]:
    known_days = np.where(members.is_member, HISTORY_DAYS - people.arrived, 0.0)
    visits = rng.poisson(known_days * CHECK_IN_CHANCE)
    person = np.repeat(np.arange(people.count), visits)
    days = people.arrived[person] + rng.random(len(person)) * known_days[person]
    # Person 0 every day, so that no night's ledger is ever empty.
    daily = np.arange(HISTORY_DAYS) + rng.random(HISTORY_DAYS)
    person = np.concatenate([person, np.zeros(HISTORY_DAYS, dtype=np.int64)])
    latest = np.nextafter(HISTORY_DAYS, 0)
    moments = wall_clock(np.minimum(np.concatenate([days, daily]), latest), spec.history_start)
    return person, moments


def _points_of(placed: Orders, catalogue: Catalogue) -> Ints:
    if placed.count == 0:
        return np.zeros(0, dtype=np.int64)
    amounts = catalogue.price[placed.product] * placed.quantity
    return sum_groups(amounts, placed.line_start) // HUNDREDTHS_PER_POINT


def _balanced(
    moments: list[datetime.datetime],
    people: list[int],
    changes: list[int],
    orders: list[int],
    spends: list[bool],
) -> list[Entry]:
    balances: dict[int, int] = {}
    entries: list[Entry] = []
    drawn = zip(moments, people, changes, orders, spends, strict=True)
    for at, person, change, order, spend in drawn:
        balance = balances.get(person, 0) + change
        is_order = order >= 0
        number = str(FIRST_ORDER_NUMBER + order) if is_order else ""
        reason = ORDERED if is_order else CHECKED_IN
        entries.append(Entry(person, at, change, balance, reason, number))
        if spend and is_order and balance >= VOUCHER_POINTS:
            balance -= VOUCHER_POINTS
            later = at + VOUCHER_DELAY
            entries.append(Entry(person, later, -VOUCHER_POINTS, balance, REDEEMED, ""))
        balances[person] = balance
    return sorted(entries, key=lambda entry: entry.at)
