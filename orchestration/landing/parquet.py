"""From a UTF-8 CSV to one immutable Parquet file, inside DuckDB.

Belongs here: the one statement that reads, renames, adds lineage and writes.
Does not belong here: deciding what is accepted.
"""

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from orchestration.landing.exported_at import FIRST_YEAR, LAST_YEAR
from orchestration.landing.header import HeaderMatch
from orchestration.landing.records import LONGEST_LINE, LONGEST_RECORD_LINES, Kept
from orchestration.landing.sources import SourceTable

# How much longer a line may get when each of its cells is quoted: an empty one from 1 byte to 3.
QUOTING_GROWTH = 4
# What DuckDB holds of a CSV at a time, per thread; it must hold the longest line.
BUFFER_BYTES = 32_000_000
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


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    # Starting one costs more than a small file. Files are replaced under it, so none is cached.
    return duckdb.connect(
        config={"autoinstall_known_extensions": "false", "enable_external_file_cache": "false"}
    )


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection to this process's in-memory DuckDB, which reaches for no extensions."""
    return _engine().cursor()


def write_numbered(records: Iterable[Kept], target: Path) -> int:
    """Write kept records as clean CSV with their row number in front; return how many."""
    count = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        # Quoted throughout: a bare carriage return in a cell would end the record.
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for record in records:
            writer.writerow([record.row, *record.cells])
            count += 1
    return count


def _read(text: CsvText) -> str:
    names = [f"c{index}" for index in range(text.width)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in (["row"] * text.numbered) + names)
    # Not given for an export, for DuckDB then skips too much of a file with CRLF.
    line_end = r", new_line = '\n'" if text.numbered else ""
    longest = LONGEST_LINE * (QUOTING_GROWTH if text.numbered else 1)
    return (
        f"read_csv({quoted(str(text.path))}, columns = {{{columns}}}, auto_detect = false, "
        f"header = false, skip = {text.skip_lines}, delim = {quoted(text.delimiter)}, "
        "quote = '\"', escape = '\"', strict_mode = true, null_padding = false, "
        "compression = 'none', hive_partitioning = false, "
        f"max_line_size = {longest}, buffer_size = {BUFFER_BYTES}{line_end})"
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
    # Not a struct, whose keys would have to differ in more than case.
    kept = ", ".join(f"{quoted(k)}, c{v}" for k, v in sorted(match.extras.items()))
    extra = f"json_object({kept})::varchar" if kept else "null::varchar"
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


def swallows_lines(source: SourceTable, landed: Path) -> bool:
    """Tell whether some landed cell spans more lines than a record may.

    Then a broken quote was closed by another one far below, and what lies between is not a cell.
    """
    breaks = [
        f"len({name}) - len(replace({name}, {sign}, ''))"
        for name, sign in [
            *((identifier(column.name), "chr(10)") for column in source.columns),
            ("_extra", r"'\n'"),
        ]
    ]
    longest = ", ".join(f"coalesce(max({count}), 0)" for count in breaks)
    query = f"select greatest({longest}) from read_parquet({quoted(str(landed))})"
    with connect() as connection:
        found = connection.execute(query).fetchone()
    return found is not None and int(found[0]) >= LONGEST_RECORD_LINES


def newest_value(text: CsvText, position: int) -> dt.datetime | None:
    """Latest local time in the cells at `position`; None where no cell holds a plausible one.

    Raises:
        duckdb.Error: as `write_parquet`.

    """
    query = f"""
        select max(told_at)
        from (
            select try_cast(replace(c{position}, '/', '-') as timestamp) as told_at
            from {_read(text)}
        )
        where year(told_at) between {FIRST_YEAR} and {LAST_YEAR}
    """
    with connect() as connection:
        found = connection.execute(query).fetchone()
    return found[0] if found else None
