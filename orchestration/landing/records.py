"""Delimited text, record by record: what is kept, and what is rejected with its reason.

Belongs here: the dialect (quote and escape are `"`, as in RFC 4180) and how reading recovers after
a broken record. Does not belong here: types, which staging decides.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

# A quoted cell may hold line breaks; past this many lines an open quote is a broken quote.
LONGEST_RECORD_LINES = 200
# One cell of a real export holds at most some 64 kB; DuckDB's own limit for a line is 2 MB.
LONGEST_LINE = 2_000_000


@dataclass(frozen=True)
class Reject:
    """One record that did not land. `row` counts records; the header is row 1."""

    row: int
    column: str
    reason: str
    raw_text: str


@dataclass(frozen=True)
class Kept:
    """One record that landed, as text cells."""

    row: int
    cells: list[str]


def parse_record(text: str, delimiter: str) -> list[str] | None:
    """Split one record, which may span lines, into cells; None where its quotes are broken."""
    try:
        rows = list(csv.reader(_lines(text), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _lines(text: str) -> Iterator[str]:
    # str.splitlines would also split at form feeds and Unicode separators inside a cell.
    return iter(io.StringIO(text.rstrip("\r\n"), newline=""))


def read_header(path: Path, delimiter: str) -> tuple[list[str], int]:
    """Cells of the first record and how many lines it takes; no cells where the file is empty."""
    with path.open(encoding="utf-8", newline="") as file:
        text, taken = "", 0
        for line in islice(file, LONGEST_RECORD_LINES):
            text, taken = text + line, taken + 1
            if text.count('"') % 2 == 0:
                break
    return (parse_record(text, delimiter) or []) if text.strip() else [], taken


def read_records(
    path: Path, delimiter: str, header: Sequence[str], header_lines: int
) -> Iterator[Kept | Reject]:
    """Yield every record after the header, kept or rejected, in order.

    A record with a broken quote costs its first line only: reading goes on with the next line.
    Blank lines are not records.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines: Iterator[str] = islice(file, header_lines, None)
        again: deque[str] = deque()
        row = 1
        while (line := again.popleft() if again else next(lines, None)) is not None:
            if not line.strip("\r\n"):
                continue
            row += 1
            text = line
            if line.count('"') % 2:
                text = _whole_record(line, again, lines, delimiter, len(header))
            yield _judge(row, text, delimiter, header)


def _whole_record(
    first: str, again: deque[str], lines: Iterator[str], delimiter: str, width: int
) -> str:
    """Join the lines of a record with quoted line breaks, or put them back and return `first`."""
    again.extend(islice(lines, max(0, LONGEST_RECORD_LINES - len(again))))
    text = first
    for taken, line in enumerate(again, start=1):
        text += line
        if line.count('"') % 2 and text.count('"') % 2 == 0:
            cells = parse_record(text, delimiter)
            if cells is not None and len(cells) == width:
                for _ in range(taken):
                    again.popleft()
                return text
    return first


def _judge(row: int, text: str, delimiter: str, header: Sequence[str]) -> Kept | Reject:
    raw = text.rstrip("\r\n")
    if "\0" in text:
        column = header[min(text[: text.index("\0")].count(delimiter), len(header) - 1)]
        return Reject(row, column, "nul_byte", raw.replace("\0", "\\0"))
    if len(text) > LONGEST_LINE:
        return Reject(row, "", "line_too_long", raw[:LONGEST_LINE])
    cells = parse_record(text, delimiter)
    if cells is None:
        return Reject(row, "", "broken_quote", raw)
    if len(cells) < len(header):
        return Reject(row, header[len(cells)], "too_few_fields", raw)
    if len(cells) > len(header):
        return Reject(row, header[-1], "too_many_fields", raw)
    return Kept(row, cells)
