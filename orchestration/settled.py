"""What a night need not build again: nodes that would come out as they did the night before.

Belongs here: deciding which those are. Does not belong here: telling dbt (warehouse.py), and the
proof that nothing was left unchecked (gate.py).

A node is settled when its code, the settings and every landed file behind it are those of the night
before, which proved its tests, and nothing behind it reads the date of the night. Base models read
the date only to reject what has not happened yet: they are settled if they rejected nothing for it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from orchestration.fingerprints import CODE
from orchestration.landing.texts import identifier, quoted
from orchestration.manifest import Manifest

TABLE = "landing.inputs"
NIGHT_SCHEMA = "strata"
# These hold what the night itself is, or what earlier nights wrote: new every night.
NIGHT = "source.strata.strata.night"
ERASED = "source.strata.strata.erased_orders"
MODEL = "model.strata."
NIGHT_MODEL = f"{MODEL}stg_strata__night"
NEW_EVERY_NIGHT = ("as_of_date", "run_id")
NOT_YET = "after_as_of_date"
# Of such a model dbt writes the rows that differ from those of the night before.
AMENDED = "is_amended"
# How settled nodes are told to dbt: as results of an earlier run, all with this status.
SETTLED = "skipped"
RESULTS = "https://schemas.getdbt.com/dbt/run-results/v6.json"
_NO_RESULT = {
    "status": SETTLED, "timing": [], "thread_id": "", "execution_time": 0, "adapter_response": {},
    "message": None, "failures": None, "compiled": None, "compiled_code": None,
    "relation_name": None,
}  # fmt: skip


@dataclass(frozen=True)
class Unchanged:
    """What is as it was the night before.

    inputs: relations whose landed files are the same, and unique ids of nodes whose code is, with
    that of all nodes behind them. proved: names of the checks that passed. hopeful: base models
    that rejected rows which may have happened by now.
    """

    inputs: frozenset[str] = frozenset()
    proved: frozenset[str] = frozenset()
    hopeful: frozenset[str] = frozenset()

    def follows(self, model: str) -> bool:
        """Whether a model follows the same rules as the night before."""
        return f"{MODEL}{model}" in self.inputs


def compare_inputs(connection: duckdb.DuckDBPyConnection, tonight: Mapping[str, str]) -> Unchanged:
    """Tell what is unchanged in the copy of the night before, and write tonight's inputs there.

    To be asked before anything else is written.
    """
    unchanged = Unchanged()
    if _exists(connection, TABLE):
        before = dict(connection.execute(f"select name, fingerprint from {TABLE}").fetchall())
        if before.get(CODE) == tonight[CODE]:
            same = frozenset(name for name in tonight if before.get(name) == tonight[name])
            unchanged = Unchanged(same, _proved(connection), _hopeful(connection))
    connection.execute(f"create or replace table {TABLE} (name varchar, fingerprint varchar)")
    connection.executemany(f"insert into {TABLE} values (?, ?)", list(tonight.items()))
    return unchanged


def _exists(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    schema, name = table.split(".")
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() where schema_name = ? and table_name = ?", [schema, name]
        ).fetchone()
    )


def _proved(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    rows = connection.execute(
        "select check_name from landing.check_results "
        "where passed and as_of_date = (select max(as_of_date) from landing.check_results)"
    ).fetchall()
    return frozenset(name for (name,) in rows)


def _hopeful(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the base models that rejected a row for its date, or do not say for what."""
    columns = connection.execute(
        "select table_name, list(column_name) from duckdb_columns() "
        "where schema_name = 'staging' and table_name like 'base%' group by table_name"
    ).fetchall()
    found = set()
    for name, has in columns:
        if "rejected_column" not in has:
            continue
        reason = "rejected_reason" if "rejected_reason" in has else quoted(NOT_YET)
        rejected = connection.execute(
            f"select 1 from staging.{identifier(name)} "
            f"where rejected_column is not null and {reason} = {quoted(NOT_YET)} limit 1"
        ).fetchone()
        if rejected:
            found.add(name)
    return frozenset(found)


@dataclass(frozen=True)
class Project:
    """The graph of a parsed project, asked what is settled where `unchanged` is as it was."""

    manifest: Manifest
    unchanged: Unchanged

    @cached_property
    def settled(self) -> frozenset[str]:
        """Unique ids of the seeds, models and data tests that need not run."""
        if not self.unchanged.proved:
            return frozenset()
        known: dict[str, bool] = {}
        nodes = self.manifest.content["nodes"]
        return frozenset(node for node in nodes if self._is_settled(node, known))

    @cached_property
    def replaced(self) -> frozenset[tuple[str, str]]:
        """Schema and name of the tables that are built from the ground tonight."""
        nodes = self.manifest.content["nodes"].items()
        return frozenset(
            (node["schema"], node["name"])
            for name, node in nodes
            if node["config"]["materialized"] == "table"
            and name not in self.settled
            and not self._is_amended(node)
        )

    def _is_amended(self, node: dict[str, Any]) -> bool:
        is_meant = node["config"].get("meta", {}).get(AMENDED, False)
        # Tests ask only of the rows that came, where they have proved the others before.
        return (
            bool(is_meant)
            and self.unchanged.follows(node["name"])
            and all(map(self._is_proved, self._tests_of.get(node["unique_id"], ())))
        )

    @cached_property
    def _tests_of(self) -> dict[str, list[dict[str, Any]]]:
        tests: dict[str, list[dict[str, Any]]] = {}
        for node in self.manifest.content["nodes"].values():
            if node["resource_type"] == "test" and node.get("attached_node"):
                tests.setdefault(node["attached_node"], []).append(node)
        return tests

    def _is_proved(self, test: dict[str, Any]) -> bool:
        """Whether a test, as it is written, passed the night before."""
        same, proved = self.unchanged.inputs, self.unchanged.proved
        return test["unique_id"] in same and test["name"] in proved

    def _is_settled(self, node: str, known: dict[str, bool]) -> bool:
        if node not in known:
            known[node] = (
                self._is_same_source(node)
                if node.startswith("source.")
                else self._comes_out_the_same(self.manifest.content["nodes"][node], known)
            )
        return known[node]

    def _is_same_source(self, source: str) -> bool:
        _, _, system, table = source.split(".")
        if system != NIGHT_SCHEMA:
            return f"{system}__{table}" in self.unchanged.inputs
        # A file that lands may hold an order of somebody who was erased before.
        landed = self.manifest.content["sources"]
        others = (s for s in landed if s.split(".")[2] != NIGHT_SCHEMA)
        return source == ERASED and all(map(self._is_same_source, others))

    def _comes_out_the_same(self, node: dict[str, Any], known: dict[str, bool]) -> bool:
        if node["unique_id"] not in self.unchanged.inputs:
            return False
        if node["unique_id"] == NIGHT_MODEL:
            # A view, so it shows the new night; who reads it is asked what they read.
            return True
        if node["config"]["materialized"] == "incremental" and not is_base(node["name"]):
            return False
        if node["resource_type"] == "test" and not self._is_proved(node):
            return False
        behind = set(node["depends_on"].get("nodes", ()))
        reads_night = bool(behind & {NIGHT, NIGHT_MODEL})
        if reads_night and self._minds_the_date(node):
            return False
        return all(self._is_settled(one, known) for one in behind - {NIGHT, NIGHT_MODEL})

    def _minds_the_date(self, node: dict[str, Any]) -> bool:
        if is_base(node["name"]) and node["name"] not in self.unchanged.hopeful:
            return False
        texts = self.manifest.texts_of(node)
        return any(word in text for word in NEW_EVERY_NIGHT for text in texts)


def is_base(model: str) -> bool:
    """Whether a model of this name types landed rows, and keeps what it typed."""
    return model.startswith("base_")


def exclusions(settled: frozenset[str], state: Path) -> list[str]:
    """Return the arguments of dbt that leave out settled nodes, which are written down in `state`.

    They stand there as results of an earlier run, which dbt looks up: a name given as argument is
    held against every node.
    """
    if not settled:
        return []
    state.mkdir()
    results = [{**_NO_RESULT, "unique_id": node} for node in sorted(settled)]
    artifact = {"metadata": {"dbt_schema_version": RESULTS}, "results": results, "elapsed_time": 0}
    (state / "run_results.json").write_text(json.dumps(artifact), encoding="ascii")
    return [
        "--indirect-selection", "empty",
        "--state", str(state), "--exclude", f"result:{SETTLED}",
    ]  # fmt: skip
