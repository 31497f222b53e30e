"""The rules of classification in a scratch project: the real SQL, with customers of a test's own.

Belongs here: compiling the rules once, and running what was compiled night by night in DuckDB.
Does not belong here: what should come of it.
"""

import datetime as dt
import graphlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.building import Build
from orchestration.settings import DBT_PROJECT

NIGHT = dt.date(2026, 11, 21)
SEEDS = "seeds/_seeds.yml"
# What the rules read and a test writes: the types of the columns that they look at.
FED = {
    "stg_strata__night": {"as_of_date": "date", "run_id": "varchar"},
    "int_customers_folded": {"customer_id": "varchar"},
    "int_orders_identified": {
        "order_id": "varchar", "customer_id": "varchar", "order_date": "date",
        "net_amount": "decimal(18, 2)", "is_counted": "boolean",
    },
    "int_customer_ids_logged": {
        "as_of_date": "date", "record_key": "varchar", "customer_id": "varchar",
    },
}  # fmt: skip
RULES = (
    *(f"intermediate/classification/{name}" for name in (
        "int_customer_orders_measured", "int_rfm_quantiles_found", "int_rfm_cells_joined",
        "int_rfm_limits_found", "int_rfm_limits_logged", "int_customer_rfm_methods_scored",
        "int_customer_rfm_scored", "int_customer_rfm_logged", "int_customer_lifecycle_staged",
        "int_customer_lifecycle_logged", "int_customer_measures_logged",
        "int_customer_changes_compared", "int_rfm_moves_judged", "int_lifecycle_moves_judged",
    )),
    *(f"marts/classification/{name}" for name in (
        "customer_rfm_history", "customer_lifecycle_history", "rfm_migrations",
        "lifecycle_migrations",
    )),
)  # fmt: skip
TESTS = ("rfm_cells_cover_every_score_once", "rfm_fixed_limits_rank_every_score",
         "lifecycle_moves_are_legal", "migrations_add_up")  # fmt: skip
PROFILE = {
    "target": "desk",
    "outputs": {"desk": {"type": "duckdb", "path": "warehouse.duckdb", "threads": 2,
                         "settings": {"TimeZone": "UTC"}}},
}  # fmt: skip
VARIANTS: tuple[dict[str, Any], ...] = (
    {}, {"rfm_bins": 3}, {"rfm_bins": 4}, {"rfm_bins": 10}, {"lifecycle_method": "own_rhythm"},
)  # fmt: skip
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Compiled:
    """What dbt compiled under some settings: SQL by name, which models are logs, which views."""

    sql: dict[str, str]
    order: tuple[str, ...]
    relations: dict[str, str]
    logs: frozenset[str]
    views: frozenset[str]


# Starting dbt costs more than what it does here, so one process does all of it.
DBT = """
import json, sys
from dbt.cli.main import dbtRunner
for command in json.loads(sys.argv[1]):
    outcome = dbtRunner().invoke(command)
    if not outcome.success:
        sys.exit(str(outcome.exception or 'see above'))
"""


@dataclass(frozen=True)
class RulesDesk:
    """A project of the rules alone, in a folder of its own."""

    folder: Path

    @property
    def build(self) -> Build:
        """The folder as the build of a night."""
        return Build(self.folder, NIGHT, "desk")

    @property
    def empty(self) -> Path:
        """A warehouse with the seeds, and every model without a row."""
        return self.build.warehouse

    def rules(self, **settings: Any) -> Compiled:
        """The SQL under these vars, one of VARIANTS, as of a night that is not the first."""
        return read_compiled(self.folder / variant(settings))

    def prepare(self) -> None:
        """Write the project, build it for nobody, and compile every variant of the rules."""
        self._write()
        self._feed_nobody()
        commands = [["build", "--exclude-resource-type", "test"]]
        commands += [["compile", "--vars", json.dumps(settings), "--target-path",
                      str(self.folder / variant(settings))] for settings in VARIANTS]  # fmt: skip
        done = self.dbt(*commands)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]

    def dbt(self, *commands: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run dbt on the project, once per command; the last target path named counts."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "STRATA_"))}
        common = ["--project-dir", str(self.folder), "--profiles-dir", str(self.folder)]
        first = ["--no-use-colors"]
        told = [[*first, *command, *common, *(
            [] if "--target-path" in command else ["--target-path", str(self.build.dbt_target)]
        )] for command in commands]  # fmt: skip
        return subprocess.run(
            [sys.executable, "-c", DBT, json.dumps(told)],
            cwd=self.folder, env=inherited, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def _write(self) -> None:
        for part in ("macros", "tests/generic"):
            shutil.copytree(DBT_PROJECT / part, self.folder / part)
        listed = yaml.safe_load((DBT_PROJECT / SEEDS).read_bytes())["seeds"]
        for name in (SEEDS, *(f"seeds/{seed['name']}.csv" for seed in listed),
                     *(f"tests/singular/{test}.sql" for test in TESTS)):  # fmt: skip
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(DBT_PROJECT / name, self.folder / name)
        project = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_bytes())
        # Contracts need what stands beside the models, and that names the rest of the project.
        del project["models"]["strata"]["marts"]["+contract"]
        (self.folder / "dbt_project.yml").write_text(yaml.safe_dump(project), "utf-8")
        (self.folder / "profiles.yml").write_text(yaml.safe_dump({"strata": PROFILE}), "utf-8")
        for path in RULES:
            target = self.folder / "models" / f"{path}.sql"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(DBT_PROJECT / "models" / f"{path}.sql", target)
        for name in FED:
            layer = "staging" if name.startswith("stg_") else "intermediate"
            target = self.folder / "models" / layer / f"{name}.sql"
            target.parent.mkdir(parents=True, exist_ok=True)
            text = "{{ config(materialized='table') }}\nselect * from {{ source('fed', '%s') }}\n"
            target.write_text(text % name, "utf-8")
        fed = [{"name": "fed", "schema": "landing", "tables": [{"name": name} for name in FED]},
               {"name": "strata", "schema": "landing", "tables": [{"name": "night"}]}]  # fmt: skip
        sources = yaml.safe_dump({"version": 2, "sources": fed})
        (self.folder / "models" / "sources.yml").write_text(sources, "utf-8")

    def _feed_nobody(self) -> None:
        with duckdb.connect(str(self.build.warehouse)) as warehouse:
            warehouse.execute("create schema landing")
            for name, types in {**FED, "night": FED["stg_strata__night"]}.items():
                columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
                warehouse.execute(f"create table landing.{name} ({columns})")


def variant(settings: Mapping[str, Any]) -> str:
    """Name of the target folder of these settings."""
    return "-".join(["target", *(f"{name}_{value}" for name, value in sorted(settings.items()))])


@cache
def read_compiled(target: Path) -> Compiled:
    """Read what dbt compiled into a target folder."""
    nodes = json.loads((target / "manifest.json").read_text("utf-8"))["nodes"].values()
    kept = [node for node in nodes if node["resource_type"] in ("model", "test")
            and node["name"] not in FED and node.get("compiled_code")]  # fmt: skip
    models = {node["unique_id"]: node for node in kept if node["resource_type"] == "model"}
    graph = {key: set(node["depends_on"]["nodes"]) & set(models) for key, node in models.items()}
    order = [models[key]["name"] for key in graphlib.TopologicalSorter(graph).static_order()]
    return Compiled(
        {node["name"]: node["compiled_code"] for node in kept},
        tuple(order),
        {node["name"]: node["relation_name"] for node in models.values()},
        *(frozenset(node["name"] for node in models.values()
                    if node["config"]["materialized"] == kind) for kind in ("incremental", "view")),
    )  # fmt: skip


class Nights:
    """A warehouse in memory in which compiled rules run night by night."""

    def __init__(self, empty: Path, rules: Compiled, threads: int = 1) -> None:
        self.rules = rules
        self.database = duckdb.connect(config={"threads": threads})
        self.database.execute(f"attach '{empty}' as empty (read_only)")
        self.database.execute("attach ':memory:' as warehouse")
        self.database.execute("copy from database empty to warehouse")
        self.database.execute("detach empty")
        self.database.execute("use warehouse")

    def feed(self, name: str, rows: Sequence[Row]) -> None:
        """Write what the rules read, instead of what was there."""
        schema = "staging" if name.startswith("stg_") else "intermediate"
        self.database.execute(f"delete from {schema}.{name}")
        if rows:
            values = ", ".join(f"unnest(cast(? as {kind}[]))" for kind in FED[name].values())
            self.database.execute(
                f"insert into {schema}.{name} select {values}",
                [[row.get(column) for row in rows] for column in FED[name]],
            )

    def run(self, as_of: dt.date, names: Sequence[str] = ()) -> None:
        """Build every model, or those named, as of a night."""
        self.feed("stg_strata__night", [{"as_of_date": as_of, "run_id": "desk"}])
        for name in names or self.rules.order:
            relation, sql = self.rules.relations[name], self.rules.sql[name]
            if name in self.rules.logs:
                self.database.execute(f"delete from {relation} where as_of_date >= ?", [as_of])
                self.database.execute(f"insert into {relation} by name {sql}")
            elif name in self.rules.views:
                self.database.execute(f"create or replace view {relation} as {sql}")
            else:
                self.database.execute(f"create or replace table {relation} as {sql}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Answer a query."""
        return self.database.execute(query).fetchall()

    def findings(self, test: str) -> list[tuple[Any, ...]]:
        """Rows that a singular test of the project finds."""
        return self.rows(self.rules.sql[test])
