"""What the rules of the working tree would change, without publishing anything.

Belongs here: comparing them with what is published, and going back a year. Does not belong here:
the profile (scratch_profile.py), and drawing or printing (chart.py, cli_segments.py).
"""

import csv
import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.generations import current_generation, generation_date
from orchestration.segments import declared, refusals
from orchestration.segments.evaluate import PROFILE, Entries, member_sql
from orchestration.segments.scratch_profile import ScratchProfile, scratch_profile
from orchestration.settings import Settings

MONTHS = 12
# Two segments that overlap by less than this much more or less are not worth a line.
SMALLEST_SHIFT = 0.01
MOVES = """
    select coalesce(published.segment_id, now.segment_id) as segment_id,
        coalesce(published.customer_id, now.customer_id) as customer_id,
        case when published.customer_id is null then 'enters' else 'leaves' end as move
    from marts.segment_members as published
    full join preview.members as now using (segment_id, customer_id)
    where published.customer_id is null or now.customer_id is null
    order by all
"""
OVERLAPS = """
    with sizes as (select segment_id, count(*) as members from preview.members group by all),
    shared as (
        select one.segment_id, other.segment_id as other_id, count(*) as members
        from preview.members as one
        join preview.members as other using (customer_id)
        where one.segment_id < other.segment_id group by all
    ),
    now as (
        select shared.segment_id, other_id,
            shared.members / (one.members + other.members - shared.members) as jaccard
        from shared
        join sizes as one on shared.segment_id = one.segment_id
        join sizes as other on other_id = other.segment_id
    )
    select coalesce(published.segment_id, now.segment_id), coalesce(other_segment_id, other_id),
        coalesce(published.jaccard, 0)::double, coalesce(now.jaccard, 0)::double
    from (from marts.segment_overlaps where segment_id < other_segment_id) as published
    full join now on published.segment_id = now.segment_id and other_segment_id = other_id
    where abs(coalesce(published.jaccard, 0) - coalesce(now.jaccard, 0)) >= ?
    order by all
"""
BACKTEST = """
    with revenue as (
        select customer_id, sum(net_amount) as net_amount
        from intermediate.int_orders_identified
        where order_date > ? and customer_id is not null group by all
    )
    select segment_id, count(*), coalesce(sum(net_amount), 0)
    from preview.members left join revenue using (customer_id) group by all
"""


class PreviewError(ValueError):
    """Nothing can be previewed. The message says why."""


@dataclass(frozen=True)
class Change:
    """Members of one segment: published, by the working tree, and who would come and go."""

    segment_id: str
    published: int
    proposed: int
    enters: int
    leaves: int


@dataclass(frozen=True)
class Point:
    """One segment at the end of one month: members, and their revenue in that month."""

    month_end: dt.date
    segment_id: str
    members: int
    net_amount: float


@dataclass(frozen=True)
class Preview:
    """What would change, and what the rules would have meant over a year."""

    as_of: dt.date
    changes: tuple[Change, ...]
    overlaps: tuple[tuple[str, str, float, float], ...]
    points: tuple[Point, ...]
    moved: tuple[tuple[str, str, str], ...]


def month_ends(as_of: dt.date, count: int = MONTHS) -> list[dt.date]:
    """Return the last days of the `count` months that had ended by a date, oldest first."""
    day = as_of + dt.timedelta(days=1)
    found: list[dt.date] = []
    while len(found) < count:
        day = day.replace(day=1) - dt.timedelta(days=1)
        found.append(day)
    return found[::-1]


def preview(settings: Settings, say: Callable[[str], None]) -> Preview:
    """Evaluate the segments of the working tree on the published night and on past months.

    Raises:
        PreviewError: nothing is published, or the segments cannot be followed.

    """
    wrong = refusals.refusals()
    if wrong:
        raise PreviewError("\n".join(wrong))
    current = current_generation(settings)
    if current is None:
        raise PreviewError("nothing is published yet; run strata night first")
    entries = {entry.segment_id: entry for entry in declared.load_entries()}
    as_of = generation_date(current)
    say("dbt: compiling the working tree")
    with scratch_profile(settings, current) as scratch:
        say(f"judging {len(entries)} segments as of {as_of}")
        evaluate(scratch, as_of, entries)
        moved = tuple(scratch.warehouse.execute(MOVES).fetchall())
        overlaps = tuple(scratch.warehouse.execute(OVERLAPS, [SMALLEST_SHIFT]).fetchall())
        changes = tuple(_changes(scratch.warehouse, entries, moved))
        points = tuple(backtest(scratch, as_of, entries, say))
    return Preview(as_of, changes, overlaps, points, moved)


def evaluate(scratch: ScratchProfile, as_of: dt.date, entries: Entries) -> None:
    """Build the profile as of a date, and the members of every segment in `preview.members`."""
    scratch.build(as_of)
    run = scratch.warehouse.execute
    run("create or replace table preview.members (segment_id varchar, customer_id varchar)")
    for segment_id in entries:
        run(
            f"insert into preview.members select ?, customer_id from {PROFILE} "
            f"where ({member_sql(segment_id, entries)}) "
            "and coalesce(acquired_date, first_order_date, as_of_date) <= as_of_date",
            [segment_id],
        )


def _changes(
    warehouse: duckdb.DuckDBPyConnection, entries: Entries, moved: tuple[tuple[str, str, str], ...]
) -> Iterator[Change]:
    sizes = [
        dict(warehouse.execute(f"select segment_id, count(*) from {table} group by 1").fetchall())
        for table in ("marts.segment_members", "preview.members")
    ]
    for segment_id in sorted(entries.keys() | sizes[0].keys()):
        moves = [move for name, _, move in moved if name == segment_id]
        published, proposed = (size.get(segment_id, 0) for size in sizes)
        enters, leaves = moves.count("enters"), moves.count("leaves")
        yield Change(segment_id, published, proposed, enters, leaves)


def backtest(
    scratch: ScratchProfile, as_of: dt.date, entries: Entries, say: Callable[[str], None]
) -> Iterator[Point]:
    """Yield size and revenue of every segment at the ends of the last months."""
    for month_end in month_ends(as_of):
        say(f"judging them as of {month_end}")
        evaluate(scratch, month_end, entries)
        before = month_end.replace(day=1) - dt.timedelta(days=1)
        found = {
            segment_id: (members, float(net_amount))
            for segment_id, members, net_amount in scratch.warehouse.execute(
                BACKTEST, [before]
            ).fetchall()
        }
        for segment_id in entries:
            yield Point(month_end, segment_id, *found.get(segment_id, (0, 0.0)))


def write_moves(path: Path, moved: tuple[tuple[str, str, str], ...]) -> None:
    """Write who would enter and leave, to a file that only its owner can read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("segment_id", "customer_id", "move"))
        writer.writerows(moved)
