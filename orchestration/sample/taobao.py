"""Taobao: order and line lists of a moving window in GB18030, and a report workbook at the end.

Belongs here: which file a night gets, ids, and what the platform shows of its buyers.
Does not belong here: the columns (taobao_rows.py), and the orders themselves (marketplaces.py).
"""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import xlsxwriter

from orchestration.sample.arrays import scatter
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow
from orchestration.sample.marketplaces import (
    NightView,
    draw_market_orders,
    name_mask,
    night_views,
    order_truth,
    quoted_line,
)
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.spelling import masked_phone
from orchestration.sample.taobao_rows import (
    CLASSIC_LINES,
    CLASSIC_ORDERS,
    REPORT_LINES,
    REPORT_ORDERS,
    REPORT_SHIPMENTS,
    TaobaoBuyers,
    TaobaoRows,
)
from orchestration.sample.timeline import EXPORT_TIME

SYSTEM = "taobao"
ENCODING = "gb18030"

# The platform hides most of what names a buyer.
MASKED_ACCOUNT_SHARE = 0.4
MASKED_PHONE_SHARE = 0.8
# What a spreadsheet made of a phone; the warehouse must see that it is none.
DAMAGED_PHONE_SHARE = 0.003
DAMAGED_PHONE = "1.39E+10"

ACCOUNT_DIGITS = 9
# Ids have 19 digits and end in a zero, which the lines of the order count on from.
ID_PREFIX = "24"
OWN_DIGITS = 16


class TaobaoExports:
    """All orders of one sample on Taobao, ready to be exported for any night."""

    def __init__(self, spec: SampleSpec, people: People, catalogue: Catalogue) -> None:
        """Draw the orders and what the platform shows of their buyers."""
        drawing, spelling = spec.generator(Stream.TAOBAO).spawn(2)
        self._spec = spec
        self._people = people
        self._orders = draw_market_orders(spec, people, catalogue, drawing)
        own = scatter(self._orders.count, OWN_DIGITS, int(spelling.integers(10**OWN_DIGITS)))
        self._ids = [f"{ID_PREFIX}{number:0{OWN_DIGITS}d}0" for number in own.tolist()]
        self._buyers = _draw_buyers(spelling, people)
        self._rows = TaobaoRows(people, self._buyers, self._orders, self._ids, catalogue)

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per order."""
        yield from order_truth(SYSTEM, self._people, self._orders, self._ids, self._buyers.phone)

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write two lists per night, and for the last night one workbook, oldest night first."""
        for view, exported in night_views(self._spec, self._orders):
            stamp = f"{view.night:%Y%m%d}{EXPORT_TIME:%H%M}"
            if view.night == self._spec.last_night:
                path = folder / f"千牛订单报表_{stamp}.xlsx"
                yield SampleFile(path, SYSTEM, view.night, self._workbook(path, view, exported))
                continue
            path = folder / f"ExportOrderList{stamp}.csv"
            rows = self._rows.classic_orders(view, exported)
            yield SampleFile(path, SYSTEM, view.night, _write_list(path, CLASSIC_ORDERS, rows))
            path = folder / f"ExportOrderDetailList{stamp}.csv"
            rows = self._rows.classic_lines(view, exported)
            yield SampleFile(path, SYSTEM, view.night, _write_list(path, CLASSIC_LINES, rows))

    def _workbook(self, path: Path, view: NightView, exported: list[int]) -> int:
        sheets = (
            ("订单报表", REPORT_ORDERS, self._rows.report_orders(view, exported)),
            ("销售明细", REPORT_LINES, self._rows.report_lines(view, exported)),
            ("发货报表", REPORT_SHIPMENTS, self._rows.report_shipments(view, exported)),
        )
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            # The only wall-clock value that a workbook would otherwise carry.
            created = datetime.datetime.combine(view.night, EXPORT_TIME)
            book.set_properties({"created": created})
            return sum(_write_sheet(book, *sheet) for sheet in sheets)


def _draw_buyers(rng: np.random.Generator, people: People) -> TaobaoBuyers:
    hides_account = (rng.random(people.count) < MASKED_ACCOUNT_SHARE).tolist()
    level = rng.random(people.count).tolist()
    numbers = scatter(people.count, ACCOUNT_DIGITS, int(rng.integers(10**ACCOUNT_DIGITS))).tolist()
    return TaobaoBuyers(
        account=[
            f"tb_{family}***" if hidden else f"tb{number:0{ACCOUNT_DIGITS}d}"
            for family, number, hidden in zip(people.family, numbers, hides_account, strict=True)
        ],
        name=[name_mask(name) for name in people.full_name],
        phone=[_shown(mobile, draw) for mobile, draw in zip(people.mobile, level, strict=True)],
        address=[
            f"{place.province} {place.city} {address[:-2]}***"
            for place, address in zip(people.place, people.address, strict=True)
        ],
    )


def _shown(mobile: str, level: float) -> str:
    if level < DAMAGED_PHONE_SHARE:
        return DAMAGED_PHONE
    return masked_phone(mobile) if level < MASKED_PHONE_SHARE else mobile


def _write_list(path: Path, header: Sequence[str], rows: Iterator[list[str]]) -> int:
    count = 0
    with path.open("w", encoding=ENCODING, newline="") as stream:
        stream.write(",".join(header) + "\n")
        for order_id, *cells in rows:
            count += 1
            # The guard stands bare in front of the quotes that all other cells have.
            stream.write(f'="{order_id}",{quoted_line(cells)}')
    return count


def _write_sheet(
    book: xlsxwriter.Workbook, name: str, header: Sequence[str], rows: Iterator[list[str]]
) -> int:
    sheet = book.add_worksheet(name)
    for column, label in enumerate(header):
        sheet.write_string(0, column, label)
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(count, column, cell)
    return count
