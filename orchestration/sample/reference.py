"""What people keep beside the systems: exchange rates, the catalogue, tags and groups.

Belongs here: those four tables as files. Does not belong here: whom they are about (people.py).
"""

import datetime
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow, write_csv
from orchestration.sample.loyalty_members import draw_members
from orchestration.sample.names import STAFF
from orchestration.sample.people import People
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream
from orchestration.sample.spelling import money

SYSTEM = "reference"

RATES_HEADER = ("rate_date", "from_currency", "to_currency", "rate")
PRODUCTS_HEADER = ("商品编码", "商品名称", "类目", "品牌", "标价", "上市日期")
TAGS_HEADER = (
    "source_system", "record_id", "phone", "email", "tag", "tagged_by", "reason", "valid_from",
    "valid_until",
)  # fmt: skip
GROUPS_HEADER = (
    "group_id", "group_name", "source_system", "record_id", "phone", "email", "added_by", "reason",
    "added_date",
)  # fmt: skip

# One child of the stream per table.
RATES, PRODUCTS, TAGS, GROUPS = range(4)
CHILDREN = 4

# Yuan for one unit, about what they were worth; the rates of the sample are made up from there.
YUAN = {"CNY": 1.0, "EUR": 7.8, "HKD": 0.92, "JPY": 0.048, "USD": 7.2}
# Standard deviation of a day's change, and how much of the distance from the start it gives back.
DAILY_CHANGE = 0.003
PULL_BACK = 0.02

# Most products were there before the sample begins, at most this many days.
OLDEST_PRODUCT_DAYS = 900
MARKED_SHARE = 0.03
TAG_DAYS = 90
TAG_REASONS = {"VIP": "年度消费高", "投诉处理中": "客服登记", "KOL": "市场部合作"}
MEETUP = ("G-001", "线下沙龙名单")
PILOT = ("G-002", "新品内测名单")
GROUP_REASON = "活动报名"


class ReferenceExports:
    """The tables of one sample: rates, tags and groups nightly, the catalogue once."""

    def __init__(self, spec: SampleSpec, people: People, catalogue: Catalogue) -> None:
        """Draw the rates of the whole history, and who is tagged and grouped."""
        self._spec = spec
        self._people = people
        self._catalogue = catalogue
        self._members = draw_members(spec, people)
        children = spec.generator(Stream.REFERENCE).spawn(CHILDREN)
        self._rates = _draw_rates(children[RATES], spec)
        self._ages = children[PRODUCTS].integers(OLDEST_PRODUCT_DAYS, size=len(catalogue.products))
        self._tags = _draw_marks(children[TAGS], people)
        self._groups = _draw_marks(children[GROUPS], people)

    def truth(self) -> Iterator[TruthRow]:
        """Yield nothing: these tables only point at records of other systems."""
        yield from ()

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write the tables of each night into `folder`, oldest night first.

        The first rates are those of the whole history up to that night, later ones the day's.
        """
        first, *_ = self._spec.night_dates()
        for night in self._spec.night_dates():
            since = self._spec.history_start if night == first else night
            written = {
                f"exchange_rates_{night:%Y%m%d}.csv": (RATES_HEADER, self._rate_rows(since, night)),
                f"manual_tags_{night:%Y%m%d}.csv": (TAGS_HEADER, self._tag_rows(night)),
                f"manual_groups_{night:%Y%m%d}.csv": (GROUPS_HEADER, self._group_rows(night)),
            }
            if night == first:
                name = f"商品目录_{night:%Y%m%d}.csv"
                written[name] = (PRODUCTS_HEADER, self._product_rows())
            for name, (header, rows) in written.items():
                count = write_csv(folder / name, header, rows)
                yield SampleFile(folder / name, SYSTEM, night, count)

    def _rate_rows(self, since: datetime.date, night: datetime.date) -> Iterator[list[str]]:
        start = self._spec.history_start
        for offset in range((since - start).days, (night - start).days + 1):
            date = (start + datetime.timedelta(days=offset)).isoformat()
            for currency, rates in self._rates.items():
                yield [date, currency, self._spec.currency, f"{rates[offset]:.6f}"]

    def _product_rows(self) -> Iterator[list[str]]:
        for product, age in zip(self._catalogue.products, self._ages.tolist(), strict=True):
            launched = self._spec.history_start - datetime.timedelta(days=age)
            price = money(product.price)
            shelf = [product.sku, product.name, product.category, product.brand]
            yield [*shelf, price, launched.isoformat()]

    def _tag_rows(self, night: datetime.date) -> Iterator[list[str]]:
        tags = tuple(TAG_REASONS)
        for person, day in self._marked(self._tags, night):
            tag = tags[person % len(tags)]
            until = (day + datetime.timedelta(days=TAG_DAYS)).isoformat() if tag != "VIP" else ""
            who = [STAFF[person % len(STAFF)], TAG_REASONS[tag]]
            yield [*self._named(person), tag, *who, day.isoformat(), until]

    def _group_rows(self, night: datetime.date) -> Iterator[list[str]]:
        for person, day in self._marked(self._groups, night):
            group = PILOT if person % 2 else MEETUP
            who = [STAFF[person % len(STAFF)], GROUP_REASON]
            yield [*group, *self._named(person), *who, day.isoformat()]

    def _marked(
        self, marks: list[tuple[int, int]], night: datetime.date
    ) -> Iterator[tuple[int, datetime.date]]:
        for day, person in marks:
            date = self._spec.history_start + datetime.timedelta(days=day)
            if date <= night:
                yield person, date

    def _named(self, person: int) -> list[str]:
        """Return system, record, phone and e-mail: people are named in whichever way is at hand."""
        if self._members.is_member[person]:
            return ["loyalty", self._members.member_id[person], "", ""]
        if person % 2:
            return ["", "", self._people.mobile[person], ""]
        return ["", "", "", self._people.email[person]]


def _draw_rates(rng: np.random.Generator, spec: SampleSpec) -> dict[str, list[float]]:
    """Return one rate per day of history for every other currency, into the spec's own.

    A walk in logarithms that is pulled back to where it began, so that it stays plausible. Where
    the spec's currency is not among the known ones, a unit of it counts as one yuan.
    """
    base = YUAN.get(spec.currency, 1.0)
    rates: dict[str, list[float]] = {}
    for currency, yuan in YUAN.items():
        changes = rng.normal(0.0, DAILY_CHANGE, size=HISTORY_DAYS).tolist()
        distance, walk = 0.0, []
        for change in changes:
            distance += change - distance * PULL_BACK
            walk.append(float(yuan / base * np.exp(distance)))
        if currency != spec.currency:
            rates[currency] = walk
    return rates


def _draw_marks(rng: np.random.Generator, people: People) -> list[tuple[int, int]]:
    """Return day and person of every mark, by day; person 0 is marked on the first day."""
    marked = rng.random(people.count) < MARKED_SHARE
    days = np.floor(people.arrived + rng.random(people.count) * (HISTORY_DAYS - people.arrived))
    marked[0], days[0] = True, 0
    person = np.flatnonzero(marked)
    marks = zip(days[person].astype(int).tolist(), person.tolist(), strict=True)
    return sorted(marks)
