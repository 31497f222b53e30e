"""Behaviour in a large sample: visits as Segment and Sensors write them down, as JSON Lines.

Belongs here: visits and their records. Does not belong here: the same for few people
(sample/behaviour.py).
"""

from dataclasses import dataclass
from typing import Any

from orchestration.sample import behaviour, behaviour_visits
from orchestration.sample.catalogue import load_catalogue
from orchestration.sample.scale.exports import Export, Family, truth_line
from orchestration.sample.scale.nights import DAY_SECONDS, Clock, Night
from orchestration.sample.scale.people import person_id
from orchestration.sample.scale.sql import Draw, Raw, Text, json_line, level, pick, text
from orchestration.sample.spec import SampleSpec
from orchestration.sample.timeline import OPEN_SECONDS, OPENING_SECOND

# Fewer visits than in small samples: a record takes half a kilobyte.
VISIT_CHANCE = 0.045
COMPACT = (",", ":")
# Numbers for the visits of one person to one tracker, counted in days, and for the steps of one.
VISIT_PLACES, STEP_PLACES, TRACKERS = 1024, 8, 2
# A step follows another after this many seconds and up to as many again.
STEP_SECONDS = 45
START_SECONDS = OPEN_SECONDS - behaviour_visits.LONGEST_VISIT_SECONDS
PRODUCTS = len(load_catalogue().products)
DEVICE = "{0}[:8] || '-' || {0}[9:12] || '-' || {0}[13:16] || '-' || {0}[17:20] || '-' || {0}[21:]"
PAGE, VIEW, CART, IDENTIFY, SIGN_UP, PROFILE = 0, 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Tracker:
    """One of the trackers: its system, its number, and who is seen by it."""

    system: str
    number: int
    seen: Draw


TRACKED = (
    Tracker(behaviour.SEGMENT_SYSTEM, 0, Draw.SEEN_BY_SEGMENT),
    Tracker(behaviour.SENSORS_SYSTEM, 1, Draw.SEEN_BY_SENSORS),
)


def tracked_events(spec: SampleSpec, clock: Clock, history: int) -> list[Family]:
    """Return the events of both trackers; history: as in `CrowdSpec`."""
    days = behaviour.FIRST_DAYS * history
    return [_family(spec, clock, tracker, days) for tracker in TRACKED]


def _family(spec: SampleSpec, clock: Clock, tracker: Tracker, first_days: int) -> Family:
    system = tracker.system
    device = f"md5('{spec.seed}/{tracker.number}/' || number)"
    table = f"""
    create or replace temp table {system}_visitors as
    select number, is_member, member_id, arrived, email, city, {DEVICE.format("device")} as device
    from (select *, {device} as device from people
        where {level("number", tracker.seen)} < {behaviour_visits.SEEN_SHARE})
    """
    write = _segment_lines if tracker.number == 0 else _sensors_lines

    def lines(night: Night) -> str:
        days = first_days if night.is_first else 1
        return write(_steps(clock, tracker, _visits(spec, night, tracker, days)))

    export = Export(system, lambda night: f"{system}_events_{night.date:%Y%m%d}.jsonl", lines)
    email = "email" if tracker.number == 0 else "''"
    line = truth_line(person_id(), system, "member_id", "''", email)
    return Family(
        [table], [export], [f"select {line} as line from {system}_visitors where is_member"]
    )


def _visits(spec: SampleSpec, night: Night, tracker: Tracker, days: int) -> str:
    """Return the query of visits of so many days: the visitor's columns, visit, started_at."""
    last = (night.date - spec.history_start).days
    key = f"((number * {TRACKERS} + {tracker.number}) * {VISIT_PLACES} + day)"
    # Days are chosen before they are rows: most visitors come on none.
    comes = f"arrived < day and {level(key, Draw.VISITS)} < {VISIT_CHANCE}"
    chosen = f"list_filter(range({max(0, last + 1 - days)}, {last + 1}), lambda day: {comes})"
    second = pick("visit", Draw.STARTS, OPENING_SECOND, OPENING_SECOND + START_SECONDS)
    started = f"timestamp '{spec.history_start}' + to_seconds(day * {DAY_SECONDS} + {second})"
    return f"""
    select *, {started} as started_at
    from (select *, {key} as visit
        from (select *, unnest(days) as day
            from (select *, {chosen} as days from {tracker.system}_visitors) where len(days) > 0))
    """


def _steps(clock: Clock, tracker: Tracker, visits: str) -> str:
    """Return the query of what visitors do: kind, item, and when it was in local time and UTC."""
    # Who logs in says so before the first step: in one record, or in two.
    before, named = (-1, str(IDENTIFY)) if tracker.number == 0 else (-2, f"{PROFILE} + 1 + step")
    step_key = f"(visit * {STEP_PLACES} + step)"
    viewed = pick(f"(visit * {STEP_PLACES} + (step + 1) // 2)", Draw.VIEWED, 1, PRODUCTS + 1)
    later = f"step * {STEP_SECONDS} + {pick(step_key, Draw.LAG, 1, STEP_SECONDS)}"
    return f"""
    select *, {clock.utc("happened_at")} as utc
    from (
        select *, {viewed} as item, case when step < 0 then {named} when step = 0 then {PAGE}
            when step % 2 = 1 then {VIEW} else {CART} end as kind,
            started_at + to_seconds(if(step <= 0, 0, {later})) as happened_at
        from (
            select *, unnest(range(if(is_login, {before}, 0), 1 + 2 * views)) as step
            from (
                select *, is_member and {level("visit", Draw.LOGS_IN)}
                    < {behaviour_visits.LOGIN_CHANCE} as is_login,
                    {pick("visit", Draw.VIEWS, 0, behaviour_visits.MOST_PRODUCTS + 1)} as views
                from ({visits})
            )
        )
        where step <= 0 or step % 2 = 1
            or {level(step_key, Draw.ADDS)} < {behaviour_visits.CART_CHANCE}
    )
    """


def _iso(milliseconds: str) -> Text:
    return Text(f"stamp || '.{milliseconds}Z'")


def _segment_lines(steps: str) -> str:
    def call(kind: str, more: dict[str, Any]) -> str:
        document = {
            "anonymousId": Text("device"),
            "userId": Raw("""if(is_login, '"' || member_id || '"', 'null')"""),
            "messageId": Text("'ajs-next-' || md5(visit || '/' || step)"),
            "type": kind,
            **more,
            "channel": "client",
            "context": {
                "library": {"name": "analytics.js", "version": "2.11.1"},
                "page": {"url": Text("url"), "title": Text("title")},
            },
            "timestamp": _iso("000"),
            "originalTimestamp": _iso("000"),
            "sentAt": _iso("350"),
            "receivedAt": _iso("900"),
        }
        return json_line(document, COMPACT)

    page = {"url": Text("url"), "title": Text("title"), "path": "/"}
    tracked = f"if(kind = {VIEW}, 'Product Viewed', 'Product Added')"
    product = {"event": Text(tracked), "properties": _product("product_id")}
    return f"""
    select case kind
        when {IDENTIFY} then {call("identify", {"traits": {"email": Text("email")}})}
        when {PAGE} then {call("page", {"name": "Home", "properties": page})}
        else {call("track", product)} end as line
    from (select *, {_page()}, replace(cast(utc as varchar), ' ', 'T') as stamp from ({steps}))
    """


def _product(key: str) -> dict[str, Any]:
    return {
        key: Text("sku(item)"), "name": Text("product(item)"), "category": Text("category(item)"),
        "price": Raw("price(item) // 100 || '.0'"),
    }  # fmt: skip


def _page() -> str:
    site, home = text(behaviour_visits.SITE), text(behaviour_visits.HOME_TITLE)
    is_home = f"kind not in ({VIEW}, {CART})"
    return (
        f"{site} || if({is_home}, '/', '/products/' || lower(sku(item))) as url, "
        f"if({is_home}, {home}, product(item)) as title"
    )


def _sensors_lines(steps: str) -> str:
    device = """'{"$identity_cookie_id":"' || device || '"'"""
    login = """if(is_login, ',"$identity_login_id":"' || member_id || '"', '') || '}'"""

    def record(kind: str, more: dict[str, Any]) -> str:
        document = {
            "distinct_id": Text("if(is_login, member_id, device)"),
            "identities": Raw(f"{device} || {login}"),
            "time": Raw("epoch_ms(utc)"),
            "type": kind,
            "project": "production",
            "lib": {"$lib": "js", "$lib_version": "1.26.9"},
            **more,
        }
        return json_line(document, COMPACT)

    page = {"$url": Text("url"), "$title": Text("title")}
    known = {"$is_login_id": Raw("is_login")}
    tracked = Text(f"if(kind = {VIEW}, 'ViewProduct', 'AddToCart')")
    sign_up = {"original_id": Text("device"), "event": "$SignUp", "properties": {}}
    viewed = {"event": tracked, "properties": page | _product("sku") | known}
    return f"""
    select case kind
        when {SIGN_UP} then {record("track_signup", sign_up)}
        when {PROFILE} then {record("profile_set", {"properties": {"city": Text("city")}})}
        when {PAGE} then {record("track", {"event": "$pageview", "properties": page | known})}
        else {record("track", viewed)} end as line
    from (select *, {_page()} from ({steps}))
    """
