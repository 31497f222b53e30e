"""Writing what is published: `marts.duckdb`, and one Parquet file per table.

Belongs here: how the built tables get there. Does not belong here: when, and the order of the steps
around it (publish.py).
"""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.amending import amend, can_be_amended
from orchestration.building import connect_warehouse
from orchestration.clone import clone
from orchestration.landing.texts import identifier, quoted
from orchestration.manifest import PublishedTable

MARTS = "marts.duckdb"
# What DuckDB 1.1 reads, which is what BI drivers bundle.
STORAGE_VERSION = "v1.0.0"
# On tables like these the lowest level is the quickest, and smaller than the default.
PARQUET_OPTIONS = "format parquet, compression zstd, compression_level 1"
TABLES_AT_ONCE = 2


def export(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    tables: Sequence[PublishedTable],
    at_once: int = 1,
) -> dict[str, int]:
    """Write tables into `marts.duckdb` and Parquet files, ordered by grain; return their rows.

    Where `folder` has a `marts.duckdb` already, only rows are written that differ from it.
    `at_once`: for how many tables the engine's memory suffices.
    """
    parquet = folder / "parquet"
    parquet.mkdir(exist_ok=True)

    def write(table: PublishedTable) -> int:
        with connection.cursor() as own:
            is_amended = table in kept and amend(own, _published(table), _query(table))
            return _export_table(own, table, parquet, is_written=is_amended)

    # Sorting and compressing one table seldom keeps two processors busy; two tables do.
    with (
        _attached(connection, folder / MARTS),
        ThreadPoolExecutor(min(TABLES_AT_ONCE, at_once)) as pool,
    ):
        kept = _keep(connection, tables)
        return dict(zip((t.name for t in tables), pool.map(write, tables), strict=True))


def inherit(base: Path, folder: Path, tables: Collection[PublishedTable]) -> None:
    """Put a copy of the `marts.duckdb` of the generation `base` into `folder`, to be amended.

    What is no longer among `tables`, which are all that are published, is not in it.
    """
    if not (base / MARTS).exists():  # an inner night of a replay
        return
    clone(base / MARTS, folder / MARTS)
    names = {table.name for table in tables}
    with connect_warehouse(folder / MARTS) as connection:
        stand = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
        for (name,) in stand:
            if name not in names:
                connection.execute(f"drop table marts.marts.{identifier(name)}")


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, marts: Path) -> Iterator[None]:
    options = f"storage_version '{STORAGE_VERSION}'"
    connection.execute(f"attach {quoted(str(marts))} as published ({options})")
    connection.execute("create schema if not exists published.marts")
    yield
    connection.execute("detach published")


def _keep(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[PublishedTable]
) -> frozenset[PublishedTable]:
    """Return the tables that can be amended; others are dropped, so that new ones take their place.

    A table that is replaced while it stands leaves as much free space in the file.
    """
    kept = frozenset(t for t in tables if can_be_amended(connection, _published(t), _query(t)))
    for table in set(tables) - kept:
        connection.execute(f"drop table if exists {_published(table)}")
    connection.execute("checkpoint published")
    return kept


def _export_table(
    connection: duckdb.DuckDBPyConnection, table: PublishedTable, parquet: Path, *, is_written: bool
) -> int:
    target, by_grain = _published(table), f"order by {', '.join(map(identifier, table.grain))}"
    if not is_written:
        connection.execute(f"create or replace table {target} as {_query(table)} {by_grain}")
    # Most rows are in order already, which makes this cheap.
    file = quoted(str(parquet / f"{table.name}.parquet"))
    copied = f"copy (from {target} {by_grain}) to {file} ({PARQUET_OPTIONS})"
    done = connection.execute(copied).fetchone()
    return int(done[0]) if done else 0


def _published(table: PublishedTable) -> str:
    return f"published.marts.{identifier(table.name)}"


def _query(table: PublishedTable) -> str:
    return f"select * from marts.{identifier(table.name)}"
