"""The workbook that Fxiaoke's Excel export makes of one object.

Belongs here: sheets and cells. Does not belong here: the columns of any object.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from orchestration.sample.timeline import EXPORT_TIME

HIDDEN_SHEET = "hidden_options"


@dataclass(frozen=True)
class Workbook:
    """The shape of one export: its data sheet, its labels, and the choices in its hidden sheet.

    spare_sheets: empty sheets after it. has_wrong_dimension: it says of itself that it has one
    row, as some exports do.
    """

    sheet: str
    header: tuple[str, ...]
    choices: tuple[str, ...]
    spare_sheets: tuple[str, ...] = ()
    has_wrong_dimension: bool = False

    def write(self, path: Path, night: datetime.date, rows: Iterable[Sequence[str]]) -> int:
        """Write the workbook of one night, every cell as text; return its data rows."""
        count = 0
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            # The only wall-clock value that a workbook would otherwise carry.
            book.set_properties({"created": datetime.datetime.combine(night, EXPORT_TIME)})
            sheet = book.add_worksheet(self.sheet)
            for column, label in enumerate(self.header):
                sheet.write_string(0, column, label)
            for count, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(count, column, cell)
            if self.has_wrong_dimension:
                sheet.dim_rowmax = 0
            options = book.add_worksheet(HIDDEN_SHEET)
            for line, option in enumerate(self.choices):
                options.write_string(line, 0, option)
            options.hide()
            for name in self.spare_sheets:
                book.add_worksheet(name)
        return count
