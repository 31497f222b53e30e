"""The one @dbt_assets: every transformation, in one dbt build.

Belongs here: starting dbt and handing its events on. Does not belong here: any transformation.
"""

import contextlib
import importlib.metadata
import subprocess
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Set
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    DailyPartitionsDefinition,
    Output,
    ResourceParam,
)
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, dbt_assets
from dagster_dbt.core.dbt_event_iterator import DbtDagsterEventType
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from packaging.version import Version

from expectations.validate import preload
from orchestration.building import Build, connect_warehouse, make_room
from orchestration.dbt_process import DbtProcess
from orchestration.gate import GateRefusedError
from orchestration.manifest import Manifest
from orchestration.night import Night
from orchestration.nightly import ONE_NIGHT_PER_RUN
from orchestration.publish import write_rejected
from orchestration.settings import DBT_PROJECT
from orchestration.settled import Project, exclusions

# Unit tests prove the rules and belong to the test suite; at night only data is tested.
Command = tuple[str, ...]
BUILD: Command = ("build", "--exclude-resource-type", "unit_test")
NODES_BETWEEN_WORDS = 100


def warehouse_assets(
    manifest: Manifest,
    nights: DailyPartitionsDefinition,
    watched: Set[AssetKey],
    command: Command = BUILD,
) -> AssetsDefinition:
    """Return the dbt project as assets; `command` is what dbt is told to do.

    `watched` are the tables that checks or the publishing outside of dbt wait for.
    """

    @dbt_assets(
        manifest=manifest.path,
        partitions_def=nights,
        backfill_policy=ONE_NIGHT_PER_RUN,
        name="warehouse",
    )
    def warehouse(
        context: AssetExecutionContext, dbt: ResourceParam[DbtProcess], night: ResourceParam[Night]
    ) -> Iterator[DbtDagsterEventType]:
        # Importing the validation takes seconds; it is hidden behind dbt.
        threading.Thread(target=preload, daemon=True).start()
        target = night.opened.dbt_target
        target.mkdir()
        project = Project(manifest, night.unchanged)
        night.settled = project.settled
        make_room(night.opened, project.replaced)
        told = [*command, *exclusions(night.settled, target / "settled")]
        with night.timed("dbt"), contextlib.closing(dbt):
            run = invocation(dbt.run(told, target), context, manifest, target)
            yield from settled_outputs(context, manifest, night.settled, watched)
            built: list[Output[Any]] = []
            failure = yield from forward(run.stream(), built, night.say)
        counts = row_counts(night.opened)
        yield from (with_row_count(output, counts) for output in built)
        if failure is not None:
            raise failure
        write_rejected(night)

    return warehouse


def invocation(
    process: subprocess.Popen[bytes],
    context: AssetExecutionContext,
    manifest: Manifest,
    target: Path,
) -> DbtCliInvocation:
    """Return for a dbt that runs already what dagster-dbt returns for one that it starts.

    Its own start asks the executable for its version, and loads an adapter to count rows, which
    `row_counts` does: four seconds a night.
    """
    if context.is_subset:
        raise GateRefusedError(["a night is built whole: run the job, not a part of its assets"])
    return DbtCliInvocation(
        process=process,
        manifest=manifest.content,
        dagster_dbt_translator=DagsterDbtTranslator(),
        project_dir=DBT_PROJECT,
        target_path=target,
        raise_on_error=True,
        context=context,
        cli_version=Version(importlib.metadata.version("dbt-core")),
    )


def forward(
    events: Iterator[DbtDagsterEventType],
    built: list[Output[Any]],
    say: Callable[[str], None],
) -> Generator[DbtDagsterEventType, None, DagsterDbtCliRuntimeError | None]:
    """Hand on the events of dbt as they come, and return the error that ended it, if any.

    Outputs of models are put aside in `built`: their rows can only be counted once dbt has let go
    of the file.
    """
    say("dbt: building and testing")
    done, failure = 0, None
    try:
        for done, event in enumerate(events, start=1):
            if done % NODES_BETWEEN_WORDS == 0:
                say(f"dbt: {done} models and tests done")
            if isinstance(event, Output):
                built.append(event)
            else:
                yield event
    except DagsterDbtCliRuntimeError as error:
        failure = error
    say(f"dbt: {done} models and tests done")
    return failure


def settled_outputs(
    context: AssetExecutionContext,
    manifest: Manifest,
    settled: frozenset[str],
    watched: Set[AssetKey],
) -> Iterator[Output[Any]]:
    """Yield outputs of watched tables that stand as they did before, or nothing would go on."""
    translator, nodes = DagsterDbtTranslator(), manifest.content["nodes"]
    tables = settled & manifest.tables()
    graph = {node: tables & set(nodes[node]["depends_on"].get("nodes", ())) for node in tables}
    for node in TopologicalSorter(graph).static_order():
        key = translator.get_asset_key(nodes[node])
        if key in watched:
            name = context.op_execution_context.output_for_asset_key(key)
            yield Output(None, name, metadata={"unique_id": node, "settled": True})


def row_counts(build: Build) -> dict[str, int]:
    """Rows of every table of the warehouse, by name."""
    with connect_warehouse(build.warehouse, read_only=True) as connection:
        rows = connection.execute("select table_name, estimated_size from duckdb_tables()")
        return {str(name): int(size) for name, size in rows.fetchall()}


def with_row_count(output: Output[Any], counts: Mapping[str, int]) -> Output[Any]:
    """Add the row count of its table to the output of a model."""
    unique_id = str(output.metadata["unique_id"].value)
    rows = counts.get(unique_id.rsplit(".", 1)[-1])
    if rows is None:
        return output
    return output.with_metadata({**output.metadata, "dagster/row_count": rows})
