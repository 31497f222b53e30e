"""Delimited text, record by record: what is kept, and what is rejected with its reason.

Belongs here: the dialect, which is the one that DuckDB's strict reader accepts, and how reading
recovers after a broken record. Does not belong here: types, which staging decides.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import IO

# A quoted cell may hold line breaks; past this many lines an open quote is a broken quote.
LONGEST_RECORD_LINES = 200
# Bytes that one sign takes at most in UTF-8.
WIDEST_SIGN = 4
# Bytes. One cell of a real export holds at most some 64 kB; DuckDB's own limit is this as well.
LONGEST_LINE = 2_000_000
# Characters kept of a line that is too long; Python's own reader of CSV takes no longer cells.
LONGEST_RAW_TEXT = 100_000
LINE_END = re.compile(r"(?:\r\n|\n|\r)\Z")


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


class BrokenRecordError(ValueError):
    """A text is no record. `reason` says why; `is_open` that more lines might complete it."""

    def __init__(self, reason: str, *, is_open: bool = False) -> None:
        """Keep what the caller decides by."""
        super().__init__(reason)
        self.reason = reason
        self.is_open = is_open


@cache
def _field(delimiter: str) -> re.Pattern[str]:
    """One cell, bare or quoted. RFC 4180, and blanks around the quotes do not count."""
    separator = re.escape(delimiter)
    quoted = r' *"(?P<quoted>[^"]*+(?:""[^"]*+)*+)" *+'
    bare = rf'(?! *")(?P<bare>[^{separator}\r\n]*+)'
    return re.compile(rf"(?:{quoted}|{bare})(?P<end>{separator}|\Z)")


def parse_record(text: str, delimiter: str) -> list[str]:
    """Split one record, which may span lines, into cells.

    Raises:
        BrokenRecordError: its quotes are broken or still open, or a line break stands bare in it.

    """
    body = LINE_END.sub("", text)
    if '"' not in body and "\r" not in body and "\n" not in body:
        return body.split(delimiter)
    cells: list[str] = []
    position, field = 0, _field(delimiter)
    while found := field.match(body, position):
        quoted = found["quoted"]
        cells.append(found["bare"] if quoted is None else quoted.replace('""', '"'))
        if not found["end"]:
            return cells
        position = found.end()
    rest = body[position:].lstrip(" ")
    if not rest.startswith('"'):
        raise BrokenRecordError("stray_line_break")
    inside = rest[1:].replace('""', "")
    raise BrokenRecordError("broken_quote", is_open='"' not in inside)


def read_first_records(path: Path, delimiter: str, count: int) -> list[tuple[list[str], int]]:
    """Cells of the first records that are not blank, each with how many lines end with it.

    Stops at the first record that is broken. None where the file holds no text.
    """
    found: list[tuple[list[str], int]] = []
    with path.open(encoding="utf-8-sig", newline=line_break(path)) as file:
        text = ""
        for taken, line in enumerate(islice(bounded_lines(file), LONGEST_RECORD_LINES), start=1):
            text += line
            if not text.strip("\r\n"):
                text = ""
                continue
            try:
                found.append((parse_record(text, delimiter), taken))
            except BrokenRecordError as error:
                if not error.is_open:
                    break
                continue
            text = ""
            if len(found) == count:
                break
    return found


def line_break(path: Path) -> str:
    r"""Name the character that ends the lines of `path`: `\n`, also for CRLF, or a bare `\r`."""
    with path.open(encoding="utf-8", newline="") as file:
        first = file.readline(LONGEST_LINE)
    return "\r" if first.endswith("\r") else "\n"


def bounded_lines(file: IO[str], longest: int = LONGEST_LINE) -> Iterator[str]:
    """Yield lines, each at most a little too long: what follows in it is not held in memory."""
    while line := file.readline(longest + 1):
        yield line
        piece = line
        while len(piece) > longest and not LINE_END.search(piece):
            piece = file.readline(longest + 1)


@dataclass(frozen=True)
class Layout:
    """How the records of a text are laid out.

    header: labels of the cells. skip_lines: lines above the first record. first_row: its number,
    where the header of a plain file is row 1. pads: whether a short record gets empty cells.
    """

    delimiter: str
    header: Sequence[str]
    skip_lines: int
    first_row: int
    pads: bool


def read_records(path: Path, layout: Layout) -> Iterator[Kept | Reject]:
    """Yield every record below the header, kept or rejected, in order.

    A record with a broken quote costs its first line only: reading goes on with the next line.
    Blank lines are not records.
    """
    delimiter, width = layout.delimiter, len(layout.header)
    with path.open(encoding="utf-8", newline=line_break(path)) as file:
        lines = islice(bounded_lines(file), layout.skip_lines, None)
        ahead: deque[str] = deque()
        row = layout.first_row - 1
        while (line := ahead.popleft() if ahead else next(lines, None)) is not None:
            if not line.strip("\r\n"):
                continue
            row += 1
            text = line
            if '"' in line:
                ahead.extend(islice(lines, LONGEST_RECORD_LINES - len(ahead)))
                taken = _lines_taken(line, ahead, delimiter, width)
                text += "".join(ahead.popleft() for _ in range(taken))
            yield _judge(row, text, layout)


def _lines_taken(first: str, ahead: Sequence[str], delimiter: str, width: int) -> int:
    """How many lines of `ahead` belong to the record that starts with `first`.

    None where the quote stays open, or where closing it gives no record of `width` cells but takes
    in lines that are: then the quote is broken, and costs `first` only.
    """
    text, swallows_records = first, False
    try:
        parse_record(text, delimiter)
    except BrokenRecordError as error:
        if not error.is_open:
            return 0
    else:
        return 0
    for taken, line in enumerate(ahead, start=1):
        text += line
        swallows_records = swallows_records or _is_plain_record(line, delimiter, width)
        if '"' not in line:
            continue
        try:
            cells = parse_record(text, delimiter)
        except BrokenRecordError as error:
            if not error.is_open:
                return 0
        else:
            return taken if _fits(cells, width) or not swallows_records else 0
    return 0


def _fits(cells: Sequence[str], width: int) -> bool:
    """Tell whether there is a cell for every column; empty ones may follow, as DuckDB has it."""
    return len(cells) >= width and not any(cells[width:])


def _is_plain_record(line: str, delimiter: str, width: int) -> bool:
    return '"' not in line and _fits(LINE_END.sub("", line).split(delimiter), width)


def _judge(row: int, text: str, layout: Layout) -> Kept | Reject:
    header, delimiter = layout.header, layout.delimiter
    raw = text.rstrip("\r\n")
    if "\0" in text:
        column = header[min(text[: text.index("\0")].count(delimiter), len(header) - 1)]
        return Reject(row, column, "nul_byte", raw.replace("\0", "\\0"))
    if len(text) * WIDEST_SIGN > LONGEST_LINE and len(text.encode("utf-8")) > LONGEST_LINE:
        return Reject(row, "", "line_too_long", raw[:LONGEST_RAW_TEXT])
    try:
        cells = parse_record(text, delimiter)
    except BrokenRecordError as error:
        return Reject(row, "", error.reason, raw)
    if layout.pads:
        cells += [""] * (len(header) - len(cells))
    if len(cells) < len(header):
        return Reject(row, header[len(cells)], "too_few_fields", raw)
    if not _fits(cells, len(header)):
        return Reject(row, header[-1], "too_many_fields", raw)
    return Kept(row, cells[: len(header)])
