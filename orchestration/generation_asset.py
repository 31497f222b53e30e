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
from orchestration.gate import dbt_results, prove
from orchestration.manifest import Manifest
from orchestration.night import Night
from orchestration.publish import publish, seal


def generation_asset(
    manifest: Manifest, checks: Sequence[Check], nights: DailyPartitionsDefinition
) -> AssetsDefinition:
    """Return the asset that publishes, given proof that every check ran and passed."""
    marts = [AssetKey(["marts", table.name]) for table in manifest.published_tables()]

    @asset(deps=marts, partitions_def=nights, group_name="published")
    def generation(night: ResourceParam[Night]) -> MaterializeResult[None]:
        """Publish the night: `marts.duckdb`, Parquet, and the warehouse behind them."""
        tests = dbt_results(night.opened.run_results, manifest)
        proof = prove(manifest, tests, checks, night.checks)
        record = seal(night, manifest, proof)
        folder = publish(night, record)
        passed = record["checks_run"]
        night.say(f"published {folder.name}: {passed} checks passed")
        return MaterializeResult(metadata={"generation": folder.name, "checks": passed})

    return generation
