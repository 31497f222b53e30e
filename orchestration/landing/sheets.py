"""Which sheet of a workbook holds the records of a source.

Belongs here: choosing it, and where its records start. Does not belong here: cells (excel.py), and
how a header matches (header.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from orchestration.landing.excel import read_sheet, visible_sheets
from orchestration.landing.header import HEADER_ROWS, HeaderMatch, find_top
from orchestration.landing.refusals import missing_columns
from orchestration.landing.sources import SourceTable


@dataclass(frozen=True)
class Sheet:
    """One sheet; `rows` are its records with their numbers, read as they are asked for."""

    header: list[str]
    match: HeaderMatch
    rows: Iterator[tuple[int, Sequence[str]]]


def choose_sheet(source: SourceTable, path: Path, aliases: Mapping[str, str]) -> Sheet:
    """Return the first sheet with the required columns, of those with the declared name if any.

    Raises:
        RefusedFileError: it is no whole workbook, or none of its sheets has these columns.

    """
    names = source.sheets_of(visible_sheets(path))
    first = _sheet(source, path, names[0], aliases)
    others = (_sheet(source, path, name, aliases) for name in names[1:])
    complete = (sheet for sheet in chain([first], others) if not sheet.match.missing)
    chosen = next(complete, None)
    if chosen is None:
        raise missing_columns(source, first.match.missing, first.header)
    return chosen


def _sheet(source: SourceTable, path: Path, name: str, aliases: Mapping[str, str]) -> Sheet:
    rows = read_sheet(path, name)
    above = list(islice(rows, HEADER_ROWS + 1))
    # A sheet is as wide as its widest row: a cell beyond the last label holds something.
    top = find_top(source, [row for _, row in above], aliases, trims=False)
    header = list(above[top.header][1]) if above else []
    return Sheet(header, top.match, chain(above[top.first :], rows))
