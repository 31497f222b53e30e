"""What a failed step means: a gate that refused, or a fault.

Belongs here: reading an error. Does not belong here: recovering from it; a night starts afresh.
"""

import json
from collections.abc import Iterator

from dagster import HookContext, failure_hook

from orchestration.findings import findings
from orchestration.gate import GateRefusedError, dbt_results, explain
from orchestration.manifest import Manifest, manifest_folder
from orchestration.night import FAULT, REFUSED, Night


@failure_hook(required_resource_keys={"night"})
def record_failure(context: HookContext) -> None:
    """Write the record of the run as soon as one of its steps has failed."""
    night: Night = context.resources.night
    outcome, reasons = judge(night, context.op_exception)
    night.conclude(night.summary(outcome, reasons))


def judge(night: Night, error: BaseException | None) -> tuple[str, tuple[str, ...]]:
    """Outcome and reasons of a failed step."""
    for cause in _causes(error):
        if isinstance(cause, GateRefusedError):
            return REFUSED, cause.reasons
    failed = tuple(explain(result) for result in night.checks if not result.passed)
    if failed:
        return REFUSED, failed
    broken, tests = dbt_failures(night)
    if broken:
        return FAULT, broken
    if tests:
        return REFUSED, tests
    return FAULT, (_sentence(error),)


def _sentence(error: BaseException | None) -> str:
    # An error of our own is written for the reader; a foreign one needs its kind to be understood.
    ours = type(error).__module__.startswith("orchestration.")
    return str(error) if ours else f"{type(error).__name__}: {error}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def dbt_failures(night: Night) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Errors of models, and failed tests, of the dbt run of this night, one sentence each."""
    path = night.opened.run_results
    if not path.exists():
        return (), ()
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    broken = tuple(
        f"dbt: {result['unique_id']}: {result['message']}"
        for result in results
        if result["status"] == "error"
    )
    manifest = Manifest(manifest_folder(night.settings) / "manifest.json")
    queries = {result["unique_id"]: result.get("compiled_code") for result in results}
    failed = tuple(
        explain(result) + findings(night.opened, manifest.content["nodes"][name], queries[name])
        for name, result in dbt_results(path, manifest).items()
        if not result.passed and result.observed is not None
    )
    return broken, failed
