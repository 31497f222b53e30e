"""Visits to the web site, day by day: who comes, what they look at, and whether they log in.

Belongs here: visits as such. Does not belong here: how a tracker writes them down (behaviour.py).
"""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrays import Bools
from orchestration.sample.catalogue import Catalogue, Product
from orchestration.sample.loyalty_members import Members
from orchestration.sample.people import People
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream
from orchestration.sample.timeline import OPEN_SECONDS, OPENING_SECOND

# Each tracker has its own random stream, and sees only a part of the people.
TRACKERS = 3
SEEN_SHARE = 0.4
# Chance per day that somebody who is seen comes by.
VISIT_CHANCE = 0.06
LOGIN_CHANCE = 0.5
MOST_PRODUCTS = 3
CART_CHANCE = 0.3
# A visit ends before the shop closes.
LONGEST_VISIT_SECONDS = 600
# Seconds between two steps.
STEP_SECONDS = (5, 90)

PAGE, VIEW, CART = "page", "view", "cart"
SITE = "https://shop.example.com"
HOME_TITLE = "首页"


@dataclass(frozen=True)
class Step:
    """One thing done during a visit; `product` is None on the home page. `at` is local."""

    kind: str
    product: Product | None
    at: datetime.datetime

    @property
    def url(self) -> str:
        """Address of the page."""
        return SITE + ("/" if self.product is None else f"/products/{self.product.sku.lower()}")

    @property
    def title(self) -> str:
        """Title of the page."""
        return HOME_TITLE if self.product is None else self.product.name


@dataclass(frozen=True)
class Visit:
    """One visit. `user_id` is empty unless the visitor logs in, at the first step."""

    person: int
    anonymous_id: str
    user_id: str
    steps: tuple[Step, ...]


class Visits:
    """All visits that one tracker sees. A day's visits do not depend on the nights exported."""

    def __init__(
        self, spec: SampleSpec, people: People, members: Members, catalogue: Catalogue, tracker: int
    ) -> None:
        """Draw who is seen by tracker number `tracker`; person 0 is, and comes every day."""
        self._spec = spec
        self._people = people
        self._members = members
        self._products = catalogue.products
        self._tracker = tracker
        self._stream = spec.generator(Stream.BEHAVIOUR).spawn(TRACKERS)[tracker]
        self._seen: Bools = self._stream.random(people.count) < SEEN_SHARE
        self._seen[0] = True

    def users(self) -> Iterator[tuple[int, str]]:
        """Yield the people who may log in, with the id they are known by."""
        for person in np.flatnonzero(self._seen & self._members.is_member).tolist():
            yield person, self._members.member_id[person]

    def between(self, first: datetime.date, last: datetime.date) -> Iterator[Visit]:
        """Yield the visits of these days, both included, by day and person."""
        start = self._spec.history_start
        days = self._spec.generator(Stream.BEHAVIOUR).spawn(TRACKERS)[self._tracker]
        for offset, rng in enumerate(days.spawn(HISTORY_DAYS)):
            if first <= start + datetime.timedelta(days=offset) <= last:
                yield from self._on(offset, rng)

    def _on(self, offset: int, rng: np.random.Generator) -> Iterator[Visit]:
        comes = (rng.random(self._people.count) < VISIT_CHANCE) & self._seen
        comes &= self._people.arrived < offset
        comes[0] = True
        midnight = datetime.datetime.combine(
            self._spec.history_start + datetime.timedelta(days=offset), datetime.time()
        )
        for person in np.flatnonzero(comes).tolist():
            logs_in = rng.random() < LOGIN_CHANCE and bool(self._members.is_member[person])
            second = OPENING_SECOND + int(rng.integers(OPEN_SECONDS - LONGEST_VISIT_SECONDS))
            yield Visit(
                person=person,
                anonymous_id=self.device_of(person),
                user_id=self._members.member_id[person] if logs_in else "",
                steps=self._steps(rng, midnight + datetime.timedelta(seconds=second)),
            )

    def device_of(self, person: int) -> str:
        """Return the id of the person's one device, as this tracker numbers it."""
        name = f"{self._spec.seed}/{self._tracker}/{self._people.person_id[person]}"
        return str(uuid.uuid5(uuid.NAMESPACE_URL, name))

    def _steps(self, rng: np.random.Generator, start: datetime.datetime) -> tuple[Step, ...]:
        steps = [Step(PAGE, None, start)]
        at = start
        for _ in range(int(rng.integers(MOST_PRODUCTS + 1))):
            product = self._products[int(rng.integers(len(self._products)))]
            at += datetime.timedelta(seconds=int(rng.integers(*STEP_SECONDS)))
            steps.append(Step(VIEW, product, at))
            if rng.random() < CART_CHANCE:
                at += datetime.timedelta(seconds=int(rng.integers(*STEP_SECONDS)))
                steps.append(Step(CART, product, at))
        return tuple(steps)
