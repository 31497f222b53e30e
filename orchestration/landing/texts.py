"""The texts that DuckDB reads, and the SQL that reads each.

Belongs here: one class per kind of text, with its FROM clause and the expression of each column.
Does not belong here: writing Parquet (parquet.py), deciding what is accepted (opening.py).
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestration.landing.header import HeaderMatch
from orchestration.landing.records import LONGEST_LINE
from orchestration.landing.sources import SourceTable

# How much longer a line may get when each of its cells is quoted: an empty one from 1 byte to 3.
QUOTING_GROWTH = 4
# What DuckDB holds of a CSV at a time, per thread; it must hold the longest line.
BUFFER_BYTES = 32_000_000


def quoted(text: str) -> str:
    """Return `text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return `name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True)
class CsvText:
    """A UTF-8 CSV as DuckDB shall read it: every record has as many cells as the header.

    Where `numbered`, the first cell of each record is its row number and comes on top of them.
    `first_row` is the number of the first record otherwise.
    """

    path: Path
    delimiter: str
    match: HeaderMatch
    skip_lines: int = 0
    first_row: int = 2
    numbered: bool = False

    @property
    def row(self) -> str:
        """SQL of the number of a row."""
        return "row::bigint" if self.numbered else f"row_number() over () + {self.first_row - 1}"

    def column(self, name: str) -> str:
        """Return the SQL of a declared column."""
        position = self.match.positions.get(name)
        return "null::varchar" if position is None else f"c{position}"

    @property
    def extra(self) -> str:
        """SQL of everything that is not declared."""
        if self.match.record is not None:
            return f"c{self.match.record}"
        # Not a struct, whose keys would have to differ in more than case.
        kept = ", ".join(f"{quoted(k)}, c{v}" for k, v in sorted(self.match.extras.items()))
        return f"json_object({kept})::varchar" if kept else "null::varchar"

    @property
    def relation(self) -> str:
        """SQL of a FROM clause."""
        names = (["row"] * self.numbered) + [f"c{index}" for index in range(self.match.width)]
        columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
        # Not given for an export, for DuckDB then skips too much of a file with CRLF.
        line_end = r", new_line = '\n'" if self.numbered else ""
        longest = LONGEST_LINE * (QUOTING_GROWTH if self.numbered else 1)
        return (
            f"read_csv({quoted(str(self.path))}, columns = {{{columns}}}, auto_detect = false, "
            f"header = false, skip = {self.skip_lines}, delim = {quoted(self.delimiter)}, "
            "quote = '\"', escape = '\"', strict_mode = true, null_padding = false, "
            "compression = 'none', hive_partitioning = false, "
            f"max_line_size = {longest}, buffer_size = {BUFFER_BYTES}{line_end})"
        )


@dataclass(frozen=True)
class JsonLines:
    """A UTF-8 text with one JSON object per line, whose fields are the columns of `source`."""

    path: Path
    source: SourceTable
    numbered: bool = False
    skip_lines: int = 0

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        number = 0
        for column in self.source.columns:
            for _ in column.labels:
                number += 1
                places.setdefault(column.name, []).append(number)
        return places

    @property
    def row(self) -> str:
        """SQL of the number of a row."""
        return "row_number() over ()"

    def column(self, name: str) -> str:
        """Return the SQL of a declared column: the first of its labels that is there."""
        fields = ", ".join(f"fields[{place}]" for place in self._places[name])
        return f"coalesce({fields})"

    @property
    def extra(self) -> str:
        """SQL of the record as it came."""
        return "line::varchar"

    @property
    def relation(self) -> str:
        """SQL of a FROM clause. Each line is parsed once for all of its fields."""
        labels = [label for column in self.source.columns for label in column.labels]
        paths = ", ".join(quoted(_json_path(label)) for label in labels)
        return (
            f"(select json as line, json_extract_string(json, [{paths}]) as fields "
            f"from read_ndjson_objects({quoted(str(self.path))}, compression = 'none'))"
        )


ExportText = CsvText | JsonLines


def _json_path(label: str) -> str:
    return "$" + "".join(f".{identifier(step)}" for step in label.split("."))


def write_numbered(rows: Iterable[Sequence[object]], target: Path) -> int:
    """Write rows, each with its number in front, as clean CSV; return how many."""
    count = 0

    def counted() -> Iterable[Sequence[object]]:
        nonlocal count
        for count, row in enumerate(rows, start=1):  # noqa: B007  # the last one is the count
            yield row

    with target.open("w", encoding="utf-8", newline="") as file:
        # Quoted throughout: a bare carriage return in a cell would end the record.
        csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(counted())
    return count
