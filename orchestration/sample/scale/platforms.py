"""JD and Douyin in a large sample: order lines of a moving window.

Belongs here: their lines. Does not belong here: columns (sample/jd.py, sample/douyin.py), and the
orders (market.py).
"""

from orchestration.sample import douyin, jd
from orchestration.sample.marketplaces import State
from orchestration.sample.scale.exports import Export, Family
from orchestration.sample.scale.market import (
    NAME_MASK,
    as_of,
    due_of_line,
    market_table,
    position_of,
    status,
)
from orchestration.sample.scale.nights import Clock, Night
from orchestration.sample.scale.orders import lines_of
from orchestration.sample.scale.sql import Draw, csv_line, level, text, turn
from orchestration.sample.spec import SampleSpec
from orchestration.sample.timeline import EXPORT_TIME

# Ids of orders; small samples have others in front.
JD_ID = "'4' || lpad(cast(order_number as varchar), 12, '0')"
DOUYIN_ID = "'68' || lpad(cast(order_number as varchar), 16, '0')"


def jd_orders(clock: Clock) -> Family:
    """Return JD's order lines."""
    hidden = f"{level('number', Draw.ACCOUNT)} < {jd.MASKED_ACCOUNT_SHARE}"
    about = {
        "account": f"if({hidden}, 'jd_' || number % 10 || '****', "
        "'jd_1' || lpad(cast(number as varchar), 9, '0'))",
        "receiver": NAME_MASK,
        "phone": "mobile[1] || '******' || mobile[8:]",
        "address": "if(province = city, '', replace(province, '省', '')) || city || address[:2]"
        " || '***'",
    }
    export = Export(
        jd.SYSTEM,
        lambda night: f"京东订单导出_{night.date:%Y%m%d}{EXPORT_TIME:%H%M%S}.csv",
        lambda night: _jd_lines(night, clock),
        header=",".join(jd.HEADER),
    )
    return Family([market_table("jd", clock, about)], [export])


def _jd_lines(night: Night, clock: Clock) -> str:
    cells = {
        "订单号": JD_ID,
        "商品ID": f"{text(jd.PRODUCT_ID.format(''))} || product_id(item)[2:]",
        "商品名称": "product(item)",
        "订购数量": "pieces",
        "支付方式": "'在线支付'",
        "下单时间": "placed",
        "京东价": "money(price(item))",
        "订单金额": "money(goods + freight)",
        "结算金额": "money(due)",
        "余额支付": "'0.00'",
        "应付金额": "money(due)",
        "订单状态": status(jd.STATUSES),
        "订单类型": "'SOP'",
        "下单帐号": "account",
        "客户姓名": "receiver",
        "客户地址": "address",
        "联系电话": "phone",
        "商家备注等级（等级1-5为由高到低）": "'0'",
        "运费金额": "money(freight)",
        "付款确认时间": "paid",
        "货号": "sku(item)",
        "订单完成时间": "done",
        "订单来源": "'京东'",
        "订单渠道": turn(jd.CHANNELS, "number"),
    }
    lines = lines_of(as_of("jd", night, clock))
    return f"select {csv_line(jd.HEADER, cells)} as line from ({lines})"


def douyin_orders(spec: SampleSpec, clock: Clock) -> Family:
    """Return Douyin's sub-orders."""
    export = Export(
        douyin.SYSTEM,
        lambda night: douyin.export_name(night.date, spec.zone),
        lambda night: _douyin_lines(night, clock),
        header=",".join(douyin.HEADER),
        mark="\ufeff",
    )
    return Family([market_table("douyin", clock, {})], [export])


def _douyin_lines(night: Night, clock: Clock) -> str:
    nothing = text(douyin.NOTHING)
    is_closed = f"line_state = {position_of(State.CLOSED)}"
    cells = {
        "主订单编号": f"{DOUYIN_ID} || '0'",
        "子订单编号": f"{DOUYIN_ID} || (n - 1)",
        "选购商品": "product(item)",
        "商品规格": "'标准'",
        "商品数量": "pieces",
        "商家编码": "sku(item)",
        "订单应付金额": f"money({due_of_line()})",
        "运费": "money(if(n = 1, freight, 0))",
        "收件人": "'##密文'",
        "收件人手机号": "'$$密文'",
        "详细地址": "'##密文'",
        "订单提交时间": "placed",
        "商家备注": nothing,
        "订单完成时间": f"coalesce(cast(done as varchar), {nothing})",
        "订单状态": status(douyin.STATUSES, "line_state"),
        "售后状态": f"if(n = 1 and is_back, {text(douyin.REFUNDED)}, {nothing})",
        "取消原因": f"if({is_closed}, '超时未支付', '')",
        "发货时间": f"coalesce(cast(sent as varchar), {nothing})",
        "平台实际承担优惠金额": "'0.00'",
        "商家实际承担优惠金额": "money(if(n = 1, discount, 0))",
        "达人实际承担优惠金额": "'0.00'",
    }
    for label in douyin.GUARDED:
        cells[label] = f"concat('\"\t', {cells[label]}, '\"')"
    refunded = position_of(State.REFUNDED)
    return f"""
    select {csv_line(douyin.HEADER, cells)} as line
    from (
        select *, if(n = 1 and is_back, {refunded}, state) as line_state
        from ({lines_of(as_of("douyin", night, clock))})
    )
    """
