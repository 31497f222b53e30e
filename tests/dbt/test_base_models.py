"""Base models keep what they typed, and hold what they would if they typed everything."""

import datetime as dt
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest
from plain_dbt import Dbt, opened

FIRST_NIGHT = dt.date(2026, 11, 20)
NIGHTS = 2
FILES_A_NIGHT, ROWS_A_FILE = 2, 12
# Few values each, so that files state the same records; times on either side of the nights.
VALUES = {
    "id": ["1001", "1002", "1003"],
    "amount": ["1", "2.50", "¥3", "many"],
    "rate": ["7.1", "7.2"],
    "integer": ["1", "2", "three"],
    "boolean": ["true", "否", "perhaps"],
    "time": ["2026-11-01 10:00:00", "2026-11-20 23:30:00", "2026-11-21 08:00:00", "soon"],
    "date": ["2026-11-01", "2026-11-20", "2026-11-21", "soon"],
    "phone": ["13800138000", "021-1234"],
    "email": ["a@example.com", "none"],
    "json": ['{"a": 1}', '{"a": 2}'],
    "text": ["one", "two", "three"],
}
CURRENCIES = ["CNY", "USD", "EUR"]
MISSING = 0.15


@dataclass
class Landing:
    """Random files of every source, landed into the warehouse of plain dbt."""

    home: Path
    sources: dict[str, dict[str, Any]]
    chance: random.Random = field(default_factory=lambda: random.Random(11))  # noqa: S311
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def warehouse(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.home / "dev" / "warehouse.duckdb"))

    def prepare(self) -> None:
        """Put a table in the place of each view over landing."""
        with self.warehouse() as connection:
            for relation in self.sources:
                connection.execute(f"create table landing.new as from landing.{relation}")
                connection.execute(f"drop view landing.{relation}")
                connection.execute(f"alter table landing.new rename to {relation}")

    def land(self, night: dt.date) -> None:
        """Land files of every source for `night`; of some sources none comes."""
        with self.warehouse() as connection:
            connection.execute("update landing.night set as_of_date = ?", [night])
            for relation, source in self.sources.items():
                if self.chance.random() < MISSING:
                    continue
                for _ in range(FILES_A_NIGHT):
                    self._land_file(connection, relation, source, night)

    def _land_file(
        self,
        connection: duckdb.DuckDBPyConnection,
        relation: str,
        source: dict[str, Any],
        night: dt.date,
    ) -> None:
        number = next(self.numbers)
        exported = dt.datetime.combine(night, dt.time(self.chance.randrange(20)))
        lineage = {
            "_file": f"{number}.csv", "_file_id": f"f{number}", "_exported_at": exported,
            "_landed_for": night, "_file_number": number,
            "_load": self.chance.choice([None, "full", "delta"]),
        }  # fmt: skip
        rows = [
            {name: self._cell(name, column) for name, column in source["columns"].items()}
            | lineage
            | {"_row": row}
            for row in range(2, 2 + self.chance.randrange(1, ROWS_A_FILE))
        ]
        names, marks = ", ".join(f'"{name}"' for name in rows[0]), ", ".join("?" for _ in rows[0])
        connection.executemany(
            f"insert into landing.{relation} ({names}) values ({marks})",
            [list(row.values()) for row in rows],
        )

    def _cell(self, name: str, column: dict[str, Any]) -> str | None:
        if self.chance.random() < MISSING:
            return None
        if "currency" in name:
            return self.chance.choice(CURRENCIES)
        return self.chance.choice(VALUES[column["config"]["meta"].get("type", "text")])

    def held(self) -> dict[str, list[tuple[Any, ...]]]:
        """Rows of every base model, in one order."""
        with self.warehouse() as connection:
            tables = connection.execute(
                "select table_name from duckdb_tables() "
                "where schema_name = 'staging' and starts_with(table_name, 'base_')"
            ).fetchall()
            return {
                name: connection.execute(
                    f"select outcome, * from staging.{name} order by _file_number, _row"
                ).fetchall()
                for (name,) in tables
            }


def type_files(dbt: Dbt, *options: str) -> None:
    """Build every base model and what it reads."""
    done = dbt(
        "build", "--select", "+strata.staging.*.base_*",
        "--exclude-resource-type", "test", "unit_test", *options,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Landing, Dbt]:
    """Nights of files, typed night by night."""
    home = tmp_path_factory.mktemp("home")
    dbt, manifest, tables = opened(home, FIRST_NIGHT)
    declared = json.loads(manifest.path.read_bytes())["sources"]
    sources = {
        table.relation: declared[f"source.strata.{table.relation.replace('__', '.')}"]
        for table in tables
    }
    landing = Landing(home, sources)
    landing.prepare()
    for night in range(NIGHTS):
        landing.land(FIRST_NIGHT + dt.timedelta(night))
        type_files(dbt)
    return landing, dbt


def test_what_was_typed_night_by_night_is_what_would_be_typed_at_once(
    landed: tuple[Landing, Dbt],
) -> None:
    landing, dbt = landed
    kept = landing.held()
    outcomes = {row[0] for rows in kept.values() for row in rows}
    type_files(dbt, "--full-refresh")
    assert kept == landing.held()
    assert len(kept) == len(landing.sources)
    assert outcomes >= {"kept", "superseded", "deleted", "rejected"}
