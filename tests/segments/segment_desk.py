"""The real models of segments, compiled by dbt for chosen entries, run on chosen profiles.

Belongs here: compiling once and running a night. Does not belong here: what must come of it.
"""

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.manifest import dbt_executable
from orchestration.settings import DBT_PROJECT, PROFILES

Columns = Mapping[str, str]
# Columns of the profile that every desk has, beside its own.
COMMON = {"customer_id": "varchar", "contactable_email": "boolean", "as_of_date": "date",
          "tag_list": "varchar", "group_list": "varchar"}  # fmt: skip
FED = {
    "int_orders_identified": "order_id varchar, customer_id varchar, order_date date, "
    "net_amount decimal(18,2), is_counted boolean",
    "int_customer_orders_measured": "customer_id varchar, order_count integer",
    "int_customer_ids_followed": "customer_id varchar, state varchar",
}
# In the order in which they build on each other.
MODELS = (
    "int_segments_declared", "int_segment_versions_logged", "int_customer_facts_hashed",
    "int_customer_facts_logged", "int_segment_patterns_judged", "int_segment_patterns_parted",
    "int_segment_patterns_counted", "int_segment_members_selected", "int_segment_members_logged",
    "int_segment_conditions_declared", "int_segment_conditions_judged",
    "segment_membership_history", "segment_members", "segment_daily", "segment_overlaps",
    "segment_reasons",
    "customer_action_segments", "customers_without_segment",
)  # fmt: skip
LOGS = tuple(name for name in MODELS if name.endswith("_logged") or name == "segment_daily")
FORGET = "delete from {} where as_of_date >= (select as_of_date from landing.night)"


def entry(rule: str | None, number: int, **more: object) -> dict[str, object]:
    """Return an entry with what every segment needs."""
    needed = {"name_zh": f"群{number}", "name_en": f"Group {number}", "goal": "raise_sales",
              "owner": "Ann", "priority": number, "is_action_segment": True}  # fmt: skip
    return needed | ({"rule": rule} if rule else {}) | more


@dataclass(frozen=True)
class Desk:
    """A scratch dbt project with the models of segments; profiles have `columns` of their own."""

    folder: Path
    columns: Columns
    sql: dict[str, dict[str, str]] = field(default_factory=dict)

    def compile(self, name: str, entries: Mapping[str, dict[str, object]]) -> None:
        """Let dbt compile the models for some entries, to be run under a name."""
        if not self.sql:
            self._write()
        self._write_entries(entries)
        with duckdb.connect(str(self.folder / "warehouse.duckdb")) as warehouse:
            for log in LOGS:
                warehouse.execute(f'create schema if not exists "{schema_of(log)}"')
                warehouse.execute(f"create table if not exists {schema_of(log)}.{log} (x integer)")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "STRATA_"))}
        run = subprocess.run(
            [dbt_executable(), "compile", "--project-dir", self.folder,
             "--profiles-dir", self.folder, "--target-path", self.folder / "target",
             "--select", *MODELS],
            cwd=self.folder, env={**kept, "STRATA_HOME": str(self.folder)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout[-3000:]
        compiled = (self.folder / "target/compiled").rglob("*.sql")
        self.sql[name] = {path.stem: path.read_text("utf-8") for path in compiled}

    def open(self) -> "Warehouse":
        """Return an empty warehouse."""
        return Warehouse(self)

    def _write(self) -> None:
        shutil.copytree(DBT_PROJECT / "macros", self.folder / "macros")
        shutil.copyfile(DBT_PROJECT / "dbt_project.yml", self.folder / "dbt_project.yml")
        profile = yaml.safe_load((PROFILES / "profiles.yml").read_text("utf-8"))
        output = profile["strata"]["outputs"]["local"]
        profile["strata"] = {"target": "local", "outputs": {"local": output}}
        (self.folder / "profiles.yml").write_text(yaml.safe_dump(profile))
        for model in MODELS:
            found = next((DBT_PROJECT / "models").rglob(f"{model}.sql"))
            layer = found.relative_to(DBT_PROJECT).parent
            self._put(layer / found.name, found.read_text("utf-8"))
        for fed in (*FED, "int_customer_profile_tagged"):
            text = f"select * from {{{{ source('desk', '{fed}') }}}}"
            self._put(Path("models/intermediate") / f"{fed}.sql", text)
        night = "select * from {{ source('strata', 'night') }}"
        self._put(Path("models/staging/stg_strata__night.sql"), night)
        sources = [
            {"name": "desk", "schema": "landing",
             "tables": [{"name": name} for name in (*FED, "int_customer_profile_tagged")]},
            {"name": "strata", "schema": "landing", "tables": [{"name": "night"}]},
        ]  # fmt: skip
        words = [
            {"name": name, "config": {"meta": {"is_own_fact": name not in ("as_of_date", "age")}}}
            for name in (COMMON | dict(self.columns))
            if name != "customer_id"
        ]
        models = [{"name": "int_customer_profile_tagged", "columns": words}]
        content = {"version": 2, "sources": sources, "models": models}
        self._put(Path("models/desk.yml"), yaml.safe_dump(content))

    def _write_entries(self, entries: Mapping[str, dict[str, object]]) -> None:
        meta = {"meta": {"segments": dict(entries)}}
        model = {"name": "dim_segments", "config": {**meta, "contract": {"enforced": False}}}
        self._put(
            Path("models/marts/dim_segments.yml"),
            yaml.safe_dump({"version": 2, "models": [model]}, allow_unicode=True),
        )
        self._put(Path("models/marts/dim_segments.sql"), "select 1 as x")

    def _put(self, path: Path, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        # Contracts are held by the nights of the sample; here there are no declared columns.
        (self.folder / path).write_text(text, encoding="utf-8")
        project = self.folder / "dbt_project.yml"
        project.write_text(project.read_text("utf-8").replace("enforced: true", "enforced: false"))


def schema_of(model: str) -> str:
    """Schema in which dbt would build a model."""
    return "intermediate" if model.startswith("int_") else "marts"


class Warehouse:
    """Nights one after the other, in memory."""

    def __init__(self, desk: Desk) -> None:
        """Create the schemas and empty inputs."""
        self.desk = desk
        self.columns = COMMON | dict(desk.columns)
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as warehouse")
        self.connection.execute("use warehouse")
        for schema in ("landing", "staging", "intermediate", "marts"):
            self.connection.execute(f"create schema {schema}")
        definition = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        self.connection.execute(
            f"create table intermediate.int_customer_profile_tagged ({definition})"
        )
        for fed, columns in FED.items():
            self.connection.execute(f"create table intermediate.{fed} ({columns})")
        self.connection.execute("create table landing.night (as_of_date date)")
        self.connection.execute("create view staging.stg_strata__night as from landing.night")

    def fill(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Replace the rows of an input."""
        self.connection.execute(f"delete from intermediate.{table}")
        listed = list(rows)
        if listed:
            marks = ", ".join("?" for _ in listed[0])
            self.connection.executemany(
                f"insert into intermediate.{table} values ({marks})", [list(r) for r in listed]
            )

    def night(
        self,
        as_of: dt.date,
        version: str,
        profiles: Mapping[str, Mapping[str, object]],
        merged: Iterable[str] = (),
    ) -> None:
        """Build one night with the entries compiled as `version`; `merged` are ids given up."""
        defaults = {"contactable_email": True, "as_of_date": as_of, "tag_list": "|",
                    "group_list": "|"}  # fmt: skip
        self.connection.execute("delete from landing.night")
        self.connection.execute("insert into landing.night values (?)", [as_of])
        self.fill(
            "int_customer_profile_tagged",
            ([(defaults | {"customer_id": who} | dict(told)).get(n) for n in self.columns]
             for who, told in profiles.items()),
        )  # fmt: skip
        self.fill("int_customer_orders_measured", ((who, 0) for who in profiles))
        states = dict.fromkeys(merged, "merged") | dict.fromkeys(profiles, "current")
        self.fill("int_customer_ids_followed", states.items())
        self.build(version)

    def build(self, version: str, models: Sequence[str] = MODELS) -> None:
        """Run compiled models on the inputs as they stand."""
        for model in models:
            name, sql = f"{schema_of(model)}.{model}", self.desk.sql[version][model]
            if model not in LOGS:
                self.connection.execute(f"create or replace table {name} as {sql}")
                continue
            exists = self.connection.execute(
                "select 1 from duckdb_tables() where table_name = ?", [model]
            ).fetchone()
            if exists is None:
                self._create_empty(name, sql)
            self.connection.execute(FORGET.format(name))
            self.connection.execute(f"insert into {name} by name {sql}")

    def _create_empty(self, name: str, sql: str) -> None:
        # The incremental form reads the log itself, which has no columns yet on the first night.
        keys = "as_of_date date, segment_id varchar, customer_id varchar, is_present boolean, "
        keys += (
            "entered_date date, facts_key varchar, definition_version varchar, rule_text varchar, "
        )
        keys += "exclusions varchar, exit_reason varchar"
        self.connection.execute(f"create table {name} ({keys})")
        columns = self.connection.execute(f"describe {sql}").fetchall()
        definition = ", ".join(f"{column[0]} {column[1]}" for column in columns)
        self.connection.execute(f"create or replace table {name} ({definition})")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(query).fetchall()

    def members(self) -> dict[str, set[str]]:
        """Members of each segment that has any, as published tonight."""
        found: dict[str, set[str]] = {}
        for segment_id, who in self.rows(
            "select segment_id, customer_id from marts.segment_members"
        ):
            found.setdefault(segment_id, set()).add(who)
        return found
