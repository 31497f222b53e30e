"""The texts that DuckDB reads, and the SQL that reads each.

Belongs here: one class per kind of text, with its FROM clause and the expression of each column.
Does not belong here: writing Parquet (parquet.py), deciding what is accepted (opening.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestration.landing.header import HeaderMatch
from orchestration.landing.progress import batches_of_records
from orchestration.landing.records import LONGEST_LINE
from orchestration.landing.sources import SourceColumn, SourceTable

# How much longer a line may get when each of its cells is quoted: an empty one from 1 byte to 3.
QUOTING_GROWTH = 4
# What DuckDB holds of a CSV at a time, per thread; it must hold the longest line.
BUFFER_BYTES = 32_000_000
# Size of a text whose rows DuckDB counts while it reads them, for which it uses one core only.
COUNTED_BYTES = 16_000_000
# Whether a line is a JSON object, as DuckDB takes them: a comma too many is none too many for it.
IS_OBJECT = "case when json_valid(line) then json_type(line) = 'OBJECT' else false end"


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
        """SQL of what tells the number of a row."""
        return _row(self, self.first_row)

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
    """A UTF-8 text with one JSON object per line, whose fields are the columns of `source`.

    Where `numbered`, it is a clean CSV of row numbers and lines instead, and lines that hold
    no object are left out.
    """

    path: Path
    source: SourceTable
    numbered: bool = False
    skip_lines: int = 0

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        number = 0
        for column in self.source.columns:
            for _ in _json_paths(column):
                number += 1
                places.setdefault(column.name, []).append(number)
        return places

    @property
    def row(self) -> str:
        """SQL of what tells the number of a row."""
        return _row(self, 1)

    def column(self, name: str) -> str:
        """Return the SQL of a declared column: the first of its labels that is there."""
        fields = ", ".join(f"fields[{place}]" for place in self._places[name])
        return f"coalesce({fields})"

    @property
    def extra(self) -> str:
        """SQL of the record as it came."""
        if self.numbered:
            return "line::varchar"
        longest = f"strlen(line) <= {LONGEST_LINE}"
        return f"case when {longest} then line::varchar else error('line too long') end"

    @property
    def relation(self) -> str:
        """SQL of a FROM clause. Each line is parsed once for all of its fields."""
        paths = ", ".join(
            quoted(path) for column in self.source.columns for path in _json_paths(column)
        )
        fields = f"json_extract_string(line, [{paths}]) as fields"
        if self.numbered:
            return f"(select row, line, {fields} from {self.lines} where {IS_OBJECT})"
        return (
            f"(select line, {fields} from (select json as line from "
            f"read_ndjson_objects({quoted(str(self.path))}, compression = 'none')))"
        )

    @property
    def lines(self) -> str:
        """SQL of a FROM clause with every row and line of a numbered text."""
        text = CsvText(self.path, ",", HeaderMatch({}, {}, (), 1), numbered=True)
        return f"(select row, c0 as line from {text.relation})"


ExportText = CsvText | JsonLines


def _row(text: ExportText, first_row: int) -> str:
    """Return the number of a row; of a large text, where counting takes long, that of the first."""
    if text.numbered:
        return "row::bigint as _row"
    if text.path.stat().st_size > COUNTED_BYTES:
        return f"{first_row}::bigint as _first_row"
    return f"row_number() over () + {first_row - 1} as _row"


def _json_paths(column: SourceColumn) -> Iterator[str]:
    """Yield the paths that a label may mean: keys within keys, and one key with dots in it."""
    for label in column.labels:
        steps = label.split(".")
        yield "$" + "".join(f".{identifier(step)}" for step in steps)
        if len(steps) > 1:
            yield f"$.{identifier(label)}"


def write_numbered(rows: Iterable[tuple[int, Sequence[str]]], target: Path) -> int:
    """Write rows, each a number and its cells, as clean CSV; return how many."""
    count = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        for batch in batches_of_records(rows):
            file.write("".join([_quoted_line(number, cells) for number, cells in batch]))
            count += len(batch)
    return count


def _quoted_line(number: int, cells: Sequence[str]) -> str:
    # Quoted throughout: a bare carriage return in a cell would end the record.
    line = '","'.join(cells)
    if line.count('"') > 2 * (len(cells) - 1):
        line = '","'.join([cell.replace('"', '""') for cell in cells])
    return f'"{number}","{line}"\n'
