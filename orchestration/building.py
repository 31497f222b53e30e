"""Opening a night: a private copy of the last generation, its clock, and views over landing.

Belongs here: everything that stands in the warehouse before dbt starts.
Does not belong here: any transformation (dbt), or publishing (publish.py).
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.clone import CloneAhead, clone
from orchestration.engine import Engine, engine_of
from orchestration.fingerprints import fingerprints
from orchestration.landing import ledger, register
from orchestration.landing.marks import order_id
from orchestration.landing.parquet import landed_rows, typed
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import identifier, quoted
from orchestration.settings import Settings
from orchestration.settled import Unchanged, compare_inputs, is_base

WAREHOUSE = "warehouse.duckdb"
NIGHT_RUNS = {
    "as_of_date": "date",
    "generation": "varchar",
    "published_at": "timestamp",
    "rows_landed": "bigint",
    "rows_rejected": "bigint",
    "git_revision": "varchar",
    "checks_run": "integer",
    "checks_failed": "integer",
    "key_id": "varchar",
}
CHECK_RESULTS = {
    "as_of_date": "date",
    "check_name": "varchar",
    "layer": "varchar",
    "table_name": "varchar",
    "passed": "boolean",
    "observed": "double",
    "limit_value": "varchar",
}
LOGS = {"night_runs": NIGHT_RUNS, "check_results": CHECK_RESULTS}


@dataclass(frozen=True)
class State:
    """What a model held on the night before, for models that stand upstream of it."""

    model: str
    columns: dict[str, str]


STATES = {
    "ids_known": State(
        "int_customer_ids_logged",
        {"as_of_date": "date", "record_key": "varchar", "customer_id": "varchar"},
    ),
    "clusters_known": State(
        "int_customer_records_clustered",
        {
            "record_key": "varchar",
            "identifier_kind": "varchar",
            "identifier_value": "varchar",
            "name_key": "varchar",
            "birth_date": "date",
            "is_heard": "boolean",
            "cluster_label": "varchar",
            "rules_key": "varchar",
        },
    ),
}


@dataclass(frozen=True)
class Build:
    """One night under construction, in a folder of its own."""

    folder: Path
    as_of: dt.date
    run_id: str

    @property
    def warehouse(self) -> Path:
        """The private DuckDB file that dbt builds in."""
        return self.folder / WAREHOUSE

    @property
    def dbt_target(self) -> Path:
        """Where dbt writes what it compiled and what came of it."""
        return self.folder / "dbt"

    @property
    def run_results(self) -> Path:
        """Results of the dbt run of this night."""
        return self.dbt_target / "run_results.json"

    @property
    def generation(self) -> str:
        """Name of the generation that this build becomes."""
        return f"{self.as_of.isoformat()}T{self.run_id}"


def connect_warehouse(
    path: Path, *, read_only: bool = False, engine: Engine | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a warehouse file without ever reaching for extensions; `engine` says what it may take.

    Without one the engine takes what it takes by itself, which is right for small questions.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        **(engine.options if engine else {}),
    }
    return duckdb.connect(str(path), read_only=read_only, config=config)


def open_build(
    settings: Settings,
    build: Build,
    base: Path | None,
    sources: Sequence[SourceTable],
    *,
    rebuilds: bool = False,
    ahead: CloneAhead | None = None,
) -> Unchanged:
    """Copy `base` (a generation's folder, None for the first night) and set up the night in it.

    `ahead`: a clone of its warehouse that was begun before.
    Returns what is in tonight as it was in `base`; nothing, where `rebuilds` asks for that.
    """
    landed = {s.relation: landed_records(settings, s, build.as_of) for s in sources}
    build.folder.mkdir(parents=True, mode=0o700)
    if ahead is not None:
        ahead.put(build.warehouse)
    elif base is not None:
        clone(base / WAREHOUSE, build.warehouse)
    engine = engine_of(settings)
    with connect_warehouse(build.warehouse, engine=engine) as connection:
        connection.execute("create schema if not exists landing")
        unchanged = compare_inputs(connection, fingerprints(settings, sources, landed))
        unchanged = Unchanged() if rebuilds else unchanged
        _forget_typed(connection, unchanged)
        _write_night(connection, settings, build)
        _write_logs(connection, build.as_of)
        for source in sources:
            connection.execute(source_view(settings, source, landed[source.relation]))
        connection.execute(files_view(settings))
        for name, state in STATES.items():
            connection.execute(state_view(connection, name, state))
        connection.execute(erased_orders_view(settings, sources, landed))
    build.warehouse.chmod(0o600)
    return unchanged


def _forget_typed(connection: duckdb.DuckDBPyConnection, unchanged: Unchanged) -> None:
    """Drop what base models typed by other rules than tonight's, so that they type every file."""
    typed_tables = {t for t in _standing(connection) if t[0] == "staging" and is_base(t[1])}
    _drop(connection, {t for t in typed_tables if not unchanged.follows(t[1])})


def make_room(build: Build, tables: Collection[tuple[str, str]]) -> None:
    """Drop tables (schema and name) that tonight replaces, so that the new ones take their place.

    A table that is replaced while it stands leaves as much free space in the file, which every
    later night would copy.
    """
    with connect_warehouse(build.warehouse) as connection:
        _drop(connection, _standing(connection) & set(tables))


def _standing(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    tables = connection.execute("select schema_name, table_name from duckdb_tables()")
    return set(tables.fetchall())


def _drop(connection: duckdb.DuckDBPyConnection, tables: Collection[tuple[str, str]]) -> None:
    for schema, name in tables:
        connection.execute(f"drop table {identifier(schema)}.{identifier(name)}")


def _write_night(connection: duckdb.DuckDBPyConnection, settings: Settings, build: Build) -> None:
    connection.execute(
        "create or replace table landing.night as select ?::date as as_of_date, ? as run_id, "
        "? as business_timezone, ? as reporting_currency",
        [build.as_of, build.run_id, settings.timezone, settings.currency],
    )


def _write_logs(connection: duckdb.DuckDBPyConnection, as_of: dt.date) -> None:
    for name, columns in LOGS.items():
        definition = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        connection.execute(f"create table if not exists landing.{name} ({definition})")
        for column, kind in columns.items():  # an older warehouse lacks late columns
            connection.execute(
                f"alter table landing.{name} add column if not exists {column} {kind}"
            )
        # A night that is built again replaces what it wrote before.
        connection.execute(f"delete from landing.{name} where as_of_date >= ?", [as_of])


def landed_records(
    settings: Settings, source: SourceTable, as_of: dt.date
) -> list[register.FileRecord]:
    """Return what landing has recorded of the landed files of one source up to `as_of`."""
    records = register.read_part(register.part(settings.landing, source.relation))
    return [
        record
        for record in sorted(records, key=lambda record: record.file_number)
        if record.outcome == register.LANDED and record.landed_for <= as_of
    ]


def source_view(
    settings: Settings, source: SourceTable, landed: Sequence[register.FileRecord]
) -> str:
    """Return the view over the landed files of one source as SQL."""
    paths = [record.parquet(settings.landing) for record in landed]
    rows = landed_rows([column.name for column in source.columns], paths)
    return f"create or replace view landing.{source.relation} as from {rows}"


def erased_orders_view(
    settings: Settings,
    sources: Sequence[SourceTable],
    landed: Mapping[str, Sequence[register.FileRecord]],
) -> str:
    """Return the view over orders of people who were erased as SQL; typed also without any.

    An order that its system tells by two numbers has two rows.
    """
    found = []
    for source in sources if ledger.read(settings.landing) else ():
        paths = [record.parquet(settings.landing) for record in landed[source.relation]]
        rows = f"{landed_rows([*source.order, '_erased'], paths)} where _erased is not null"
        found += [
            f"select {quoted(source.system)}, {order_id(name)} from {rows}" for name in source.order
        ]
    columns = {"source_system": "varchar", "source_order_id": "varchar"}
    orders = f"({' union '.join(found)})" if found else typed(columns, None)
    names = ", ".join(columns)
    return f"create or replace view landing.erased_orders({names}) as from {orders}"


def files_view(settings: Settings) -> str:
    """Return the view over the register of files as SQL; typed also when empty."""
    names = ", ".join(map(identifier, register.COLUMNS))
    files = register.all_files(settings.landing)
    return f"create or replace view landing.files as select {names} from {files}"


def state_view(connection: duckdb.DuckDBPyConnection, name: str, state: State) -> str:
    """Return a view over what `state` held on the night before as SQL; typed also when empty."""
    held = connection.execute(
        "select column_name from duckdb_columns() "
        "where schema_name = 'intermediate' and table_name = ?",
        [state.model],
    ).fetchall()
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in state.columns.items())
    if state.columns.keys() <= {column for (column,) in held}:
        rows = f"select {columns} from intermediate.{state.model}"
    else:
        empty = ", ".join(f"null::{kind} as {name}" for name, kind in state.columns.items())
        rows = f"select {empty} where false"
    return f"create or replace view landing.{name} as {rows}"
