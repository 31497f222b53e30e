"""The scan of everything that is about to be published, for personal data.

Belongs here: looking through tables, Parquet, records and logs, and saying where how much of what
was found, never what. Does not belong here: what personal data looks like (patterns.py), and
refusing the night (private_gate.py).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.landing.texts import identifier, quoted
from orchestration.privacy.patterns import KINDS, KINDS_OF_IDS, condition
from orchestration.privacy.rules import Rules

# Shorter ids stand for many things; 1001 is also a price.
SHORTEST_KNOWN = 8
# Runs of printable bytes in a file that is no text.
PRINTABLE = re.compile(rb"[\x20-\x7e\x80-\xff]{8,}")
LINE = "line"


@dataclass(frozen=True)
class Found:
    """What a scan of one place saw: texts looked at, and hits by column and kind."""

    place: str
    texts: int
    hits: Mapping[tuple[str, str], int]
    problem: str | None = None


def know_identifiers(connection: duckdb.DuckDBPyConnection) -> int:
    """Make the table of every phone, e-mail, unionid, external id, login and device; count them.

    `connection` is one to the private warehouse.
    """
    connection.execute(f"""
        create or replace temp table known_identifiers as
        select distinct value from (
            select phone as value from intermediate.int_customer_contacts_unioned
            union all
            select email from intermediate.int_customer_contacts_unioned
            union all
            select case when identifier_kind in ('login', 'device')
                then regexp_replace(identifier_value, '^[^:]*:', '') else identifier_value end
            from intermediate.int_customer_identifiers_unioned
            where identifier_kind not in ('record', 'merge', 'apart')
            union all
            select source_customer_id from intermediate.int_customer_records_unioned
            where source_system = 'wecom'
        ) where length(value) >= {SHORTEST_KNOWN}
    """)
    found = connection.execute("select count(*) from known_identifiers").fetchone()
    return int(found[0]) if found else 0


def scan_tables(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str], parquet: Path, rules: Rules
) -> list[Found]:
    """Look through every text column of published tables, and that their Parquet is the same.

    `tables` names a relation by what it is published as; `parquet` is the folder of their files.
    """
    columns = {name: _text_columns(connection, table) for name, table in tables.items()}
    hits: dict[str, dict[tuple[str, str], int]] = {name: {} for name in tables}
    for kinds in (KINDS, KINDS_OF_IDS):
        places = [
            (name, column)
            for name, texts in columns.items()
            for column in texts
            if (column in rules.source_ids) == (kinds is KINDS_OF_IDS)
        ]
        if not _catch(connection, [(tables[name], c) for name, c in places], kinds, rules):
            continue
        for name, column in places:
            found = _count_caught(connection, tables[name], column, kinds)
            hits[name] |= {(column, kind): n for kind, n in found.items() if n}
    return [
        Found(
            name,
            _count_texts(connection, table, columns[name]),
            hits[name],
            _difference(connection, table, parquet / f"{name}.parquet"),
        )
        for name, table in tables.items()
    ]


def scan_texts(
    connection: duckdb.DuckDBPyConnection, name: str, texts: Sequence[str], rules: Rules
) -> Found:
    """Look through texts line by line."""
    lines = [line for text in texts for line in text.splitlines() if line.strip()]
    connection.execute("create or replace temp table scanned_lines (text varchar)")
    connection.execute("insert into scanned_lines select unnest(?::varchar[])", [lines])
    found: dict[str, int] = {}
    if _catch(connection, [("scanned_lines", "text")], KINDS, rules):
        found = _count_caught(connection, "scanned_lines", "text", KINDS)
    count = _count_texts(connection, "scanned_lines", ["text"])
    return Found(name, count, {(LINE, kind): n for kind, n in found.items() if n})


def _text_columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    described = connection.execute(f"describe {table}").fetchall()
    return [column for column, kind, *_ in described if "VARCHAR" in kind or "JSON" in kind]


def _count_texts(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> int:
    counts = " + ".join(["0", *(f"count({identifier(column)})" for column in columns)])
    row = connection.execute(f"select {counts} from {table}").fetchone()
    return int(row[0]) if row else 0


def _catch(
    connection: duckdb.DuckDBPyConnection,
    places: Sequence[tuple[str, str]],
    kinds: Sequence[str],
    rules: Rules,
) -> int:
    """Make the table of texts that hold something, with a flag for each kind; count them.

    `places` are tables and columns. Most texts are ids that stand in many of them, so every text
    is looked at once, wherever and however often it stands.
    """
    if not places:
        return 0
    every = " union all ".join(f"select {_cell(column)} as text from {t}" for t, column in places)
    flags = ", ".join(
        f"{condition(kind, 'text', rules.markers)} as {identifier(kind)}" for kind in kinds
    )
    connection.execute(f"""
        create or replace temp table caught as
        select * from (
            select text, {flags} from (select distinct text from ({every}) where text is not null)
        ) where {" or ".join(map(identifier, kinds))}
    """)
    found = connection.execute("select count(*) from caught").fetchone()
    return int(found[0]) if found else 0


def _count_caught(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, kinds: Sequence[str]
) -> dict[str, int]:
    """Count the rows of a column whose text was caught, by kind."""
    sums = ", ".join(f"count(*) filter (where caught.{identifier(kind)})" for kind in kinds)
    cells = f"(select {_cell(column)} as text from {table})"
    row = connection.execute(f"select {sums} from {cells} join caught using (text)").fetchone()
    if row is None:
        raise RuntimeError("a scan has counted nothing")
    return dict(zip(kinds, map(int, row), strict=True))


def _cell(column: str) -> str:
    return f"{identifier(column)}::varchar"


def _difference(connection: duckdb.DuckDBPyConnection, table: str, parquet: Path) -> str | None:
    """Return what is wrong with a Parquet that does not hold exactly what the table holds."""
    same = _fingerprint(connection, table) == _fingerprint(connection, quoted(str(parquet)))
    return None if same else f"{parquet.name} holds something else"


def _fingerprint(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[object, ...] | None:
    query = f"select count(*), sum(hash(told)::hugeint) from (from {table}) as told"
    return connection.execute(query).fetchone()


def text_of(path: Path) -> str:
    """Return what can be read in a file, also in one that is no text."""
    content = path.read_bytes()
    return "\n".join(run.decode("utf-8", "replace") for run in PRINTABLE.findall(content))
