"""The last asset of a night: the published generation."""

from collections.abc import Sequence

from dagster import (
    AssetKey,
    AssetsDefinition,
    DailyPartitionsDefinition,
    MaterializeResult,
    ResourceParam,
    asset,
)

from expectations.checks import Check
from orchestration.gate import carried_results, dbt_results, demand_built, prove
from orchestration.manifest import Manifest
from orchestration.night import Night
from orchestration.publish import publish, seal


def mart_keys(manifest: Manifest) -> set[AssetKey]:
    """Return the asset keys of everything that is published."""
    return {AssetKey(["marts", table.name]) for table in manifest.published_tables()}


def generation_asset(
    manifest: Manifest, checks: Sequence[Check], nights: DailyPartitionsDefinition
) -> AssetsDefinition:
    """Return the asset that publishes, given proof that every check ran and passed."""

    @asset(deps=sorted(mart_keys(manifest)), partitions_def=nights, group_name="published")
    def generation(night: ResourceParam[Night]) -> MaterializeResult[None]:
        """Publish the night: `marts.duckdb`, Parquet, and the warehouse behind them."""
        results, settled = night.opened.run_results, night.settled
        tests = carried_results(manifest, settled) | dbt_results(results, manifest)
        proof = prove(manifest, tests, checks, night.checks)
        demand_built(results, manifest, settled)
        record = seal(night, manifest, proof)
        folder = publish(night, record)
        passed, carried = record["checks_run"], record["checks_carried"]
        since = f", {carried} of them the night before, on what has not changed since"
        done = "published" if night.is_published else "built"
        night.say(f"{done} {folder.name}: {passed} checks passed{since if carried else ''}")
        return MaterializeResult(metadata={"generation": folder.name, "checks": passed})

    return generation
