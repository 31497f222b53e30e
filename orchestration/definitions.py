"""The Dagster code location, assembled. Tests assemble the same from other parts."""

from dagster import Definitions

from expectations.validate import validate
from orchestration.audit import Judge, check_key, declared_checks, expectation_checks
from orchestration.dbt_process import DbtProcess
from orchestration.generation_asset import generation_asset, mart_keys
from orchestration.inbox_assets import inbox_assets
from orchestration.landing.sources import load_sources
from orchestration.manifest import prepare_manifest
from orchestration.night import Night
from orchestration.nightly import nightly_schedule, nights_of
from orchestration.settings import Settings, load_settings
from orchestration.warehouse import BUILD, Command, warehouse_assets


def build_defs(
    settings: Settings, night: Night | None = None, judge: Judge = validate,
    command: Command = BUILD, dbt: DbtProcess | None = None,
) -> Definitions:  # fmt: skip
    """Assemble everything around the state of one run."""
    manifest, nights = prepare_manifest(settings), nights_of(settings)
    night = night or Night(settings, load_sources(manifest.path))
    sources, checks = night.sources, declared_checks(night.sources)
    watched = {check_key(check) for check in checks} | mart_keys(manifest)
    return Definitions(
        assets=[
            *inbox_assets(sources, nights), generation_asset(manifest, checks, nights),
            warehouse_assets(manifest, nights, watched, command),
        ],
        asset_checks=[expectation_checks(checks, judge)],
        schedules=[nightly_schedule(settings, nights)],
        resources={"night": night, "dbt": dbt or DbtProcess(settings)},
    )  # fmt: skip


def defs() -> Definitions:
    """Return the definitions of the installation that the environment names."""
    return build_defs(load_settings())
