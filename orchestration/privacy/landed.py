"""What landing holds about one person, and landing without it.

Belongs here: rows across all sources, and the register that counts them. Does not belong here: one
file (landing/forgetting.py), and who the person is (person.py).
"""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing import register
from orchestration.landing.forgetting import Forgotten, find_rows, rewrite
from orchestration.landing.ledger import Erased
from orchestration.landing.parquet import connect
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import quoted
from orchestration.settings import Settings


@dataclass(frozen=True)
class Held:
    """Rows of one landed file that are about the person, by their places in it."""

    source: SourceTable
    record: FileRecord
    path: Path
    places: tuple[int, ...]


@dataclass(frozen=True)
class Holdings:
    """Everything that landing holds about a person; `orders` are the marks of their orders."""

    files: tuple[Held, ...]
    orders: frozenset[str]

    @property
    def hashes(self) -> frozenset[str]:
        """Content of the files that hold the person."""
        return frozenset(held.record.sha256 for held in self.files)


def find_holdings(
    settings: Settings,
    sources: Sequence[SourceTable],
    marks: frozenset[str],
    begun: Erased | None = None,
) -> Holdings:
    """Return the rows of all sources that carry one of these marks, and those of their orders.

    `begun` is what an erasure that was interrupted wanted gone.
    """
    with connect() as connection:
        connection.execute("create or replace temp table wanted_marks (mark varchar)")
        connection.execute("insert into wanted_marks select unnest(?::varchar[])", [sorted(marks)])
        is_meant = "mark in (select mark from wanted_marks)"
        if begun is not None:
            is_meant = f"({is_meant} or {begun.ask(connection)})"
        first = {s: _find(connection, settings, s, is_meant) for s in sources}
        orders = frozenset(mark for _, found in first.values() for mark in found)
        connection.execute("insert into wanted_marks select unnest(?::varchar[])", [sorted(orders)])
        # What one export says of an order, another one may say without naming anybody.
        again = {
            s: _find(connection, settings, s, is_meant)[0] for s in sources if s.order and orders
        }
    files = {source: held for source, (held, _) in first.items()} | again
    return Holdings(tuple(held for found in files.values() for held in found), orders)


def _find(
    connection: duckdb.DuckDBPyConnection, settings: Settings, source: SourceTable, is_meant: str
) -> tuple[list[Held], list[str]]:
    records = register.read_part(register.part(settings.landing, source.relation))
    paths = {r.parquet(settings.landing): r for r in records if r.outcome == register.LANDED}
    if not paths:
        return [], []
    found = find_rows(connection, source, sorted(paths), is_meant)
    orders = connection.execute("select mark from found_orders").fetchall()
    held = [Held(source, paths[path], path, tuple(rows)) for path, rows in found.items()]
    return held, [str(mark) for (mark,) in orders] if source.order else []


def rows_of(held: Held) -> list[dict[str, Any]]:
    """Return the raw rows of one file, with their number in it as `_row`."""
    options = "file_row_number = true"
    with connect() as connection:
        found = connection.execute(
            f"select * from read_parquet({quoted(str(held.path))}, {options}) "
            "where list_contains(?, file_row_number) order by file_row_number",
            [list(held.places)],
        )
        names = [str(name) for name, *_ in found.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [_numbered(row) for row in rows]


def _numbered(row: dict[str, Any]) -> dict[str, Any]:
    place, first = row.pop("file_row_number"), row.pop("_first_row", None)
    return row if row.get("_row") is not None else {**row, "_row": first + place}


def forget(settings: Settings, holdings: Holdings) -> Iterator[tuple[SourceTable, Forgotten]]:
    """Rewrite every file without the person, and count it in the register; yield each file's count.

    A file is replaced before its count is: a run that was killed in between counts some rows less
    in the register than are gone, and the next run of the same erasure finds no row to count. So
    the register is written first, with what the file will have.
    """
    for held in holdings.files:
        fresh = held.path.with_suffix(".without")
        with connect() as connection:
            done = rewrite(connection, held.source, held.path, held.places, fresh)
        _count(settings, held, done)
        fresh.replace(held.path)
        yield held.source, done


def _count(settings: Settings, held: Held, done: Forgotten) -> None:
    path = register.part(settings.landing, held.source.relation)
    left = rows_in(held.path) - done.removed
    records = [
        dataclasses.replace(
            record,
            landed_rows=left,
            erased_rows=record.erased_rows + record.landed_rows - left,
            emptied_rows=record.emptied_rows + done.emptied,
        )
        if record.parquet(settings.landing) == held.path and record.outcome == register.LANDED
        else record
        for record in register.read_part(path)
    ]
    register.write_part(path, records)


def rows_in(path: Path) -> int:
    """Rows of a landed file."""
    with connect() as connection:
        found = connection.execute(
            f"select count(*) from read_parquet({quoted(str(path))})"
        ).fetchone()
    return int(found[0]) if found else 0
