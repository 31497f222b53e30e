"""How far the cells of a workbook reach, told before any of them is held in memory.

Belongs here: the bounds of a sheet. Does not belong here: reading it (excel.py), which holds the
whole rectangle: one stray cell in the last corner would cost more memory than there is.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
CELL = re.compile(rb'\br="(?P<column>[A-Z]{1,3})(?P<row>\d{1,7})"')
# What the last cell of a row starts with, without and with a prefix, and what the row ends with.
CELL_STARTS, ROW_END = (b"<c ", b":c "), b"row>"
# Cells of the rectangle; each costs some 30 bytes.
MOST_CELLS = 100_000_000
CHUNK_BYTES = 1 << 20
# Bytes at most that are kept of a row whose end has not come yet: its last cell lies within.
LONGEST_CELL = 1 << 20
ALPHABET, BEFORE_A = 26, ord("A") - 1
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
# The file that was looked at last; several sources may look at it in turn.
FILES_KEPT = 1


class ExtentError(ValueError):
    """The cells of a sheet lie too far apart. The message says where the last ones are."""


def check_extent(path: Path) -> None:
    """Look how far the sheets of a workbook reach; one that cannot be opened is left to its reader.

    Raises:
        ExtentError: a sheet cannot be held in memory.

    """
    status = path.stat()
    for rows, columns in _extents(path, status.st_mtime_ns, status.st_size):
        if rows * columns > MOST_CELLS:
            raise ExtentError(
                f"its cells reach to row {rows:,} and column {columns:,}; delete the stray ones"
            )


@lru_cache(FILES_KEPT)
def _extents(path: Path, _modified_ns: int, _size: int) -> tuple[tuple[int, int], ...]:
    try:
        with zipfile.ZipFile(path) as book:
            sheets = [name for name in book.namelist() if SHEET.fullmatch(name)]
            return tuple(_extent(book, name) for name in sheets)
    except DAMAGED:
        return ()


def _extent(book: zipfile.ZipFile, name: str) -> tuple[int, int]:
    rows, columns = 0, 0
    with book.open(name) as sheet:
        for row in _rows(sheet):
            # Asked for the last cell of each row only, for there are millions of cells.
            at = next((at for sign in CELL_STARTS if (at := row.rfind(sign)) >= 0), None)
            found = CELL.search(row, at) if at is not None else None
            if found:
                rows, columns = max(rows, int(found["row"])), max(columns, _number(found["column"]))
    return rows, columns


def _rows(file: IO[bytes]) -> Iterator[bytes]:
    tail = b""
    while chunk := file.read(CHUNK_BYTES):
        *rows, tail = (tail + chunk).split(ROW_END)
        yield from rows
        tail = tail[-LONGEST_CELL:]


def _number(letters: bytes) -> int:
    """Return the number of a column: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * ALPHABET + letter - BEFORE_A
    return number
