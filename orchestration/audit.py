"""The audit: each expectation as a blocking asset check on the table that it guards.

Belongs here: Dagster around the expectations. Does not belong here: limits, measures, judgement.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from dagster import (
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    ResourceParam,
    multi_asset_check,
)

from expectations.checks import Check, CheckResult, load_limits
from expectations.landing import landing_checks
from expectations.marts import mart_checks
from orchestration.gate import GateRefusedError, compare_names
from orchestration.landing.sources import SourceTable
from orchestration.night import Night
from orchestration.settings import PROJECT_ROOT

Judge = Callable[[Path, Sequence[Check]], list[CheckResult]]

VERDICT = "every_expectation_passed"
# Nothing but the published generation stands behind this table.
LAST = AssetKey(["marts", "quality_checks"])


def declared_checks(sources: Sequence[SourceTable]) -> tuple[Check, ...]:
    """Return every expectation that a night must meet."""
    limits = load_limits(PROJECT_ROOT / "expectations" / "thresholds.yml")
    return (*landing_checks(sources, limits), *mart_checks(limits))


def check_key(check: Check) -> AssetKey:
    """Asset key of the table at which a check is shown."""
    if "." in check.table:
        return AssetKey(check.table.split("."))
    return AssetKey(["staging" if check.table.startswith("stg_") else "marts", check.table])


def refuse_gaps(checks: Sequence[Check], results: Sequence[CheckResult]) -> None:
    """Refuse the night unless every check has exactly one result.

    Raises:
        GateRefusedError: a check did not run, ran twice, or is not declared.

    """
    reasons = compare_names([check.name for check in checks], [result.name for result in results])
    if reasons:
        raise GateRefusedError(reasons)


def expectation_checks(checks: Sequence[Check], judge: Judge) -> AssetChecksDefinition:
    """Return one op that judges every expectation and a verdict that blocks publishing."""
    specs = [AssetCheckSpec(check.name, asset=check_key(check)) for check in checks]
    keys = {check.name: check_key(check) for check in checks}
    # A blocking check holds back everything behind its table, also what was built before it could
    # be measured. So one check at the end of the line blocks for all of them.
    specs.append(AssetCheckSpec(VERDICT, asset=LAST, blocking=True))

    @multi_asset_check(name="expectations", specs=specs)
    def expectations(night: ResourceParam[Night]) -> Iterator[AssetCheckResult]:
        night.say(f"audit: {len(checks)} expectations")
        with night.timed("expectations"):
            results = judge(night.opened.warehouse, checks)
        night.checks += results
        refuse_gaps(checks, results)
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
        failed = [result.name for result in results if not result.passed]
        yield AssetCheckResult(
            passed=not failed,
            check_name=VERDICT,
            asset_key=LAST,
            metadata={"failed": failed, "expectations": len(results)},
        )

    return expectations
