"""Douyin: sub-orders of a moving window; who bought is encrypted.

Belongs here: the file's columns, guards and statuses.
Does not belong here: the orders themselves (marketplaces.py).
"""

import datetime
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from orchestration.sample.arrays import scatter
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow
from orchestration.sample.marketplaces import (
    NightView,
    State,
    draw_market_orders,
    night_views,
    order_truth,
)
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.spelling import money
from orchestration.sample.timeline import EXPORT_TIME

SYSTEM = "douyin"

_LABELS = (
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,订单应付金额,运费,收件人,收件人手机号,"
    "详细地址,订单提交时间,商家备注,订单完成时间,订单状态,售后状态,取消原因,发货时间,平台实际承担优惠金额,"
    "商家实际承担优惠金额,达人实际承担优惠金额"
)
HEADER = tuple(_LABELS.split(","))
# What a spreadsheet would read as a number is quoted behind a tab.
GUARDED = frozenset(("主订单编号", "子订单编号", "选购商品", "商品规格", "商家编码"))

STATUSES = {
    State.WAITING: "待支付",
    State.PAID: "待发货",
    State.SENT: "已发货",
    State.DONE: "已完成",
    State.CLOSED: "已关闭",
    State.REFUNDED: "已关闭",
}
REFUNDED = "退款成功"
NOTHING = "-"
# Ids have 19 digits and end in a zero, which the sub-orders count on from.
ID_PREFIX = "69"
OWN_DIGITS = 16
# Exports are told apart by 16 hexadecimal digits behind the second of the export.
NAME_MULTIPLIER = 0x9E3779B97F4A7C15
NAME_VALUES = 2**64


class DouyinExports:
    """All orders of one sample on Douyin, ready to be exported for any night."""

    def __init__(self, spec: SampleSpec, people: People, catalogue: Catalogue) -> None:
        """Draw the orders."""
        drawing, spelling = spec.generator(Stream.DOUYIN).spawn(2)
        self._spec = spec
        self._people = people
        self._products = catalogue.products
        self._orders = draw_market_orders(spec, people, catalogue, drawing)
        own = scatter(self._orders.count, OWN_DIGITS, int(spelling.integers(10**OWN_DIGITS)))
        self._ids = [f"{ID_PREFIX}{number:0{OWN_DIGITS}d}0" for number in own.tolist()]

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per order; the platform shows nothing of a buyer."""
        nothing = [""] * self._people.count
        yield from order_truth(SYSTEM, self._people, self._orders, self._ids, nothing)

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one file per night into `folder`, oldest night first."""
        for view, exported in night_views(self._spec, self._orders):
            path = folder / export_name(view.night, self._spec.zone)
            count = 0
            with path.open("w", encoding="utf-8-sig", newline="") as stream:
                stream.write(",".join(HEADER) + "\n")
                for cells in self._cells_of(view, exported):
                    count += 1
                    stream.write(",".join(_cell(label, cells) for label in HEADER) + "\n")
            yield SampleFile(path, SYSTEM, view.night, count)

    def _cells_of(self, view: NightView, exported: list[int]) -> Iterator[dict[str, str]]:
        orders = self._orders
        for order in exported:
            for number, line in enumerate(orders.lines(order)):
                product = self._products[int(orders.product[line])]
                is_first = number == 0
                is_back = is_first and view.is_refunded(order)
                state = State.REFUNDED if is_back else view.state(order)
                yield {
                    "主订单编号": self._ids[order],
                    "子订单编号": str(int(self._ids[order]) + number),
                    "选购商品": product.name,
                    "商品规格": "标准",
                    "商品数量": str(orders.quantity[line]),
                    "商家编码": product.sku,
                    "订单应付金额": money(orders.due_of_line(order, line)),
                    "运费": money(int(orders.freight[order]) if is_first else 0),
                    "收件人": "##密文",
                    "收件人手机号": "$$密文",
                    "详细地址": "##密文",
                    "订单提交时间": view.text(orders.placed_at, order),
                    "商家备注": NOTHING,
                    "订单完成时间": view.text(orders.done_at, order) or NOTHING,
                    "订单状态": STATUSES[state],
                    "售后状态": REFUNDED if is_back else NOTHING,
                    "取消原因": "超时未支付" if state is State.CLOSED else "",
                    "发货时间": view.text(orders.sent_at, order) or NOTHING,
                    "平台实际承担优惠金额": money(0),
                    "商家实际承担优惠金额": money(int(orders.discount[order]) if is_first else 0),
                    "达人实际承担优惠金额": money(0),
                }


def export_name(night: datetime.date, zone: ZoneInfo) -> str:
    """Return the name of a night's export."""
    epoch = int(datetime.datetime.combine(night, EXPORT_TIME, zone).timestamp())
    return f"{epoch}_{epoch * NAME_MULTIPLIER % NAME_VALUES:016x}.csv"


def _cell(label: str, cells: dict[str, str]) -> str:
    return f'"\t{cells[label]}"' if label in GUARDED else cells[label]
