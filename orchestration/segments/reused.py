"""Ids of segments that were removed stay what they were: another rule needs another id.

Belongs here: holding entries against what was ever published. Does not belong here: what an entry
says by itself (refusals.py).
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from orchestration.building import WAREHOUSE, connect_warehouse
from orchestration.segments import rules
from orchestration.segments.declared import Entry
from orchestration.segments.rules import RuleError

REMOVED = """
    select segment_id, max(as_of_date), arg_max(rule_text, as_of_date) filter (is_present)
    from intermediate.int_segment_versions_logged
    group by segment_id
    having not arg_max(is_present, as_of_date)
"""


def reused_ids(entries: Sequence[Entry], base: Path | None) -> Iterator[tuple[int, str]]:
    """Yield line and sentence of every id that a removed segment with another rule had.

    `base` is the generation that the night builds on. Who puts a segment back as it was, may.
    """
    removed = _removed(base)
    for entry in entries:
        if entry.segment_id in removed:
            day, rule = removed[entry.segment_id]
            if not _are_alike(rule, entry.rule):
                yield (
                    entry.line,
                    (
                        f"the id {entry.segment_id!r} belonged to a segment that was removed on "
                        f"{day} and had another rule; give this one another id"
                    ),
                )


def _removed(base: Path | None) -> dict[str, tuple[dt.date, str]]:
    if base is None:
        return {}
    with connect_warehouse(base / WAREHOUSE, read_only=True) as warehouse:
        try:
            found = warehouse.execute(REMOVED).fetchall()
        except duckdb.CatalogException:
            return {}
    return {segment_id: (day, rule) for segment_id, day, rule in found}


def _are_alike(one: str, other: str) -> bool:
    try:
        return rules.text(rules.parse(one)) == rules.text(rules.parse(other))
    except RuleError:
        return one == other
