"""From a UTF-8 CSV to one immutable Parquet file, inside DuckDB.

Belongs here: the one statement that reads, renames, adds lineage and writes.
Does not belong here: deciding what is accepted.
"""

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.landing.header import HeaderMatch
from orchestration.landing.records import LONGEST_LINE, Kept
from orchestration.landing.sources import SourceTable

LINEAGE = {
    "_file": "varchar",
    "_file_id": "varchar",
    "_row": "bigint",
    "_exported_at": "timestamp",
    "_landed_for": "date",
    "_file_number": "bigint",
    "_extra": "varchar",
}


@dataclass(frozen=True)
class Lineage:
    """Where the rows of one file come from. `exported_at` is UTC without a zone."""

    file: str
    file_id: str
    exported_at: dt.datetime
    landed_for: dt.date
    file_number: int


@dataclass(frozen=True)
class CsvText:
    """A UTF-8 CSV as DuckDB shall read it: every record has `width` cells.

    Where `numbered`, the first cell of each record is its row number and comes on top of `width`.
    """

    path: Path
    delimiter: str
    width: int
    skip_lines: int
    numbered: bool


def quoted(text: str) -> str:
    """Return `text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return `name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def connect() -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB that never reaches for extensions."""
    return duckdb.connect(config={"autoinstall_known_extensions": "false"})


def write_numbered(records: Iterable[Kept], target: Path) -> int:
    """Write kept records as clean CSV with their row number in front; return how many."""
    count = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for record in records:
            writer.writerow([record.row, *record.cells])
            count += 1
    return count


def _read(text: CsvText) -> str:
    names = [f"c{index}" for index in range(text.width)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in (["row"] * text.numbered) + names)
    return (
        f"read_csv({quoted(str(text.path))}, columns = {{{columns}}}, auto_detect = false, "
        f"header = false, skip = {text.skip_lines}, delim = {quoted(text.delimiter)}, "
        "quote = '\"', escape = '\"', strict_mode = true, null_padding = false, "
        f"max_line_size = {LONGEST_LINE})"
    )


def write_parquet(
    source: SourceTable, match: HeaderMatch, text: CsvText, lineage: Lineage, target: Path
) -> int:
    """Write every record of `text` to `target`, in file order, and return how many there were.

    Raises:
        duckdb.Error: a record does not have the width of the header, or its quotes are broken.

    """
    row = "row::bigint" if text.numbered else "row_number() over () + 1"
    selected = [
        f"c{match.positions[column.name]} as {identifier(column.name)}"
        if column.name in match.positions
        else f"null::varchar as {identifier(column.name)}"
        for column in source.columns
    ]
    kept = ", ".join(f"{quoted(k)}: c{v}" for k, v in sorted(match.extras.items()))
    extra = f"to_json({{{kept}}})::varchar" if kept else "null::varchar"
    statement = f"""
        copy (
            select {", ".join(selected)},
                {quoted(lineage.file)} as _file,
                {quoted(lineage.file_id)} as _file_id,
                {row} as _row,
                timestamp {quoted(lineage.exported_at.isoformat(sep=" "))} as _exported_at,
                date {quoted(lineage.landed_for.isoformat())} as _landed_for,
                {lineage.file_number}::bigint as _file_number,
                {extra} as _extra
            from {_read(text)}
        ) to {quoted(str(target))} (format parquet, compression zstd)
    """
    with connect() as connection:
        written = connection.execute(statement).fetchone()
    return int(written[0]) if written else 0


def newest_value(text: CsvText, position: int) -> dt.datetime | None:
    """Latest local time in the cells at `position`; None where no cell holds one.

    Raises:
        duckdb.Error: as `write_parquet`.

    """
    query = f"select max(try_cast(replace(c{position}, '/', '-') as timestamp)) from {_read(text)}"
    with connect() as connection:
        found = connection.execute(query).fetchone()
    return found[0] if found else None
