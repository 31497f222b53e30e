"""The Dagster code location, assembled. Tests assemble the same from other parts."""

from collections.abc import Sequence
from typing import TypedDict, Unpack

from dagster import Definitions

from expectations.checks import Check, load_limits
from expectations.landing import landing_checks
from expectations.marts import mart_checks
from expectations.validate import validate
from orchestration.audit import Validate, expectation_checks
from orchestration.generation_asset import generation_asset
from orchestration.inbox_assets import inbox_asset, landing_asset, opened_asset
from orchestration.landing.sources import load_sources
from orchestration.manifest import prepare_manifest
from orchestration.night import Night
from orchestration.nightly import nightly_job, nightly_schedule
from orchestration.nights import nights_of
from orchestration.settings import PROJECT_ROOT, Settings, load_settings
from orchestration.warehouse import BUILD, dbt_resource, warehouse_assets


class Overrides(TypedDict, total=False):
    """The parts that a caller may replace."""

    night: Night
    checks: Sequence[Check]
    validate: Validate
    command: tuple[str, ...]


def build_defs(settings: Settings, **overrides: Unpack[Overrides]) -> Definitions:
    """Assemble everything; each of `overrides` replaces a part."""
    manifest, nights = prepare_manifest(settings), nights_of(settings)
    sources = load_sources(manifest.path)
    limits = load_limits(PROJECT_ROOT / "expectations" / "thresholds.yml")
    declared = (*landing_checks(sources, limits), *mart_checks(limits))
    audit = expectation_checks(
        overrides.get("checks", declared), overrides.get("validate", validate)
    )
    assets = [inbox_asset(nights), *(landing_asset(source, nights) for source in sources)]
    assets += [opened_asset(sources, nights)]
    assets += [warehouse_assets(manifest, nights, overrides.get("command", BUILD))]
    assets += [generation_asset(manifest, declared, nights)]
    night = overrides.get("night") or Night(settings, sources)
    job = nightly_job(nights)
    return Definitions(
        assets=assets,
        asset_checks=[audit],
        jobs=[job],
        schedules=[nightly_schedule(settings, job)],
        resources={"night": night, "dbt": dbt_resource(settings)},
    )


def defs() -> Definitions:
    """Definitions of the installation that the environment names."""
    return build_defs(load_settings())
