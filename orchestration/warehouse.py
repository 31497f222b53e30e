"""The one @dbt_assets: every transformation, in one dbt build.

Belongs here: starting dbt and handing its events on. Does not belong here: any transformation.
"""

import shutil
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetsDefinition,
    DailyPartitionsDefinition,
    Output,
    ResourceParam,
)
from dagster_dbt import DbtCliResource, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtDagsterEventType
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from expectations.validate import preload
from orchestration.building import Build, connect_warehouse
from orchestration.manifest import Manifest, dbt_executable, manifest_folder
from orchestration.night import Night
from orchestration.publish import write_rejected
from orchestration.settings import DBT_PROJECT, PROFILES, Settings

# Unit tests prove the rules and belong to the test suite; at night only data is tested.
BUILD = ("build", "--exclude-resource-type", "unit_test")
NODES_BETWEEN_WORDS = 60


def dbt_resource(settings: Settings) -> DbtCliResource:
    """Return the dbt that dagster-dbt starts, on the target of the installation."""
    return DbtCliResource(
        project_dir=str(DBT_PROJECT),
        profiles_dir=str(PROFILES),
        target=settings.target,
        dbt_executable=str(dbt_executable()),
    )


def target_path(build: Build, settings: Settings) -> Any:
    """Make the dbt target folder of a build, with the parsed project in it."""
    target = build.folder / "dbt"
    target.mkdir()
    parsed = manifest_folder(settings) / "partial_parse.msgpack"
    if parsed.exists():
        shutil.copyfile(parsed, target / parsed.name)
    return target


def warehouse_assets(
    manifest: Manifest, nights: DailyPartitionsDefinition, command: tuple[str, ...] = BUILD
) -> AssetsDefinition:
    """Return the dbt project as assets; `command` is what dbt is told to do."""

    @dbt_assets(manifest=manifest.path, partitions_def=nights, name="warehouse")
    def warehouse(
        context: AssetExecutionContext, dbt: DbtCliResource, night: ResourceParam[Night]
    ) -> Iterator[DbtDagsterEventType]:
        # Importing the validation takes seconds; it is hidden behind dbt.
        threading.Thread(target=preload, daemon=True).start()
        night.say("dbt: building and testing")
        target = target_path(night.opened, night.settings)
        run = dbt.cli(list(command), context=context, target_path=target)
        events: list[DbtDagsterEventType] = []
        failure: DagsterDbtCliRuntimeError | None = None
        try:
            for event in run.stream():
                events.append(event)
                if len(events) % NODES_BETWEEN_WORDS == 0:
                    night.say(f"dbt: {len(events)} models and tests done")
        except DagsterDbtCliRuntimeError as error:
            failure = error
        if failure is None:
            night.say(f"dbt: {len(events)} models and tests done")
            write_rejected(night)
        counts = row_counts(night.opened) if failure is None else {}
        yield from (with_row_count(event, counts) for event in events)
        if failure is not None:
            raise failure

    return warehouse


def row_counts(build: Build) -> dict[str, int]:
    """Rows of every table of the warehouse, by name."""
    with connect_warehouse(build.warehouse, read_only=True) as connection:
        rows = connection.execute("select table_name, estimated_size from duckdb_tables()")
        return {str(name): int(size) for name, size in rows.fetchall()}


def with_row_count(event: DbtDagsterEventType, counts: Mapping[str, int]) -> DbtDagsterEventType:
    """Add the row count of its table to the output of a model; leave other events alone."""
    if not isinstance(event, Output):
        return event
    unique_id = event.metadata["unique_id"].value
    rows = counts.get(str(unique_id).rsplit(".", 1)[-1])
    if rows is None:
        return event
    return event.with_metadata({**event.metadata, "dagster/row_count": rows})
