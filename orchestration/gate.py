"""The gate: a night is published only on positive proof.

Belongs here: comparing the checks that must exist with the checks that ran and passed.
Does not belong here: any check itself (dbt tests, expectations).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.checks import Check, CheckResult
from orchestration.manifest import Manifest

DBT_LIMIT = "no offending rows"


class GateRefusedError(RuntimeError):
    """The night must not be published. `reasons` says why, one sentence each."""

    def __init__(self, reasons: Sequence[str]) -> None:
        """Keep the reasons and join them for the message."""
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True)
class Proof:
    """Every check that passed, in the order in which it is published."""

    results: tuple[CheckResult, ...]


def results_of(run_results: Path) -> list[dict[str, Any]]:
    """Return what dbt recorded of every node that it ran."""
    results: list[dict[str, Any]] = json.loads(run_results.read_text(encoding="utf-8"))["results"]
    return results


def dbt_results(run_results: Path, manifest: Manifest) -> dict[str, CheckResult]:
    """Results of the data tests of one dbt run, by unique id.

    Raises:
        GateRefusedError: dbt left no results.

    """
    if not run_results.exists():
        raise GateRefusedError([f"dbt left no {run_results.name}: no test is known to have run"])
    tests = {test.unique_id: test for test in manifest.data_tests()}
    found: dict[str, CheckResult] = {}
    for result in results_of(run_results):
        unique_id = result["unique_id"]
        if not unique_id.startswith("test."):
            continue
        test = tests.get(unique_id)
        found[unique_id] = CheckResult(
            name=test.name if test else unique_id,
            table=test.table if test else "",
            layer=test.layer if test else "",
            passed=result["status"] == "pass",
            observed=None if result["failures"] is None else float(result["failures"]),
            limit_value=DBT_LIMIT,
            error=None if result["status"] in ("pass", "fail") else f"it ended {result['status']}",
        )
    return found


def carried_results(manifest: Manifest, settled: frozenset[str]) -> dict[str, CheckResult]:
    """Results of the data tests that passed the night before, on what has not changed since."""
    tests = (test for test in manifest.data_tests() if test.unique_id in settled)
    return {
        test.unique_id: CheckResult(test.name, test.table, test.layer, True, 0.0, DBT_LIMIT, None)
        for test in tests
    }


def demand_built(run_results: Path, manifest: Manifest, settled: frozenset[str]) -> None:
    """Demand that every seed and model was built tonight, unless it is settled.

    Raises:
        GateRefusedError: one was not.

    """
    results = results_of(run_results)
    built = {result["unique_id"] for result in results if result["status"] == "success"}
    missing = sorted(manifest.tables() - built - settled)
    if missing:
        raise GateRefusedError([f"{name} is declared but was not built" for name in missing])


def prove(
    manifest: Manifest,
    tests: dict[str, CheckResult],
    checks: Sequence[Check],
    results: Sequence[CheckResult],
) -> Proof:
    """Demand that exactly the checks that must exist ran, and that every one passed.

    Raises:
        GateRefusedError: a check is missing, surplus, doubled, failed, or nothing was checked.

    """
    must = {test.unique_id: test.name for test in manifest.data_tests()}
    reasons = [f"{must[key]} is declared but did not run" for key in sorted(set(must) - set(tests))]
    reasons += [f"{key} ran but is not declared" for key in sorted(set(tests) - set(must))]
    reasons += compare_names([c.name for c in checks], [result.name for result in results])
    if not must:
        reasons.append("the project declares no data test")
    if not checks:
        reasons.append("there is no expectation")
    everything = (*(tests[key] for key in sorted(tests)), *results)
    reasons += [explain(result) for result in everything if not result.passed]
    if reasons:
        raise GateRefusedError(reasons)
    return Proof(everything)


def compare_names(wanted: Sequence[str], ran: Sequence[str]) -> list[str]:
    """Say which checks are missing, surplus or doubled, one sentence each."""
    reasons = [f"{name} is declared but did not run" for name in sorted(set(wanted) - set(ran))]
    reasons += [f"{name} ran but is not declared" for name in sorted(set(ran) - set(wanted))]
    return reasons + [f"{n} ran twice" for n in sorted({n for n in ran if ran.count(n) > 1})]


def explain(result: CheckResult) -> str:
    """One sentence on a failed check: which, on what, what was seen and what is allowed."""
    where = f"{result.name} on {result.table}"
    if result.error:
        return f"{where}: {result.error}"
    seen = "nothing" if result.observed is None else f"{result.observed:g}"
    return f"{where}: {seen} observed, {result.limit_value} allowed"
