"""Behaviour as Google Analytics 4 exports it to BigQuery: a table per day, written again later.

Belongs here: the shape of its rows and files. Does not belong here: who visits
(behaviour_visits.py).
"""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.sample.behaviour import GA4, utc_of, write_lines
from orchestration.sample.behaviour_visits import CART, PAGE, VIEW, Step, Visit, Visits
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow
from orchestration.sample.loyalty_members import draw_members
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec

SYSTEM = "ga4"

# A day's table is complete when it is written again, two days later.
REWRITTEN_AFTER = datetime.timedelta(days=2)
# Of every so many events one comes late: it is missing from the first writing.
LATE_EVERY = 31
MICROSECONDS = 1_000_000

_EVENTS = {PAGE: "page_view", VIEW: "view_item", CART: "add_to_cart"}


class Ga4Exports:
    """All events of one sample's second web site, ready to be exported for any night."""

    def __init__(self, spec: SampleSpec, people: People, catalogue: Catalogue) -> None:
        """Draw who is seen."""
        self._spec = spec
        self._people = people
        self._visits = Visits(spec, people, draw_members(spec, people), catalogue, GA4)

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per user who may log in; the events state no contact."""
        for person, user_id in self._visits.users():
            yield TruthRow(self._people.person_id[person], SYSTEM, user_id, "", "")

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write each night's own table and the rewritten one of an earlier day into `folder`."""
        for night in self._spec.night_dates():
            earlier = night - REWRITTEN_AFTER
            if earlier >= self._spec.history_start:
                path = folder / f"events_{earlier:%Y%m%d}_{night:%Y%m%d}.jsonl"
                yield SampleFile(path, SYSTEM, night, write_lines(path, self._events(earlier)))
            path = folder / f"events_{night:%Y%m%d}.jsonl"
            count = write_lines(path, _in_time(self._events(night)))
            yield SampleFile(path, SYSTEM, night, count)

    def _events(self, day: datetime.date) -> Iterator[dict[str, Any]]:
        for visit in self._visits.between(day, day):
            session = int(utc_of(visit.steps[0].at, self._spec.zone).timestamp())
            for number, step in enumerate(visit.steps):
                yield self._event(visit, step, session, number)

    def _event(self, visit: Visit, step: Step, session: int, number: int) -> dict[str, Any]:
        moment = int(utc_of(step.at, self._spec.zone).timestamp()) * MICROSECONDS + number
        return {
            "event_date": f"{step.at:%Y%m%d}",
            "event_timestamp": str(moment),
            "event_name": _EVENTS[step.kind],
            "event_params": [
                {"key": "ga_session_id", "value": {"int_value": str(session)}},
                {"key": "page_location", "value": {"string_value": step.url}},
                {"key": "page_title", "value": {"string_value": step.title}},
            ],
            "event_bundle_sequence_id": str(number + 1),
            "user_id": visit.user_id or None,
            "user_pseudo_id": visit.anonymous_id,
            "device": {"category": "mobile", "language": "zh-cn"},
            "geo": {"country": "China", "city": self._people.place[visit.person].city},
            "traffic_source": {"name": "(direct)", "medium": "(none)", "source": "(direct)"},
            "platform": "WEB",
            "items": _items(step),
        }


def _items(step: Step) -> list[dict[str, Any]]:
    if step.product is None:
        return []
    return [{"item_id": step.product.sku, "item_name": step.product.name, "quantity": "1"}]


def _in_time(events: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    # The first one is always there, so that no table is empty.
    for number, event in enumerate(events):
        if number % LATE_EVERY != LATE_EVERY - 1:
            yield event
