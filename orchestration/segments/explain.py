"""Why a customer is in a segment or not, and what would have to change.

Belongs here: asking the published night about one customer. Does not belong here: printing
(cli_segments.py), and the answers for everybody (the mart segment_reasons).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from orchestration.segments.declared import Entry
from orchestration.segments.evaluate import PROFILE, Entries, conditions_of

FIELDS = {
    "name_zh": "name_zh", "name_en": "name_en", "goal": "goal", "priority": "priority",
    "membership_source": "membership_source", "group_id": "group", "rule_text": "rule",
    "channel": "channel", "needs_consent": "needs_consent", "exclusions": "exclusions",
}  # fmt: skip


class CustomerError(ValueError):
    """The customer that was asked about is not published. The message says what is known."""


@dataclass(frozen=True)
class Judged:
    """One condition for one customer: what it compares, and whether it holds."""

    text: str
    observed: str
    is_met: bool


@dataclass(frozen=True)
class Explanation:
    """One segment for one customer."""

    segment_id: str
    name: str
    conditions: tuple[Judged, ...]

    @property
    def lacking(self) -> tuple[Judged, ...]:
        """The conditions that do not hold."""
        return tuple(condition for condition in self.conditions if not condition.is_met)

    @property
    def is_member(self) -> bool:
        """Whether every condition holds."""
        return not self.lacking

    @property
    def change_needed(self) -> str:
        """What would have to change to leave or to enter."""
        if self.is_member:
            texts = " or ".join(f"not ({condition.text})" for condition in self.conditions)
            return f"leaves once {texts}"
        return "enters once " + " and ".join(condition.text for condition in self.lacking)


def published_entries(warehouse: duckdb.DuckDBPyConnection) -> Entries:
    """Read the segments as they were when the night was built."""
    found = warehouse.execute(
        f"select segment_id, {', '.join(FIELDS)} from marts.dim_segments order by priority, 1"
    ).fetchall()
    entries = {}
    for segment_id, *values in found:
        fields = dict(zip(FIELDS.values(), values, strict=True))
        fields["exclusions"] = (fields["exclusions"] or "").splitlines()
        entries[segment_id] = Entry(segment_id, 0, fields)
    return entries


def explain(warehouse: duckdb.DuckDBPyConnection, customer_id: str) -> tuple[Explanation, ...]:
    """Explain every segment for one customer: members first, then by how much is lacking.

    Raises:
        CustomerError: nobody has this id in the published night.

    """
    entries = published_entries(warehouse)
    profile = warehouse.execute(
        f"select * from {PROFILE} where customer_id = ?", [customer_id]
    ).fetchone()
    if profile is None:
        raise CustomerError(_who_it_became(warehouse, customer_id))
    names = [column[0] for column in warehouse.description or ()]
    values = dict(zip(names, profile, strict=True))
    found = [
        Explanation(segment_id, f"{entry.fields['name_zh']} {entry.fields['name_en']}", judged)
        for segment_id, entry in entries.items()
        for judged in [tuple(_judge(warehouse, entry, entries, values))]
    ]
    return tuple(sorted(found, key=lambda explanation: len(explanation.lacking)))


def _judge(
    warehouse: duckdb.DuckDBPyConnection, entry: Entry, entries: Entries, values: dict[str, object]
) -> Iterator[Judged]:
    conditions = conditions_of(entry, entries)
    columns = ", ".join(condition.sql for condition in conditions)
    row = warehouse.execute(
        f"select {columns} from {PROFILE} where customer_id = ?", [values["customer_id"]]
    ).fetchone()
    for condition, is_met in zip(conditions, row or (), strict=True):
        observed = ", ".join(f"{name} = {_shown(values[name])}" for name in condition.columns)
        yield Judged(condition.text, observed, bool(is_met))


def _shown(value: object) -> str:
    return "unknown" if value is None else str(value)


def _who_it_became(warehouse: duckdb.DuckDBPyConnection, customer_id: str) -> str:
    found = warehouse.execute(
        "select state, current_customer_id from intermediate.int_customer_ids_followed "
        "where customer_id = ?",
        [customer_id],
    ).fetchone()
    if found is None:
        return "no customer with this id was ever published; look it up in dim_customers"
    state, current = found
    if state == "merged":
        return f"this customer was merged into {current}; ask about that one"
    return "no record of this customer is left in the sources, so there is nothing to explain"
