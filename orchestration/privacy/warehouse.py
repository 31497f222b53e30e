"""A warehouse without a person, written into a new file.

Belongs here: which cells of which tables go, whatever the tables are. Does not belong here:
landing (landed.py), and what is published (generations.py).

Deleting leaves the bytes in a DuckDB file, so everything is copied into a new one. In the copy the
customer is a token that nobody can lead back, so last night's totals still add up; on the next
night that customer simply leaves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.landing.forgetting import ERASED
from orchestration.landing.texts import identifier, quoted
from orchestration.privacy.person import Person

# Tables of what the night says of itself name nobody.
UNTOUCHED = ("seeds",)
# Names that models give to what the declarations call personal.
NAMES_OF_MODELS = frozenset({"person_name", "name_key", "full_name", "source_customer_id"})
KEYS = ("customer_id", "record_key")
# What each source had last night, with which tonight is compared.
COUNTS = "counts_logged"
# File number and row number of landed rows about the person, by base model; those that are gone
# and those that stay emptied.
LandedRows = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Removal:
    """Whom to take out of a warehouse, and what is to be left in their place.

    `emptied` are base models whose rows stay in landing, without personal cells.
    """

    person: Person
    token: str
    personal_columns: frozenset[str]
    landed_rows: LandedRows
    emptied: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Table:
    """One table and its columns with their types."""

    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        """Schema and name, quoted."""
        return f"{identifier(self.schema)}.{identifier(self.name)}"

    @property
    def texts(self) -> tuple[str, ...]:
        """Columns that can hold text, also in lists and structures."""
        return tuple(name for name, kind in self.columns if "VARCHAR" in kind or "JSON" in kind)


def rewrite_database(source: Path, target: Path, removal: Removal, options: str = "") -> int:
    """Copy a database to a new file without a person; return how many rows were changed.

    `options` are those of the new file, like its storage version.
    """
    target.unlink(missing_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false"
    }
    changed = 0
    with duckdb.connect(config=config) as connection:
        # Under its own name, for views may say it.
        old = identifier(source.stem)
        connection.execute(f"attach {quoted(str(source))} as {old} (read_only)")
        connection.execute(f"attach {quoted(str(target))} as fresh {options}")
        connection.execute(f"copy from database {old} to fresh (schema)")
        tables = tables_of(connection, source.stem)
        for table in tables:
            changed += _copy(connection, old, table, removal)
        if any(table.name == COUNTS for table in tables):
            _lower_counts(connection, old, tables, removal)
        connection.execute("checkpoint fresh")
        connection.execute("detach fresh")
    target.chmod(0o600)
    return changed


def _lower_counts(
    connection: duckdb.DuckDBPyConnection, old: str, tables: Sequence[Table], removal: Removal
) -> None:
    """Take rows that are gone out of last night's counts, or tonight would look like a cut dump."""
    for table in tables:
        if table.name not in removal.landed_rows or table.name in removal.emptied:
            continue
        subject = table.name.removeprefix("base_").replace("__", ".")
        gone = f"select count(*) from {old}.{table.path} where outcome = 'kept' and "
        connection.execute(
            f"update fresh.audit.{COUNTS} set counted = counted - "
            f"({gone}{_is_landed_row(table, removal)}) where subject = ? "
            f"and as_of_date = (select max(as_of_date) from fresh.audit.{COUNTS})",
            [subject],
        )


def _is_landed_row(table: Table, removal: Removal) -> str:
    places = ", ".join(f"({number}, {row})" for number, row in removal.landed_rows[table.name])
    return f"(_file_number, _row) in ({places})"


def tables_of(
    connection: duckdb.DuckDBPyConnection, database: str, *, with_views: bool = False
) -> list[Table]:
    """Return every table of a database; with the views that are published, where asked to."""
    rows = connection.execute(
        "with held as (select database_name, schema_name, table_name from duckdb_tables() "
        "where not internal union all select database_name, schema_name, view_name "
        "from duckdb_views() where not internal and schema_name = 'marts' and ?) "
        "select held.schema_name, held.table_name, "
        "list({'name': column_name, 'kind': data_type} order by column_index) "
        "from held inner join duckdb_columns() as columns "
        "using (database_name, schema_name, table_name) "
        "where database_name = ? group by all order by 1, 2",
        [with_views, database],
    ).fetchall()
    return [
        Table(schema, name, tuple((column["name"], column["kind"]) for column in columns))
        for schema, name, columns in rows
    ]


def _copy(connection: duckdb.DuckDBPyConnection, old: str, table: Table, removal: Removal) -> int:
    place, rows = f"fresh.{table.path}", f"{old}.{table.path}"
    meant = is_about(table, removal)
    found = connection.execute(f"select count_if({meant}) from {rows}").fetchone()
    count = int(found[0] or 0) if found else 0
    if not count:
        connection.execute(f"insert into {place} from {rows}")
        return 0
    cells = ", ".join(_cell(table, name, kind, meant, removal) for name, kind in table.columns)
    connection.execute(f"insert into {place} select {cells} from {rows}")
    return count


def is_about(table: Table, removal: Removal) -> str:
    """Return the SQL condition that a row of a table is about the person."""
    if table.schema in UNTOUCHED:
        return "false"
    person, names = removal.person, {name for name, _ in table.columns}
    conditions = []
    if person.customer_id and "customer_id" in names:
        conditions.append(f"customer_id = {quoted(person.customer_id)}")
    if table.texts and person.literals:
        texts = ", ".join(f"{identifier(name)}::varchar" for name in table.texts)
        said = f"concat_ws(chr(10), {texts})"
        conditions.append(f"regexp_matches({said}, {quoted(person.pattern)})")
    if "record_key" in names and person.record_keys:
        conditions.append(f"record_key in ({', '.join(map(quoted, person.record_keys))})")
    if table.name in removal.landed_rows:
        conditions.append(_is_landed_row(table, removal))
    return f"coalesce({' or '.join(conditions) or 'false'}, false)"


def _cell(table: Table, name: str, kind: str, meant: str, removal: Removal) -> str:
    column = identifier(name)
    if name in removal.personal_columns and name not in KEYS and table.schema != "marts":
        return f"case when not {meant} then {column} end"
    if name not in table.texts:
        return column
    pattern = quoted(removal.person.pattern)
    has_literal = f"regexp_matches({column}::varchar, {pattern})"
    if kind != "VARCHAR":
        return f"case when not coalesce({has_literal}, false) then {column} end"
    keys = [(key, f"{removal.token}:{place}")
            for place, key in enumerate(removal.person.record_keys)]  # fmt: skip
    formers = enumerate(removal.person.former_ids)
    keys += [(former, f"{removal.token}-former-{place}") for place, former in formers]
    if removal.person.customer_id:
        keys.append((removal.person.customer_id, removal.token))
    cases = "".join(f" when {column} = {quoted(key)} then {quoted(new)}" for key, new in keys)
    if removal.person.literals:
        cases += f" when {has_literal} then {quoted(ERASED)}"
    return f"case{cases} else {column} end" if cases else column
