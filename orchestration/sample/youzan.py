"""Youzan: orders of a moving window, and nightly all customers with their balances.

Belongs here: which file a night gets, and what the shop knows of its customers.
Does not belong here: the columns (youzan_rows.py), and the orders themselves (marketplaces.py).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from orchestration.sample.arrays import scatter
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow, write_csv
from orchestration.sample.marketplaces import (
    MarketOrders,
    draw_market_orders,
    night_views,
    order_truth,
)
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.timeline import EXPORT_TIME
from orchestration.sample.youzan_rows import CUSTOMERS, ORDERS, YouzanRows

SYSTEM = "youzan"

MASKED_PHONE_SHARE = 0.10
NO_PHONE_SHARE = 0.05
# What a spreadsheet made of a phone; the warehouse must see that it is none.
DAMAGED_PHONE_SHARE = 0.003
DAMAGED_PHONE = "1.38E+10"
ORDER_DIGITS = 10


class YouzanExports:
    """All orders and customers of one sample on Youzan, ready to be exported for any night."""

    def __init__(self, spec: SampleSpec, people: People, catalogue: Catalogue) -> None:
        """Draw the orders and what the shop knows of its customers."""
        drawing, spelling = spec.generator(Stream.YOUZAN).spawn(2)
        self._spec = spec
        self._people = people
        self._orders = draw_market_orders(spec, people, catalogue, drawing)
        self._ids = _draw_ids(spelling, self._orders)
        self._phones = _draw_phones(spelling, people)
        self._rows = YouzanRows(people, self._phones, self._orders, self._ids, catalogue)

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per order; the list of customers has no id to name them by."""
        yield from order_truth(SYSTEM, self._people, self._orders, self._ids, self._phones)

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write both files per night into `folder`, oldest night first."""
        for view, exported in night_views(self._spec, self._orders):
            stamp = f"{view.night:%Y%m%d}{EXPORT_TIME:%H%M%S}"
            path = folder / f"有赞订单导出_{stamp}.csv"
            count = write_csv(path, ORDERS, self._rows.orders(view, exported))
            yield SampleFile(path, SYSTEM, view.night, count)
            path = folder / f"有赞客户导出_{stamp}.csv"
            count = write_csv(path, CUSTOMERS, self._rows.customers(view))
            yield SampleFile(path, SYSTEM, view.night, count)


def _draw_ids(rng: np.random.Generator, orders: MarketOrders) -> list[str]:
    numbers = scatter(orders.count, ORDER_DIGITS, int(rng.integers(10**ORDER_DIGITS))).tolist()
    placed = orders.placed_at.astype("datetime64[s]").tolist()
    return [
        f"E{moment:%Y%m%d%H%M%S}{number:0{ORDER_DIGITS}d}"
        for moment, number in zip(placed, numbers, strict=True)
    ]


def _draw_phones(rng: np.random.Generator, people: People) -> list[str]:
    levels = rng.random(people.count).tolist()
    return [_shown(mobile, level) for mobile, level in zip(people.mobile, levels, strict=True)]


def _shown(mobile: str, level: float) -> str:
    if level < DAMAGED_PHONE_SHARE:
        return DAMAGED_PHONE
    if level < NO_PHONE_SHARE:
        return ""
    if level < NO_PHONE_SHARE + MASKED_PHONE_SHARE:
        return f"{mobile[:3]}******{mobile[9:]}"
    return mobile
