"""The rows of Taobao's exports: the classic lists and the sheets of the report workbook.

Belongs here: columns, statuses and guards. Does not belong here: which orders a file holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.sample.catalogue import Catalogue, Product
from orchestration.sample.marketplaces import MarketOrders, NightView, State
from orchestration.sample.people import People
from orchestration.sample.spelling import money

_ORDER_LABELS = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,"
    "买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址,运送方式,联系电话,联系手机,"
    "订单创建时间,订单付款时间,宝贝标题,宝贝种类,物流单号,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,"
    "订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,定金排名,修改后的sku,"
    "修改后的收货地址,异常信息"
)
CLASSIC_ORDERS = tuple(_ORDER_LABELS.split(","))
_LINE_LABELS = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码"
CLASSIC_LINES = tuple(_LINE_LABELS.split(","))
_REPORT_ORDER_LABELS = (
    "订单编号,买家昵称,买家应付货款,买家应付邮费,总金额,买家实付金额,打款商家金额,退款金额,订单状态,"
    "收货地址,订单创建时间,订单付款时间,发货时间,确认收货时间,物流公司,物流单号,店铺名称,订单关闭原因"
)
REPORT_ORDERS = tuple(_REPORT_ORDER_LABELS.split(","))
_REPORT_LINE_LABELS = (
    "子订单编号,主订单编号,商品标题,商品价格,购买数量,外部系统编号,商品属性,套餐信息,订单状态,商家编码,"
    "买家应付货款,退款状态,退款金额,订单创建时间"
)
REPORT_LINES = tuple(_REPORT_LINE_LABELS.split(","))
_SHIPMENT_LABELS = "订单编号,收货人姓名,联系手机,收货地址,物流公司,运单号,发货时间"
REPORT_SHIPMENTS = tuple(_SHIPMENT_LABELS.split(","))

# With a comma of full width; the other one occurs as well.
STATUSES = {
    State.WAITING: "等待买家付款",
    State.PAID: "买家已付款，等待卖家发货",
    State.SENT: "卖家已发货，等待买家确认",
    State.DONE: "交易成功",
    State.CLOSED: "交易关闭",
    State.REFUNDED: "交易关闭",
}
CLOSE_REASONS = {State.CLOSED: "买家未付款", State.REFUNDED: "退款"}
REFUNDED_LINE = "退款成功"
SHOP = "示例旗舰店"
CARRIERS = ("顺丰速运", "中通快递", "圆通速递")
# Every so many orders went through a spreadsheet, which spells times and commas its own way.
RESAVED_EVERY = 7


@dataclass(frozen=True)
class TaobaoBuyers:
    """What the platform shows of each person: account, name, phone and address, mostly masked."""

    account: list[str]
    name: list[str]
    phone: list[str]
    address: list[str]


class TaobaoRows:
    """Turns orders into rows of each layout, as they read on a given night."""

    def __init__(
        self,
        people: People,
        buyers: TaobaoBuyers,
        orders: MarketOrders,
        ids: list[str],
        catalogue: Catalogue,
    ) -> None:
        """Keep what the rows of every night have in common."""
        self._people = people
        self._buyers = buyers
        self._orders = orders
        self._ids = ids
        self._products = catalogue.products

    def classic_orders(self, view: NightView, exported: list[int]) -> Iterator[list[str]]:
        """Yield one row of the classic list per order, its id without the guard."""
        for order in exported:
            cells = self._common(view, order) | {
                "买家会员名": self._buyers.account[self._person(order)],
                "买家支付积分": "0",
                "返点积分": "0",
                "买家实际支付金额": f"{self._paid(view, order)}元",
                "买家实际支付积分": "0",
                "收货人姓名": self._buyers.name[self._person(order)],
                "运送方式": "快递",
                "联系手机": f"'{self._buyers.phone[self._person(order)]}",
                "宝贝标题": "，".join(self._product(line).name for line in self._lines(order)),
                "宝贝种类": str(len(self._lines(order))),
                "宝贝总数量": str(sum(int(self._orders.quantity[n]) for n in self._lines(order))),
                "订单备注": "null",
                "店铺Id": "0",
                "卖家服务费": "0",
                "买家服务费": "0",
                "修改后的sku": "null",
                "修改后的收货地址": "null",
            }
            yield [cells.get(label, "") for label in CLASSIC_ORDERS]

    def classic_lines(self, view: NightView, exported: list[int]) -> Iterator[list[str]]:
        """Yield one row of the classic list per line; it has no id of its own."""
        for order in exported:
            for line in self._lines(order):
                product = self._product(line)
                cells = {
                    "订单编号": self._ids[order],
                    "标题": product.name,
                    "价格": money(product.price),
                    "购买数量": str(self._orders.quantity[line]),
                    "外部系统编号": product.sku,
                    "商品属性": "规格：标准",
                    "备注": "null",
                    "订单状态": self._line_status(view, order, line),
                    "商家编码": product.sku,
                }
                yield [cells.get(label, "") for label in CLASSIC_LINES]

    def report_orders(self, view: NightView, exported: list[int]) -> Iterator[list[str]]:
        """Yield one row of the sheet 订单报表 per order."""
        for order in exported:
            refund = self._orders.refund(order) if view.is_refunded(order) else 0
            cells = self._common(view, order) | {
                "买家昵称": self._buyers.account[self._person(order)],
                "买家实付金额": self._paid(view, order),
                "打款商家金额": f"{self._paid(view, order)}元",
                "退款金额": money(refund),
                "发货时间": view.text(self._orders.sent_at, order),
                "确认收货时间": view.text(self._orders.done_at, order),
            }
            yield [cells.get(label, "") for label in REPORT_ORDERS]

    def report_lines(self, view: NightView, exported: list[int]) -> Iterator[list[str]]:
        """Yield one row of the sheet 销售明细 per line."""
        for order in exported:
            for number, line in enumerate(self._lines(order), start=1):
                product = self._product(line)
                due = self._orders.due_of_line(order, line)
                is_back = number == 1 and view.is_refunded(order)
                cells = {
                    "子订单编号": str(int(self._ids[order]) + number),
                    "主订单编号": self._ids[order],
                    "商品标题": product.name,
                    "商品价格": money(product.price),
                    "购买数量": str(self._orders.quantity[line]),
                    "外部系统编号": product.sku,
                    "商品属性": "规格：标准",
                    "订单状态": self._line_status(view, order, line),
                    "商家编码": product.sku,
                    "买家应付货款": money(due),
                    "退款状态": REFUNDED_LINE if is_back else "没有申请退款",
                    "退款金额": money(due if is_back else 0),
                    "订单创建时间": view.text(self._orders.placed_at, order),
                }
                yield [cells.get(label, "") for label in REPORT_LINES]

    def report_shipments(self, view: NightView, exported: list[int]) -> Iterator[list[str]]:
        """Yield one row of the sheet 发货报表 per order, sent or not."""
        for order in exported:
            cells = self._common(view, order) | {
                "收货人姓名": self._buyers.name[self._person(order)],
                "联系手机": self._buyers.phone[self._person(order)],
                "发货时间": view.text(self._orders.sent_at, order),
            }
            cells["运单号"] = cells["物流单号"].removeprefix("No:")
            yield [cells.get(label, "") for label in REPORT_SHIPMENTS]

    def _common(self, view: NightView, order: int) -> dict[str, str]:
        state = view.state(order)
        is_sent = bool(view.text(self._orders.sent_at, order))
        number = int(self._ids[order])
        cells = {
            "订单编号": self._ids[order],
            "买家应付货款": money(int(self._orders.goods[order] - self._orders.discount[order])),
            "买家应付邮费": money(int(self._orders.freight[order])),
            "总金额": money(int(self._orders.due[order])),
            "订单状态": STATUSES[state],
            "收货地址": self._buyers.address[self._person(order)],
            "订单创建时间": view.text(self._orders.placed_at, order),
            "订单付款时间": view.text(self._orders.paid_at, order),
            "物流单号": f"No:SF{number // 10:018d}" if is_sent else "",
            "物流公司": CARRIERS[number // 10 % len(CARRIERS)] if is_sent else "",
            "店铺名称": SHOP,
            "订单关闭原因": CLOSE_REASONS.get(state, ""),
        }
        return _resaved(cells) if order % RESAVED_EVERY == 0 else cells

    def _paid(self, view: NightView, order: int) -> str:
        is_paid = bool(view.text(self._orders.paid_at, order))
        return money(int(self._orders.due[order]) if is_paid else 0)

    def _line_status(self, view: NightView, order: int, line: int) -> str:
        is_back = line == self._lines(order)[0] and view.is_refunded(order)
        return REFUNDED_LINE if is_back else STATUSES[view.state(order)]

    def _person(self, order: int) -> int:
        return int(self._orders.person[order])

    def _lines(self, order: int) -> range:
        return self._orders.lines(order)

    def _product(self, line: int) -> Product:
        return self._products[int(self._orders.product[line])]


def _resaved(cells: dict[str, str]) -> dict[str, str]:
    changed = {"订单状态": cells["订单状态"].replace("，", ",")}
    for label in ("订单创建时间", "订单付款时间"):
        # 2026-11-19 08:05:33 becomes 2026/11/19 8:05.
        day, _, clock = cells[label].partition(" ")
        changed[label] = f"{day.replace('-', '/')} {clock[:5].removeprefix('0')}".strip()
    return cells | changed
