"""Youzan in a large sample: orders of a moving window, and nightly all customers with balances.

Belongs here: their lines. Does not belong here: columns (sample/youzan_rows.py), and the orders.
"""

from dataclasses import replace

from orchestration.sample import youzan
from orchestration.sample.scale.exports import Export, Family
from orchestration.sample.scale.market import as_of, market_table, status
from orchestration.sample.scale.nights import Clock, Night
from orchestration.sample.scale.orders import MOST_LINES
from orchestration.sample.scale.sql import Draw, csv_line, level, text
from orchestration.sample.timeline import EXPORT_TIME
from orchestration.sample.youzan_rows import (
    BLANK,
    CUSTOMERS,
    NO_MEMBER_EVERY,
    ORDERS,
    SHOP,
    STATUSES,
)

# What the list of customers says of them; the rest follows from their orders.
ABOUT = "number, full_name, given, phone, birth_date, is_female, city"
ID = "'E' || strftime(placed_at, '%Y%m%d%H%M%S') || lpad(cast(order_number as varchar), 11, '0')"
IS_MEMBER = f"if(number % {NO_MEMBER_EVERY} = 0, '否', '是')"


def youzan_orders(clock: Clock) -> Family:
    """Return Youzan's orders and customers."""
    shown, none = level("number", Draw.SHOWN), youzan.NO_PHONE_SHARE
    about = {name: name for name in ABOUT.split(", ") if name not in ("number", "phone")}
    about |= {
        "province": "province",
        "address": "address",
        "phone": f"case when {shown} < {youzan.DAMAGED_PHONE_SHARE} then "
        f"{text(youzan.DAMAGED_PHONE)} when {shown} < {none} then '' "
        f"when {shown} < {none + youzan.MASKED_PHONE_SHARE:.2f} then "
        "mobile[1:3] || '******' || mobile[10:] else mobile end",
    }
    stamp = f"%Y%m%d{EXPORT_TIME:%H%M%S}"
    orders = Export(
        youzan.SYSTEM,
        lambda night: f"有赞订单导出_{night.date:{stamp}}.csv",
        lambda night: _order_lines(night, clock),
        header=",".join(ORDERS),
    )
    customers = Export(
        youzan.SYSTEM,
        lambda night: f"有赞客户导出_{night.date:{stamp}}.csv",
        lambda night: _customer_lines(night, clock),
        header=",".join(CUSTOMERS),
    )
    return Family([market_table("youzan", clock, about)], [orders, customers])


def _names() -> str:
    more = [f"if(lines >= {n}, ',' || product(item_{n}), '')" for n in range(2, MOST_LINES + 1)]
    names = f"concat(product(item_1), {', '.join(more)})"
    return f"if(lines = 1, product(item_1), concat('\"', {names}, '\"'))"


def _order_lines(night: Night, clock: Clock) -> str:
    cells = {
        "订单号": ID,
        "销售渠道": "'网店'",
        "归属店铺": text(SHOP),
        "订单类型": "'普通订单'",
        "订单状态": status(STATUSES),
        "订单来源": "'商家小程序'",
        "订单创建时间": "placed",
        "买家付款时间": "paid",
        "交易成功时间": "done",
        "付款方式": "if(paid is null, '', '微信支付')",
        "商品金额合计": "money(goods)",
        "运费": "money(freight)",
        "店铺优惠合计": "money(discount)",
        "应收订单金额": "money(due)",
        "订单实付金额": "money(paid_amount)",
        "支付优惠合计": "'0.00'",
        "订单实收金额": "money(paid_amount)",
        "订单抵用积分数": "'0'",
        "全部商品名称": _names(),
        "商品种类数": "lines",
        "订单配送方式": "'快递发货'",
        "订单星级": text(BLANK),
        "订单退款状态": "if(is_back, '退款成功', '')",
        "订单已退款金额": "money(refunded_amount)",
        "团长订单": "'否'",
        "订单风险标签": "'——'",
        "收货人省份": "province",
        "收货人城市": "city",
        "详细收货地址/提货地址": "address",
        "收货人/提货人": "full_name",
        "收货人手机号/提货人手机号": "phone",
        "买家昵称": "given",
        "买家是否会员": IS_MEMBER,
        "买家手机号": "phone",
    }
    orders = as_of("youzan", night, clock)
    return f"select {csv_line(ORDERS, cells)} as line from ({orders})"


def _customer_lines(night: Night, clock: Clock) -> str:
    is_member = f"{IS_MEMBER} = '是'"
    cells = {
        "客户姓名": "full_name",
        "客户昵称": "given",
        "客户手机号": "phone",
        "客户生日": f"coalesce(cast(birth_date as varchar), {text(BLANK)})",
        "客户性别": "if(is_female, '女', '男')",
        "是否会员": IS_MEMBER,
        "成长值": "(spent - back) // 100",
        "权益卡": text(BLANK),
        "客户积分": "(spent - back) // 100",
        "客户储值余额": "'0.00'",
        "消费次数": "bought",
        "消费金额": "money(spent)",
        "累计退款金额": "money(back)",
        "累计退款订单数": "backs",
        "笔单价": "money(if(bought = 0, 0, spent // bought))",
        "上次消费时间": "newest",
        "企微好友": "'否'",
        "来源渠道": "'微信小程序'",
        "来源方式": "'登录创建客户'",
        "成为客户时间": "oldest",
        "成为会员时间": f"if({is_member}, oldest, null)",
        "成为会员店铺": f"if({is_member}, {text(SHOP)}, '')",
        "微信地域": "city",
    }
    # Balances are those of all orders so far, whatever the window of the night's orders.
    so_far = as_of("youzan", replace(night, number=1), clock)
    return f"""
    select {csv_line(CUSTOMERS[:-1], cells)} as line
    from (
        select {ABOUT}, sum(paid_amount) as spent, sum(refunded_amount) as back,
            count(*) filter (where is_back) as backs, count(paid) as bought,
            min(placed) as oldest, max(placed) as newest
        from ({so_far}) group by {ABOUT} order by number
    )
    """
