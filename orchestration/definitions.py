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
    settings: Settings,
    night: Night | None = None,
    judge: Judge = validate,
    command: Command = BUILD,
    dbt: DbtProcess | None = None,
) -> Definitions:
    """Assemble everything around the state of one run."""
    manifest, nights = prepare_manifest(settings), nights_of(settings)
    sources = night.sources if night else load_sources(manifest.path)
    checks = declared_checks(sources)
    watched = {check_key(check) for check in checks} | mart_keys(manifest)
    return Definitions(
        assets=[
            *inbox_assets(sources, nights),
            warehouse_assets(manifest, nights, watched, command),
            generation_asset(manifest, checks, nights),
        ],
        asset_checks=[expectation_checks(checks, judge)],
        schedules=[nightly_schedule(settings, nights)],
        resources={
            "night": night or Night(settings, sources),
            "dbt": dbt or DbtProcess(settings),
        },
    )


def defs() -> Definitions:
    """Return the definitions of the installation that the environment names."""
    return build_defs(load_settings())
