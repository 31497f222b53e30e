"""A dbt project of the identity models alone, fed with a population instead of staging.

Belongs here: the real rules, macros and seeds in a scratch folder, and running dbt on them. Does
not belong here: what the population is (records.py), and what came of it (score.py).
"""

import csv
import datetime as dt
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.building import STATES, Build, connect_warehouse, state_view
from orchestration.manifest import dbt_executable
from orchestration.settings import DBT_PROJECT, PROFILES
from population.records import Book

NIGHT = dt.date(2026, 11, 21)
KEY = "a key for tests, long enough to be one"
SEEDS = {"_identity__seeds.yml", "identifier_kinds.csv", "blocked_identifiers.csv",
         "email_providers.csv", "login_spaces.csv", "identity_overrides.csv"}  # fmt: skip
TABLES = {
    "records": "record_key varchar, source_system varchar, record_kind varchar, "
    "person_name varchar, birth_date date, person integer",
    "contacts": "record_key varchar, phone varchar, email varchar",
    "accounts": "record_key varchar, identifier_kind varchar, identifier_value varchar",
    "traps": "record_key varchar, trap varchar",
}
STAGED = {"stg_strata__night", "stg_strata__ids_known", "stg_strata__clusters_known"}
# The last models of identity: with all that they read, they are what a run builds.
LAST = "+int_customer_ids_logged"
RECORDS = """
with final as (
    select
        source_system,
        record_kind,
        record_key as source_customer_id,
        record_key,
        {{{{ {name} }}}} as person_name,
        'unknown' as gender,
        birth_date,
        cast(null as varchar) as place_text,
        cast(null as varchar) as occupation,
        cast(null as boolean) as is_member,
        cast(null as timestamp) as created_local_at,
        cast(null as timestamp) as modified_local_at
    from {{{{ source('population', 'records') }}}}
    where {condition}
)

select * from final
"""
STATED, REMARKED = "to_text('person_name')", "remarked_name(to_text('person_name'))"
IS_CRM, IS_BUYER = "source_system in ('zoho', 'fxiaoke')", "record_kind = 'buyer'"
IS_VISITOR = "record_kind in ('login', 'device')"
IS_FRIEND = "record_kind = 'friend'"
FED = {
    "int_crm_records_unioned": RECORDS.format(name=STATED, condition=IS_CRM),
    "int_buyer_records_unioned": RECORDS.format(name=STATED, condition=IS_BUYER),
    "int_visitor_records_unioned": RECORDS.format(name=STATED, condition=IS_VISITOR),
    "int_friend_records_unioned": RECORDS.format(name=REMARKED, condition=IS_FRIEND),
    "int_member_records_unioned": RECORDS.format(
        name=STATED, condition=f"not ({IS_CRM} or {IS_BUYER} or {IS_VISITOR} or {IS_FRIEND})"
    ),
    "int_customer_contacts_unioned": """
with cleaned as (
    select
        record_key,
        {{ to_text(to_half_width('phone')) }} as phone_text,
        {{ to_text(to_half_width('email')) }} as email_text
    from {{ source('population', 'contacts') }}
),

typed as (
    select
        record_key,
        {{ to_phone('phone_text') }} as phone,
        {{ to_email('email_text') }} as email
    from cleaned
),

final as (
    select distinct
        record_key,
        phone,
        email
    from typed
    where coalesce(phone, email) is not null
)

select * from final
""",
    "int_customer_accounts_linked": """
select distinct
    record_key,
    identifier_kind,
    identifier_value
from {{ source('population', 'accounts') }}
""",
}
# What dbt does before it builds a model, kept beside the query where that is compiled.
HOOK = "\n\n/* before:\n{hook}\n*/\n"


@dataclass(frozen=True)
class Ran:
    """One run of dbt: wall and processor seconds, peak memory in MB, seconds by node."""

    seconds: float
    processor_seconds: float
    peak: float
    nodes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class IdentityProject:
    """The scratch project; `settings` are settings of DuckDB beside those of the profile."""

    folder: Path
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def build(self) -> Build:
        """The night that stands in the warehouse."""
        return Build(self.folder, NIGHT, "population")

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the warehouse, never while dbt runs."""
        return connect_warehouse(self.build.warehouse)

    def write(self) -> None:
        """Write the project and an empty population."""
        for part in ("macros", "seeds", "tests/generic"):
            shutil.copytree(DBT_PROJECT / part, self.folder / part)
        for leftover in (self.folder / "seeds").iterdir():
            if leftover.name not in SEEDS:
                leftover.unlink()
        shutil.copyfile(DBT_PROJECT / "dbt_project.yml", self.folder / "dbt_project.yml")
        profile = yaml.safe_load((PROFILES / "profiles.yml").read_text("utf-8"))
        output = profile["strata"]["outputs"]["local"]
        output["settings"] |= self.settings
        profile["strata"] = {"target": "local", "outputs": {"local": output}}
        (self.folder / "profiles.yml").write_text(yaml.safe_dump(profile))
        self._write_models()
        with self.connect() as warehouse:
            warehouse.execute("create schema landing")
            for name, columns in TABLES.items():
                warehouse.execute(f"create table landing.{name} ({columns})")
        self.open_night(NIGHT)

    def open_night(self, as_of: dt.date) -> None:
        """Set the clock, and show the models what the night before held."""
        with self.connect() as warehouse:
            warehouse.execute(
                "create or replace table landing.night as select ?::date as as_of_date, "
                "'population' as run_id, 'Asia/Shanghai' as business_timezone, "
                "'CNY' as reporting_currency",
                [as_of],
            )
            for name, state in STATES.items():
                warehouse.execute(state_view(warehouse, name, state))

    def fill(self, book: Book) -> None:
        """Write a population into its tables, instead of any before."""
        rows = {"records": book.records, "contacts": book.contacts, "accounts": book.accounts,
                "traps": sorted(book.traps)}  # fmt: skip
        with self.connect() as warehouse:
            for name, content in rows.items():
                warehouse.execute(f"delete from landing.{name}")
                load(warehouse, name, content, self.folder / f"{name}.csv")

    def dbt(self, *command: str) -> Ran:
        """Run dbt on the project, and stop where it fails."""
        start = time.perf_counter()
        process = subprocess.Popen(
            [dbt_executable(), "--no-use-colors", *command,
             "--project-dir", self.folder, "--profiles-dir", self.folder],
            cwd=self.folder, env=environment(self.folder), text=True,
            stdout=(self.folder / "dbt.out").open("w"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        if process.returncode:
            raise RuntimeError((self.folder / "dbt.out").read_text()[-3_000:])
        results = json.loads((self.folder / "target" / "run_results.json").read_text())["results"]
        nodes = {r["unique_id"].split(".")[2]: r["execution_time"] for r in results}
        return Ran(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1_000, nodes)

    def compiled(self) -> dict[str, str]:
        """The SQL of every model as dbt compiled it last, by name, upstream models first."""
        results = json.loads((self.folder / "target" / "run_results.json").read_text())["results"]
        return {r["unique_id"].split(".")[2]: r["compiled_code"] for r in results
                if r["unique_id"].startswith("model.")}  # fmt: skip

    def _write_models(self) -> None:
        models = self.folder / "models"
        for name, text in identity_models().items():
            hooks = re.findall(r'pre_hook="(.*?)"', text)
            comments = "".join(HOOK.format(hook=hook) for hook in hooks)
            write(models / "intermediate" / f"{name}.sql", text + comments)
        for name in STAGED:
            found = DBT_PROJECT / f"models/staging/strata/{name}.sql"
            write(models / "staging" / found.name, found.read_text("utf-8"))
        sources = [
            {"name": "population", "schema": "landing", "tables": [{"name": n} for n in TABLES]},
            {"name": "strata", "schema": "landing",
             "tables": [{"name": name} for name in ("night", *STATES)]},
        ]  # fmt: skip
        write(models / "sources.yml", yaml.safe_dump({"version": 2, "sources": sources}))
        test = DBT_PROJECT / "tests/singular/identity_has_converged.sql"
        write(self.folder / "tests" / test.name, test.read_text("utf-8"))


def identity_models() -> dict[str, str]:
    """Models of identity by name, but for those that need orders or the whole of staging."""
    found = {path.stem: FED.get(path.stem, path.read_text("utf-8"))
             for path in (DBT_PROJECT / "models/intermediate/identity").glob("*.sql")}  # fmt: skip
    known = STAGED | {Path(seed).stem for seed in SEEDS}
    while True:
        lost = [
            name
            for name, text in found.items()
            if not set(re.findall(r"ref\('([a-z0-9_]+)'\)", text)) <= known | found.keys()
        ]
        if not lost:
            return found
        for name in lost:
            del found[name]


def environment(folder: Path) -> dict[str, str]:
    """What dbt finds in its environment; a key and a home of the project's own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "STRATA_"))}
    return {**kept, "STRATA_HOME": str(folder / "home"), "STRATA_HASH_KEY": KEY}


def write(path: Path, text: str) -> None:
    """Write a file of the project."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def load(
    warehouse: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Any]], path: Path
) -> None:
    """Append rows to a table of the population, by way of a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    names = [column.split()[0] for column in TABLES[table].split(", ")]
    columns = dict.fromkeys(names, "varchar")
    warehouse.execute(
        f"insert into landing.{table} select * from read_csv('{path}', header = false, "
        f"columns = {columns}, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
        "auto_detect = false)"
    )
