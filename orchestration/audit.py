"""The audit: each expectation as a blocking asset check on the table that it guards.

Belongs here: Dagster around the expectations. Does not belong here: limits, measures, judgement.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetChecksDefinition,
    AssetExecutionContext,
    AssetKey,
    ResourceParam,
    multi_asset_check,
)

from expectations.checks import Check, CheckResult
from orchestration.night import Night

Validate = Callable[[Path, Sequence[Check]], list[CheckResult]]


def check_key(check: Check) -> AssetKey:
    """Asset key of the table at which a check is shown."""
    if "." in check.table:
        return AssetKey(check.table.split("."))
    return AssetKey(["staging" if check.table.startswith("stg_") else "marts", check.table])


def expectation_checks(checks: Sequence[Check], validate: Validate) -> AssetChecksDefinition:
    """Return one op that judges every expectation; each fails the night by itself."""
    specs = [AssetCheckSpec(check.name, asset=check_key(check), blocking=True) for check in checks]
    keys = {check.name: check_key(check) for check in checks}

    # Every mart must be built before anything is measured, whatever the check is shown at.
    @multi_asset_check(name="expectations", specs=specs)
    def expectations(
        context: AssetExecutionContext, night: ResourceParam[Night]
    ) -> Iterator[AssetCheckResult]:
        night.say(f"audit: {len(checks)} expectations")
        results = validate(night.opened.warehouse, checks)
        night.checks += results
        for result in results:
            yield AssetCheckResult(
                passed=result.passed,
                check_name=result.name,
                asset_key=keys[result.name],
                severity=AssetCheckSeverity.ERROR,
                metadata={
                    "observed": result.observed if result.observed is not None else "nothing",
                    "limit": result.limit_value,
                    "error": result.error or "",
                },
            )

    return expectations
