"""The rows of Youzan's exports: orders with their goods in one cell, and customers without an id.

Belongs here: columns, statuses and blanks. Does not belong here: which orders a file holds.
"""

from collections.abc import Iterator

import numpy as np

from orchestration.sample.catalogue import Catalogue
from orchestration.sample.marketplaces import MarketOrders, NightView, State
from orchestration.sample.people import People
from orchestration.sample.spelling import money

_ORDER_LABELS = (
    "订单号,销售渠道,归属店铺,订单类型,订单状态,推广方式,订单来源,订单创建时间,买家付款时间,交易成功时间,"
    "付款方式,支付流水号,商品金额合计,运费,店铺优惠合计,应收订单金额,订单实付金额,支付优惠合计,订单实收金额,"
    "订单抵用积分数,店铺优惠方式,支付优惠方式,全部商品名称,商品种类数,订单配送方式,同城送达时间/提货时间,"
    "收货人省份,收货人城市,收货人地区,详细收货地址/提货地址,收货人/提货人,收货人手机号/提货人手机号,买家备注,"
    "订单星级,买家昵称,买家是否会员,买家手机号,下单网点,收银员,分销员,销售导购,专属导购,订单退款状态,"
    "订单已退款金额,商家订单备注,桌号,挂账主体,挂账手机号,团长订单,订单风险标签,分销员,分销员手机号,"
    "分销员所属店铺,分销员所属团队,分销员所属分组,分销员等级,订单佣金类型,订单佣金金额,订单下级卖货提成类型,"
    "订单下级卖货提成金额"
)
# 分销员 stands in it twice.
ORDERS = tuple(_ORDER_LABELS.split(","))
_CUSTOMER_LABELS = (
    "客户姓名,客户昵称,客户手机号,客户生日,客户性别,标签,是否会员,成长值,免费等级,付费等级,权益卡,客户积分,"
    "客户储值余额,消费次数,消费金额,累计退款金额,累计退款订单数,笔单价,上次消费时间,分销员,导购员,企微好友,"
    "来源渠道,来源方式,成为客户时间,成为会员时间,成为会员店铺,公众号,公众号关注时间,最近浏览时间,微信地域,"
    "所属区域,指定时间消费次数,指定时间消费金额,"
)
# The header ends in a comma, and its rows are one cell shorter than that.
CUSTOMERS = tuple(_CUSTOMER_LABELS.split(","))
_CUSTOMER_CELLS = CUSTOMERS[:-1]

STATUSES = {
    State.WAITING: "待付款",
    State.PAID: "待发货",
    State.SENT: "已发货",
    State.DONE: "交易完成",
    State.CLOSED: "交易关闭",
    State.REFUNDED: "交易关闭",
}
SHOP = "示例商城"
# Blank as the export writes it.
BLANK = " "
NO_MEMBER_EVERY = 4


class YouzanRows:
    """Turns orders and their buyers into rows, as they read on a given night."""

    def __init__(
        self,
        people: People,
        phones: list[str],
        orders: MarketOrders,
        ids: list[str],
        catalogue: Catalogue,
    ) -> None:
        """Keep what the rows of every night have in common."""
        self._people = people
        self._phones = phones
        self._orders = orders
        self._ids = ids
        self._products = catalogue.products

    def orders(self, view: NightView, exported: list[int]) -> Iterator[list[str]]:
        """Yield one row per order."""
        for order in exported:
            cells = self._money_cells(view, order) | self._buyer_cells(order)
            yield [cells.get(label, "") for label in ORDERS]

    def customers(self, view: NightView) -> Iterator[list[str]]:
        """Yield one row per person who has ordered by now, in order of the first order."""
        bought: dict[int, list[int]] = {}
        for order in sorted(view.exported(whole_history=True)):
            bought.setdefault(int(self._orders.person[order]), []).append(order)
        for person, orders in bought.items():
            cells = self._about(person) | self._balances(view, person, orders)
            yield [cells.get(label, "") for label in _CUSTOMER_CELLS]

    def _money_cells(self, view: NightView, order: int) -> dict[str, str]:
        orders = self._orders
        names = [self._products[int(orders.product[line])].name for line in orders.lines(order)]
        due, paid = int(orders.due[order]), self._paid(view, order)
        return {
            "订单号": self._ids[order],
            "销售渠道": "网店",
            "归属店铺": SHOP,
            "订单类型": "普通订单",
            "订单状态": STATUSES[view.state(order)],
            "订单来源": "商家小程序",
            "订单创建时间": view.text(orders.placed_at, order),
            "买家付款时间": view.text(orders.paid_at, order),
            "交易成功时间": view.text(orders.done_at, order),
            "付款方式": "微信支付" if paid else "",
            "商品金额合计": money(int(orders.goods[order])),
            "运费": money(int(orders.freight[order])),
            "店铺优惠合计": money(int(orders.discount[order])),
            "应收订单金额": money(due),
            "订单实付金额": money(paid),
            "支付优惠合计": money(0),
            "订单实收金额": money(paid),
            "订单抵用积分数": "0",
            "全部商品名称": ",".join(names),
            "商品种类数": str(len(set(names))),
            "订单配送方式": "快递发货",
            "订单星级": BLANK,
            "订单退款状态": "退款成功" if view.is_refunded(order) else "",
            "订单已退款金额": money(self._refund(view, order)),
            "团长订单": "否",
            "订单风险标签": "——",
        }

    def _buyer_cells(self, order: int) -> dict[str, str]:
        person = int(self._orders.person[order])
        place = self._people.place[person]
        return {
            "收货人省份": place.province,
            "收货人城市": place.city,
            "详细收货地址/提货地址": self._people.address[person],
            "收货人/提货人": self._people.full_name[person],
            "收货人手机号/提货人手机号": self._phones[person],
            "买家昵称": self._people.given[person],
            "买家是否会员": self._membership(person),
            "买家手机号": self._phones[person],
        }

    def _about(self, person: int) -> dict[str, str]:
        return {
            "客户姓名": self._people.full_name[person],
            "客户昵称": self._people.given[person],
            "客户手机号": self._phones[person],
            "客户生日": self._people.birth_date[person] or BLANK,
            "客户性别": "女" if self._people.is_female[person] else "男",
            "是否会员": self._membership(person),
            "权益卡": BLANK,
            "客户储值余额": money(0),
            "企微好友": "否",
            "来源渠道": "微信小程序",
            "来源方式": "登录创建客户",
            "微信地域": self._people.place[person].city,
        }

    def _balances(self, view: NightView, person: int, orders: list[int]) -> dict[str, str]:
        paid = [self._paid(view, order) for order in orders]
        spent, count = sum(paid), int(np.count_nonzero(paid))
        refunds = [self._refund(view, order) for order in orders]
        first = view.text(self._orders.placed_at, orders[0])
        points = str((spent - sum(refunds)) // 100)
        return {
            "成长值": points,
            "客户积分": points,
            "消费次数": str(count),
            "消费金额": money(spent),
            "累计退款金额": money(sum(refunds)),
            "累计退款订单数": str(int(np.count_nonzero(refunds))),
            "笔单价": money(spent // count if count else 0),
            "上次消费时间": view.text(self._orders.placed_at, orders[-1]),
            "成为客户时间": first,
            "成为会员时间": first if self._membership(person) == "是" else "",
            "成为会员店铺": SHOP if self._membership(person) == "是" else "",
        }

    def _paid(self, view: NightView, order: int) -> int:
        is_paid = bool(view.text(self._orders.paid_at, order))
        return int(self._orders.due[order]) if is_paid else 0

    def _refund(self, view: NightView, order: int) -> int:
        return self._orders.refund(order) if view.is_refunded(order) else 0

    def _membership(self, person: int) -> str:
        return "是" if person % NO_MEMBER_EVERY else "否"
