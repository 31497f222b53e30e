"""The last gate: nothing is published that tells of a person.

Belongs here: which places must have been looked through, and refusing the night. Does not belong
here: looking (scan.py). It fails closed: a place that was not looked through, or in which nothing
was to be seen, refuses as well.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from expectations.checks import CheckResult
from orchestration.gate import GateRefusedError, compare_names, explain
from orchestration.landing.texts import identifier, quoted
from orchestration.manifest import PublishedTable
from orchestration.privacy.rules import Rules
from orchestration.privacy.scan import Found, know_identifiers, scan_tables

LIMIT = "no personal data"
RECORD, LOGS = "run_record", "run_logs"


def check_name(place: str) -> str:
    """Return the name of the check of one place."""
    return f"no_personal_data__{place}"


def names_of(tables: Sequence[PublishedTable]) -> list[str]:
    """Return the checks that must have run."""
    return [check_name(place) for place in (*(table.name for table in tables), RECORD, LOGS)]


def scan_published(
    warehouse: duckdb.DuckDBPyConnection,
    marts: Path,
    tables: Sequence[PublishedTable],
    rules: Rules,
) -> list[Found]:
    """Look through tables of `marts` and the Parquet beside it; `warehouse` says who is known."""
    know_identifiers(warehouse)
    warehouse.execute(f"attach {quoted(str(marts))} as published (read_only)")
    try:
        relations = {t.name: f"published.marts.{identifier(t.name)}" for t in tables}
        return scan_tables(warehouse, relations, marts.parent / "parquet", rules)
    finally:
        warehouse.execute("detach published")


def judged(found: Found) -> CheckResult:
    """Return what a scan means as a check."""
    count = sum(found.hits.values())
    reasons = [f"{n:,} of kind {kind} in {column}" for (column, kind), n in found.hits.items()]
    if found.problem:
        reasons.append(found.problem)
    table = "nights" if found.place in (RECORD, LOGS) else found.place
    if table == "nights" and not found.texts:
        reasons.append("nothing was to be seen, so nothing is proved")
    error = None
    if reasons:
        remedy = "find the model or message that lets it through; nothing was published"
        error = f"{', '.join(reasons)}; {remedy}"
    return CheckResult(
        check_name(found.place), table, "marts", not reasons, float(count), LIMIT, error
    )


def prove_private(
    tables: Sequence[PublishedTable], found: Sequence[Found]
) -> tuple[CheckResult, ...]:
    """Demand that every place was looked through once and that nothing was found.

    Raises:
        GateRefusedError: a place was left out, something was found, or no text was seen at all.

    """
    results = [judged(one) for one in found]
    reasons = compare_names(names_of(tables), [result.name for result in results])
    reasons += [explain(result) for result in results if not result.passed]
    names = {table.name for table in tables}
    if not any(one.texts for one in found if one.place in names):
        reasons.append("no published table holds any text: the scan proves nothing")
    if reasons:
        raise GateRefusedError(reasons)
    return tuple(results)
