"""Taking rows of a person out of landed Parquet, by rewriting the file.

Belongs here: which rows of a file are meant by a condition on their marks, and the file without
them. Does not belong here: what a mark is (marks.py), and whose marks are meant.

Rows that are about a person go. Rows of orders stay, for totals have to add up, and so do rows
that are not about people and only mention one: they lose every personal cell. The numbers of the
remaining rows stay as they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.landing.marks import ORDER, PLACE, marks_of_rows
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import identifier, quoted

# What a column of that name holds in a row that was emptied.
ERASED = "erased"


@dataclass(frozen=True)
class Forgotten:
    """How many rows went, and how many stay without their personal cells."""

    removed: int = 0
    emptied: int = 0

    def __add__(self, other: "Forgotten") -> "Forgotten":
        """Add both counts."""
        return Forgotten(self.removed + other.removed, self.emptied + other.emptied)


def keeps_rows(source: SourceTable) -> bool:
    """Tell whether rows of an erased person stay, without their personal cells."""
    return bool(source.order) or not any(column.is_personal for column in source.columns)


def find_rows(
    connection: duckdb.DuckDBPyConnection,
    source: SourceTable,
    paths: Sequence[Path],
    condition: str,
) -> dict[Path, list[int]]:
    """Return the places of the rows of each file with a mark that meets the SQL `condition`.

    An order is meant with all of its rows. The marks of these orders stay in the temporary table
    `found_orders`.
    """
    place = ", ".join(PLACE)
    marks = marks_of_rows(source, paths)
    connection.execute(f"create or replace temp table row_marks as {marks}")
    meant = f"select distinct mark from row_marks where {condition}"
    connection.execute(f"create or replace temp table meant_marks as {meant}")
    by_mark = f"select distinct {place} from row_marks semi join meant_marks using (mark)"
    connection.execute(f"create or replace temp table found_rows as {by_mark}")
    orders = f"""
        select distinct mark from row_marks semi join found_rows using ({place})
        where starts_with(mark, {quoted(ORDER + ":")})
    """
    connection.execute(f"create or replace temp table found_orders as {orders}")
    found = connection.execute(f"""
        select filename, list_sort(list(file_row_number)) from (
            select {place} from found_rows
            union
            select {place} from row_marks semi join found_orders using (mark)
        ) group by filename order by filename
    """).fetchall()
    return {Path(name): rows for name, rows in found}


def rewrite(
    connection: duckdb.DuckDBPyConnection,
    source: SourceTable,
    path: Path,
    rows: Sequence[int],
    target: Path,
) -> Forgotten:
    """Write the file at `path` to `target` without the given rows, or without what they tell."""
    file = f"read_parquet({quoted(str(path))}, file_row_number = true)"
    described = connection.execute(f"describe select * from {file}").fetchall()
    names = [str(name) for name, *_ in described if name != "file_row_number"]
    connection.execute("create or replace temp table forgotten_rows (place bigint)")
    connection.execute("insert into forgotten_rows select unnest(?::bigint[])", [list(rows)])
    is_meant = "file_row_number in (select place from forgotten_rows)"
    if keeps_rows(source):
        chosen, where = _without_cells(source, names, is_meant), "true"
    else:
        chosen, where = [_kept(name, identifier(name)) for name in names], f"not ({is_meant})"
    connection.execute(
        f"copy (select {', '.join(chosen)} from {file} where {where} order by file_row_number) "
        f"to {quoted(str(target))} (format parquet, compression zstd, compression_level 1)"
    )
    if keeps_rows(source):
        return Forgotten(emptied=len(rows))
    return Forgotten(removed=len(rows))


def _without_cells(source: SourceTable, names: Sequence[str], is_meant: str) -> list[str]:
    personal = {column.name for column in source.columns if column.is_personal} | {"_extra"}
    chosen = [
        _kept(name, f"case when not ({is_meant}) then {identifier(name)} end")
        if name in personal
        else _kept(name, identifier(name))
        for name in names
        if name != "_erased"
    ]
    before = "_erased" if "_erased" in names else "null"
    return [*chosen, f"case when {is_meant} then {quoted(ERASED)} else {before} end as _erased"]


def _kept(name: str, cell: str) -> str:
    # Where rows are counted from the first, each gets its number before any of them goes.
    if name == "_first_row":
        return "_first_row + file_row_number as _row"
    return f"{cell} as {identifier(name)}"
