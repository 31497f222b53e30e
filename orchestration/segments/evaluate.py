"""Segments as SQL over the tagged profile, for questions that are asked outside of a night.

Belongs here: one entry with all it builds on as one expression. Does not belong here: how a night
judges all segments at once (dbt); a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from orchestration.segments import rules
from orchestration.segments.declared import Entry

PROFILE = "intermediate.int_customer_profile_tagged"
Entries = Mapping[str, Entry]


@dataclass(frozen=True)
class Condition:
    """One of the conditions that all have to hold: as people read it, and as SQL."""

    text: str
    sql: str
    columns: tuple[str, ...]


def conditions_of(entry: Entry, entries: Entries) -> tuple[Condition, ...]:
    """Return the conditions of a segment: its rule's, its exclusions, and consent."""
    segment_sql = partial(member_sql, entries=entries)
    found = []
    for part in rules.conditions(rules.parse(entry.rule)):
        holds = f"coalesce({rules.sql(part, segment_sql)}, false)"
        found.append(Condition(rules.text(part), holds, tuple(rules.columns(part))))
    for exclusion in entry.exclusions:
        tree = rules.parse(exclusion)
        holds = f"not coalesce({rules.sql(tree, segment_sql)}, false)"
        found.append(Condition(f"not ({rules.text(tree)})", holds, tuple(rules.columns(tree))))
    if entry.consent:
        column = f"contactable_{entry.consent}"
        found.append(Condition(column, f"coalesce({column}, false)", (column,)))
    return tuple(found)


def member_sql(segment_id: str, entries: Entries) -> str:
    """Return whether a customer is a member as SQL; never null."""
    return " and ".join(
        f"({condition.sql})" for condition in conditions_of(entries[segment_id], entries)
    )
