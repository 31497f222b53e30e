"""A dbt project in a scratch folder: the real macros, with sources and models of a test's own.

Belongs here: building such a project. Does not belong here: what a macro should answer.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.manifest import dbt_executable
from orchestration.settings import DBT_PROJECT

Row = Mapping[str, Any]
NIGHT = {"as_of_date": "2026-11-21", "business_timezone": "Asia/Shanghai"}
NIGHT_TYPES = {"as_of_date": "date", "business_timezone": "varchar"}
PROFILE = {
    "target": "desk",
    "outputs": {"desk": {"type": "duckdb", "path": "desk.duckdb", "threads": 2,
                         "settings": {"TimeZone": "UTC"}}},
}  # fmt: skip
PROJECT = {
    # typed_rows looks for its source under the name of the project.
    "name": "strata",
    "version": "1.0.0",
    "profile": "desk",
    "flags": {"send_anonymous_usage_stats": False},
}


@dataclass
class Table:
    """A source table: its columns with their types in DuckDB, its rows, and what is declared."""

    types: Mapping[str, str]
    rows: Sequence[Row]
    landing: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass
class Desk:
    """A project to be: tables by `system.table`, and the SQL of models by name."""

    folder: Path
    tables: dict[str, Table] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)

    def build(self) -> None:
        """Write the project and its tables, and let dbt build every model."""
        done = self.attempt()
        assert done.returncode == 0, done.stdout + done.stderr

    def attempt(self) -> subprocess.CompletedProcess[str]:
        """Do the same and return how dbt ended."""
        (self.folder / "models").mkdir(parents=True)
        shutil.copytree(DBT_PROJECT / "macros", self.folder / "macros")
        (self.folder / "dbt_project.yml").write_text(yaml.safe_dump(PROJECT))
        (self.folder / "profiles.yml").write_text(yaml.safe_dump({"desk": PROFILE}))
        night = {"strata.night": Table(NIGHT_TYPES, [NIGHT])}
        self._write_sources(night | self.tables)
        for name, sql in self.models.items():
            (self.folder / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")
        with duckdb.connect(str(self.folder / "desk.duckdb")) as warehouse:
            for name, table in (night | self.tables).items():
                write_table(warehouse, name.replace(".", "__"), table)
        return self._run()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Answer a query from the warehouse that was built."""
        with duckdb.connect(str(self.folder / "desk.duckdb"), read_only=True) as warehouse:
            return warehouse.execute(sql).fetchall()

    def _write_sources(self, tables: Mapping[str, Table]) -> None:
        systems: dict[str, list[dict[str, Any]]] = {}
        for name, table in tables.items():
            system, short = name.split(".")
            columns = [{"name": column, "config": {"meta": dict(meta)}}
                       for column, meta in table.columns.items()]  # fmt: skip
            systems.setdefault(system, []).append({
                "name": short, "identifier": f"{system}__{short}", "columns": columns,
                "config": {"meta": {"landing": dict(table.landing)}},
            })  # fmt: skip
        sources = [{"name": system, "schema": "landing", "tables": found}
                   for system, found in systems.items()]  # fmt: skip
        text = yaml.safe_dump({"version": 2, "sources": sources}, sort_keys=False)
        (self.folder / "models" / "sources.yml").write_text(text, encoding="utf-8")

    def _run(self) -> subprocess.CompletedProcess[str]:
        command = [
            str(dbt_executable()), "--no-use-colors", "run",
            "--project-dir", str(self.folder), "--profiles-dir", str(self.folder),
        ]  # fmt: skip
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("DBT_")}
        return subprocess.run(
            command, env=inherited, cwd=self.folder, capture_output=True, text=True, check=False
        )


def write_table(warehouse: duckdb.DuckDBPyConnection, name: str, table: Table) -> None:
    """Create a landed table; what a row does not name is null."""
    warehouse.execute("create schema if not exists landing")
    kinds = ", ".join(f"{column} {kind}" for column, kind in table.types.items())
    warehouse.execute(f"create table landing.{name} ({kinds})")
    # By column: rows one by one would take most of the test.
    values = ", ".join(f"unnest(cast(? as {kind}[]))" for kind in table.types.values())
    if table.rows:
        warehouse.execute(
            f"insert into landing.{name} select {values}",
            [[row.get(column) for row in table.rows] for column in table.types],
        )
