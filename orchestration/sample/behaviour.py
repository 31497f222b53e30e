"""Behaviour as Segment and Sensors Analytics export it: JSON Lines, new events every night.

Belongs here: the shape of both trackers' records. Does not belong here: who visits
(behaviour_visits.py), and Google Analytics (behaviour_ga4.py).
"""

import datetime
import json
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.sample.behaviour_visits import CART, PAGE, VIEW, Step, Visit, Visits
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow
from orchestration.sample.loyalty_members import draw_members
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec

SEGMENT, SENSORS, GA4 = range(3)
SEGMENT_SYSTEM, SENSORS_SYSTEM = "segment", "sensors"

# Days of history in the first file of a tracker.
FIRST_DAYS = 14
# How long after the event Segment has it.
SENT_AFTER = datetime.timedelta(milliseconds=350)
RECEIVED_AFTER = datetime.timedelta(milliseconds=900)
# Of every so many Sensors records one is delivered twice.
REPEATED_EVERY = 97
MILLISECONDS = 1000

_TRACKED = {VIEW: "Product Viewed", CART: "Product Added"}
_SENSORS_EVENTS = {PAGE: "$pageview", VIEW: "ViewProduct", CART: "AddToCart"}


def write_lines(path: Path, records: Iterable[dict[str, Any]]) -> int:
    """Write JSON Lines, UTF-8, replacing any file there; return the records."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for record in records:
            stream.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def utc_of(at: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """Return a local moment as an aware one in UTC."""
    return at.replace(tzinfo=zone).astimezone(datetime.UTC)


class SegmentExports:
    """All calls of one sample's web site, ready to be exported for any night."""

    def __init__(self, spec: SampleSpec, people: People, catalogue: Catalogue) -> None:
        """Draw who is seen; `people` decides who identifies themselves with which e-mail."""
        self._spec = spec
        self._people = people
        self._visits = Visits(spec, people, draw_members(spec, people), catalogue, SEGMENT)

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per user who may log in."""
        for person, user_id in self._visits.users():
            email = self._people.email[person]
            yield TruthRow(self._people.person_id[person], SEGMENT_SYSTEM, user_id, "", email)

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one file of new calls per night into `folder`, oldest night first."""
        for night, first in export_days(self._spec):
            path = folder / f"segment_events_{night:%Y%m%d}.jsonl"
            visits = self._visits.between(first, night)
            count = write_lines(path, (call for visit in visits for call in self._calls(visit)))
            yield SampleFile(path, SEGMENT_SYSTEM, night, count)

    def _calls(self, visit: Visit) -> Iterator[dict[str, Any]]:
        if visit.user_id:
            traits = {"email": self._people.email[visit.person]}
            yield self._call(visit, visit.steps[0], "identify", {"traits": traits})
        for step in visit.steps:
            if step.kind == PAGE:
                about = {"url": step.url, "title": step.title, "path": "/"}
                yield self._call(visit, step, "page", {"name": "Home", "properties": about})
            else:
                more = {"event": _TRACKED[step.kind], "properties": _product(step, "product_id")}
                yield self._call(visit, step, "track", more)

    def _call(self, visit: Visit, step: Step, kind: str, more: dict[str, Any]) -> dict[str, Any]:
        at = utc_of(step.at, self._spec.zone)
        name = f"{visit.anonymous_id}/{at.isoformat()}/{kind}/{step.kind}"
        return {
            "anonymousId": visit.anonymous_id,
            "userId": visit.user_id or None,
            "messageId": f"ajs-next-{uuid.uuid5(uuid.NAMESPACE_URL, name).hex}",
            "type": kind,
            **more,
            "channel": "client",
            "context": {
                "library": {"name": "analytics.js", "version": "2.11.1"},
                "page": {"url": step.url, "title": step.title},
            },
            "timestamp": _iso(at),
            "originalTimestamp": _iso(at),
            "sentAt": _iso(at + SENT_AFTER),
            "receivedAt": _iso(at + RECEIVED_AFTER),
        }


class SensorsExports:
    """All records of one sample's app, ready to be exported for any night."""

    def __init__(self, spec: SampleSpec, people: People, catalogue: Catalogue) -> None:
        """Draw who is seen."""
        self._spec = spec
        self._people = people
        self._visits = Visits(spec, people, draw_members(spec, people), catalogue, SENSORS)

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per user who may log in; the records state no contact."""
        for person, user_id in self._visits.users():
            yield TruthRow(self._people.person_id[person], SENSORS_SYSTEM, user_id, "", "")

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one file of new records per night into `folder`, oldest night first."""
        for night, first in export_days(self._spec):
            path = folder / f"sensors_events_{night:%Y%m%d}.jsonl"
            count = write_lines(path, _delivered(self._records(first, night)))
            yield SampleFile(path, SENSORS_SYSTEM, night, count)

    def _records(self, first: datetime.date, night: datetime.date) -> Iterator[dict[str, Any]]:
        for visit in self._visits.between(first, night):
            if visit.user_id:
                yield from self._login(visit)
            for step in visit.steps:
                properties = {"$url": step.url, "$title": step.title}
                properties |= _product(step, "sku") | {"$is_login_id": bool(visit.user_id)}
                event = {"event": _SENSORS_EVENTS[step.kind], "properties": properties}
                yield self._record(visit, step, "track", event)

    def _login(self, visit: Visit) -> Iterator[dict[str, Any]]:
        first = visit.steps[0]
        signup = {"original_id": visit.anonymous_id, "event": "$SignUp", "properties": {}}
        yield self._record(visit, first, "track_signup", signup)
        city = self._people.place[visit.person].city
        yield self._record(visit, first, "profile_set", {"properties": {"city": city}})

    def _record(self, visit: Visit, step: Step, kind: str, more: dict[str, Any]) -> dict[str, Any]:
        ids = {"$identity_cookie_id": visit.anonymous_id}
        if visit.user_id:
            ids["$identity_login_id"] = visit.user_id
        return {
            "distinct_id": visit.user_id or visit.anonymous_id,
            "identities": ids,
            "time": int(utc_of(step.at, self._spec.zone).timestamp()) * MILLISECONDS,
            "type": kind,
            "project": "production",
            "lib": {"$lib": "js", "$lib_version": "1.26.9"},
            **more,
        }


def export_days(spec: SampleSpec) -> Iterator[tuple[datetime.date, datetime.date]]:
    """Yield each night with the first day in its file: the first one has a little history."""
    oldest, *_ = spec.night_dates()
    for night in spec.night_dates():
        back = FIRST_DAYS - 1 if night == oldest else 0
        yield night, max(night - datetime.timedelta(days=back), spec.history_start)


def _delivered(records: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for number, record in enumerate(records, start=1):
        yield record
        if number % REPEATED_EVERY == 0:
            yield record


def _product(step: Step, key: str) -> dict[str, Any]:
    product = step.product
    if product is None:
        return {}
    price = product.price / 100
    return {key: product.sku, "name": product.name, "category": product.category, "price": price}


def _iso(at: datetime.datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
