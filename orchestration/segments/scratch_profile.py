"""The tagged profile as of any date, in a copy of the published warehouse.

Belongs here: building the models of the working tree between orders and profile again, with the
orders up to a date. Does not belong here: what segments make of it (preview.py).
"""

import datetime as dt
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from orchestration.building import WAREHOUSE, connect_warehouse
from orchestration.clone import clone
from orchestration.hash_key import ensure_key, key_variables
from orchestration.manifest import ProjectError, dbt_environment, dbt_executable, dbt_options
from orchestration.settings import DBT_PROJECT, Settings

ORDERS = "int_orders_identified"
PROFILE_MODEL = "int_customer_profile_tagged"
# What lies between the two.
SELECTED = f"{ORDERS}+,+{PROFILE_MODEL}"


@dataclass(frozen=True)
class ScratchProfile:
    """A copy of the warehouse, and the queries that build the profile in it, in order."""

    warehouse: duckdb.DuckDBPyConnection
    queries: tuple[tuple[str, str], ...]

    def build(self, as_of: dt.date) -> None:
        """Build the profile as of the end of a date, from the orders up to it.

        Who a customer is, what they consented to and which tags they bear is as it is known today.
        """
        run = self.warehouse.execute
        run("update landing.night set as_of_date = ?", [as_of])
        run(
            f"create or replace table intermediate.{ORDERS} as "
            "select * from preview.orders where order_date <= ?",
            [as_of],
        )
        for relation, query in self.queries:
            run(f"create or replace table {relation} as {query}")


@contextmanager
def scratch_profile(settings: Settings, generation: Path) -> Iterator[ScratchProfile]:
    """Copy the warehouse of a generation into a private folder, and take it away again.

    Raises:
        ProjectError: dbt cannot compile the working tree.

    """
    with TemporaryDirectory(dir=settings.home, prefix=".preview_") as name:
        folder = Path(name)
        clone(generation / WAREHOUSE, folder / WAREHOUSE)
        (folder / WAREHOUSE).chmod(0o600)
        queries = compile_profile(settings, folder)
        with connect_warehouse(folder / WAREHOUSE) as warehouse:
            warehouse.execute(key_variables(ensure_key(settings)))
            warehouse.execute("create schema preview")
            warehouse.execute(f"create table preview.orders as select * from intermediate.{ORDERS}")
            yield ScratchProfile(warehouse, queries)


def compile_profile(settings: Settings, folder: Path) -> tuple[tuple[str, str], ...]:
    """Let dbt compile the models between orders and profile; return relation and query of each."""
    target = folder / "dbt"
    command = [
        str(dbt_executable()), "--quiet", "compile", *dbt_options(settings),
        "--log-path", str(folder), "--select", SELECTED,
    ]  # fmt: skip
    environment = {**dbt_environment(settings), "DBT_TARGET_PATH": str(target)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProjectError(f"dbt cannot compile {DBT_PROJECT}:\n{done.stdout}{done.stderr}")
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return tuple(_in_order(manifest["nodes"]))


def _in_order(nodes: dict[str, dict[str, object]]) -> Iterator[tuple[str, str]]:
    compiled = {
        unique_id: node
        for unique_id, node in nodes.items()
        if node["resource_type"] == "model" and node.get("compiled_code")
        and node["name"] != ORDERS and node["schema"] == "intermediate"
        and node["config"]["materialized"] == "table"  # type: ignore[index]
    }  # fmt: skip
    graph = {
        unique_id: set(node["depends_on"]["nodes"]) & compiled.keys()  # type: ignore[index]
        for unique_id, node in compiled.items()
    }
    for unique_id in TopologicalSorter(graph).static_order():
        node = compiled[unique_id]
        yield str(node["relation_name"]), str(node["compiled_code"])
