"""Workbooks as text records, through calamine.

Belongs here: choosing the sheet and turning cells into the text a person sees.
Does not belong here: header matching and types.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

# Above it a number in Excel has lost digits, which `int` would invent.
LARGEST_EXACT = 2**53
Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


class WorkbookError(ValueError):
    """The workbook cannot be read, or holds no sheet with data."""


def read_sheet(path: Path, wanted: str | None) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, with their numbers, from the sheet that holds the data.

    That is the visible sheet whose name ends in `wanted`, else the first visible one. What the
    file says of its own dimension is not asked, for it is often wrong.

    Raises:
        WorkbookError: the file is not a whole workbook, or has no visible sheet.

    """
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        visible = [sheet.name for sheet in workbook.sheets_metadata if _is_visible(sheet)]
        if not visible:
            raise WorkbookError("it has no visible sheet")
        named = [name for name in visible if wanted and name.endswith(wanted)]
        rows = workbook.get_sheet_by_name((named or visible)[0]).iter_rows()
        for number, row in enumerate(rows, start=1):
            cells = [cell_text(cell) for cell in row]
            if any(cells):
                yield number, cells
    except CalamineError as error:
        raise WorkbookError(f"it is not a whole workbook ({type(error).__name__})") from error


def _is_visible(sheet: SheetMetadata) -> bool:
    return (
        sheet.visible == SheetVisibleEnum.Visible
        and sheet.typ == SheetTypeEnum.WorkSheet
        # Fxiaoke keeps its lists of choices in visible sheets of such names.
        and not sheet.name.startswith("hidden")
    )


def cell_text(cell: Cell) -> str:
    """Text of one cell: whole numbers without `.0`, dates and times in ISO 8601.

    A number that has lost digits keeps its exponent, so that nobody takes it for an id.
    """
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < LARGEST_EXACT:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)
