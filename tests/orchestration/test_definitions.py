"""The Dagster code location: one job, one dbt op, one schedule, every check on its table."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dagster import AssetKey, Definitions, build_schedule_context
from homes import settings_of

from orchestration.audit import VERDICT, declared_checks
from orchestration.definitions import build_defs
from orchestration.landing.sources import load_sources
from orchestration.manifest import Manifest, prepare_manifest
from orchestration.settings import Settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_of(tmp_path_factory.mktemp("definitions"))


@pytest.fixture(scope="module")
def manifest(settings: Settings) -> Manifest:
    return prepare_manifest(settings)


@pytest.fixture(scope="module")
def definitions(settings: Settings) -> Definitions:
    return build_defs(settings)


def test_there_is_one_job_and_all_of_dbt_is_one_step_of_it(definitions: Definitions) -> None:
    jobs = definitions.resolve_all_job_defs()
    named = [job for job in jobs if not job.name.startswith("__")]
    assert [job.name for job in named] == ["nightly"]
    steps = [node.name for node in named[0].nodes]
    assert [name for name in steps if "warehouse" in name] == ["warehouse"]


def test_every_dbt_test_and_every_expectation_is_an_asset_check(
    definitions: Definitions, manifest: Manifest
) -> None:
    keys = definitions.resolve_asset_graph().asset_check_keys
    names = {key.name for key in keys}
    assert {test.name for test in manifest.data_tests()} <= names
    checks = declared_checks(load_sources(manifest.path))
    assert {check.name for check in checks} | {VERDICT} <= names
    shown = {key.name: key.asset_key for key in keys}
    assert shown["row_count__dim_customers"] == AssetKey(["marts", "dim_customers"])
    assert shown["arrival_age_days__zoho__contacts"] == AssetKey(["zoho", "contacts"])


def test_every_declared_source_has_a_landing_asset(
    definitions: Definitions, manifest: Manifest
) -> None:
    assets = definitions.resolve_asset_graph().materializable_asset_keys
    for source in load_sources(manifest.path):
        assert AssetKey([source.system, source.table]) in assets


def test_the_schedule_runs_at_two_for_the_day_that_ended(
    definitions: Definitions, settings: Settings
) -> None:
    schedule = definitions.resolve_schedule_def("nightly_at_two")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", settings.timezone)
    at = dt.datetime(2026, 3, 1, 2, 0, tzinfo=ZoneInfo(settings.timezone))
    context = build_schedule_context(
        scheduled_execution_time=at, repository_def=definitions.get_repository_def()
    )
    request = schedule.evaluate_tick(context).run_requests[0]
    assert request.partition_key == "2026-02-28"


def test_the_project_is_parsed_once_as_long_as_it_does_not_change(
    settings: Settings, manifest: Manifest
) -> None:
    written = manifest.path.stat().st_mtime_ns
    assert prepare_manifest(settings).path.stat().st_mtime_ns == written


def test_a_fresh_home_holds_nothing_but_the_parsed_project(
    settings: Settings, manifest: Manifest
) -> None:
    assert manifest.path.exists()
    assert {path.name for path in Path(settings.home).iterdir()} <= {"dbt", "dagster"}
