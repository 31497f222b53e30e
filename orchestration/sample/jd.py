"""JD: order lines of a moving window, with what belongs to the order repeated on each of them.

Belongs here: the file's columns, statuses, and what the platform shows of its buyers.
Does not belong here: the orders themselves (marketplaces.py).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from orchestration.sample.arrays import scatter
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow, write_csv
from orchestration.sample.marketplaces import (
    NightView,
    State,
    draw_market_orders,
    name_mask,
    night_views,
    order_truth,
)
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.spelling import money
from orchestration.sample.timeline import EXPORT_TIME

SYSTEM = "jd"

_LABELS = (
    "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,"
    "订单状态,订单类型,下单帐号,客户姓名,客户地址,联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,"
    "商家备注等级（等级1-5为由高到低）,运费金额,付款确认时间,增值税发票,货号,订单完成时间,订单来源,订单渠道"
)
HEADER = tuple(_LABELS.split(","))

STATUSES = {
    State.WAITING: "等待付款",
    State.PAID: "等待出库",
    State.SENT: "等待确认收货",
    State.DONE: "完成",
    State.CLOSED: "(删除)等待付款",
    State.REFUNDED: "(删除)等待出库",
}
CHANNELS = ("京东APP", "微信", "京东PC")
MASKED_ACCOUNT_SHARE = 0.3
ORDER_DIGITS = 12
ACCOUNT_DIGITS = 9
# JD's ids of goods, around the catalogue's numbers.
PRODUCT_ID = "10004{}"


class JdExports:
    """All orders of one sample on JD, ready to be exported for any night."""

    def __init__(self, spec: SampleSpec, people: People, catalogue: Catalogue) -> None:
        """Draw the orders and what the platform shows of their buyers."""
        drawing, spelling = spec.generator(Stream.JD).spawn(2)
        self._spec = spec
        self._people = people
        self._products = catalogue.products
        self._orders = draw_market_orders(spec, people, catalogue, drawing)
        own = scatter(self._orders.count, ORDER_DIGITS, int(spelling.integers(10**ORDER_DIGITS)))
        self._ids = [f"3{number:0{ORDER_DIGITS}d}" for number in own.tolist()]
        self._accounts = _draw_accounts(spelling, people)
        # JD shows no phone whole.
        self._phones = [f"{mobile[0]}******{mobile[7:]}" for mobile in people.mobile]

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per order."""
        yield from order_truth(SYSTEM, self._people, self._orders, self._ids, self._phones)

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one file per night into `folder`, oldest night first."""
        for view, exported in night_views(self._spec, self._orders):
            path = folder / f"京东订单导出_{view.night:%Y%m%d}{EXPORT_TIME:%H%M%S}.csv"
            count = write_csv(path, HEADER, self._rows_of(view, exported))
            yield SampleFile(path, SYSTEM, view.night, count)

    def _rows_of(self, view: NightView, exported: list[int]) -> Iterator[list[str]]:
        for order in exported:
            shared = self._order_cells(view, order)
            for line in self._orders.lines(order):
                product = self._products[int(self._orders.product[line])]
                cells = shared | {
                    "商品ID": PRODUCT_ID.format(product.product_id[1:]),
                    "商品名称": product.name,
                    "订购数量": str(self._orders.quantity[line]),
                    "京东价": money(product.price),
                    "货号": product.sku,
                }
                yield [cells.get(label, "") for label in HEADER]

    def _order_cells(self, view: NightView, order: int) -> dict[str, str]:
        orders, person = self._orders, int(self._orders.person[order])
        due = money(int(orders.due[order]))
        return {
            "订单号": self._ids[order],
            "支付方式": "在线支付",
            "下单时间": view.text(orders.placed_at, order),
            "订单金额": money(int(orders.goods[order] + orders.freight[order])),
            "结算金额": due,
            "余额支付": money(0),
            "应付金额": due,
            "订单状态": STATUSES[view.state(order)],
            "订单类型": "SOP",
            "下单帐号": self._accounts[person],
            "客户姓名": name_mask(self._people.full_name[person]),
            "客户地址": _address(self._people, person),
            "联系电话": self._phones[person],
            "商家备注等级（等级1-5为由高到低）": "0",
            "运费金额": money(int(orders.freight[order])),
            "付款确认时间": view.text(orders.paid_at, order),
            "订单完成时间": view.text(orders.done_at, order),
            "订单来源": "京东",
            "订单渠道": CHANNELS[person % len(CHANNELS)],
        }


def _draw_accounts(rng: np.random.Generator, people: People) -> list[str]:
    hidden = (rng.random(people.count) < MASKED_ACCOUNT_SHARE).tolist()
    numbers = scatter(people.count, ACCOUNT_DIGITS, int(rng.integers(10**ACCOUNT_DIGITS))).tolist()
    return [
        f"jd_{str(number)[0]}****" if hides else f"jd_{number:0{ACCOUNT_DIGITS}d}"
        for number, hides in zip(numbers, hidden, strict=True)
    ]


def _address(people: People, person: int) -> str:
    """Return province, city and the start of the street without anything between them."""
    place = people.place[person]
    if place.province == place.city:
        return f"{place.city}{people.address[person][:2]}***"
    return f"{place.province.removesuffix('省')}{place.city}{people.address[person][:2]}***"
