"""Workbooks as text records, through calamine.

Belongs here: listing the sheets and turning cells into the text a person sees.
Does not belong here: which sheet holds the data (sheets.py), header matching and types.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from orchestration.landing.refusals import RefusedFileError
from orchestration.landing.sheet_extent import ExtentError, check_extent

# Above it a number in Excel has lost digits, which `int` would invent.
LARGEST_EXACT = 2**53
# Rows that are turned into text together, column by column; more would not stay in the cache.
ROWS_AT_ONCE = 500
# How calamine ends where a damaged workbook leads it astray; the class has no place of its own.
PANIC = "PanicException"
Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def visible_sheets(path: Path) -> list[str]:
    """Names of the sheets that a person sees, in their order.

    Raises:
        RefusedFileError: it is not a whole workbook, has no visible sheet, or reaches too far.

    """
    with _whole_workbook():
        check_extent(path)
        sheets = _opened(path).sheets_metadata
    visible = [sheet.name for sheet in sheets if _is_visible(sheet)]
    if not visible:
        raise _unreadable("it has no visible sheet")
    return visible


def _opened(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except CalamineError:
        # It has believed the name; now it looks at the bytes.
        with path.open("rb") as file:
            return CalamineWorkbook.from_filelike(file)


@contextmanager
def _whole_workbook() -> Iterator[None]:
    try:
        yield
    except ExtentError as error:
        raise _unreadable(str(error)) from error
    except CalamineError as error:
        raise _broken(error) from error
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise _broken(error) from error


def _broken(error: BaseException) -> RefusedFileError:
    return _unreadable(f"it is not a whole workbook ({type(error).__name__})")


def _unreadable(reason: str) -> RefusedFileError:
    return RefusedFileError(f"unreadable_workbook: {reason}; export it again")


def read_sheet(path: Path, sheet: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows of a sheet that hold anything, with their numbers.

    What the file says of its own dimension is not asked, for it is often wrong.

    Raises:
        RefusedFileError: the file is not a whole workbook.

    """
    with _whole_workbook():
        rows = _opened(path).get_sheet_by_name(sheet).iter_rows()
        start = 1
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            texts = zip(*map(_column_texts, zip(*batch, strict=True)), strict=True)
            yield from ((n, row) for n, row in enumerate(texts, start) if any(row))
            start += len(batch)


def _is_visible(sheet: SheetMetadata) -> bool:
    return (
        sheet.visible == SheetVisibleEnum.Visible
        and sheet.typ == SheetTypeEnum.WorkSheet
        # Fxiaoke keeps its lists of choices in visible sheets of such names.
        and not sheet.name.startswith("hidden")
    )


def _column_texts(cells: Sequence[Cell]) -> Sequence[str]:
    # Most columns of an export are all text; asking once per column is a third of the time.
    if set(map(type, cells)) == {str}:
        return cells  # type: ignore[return-value]  # asked in the line above
    return [cell if type(cell) is str else cell_text(cell) for cell in cells]


def cell_text(cell: Cell) -> str:
    """Text of one cell: whole numbers without `.0`, dates and times in ISO 8601.

    A number that has lost digits keeps its exponent, so that nobody takes it for an id.
    """
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < LARGEST_EXACT:
            return str(int(cell))
    elif isinstance(cell, bool):
        return str(cell).lower()
    elif isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)
