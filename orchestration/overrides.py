"""Decisions of people about customers: the rows of the seed `identity_overrides`, looked at early.

Belongs here: whether a decision can be followed at all, said before dbt starts. Does not belong
here: following it (the identity models).
"""

import csv
import datetime as dt
import graphlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.building import WAREHOUSE, connect_warehouse
from orchestration.settings import DBT_PROJECT

SEED = DBT_PROJECT / "seeds" / "identity_overrides.csv"
COLUMNS = ("decided_date", "action", "customer_id", "other_id", "reason", "decided_by")
ACTIONS = ("merge", "split", "keep_apart")
# Ids by hand are many where they are wrong by one column; these are enough to see that.
SHOWN = 20


@dataclass(frozen=True)
class Override:
    """One row of the seed, with its number in the file; the header is row 1."""

    row: int
    decided_date: str
    action: str
    customer_id: str
    other_id: str
    reason: str
    decided_by: str

    def __str__(self) -> str:
        """Name the place, as messages do."""
        return f"seeds/{SEED.name}, row {self.row}"


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Read the seed.

    Raises:
        ValueError: its header is not the declared one.

    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = tuple(next(reader, ()))
        if header != COLUMNS:
            raise ValueError(
                f"seeds/{path.name}, row 1: the columns are {', '.join(header) or 'none'}; "
                f"they have to be {', '.join(COLUMNS)}"
            )
        rows = [(number, cells) for number, cells in enumerate(reader, 2) if any(cells)]
    return tuple(
        Override(number, *(cells + [""] * len(COLUMNS))[: len(COLUMNS)]) for number, cells in rows
    )


def misplaced(overrides: Sequence[Override]) -> Iterator[str]:
    """Say what is wrong with rows by themselves, one sentence each."""
    for override in overrides:
        for column in COLUMNS:
            if not getattr(override, column).strip():
                yield f"{override}: {column} is empty; every decision needs one"
        if override.action and override.action not in ACTIONS:
            yield (
                f"{override}: action {override.action!r} is none of {', '.join(ACTIONS)}; "
                "correct it"
            )
        if override.decided_date and _date(override.decided_date) is None:
            yield f"{override}: decided_date {override.decided_date!r} is no date like 2026-01-31"
        if override.customer_id and override.customer_id == override.other_id:
            yield f"{override}: customer_id and other_id are the same; name two"


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def contradictions(overrides: Sequence[Override]) -> Iterator[str]:
    """Say where merges lead back to where they began, or oppose a decision to keep apart."""
    merges = [override for override in overrides if override.action == "merge"]
    survivors: dict[str, set[str]] = {}
    for merge in merges:
        survivors.setdefault(merge.other_id, set()).add(merge.customer_id)
    try:
        graphlib.TopologicalSorter(survivors).prepare()
    except graphlib.CycleError as error:
        cycle = error.args[1]
        rows = ", ".join(str(m.row) for m in merges if {m.customer_id, m.other_id} <= set(cycle))
        yield (
            f"seeds/{SEED.name}, rows {rows}: the merges go round in a circle "
            f"({' into '.join(cycle)}), so no id could stay; take one of the rows out"
        )
    apart = {frozenset((o.customer_id, o.other_id)) for o in overrides if o.action == "keep_apart"}
    for merge in merges:
        if frozenset((merge.customer_id, merge.other_id)) in apart:
            yield f"{merge}: another row keeps the same two apart; take one of them out"


def unknown_ids(overrides: Sequence[Override], as_of: dt.date, base: Path | None) -> Iterator[str]:
    """Say which decisions in force name a customer or record that nobody ever published.

    `base` is the generation that the night builds on.
    """
    in_force = [o for o in overrides if (_date(o.decided_date) or dt.date.max) <= as_of]
    if not in_force:
        return
    known = _known_ids(base, {i for o in in_force for i in (o.customer_id, o.other_id)})
    for override in in_force:
        for column in ("customer_id", "other_id"):
            named = getattr(override, column)
            if named not in known:
                yield (
                    f"{override}: {column} {named!r} is no customer id or record key that was ever "
                    "published; look it up in customer_id_history, or take the row out"
                )


def _known_ids(base: Path | None, named: set[str]) -> set[str]:
    if base is None:
        return set()
    with connect_warehouse(base / WAREHOUSE, read_only=True) as connection:
        try:
            found = connection.execute(
                "select distinct id from (select unnest([customer_id, record_key]) as id "
                "from intermediate.int_customer_ids_logged) where id in (select unnest(?))",
                [sorted(named)],
            ).fetchall()
        except duckdb.CatalogException:
            return set()
    return {identifier for (identifier,) in found}


def refusals(as_of: dt.date, base: Path | None) -> list[str]:
    """Return why the decisions cannot be followed, one sentence each; empty if they can."""
    try:
        overrides = read_overrides(SEED)
    except ValueError as error:
        return [str(error)]
    found = [*misplaced(overrides), *contradictions(overrides)]
    found = found or list(unknown_ids(overrides, as_of, base))
    more = len(found) - SHOWN
    return found[:SHOWN] + ([f"and {more} more in seeds/{SEED.name}"] if more > 0 else [])
