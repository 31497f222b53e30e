"""From a text that DuckDB reads to one immutable Parquet file, inside DuckDB.

Belongs here: the one statement that reads, renames, adds lineage and writes, and what is asked of
the result. Does not belong here: how each kind of text is read (texts.py).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from orchestration.landing.exported_at import FIRST_YEAR, LAST_YEAR
from orchestration.landing.progress import of_large_text
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import IS_OBJECT, ExportText, JsonLines, identifier, quoted

LINEAGE = {
    "_file": "varchar",
    "_file_id": "varchar",
    "_row": "bigint",
    "_exported_at": "timestamp",
    "_landed_for": "date",
    "_file_number": "bigint",
    "_load": "varchar",
    "_extra": "varchar",
}


@dataclass(frozen=True)
class Lineage:
    """Where the rows of one file come from. `exported_at` is UTC without a zone.

    Where `file_id` is not known yet, the name of the Parquet file will tell it.
    """

    file: str
    file_id: str | None
    exported_at: dt.datetime
    landed_for: dt.date
    file_number: int
    load: str


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    # Starting one costs more than a small file. Files are replaced under it, so none is cached.
    return duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "enable_external_file_cache": "false",
            # Landing streams: what does not fit is a fault, and personal data goes nowhere else.
            "temp_directory": "",
        }
    )


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection to this process's in-memory DuckDB, which reaches for no extensions."""
    return _engine().cursor()


def write_parquet(source: SourceTable, text: ExportText, lineage: Lineage, target: Path) -> int:
    """Write every record of `text` to `target`, in file order, and return how many there were.

    Raises:
        duckdb.Error: a record does not have the width of the header, or its quotes are broken.

    """
    selected = [f"{text.column(c.name)} as {identifier(c.name)}" for c in source.columns]
    if lineage.file_id:
        selected.append(f"{_constant(lineage.file_id)} as _file_id")
    statement = f"""
        copy (
            select {", ".join(selected)},
                {_constant(lineage.file)} as _file,
                {text.row},
                timestamp {quoted(lineage.exported_at.isoformat(sep=" "))} as _exported_at,
                date {quoted(lineage.landed_for.isoformat())} as _landed_for,
                {lineage.file_number}::bigint as _file_number,
                {_constant(lineage.load)} as _load,
                {text.extra} as _extra
            from {text.relation}
        ) to {quoted(str(target))} (format parquet, compression zstd, compression_level 1)
    """
    of_large_text(text.path.stat().st_size)
    with connect() as connection:
        written = connection.execute(statement).fetchone()
    return int(written[0]) if written else 0


def _constant(text: str) -> str:
    """Return a text as SQL; as one of a list of one, it is not compared again for each row."""
    return f"{quoted(text)}::enum({quoted(text)})"


def landed_rows(columns: Iterable[str], paths: Sequence[Path]) -> str:
    """Return the SQL of a FROM clause: `columns` and lineage of landed files, typed without any.

    A file that lacks a column was landed before that was declared. A large one without `_row` was
    landed without a gap: its rows are counted from the first, which it tells. One without
    `_file_id` has it as its name.
    """
    landed = dict.fromkeys(columns, "varchar") | LINEAGE
    places = {"_first_row": "bigint", "file_row_number": "bigint", "filename": "varchar"}
    files = f"[{', '.join(quoted(str(path)) for path in paths)}]"
    options = "union_by_name = true, file_row_number = true, filename = true"
    rows = typed(landed | places, f"read_parquet({files}, {options})" if paths else None)
    told = {
        "_row": "coalesce(_row, _first_row + file_row_number) as _row",
        "_file_id": "coalesce(_file_id, parse_filename(filename, true)) as _file_id",
    }
    names = ", ".join(told.get(name, identifier(name)) for name in landed)
    return f"(select {names} from {rows})"


def typed(columns: Mapping[str, str], rows: str | None) -> str:
    """Return the SQL of a FROM clause over `rows` with all of `columns`, a name and a type each.

    What `rows` lack is null; where there are none, so is nothing.
    """
    empty = ", ".join(f"null::{kind} as {identifier(name)}" for name, kind in columns.items())
    more = f" union all by name from {rows}" if rows else ""
    return f"(select {empty} where false{more})"


def lines_without_object(text: JsonLines) -> list[tuple[int, str]]:
    """Row and text of each numbered line that is no JSON object, in their order."""
    query = f"select row::bigint, line from {text.lines} where not {IS_OBJECT} order by 1"
    with connect() as connection:
        return connection.execute(query).fetchall()


def newest_value(text: ExportText, column: str) -> dt.datetime | None:
    """Latest local time in a column; None where no cell of it holds a plausible one.

    Raises:
        duckdb.Error: as `write_parquet`.

    """
    query = f"""
        select max(told_at)
        from (
            select try_cast(replace({text.column(column)}, '/', '-') as timestamp) as told_at
            from {text.relation}
        )
        where year(told_at) between {FIRST_YEAR} and {LAST_YEAR}
    """
    with connect() as connection:
        found = connection.execute(query).fetchone()
    return found[0] if found else None
