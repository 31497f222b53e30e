"""Taobao in a large sample: order and line lists every night, in GB18030.

Belongs here: its lines. Does not belong here: columns (sample/taobao_rows.py), and the orders.
No workbook on the last night, as in small samples: a sheet cannot hold so many rows.
"""

from orchestration.sample import taobao
from orchestration.sample.scale.exports import Export, Family
from orchestration.sample.scale.market import NAME_MASK, as_of, market_table, status
from orchestration.sample.scale.nights import Clock, Night
from orchestration.sample.scale.orders import MOST_LINES, lines_of
from orchestration.sample.scale.sql import Draw, csv_line, level, text, turn
from orchestration.sample.taobao_rows import (
    CARRIERS,
    CLASSIC_LINES,
    CLASSIC_ORDERS,
    CLOSE_REASONS,
    REFUNDED_LINE,
    RESAVED_EVERY,
    SHOP,
    STATUSES,
)
from orchestration.sample.timeline import EXPORT_TIME

# Ids have 19 digits and end in a zero; small samples have others in front.
ID = "'25' || lpad(cast(order_number as varchar), 16, '0') || '0'"

ACCOUNT = "'tb1' || lpad(cast(number as varchar), 9, '0')"


def taobao_orders(clock: Clock) -> Family:
    """Return Taobao's orders and lines."""
    shown = level("number", Draw.SHOWN)
    hidden = f"{level('number', Draw.ACCOUNT)} < {taobao.MASKED_ACCOUNT_SHARE}"
    about = {
        "account": f"if({hidden}, 'tb_' || family || '***', {ACCOUNT})",
        "receiver": NAME_MASK,
        "phone": f"case when {shown} < {taobao.DAMAGED_PHONE_SHARE} then "
        f"{text(taobao.DAMAGED_PHONE)} when {shown} < {taobao.MASKED_PHONE_SHARE} then "
        "mobile[1:3] || '****' || mobile[8:] else mobile end",
        "address": "province || ' ' || city || ' ' || address[:-3] || '***'",
    }

    def export(kind: str, header: tuple[str, ...], lines: str) -> Export:
        return Export(
            taobao.SYSTEM,
            lambda night: f"{kind}{night.date:%Y%m%d}{EXPORT_TIME:%H%M}.csv",
            lambda night: _queried(lines, night, clock),
            header=",".join(header),
            encoding=taobao.ENCODING,
        )

    return Family(
        [market_table("taobao", clock, about)],
        [
            export("ExportOrderList", CLASSIC_ORDERS, "orders"),
            export("ExportOrderDetailList", CLASSIC_LINES, "lines"),
        ],
    )


def _queried(lines: str, night: Night, clock: Clock) -> str:
    # Every so many orders went through a spreadsheet, which spells times and commas its own way.
    resaved = f"order_number % {RESAVED_EVERY} = 0"
    orders = f"""
    select *, {ID} as id, {status(STATUSES)} as status, {resaved} as is_resaved
    from ({as_of("taobao", night, clock)})
    """
    if lines == "orders":
        return f"select {_order_line()} as line from ({orders})"
    return f"select {_line_line()} as line from ({lines_of(orders)})"


def _moment(moment: str) -> str:
    # 2026-11-19 08:05:33 becomes 2026/11/19 8:05.
    return f"if(is_resaved, strftime({moment}, '%Y/%m/%d %-H:%M'), cast({moment} as varchar))"


def _guarded(header: tuple[str, ...], cells: dict[str, str]) -> str:
    """Return a line whose id is guarded and whose other cells are all in quotes."""
    shown = {label: f"concat('\"', {cells.get(label, text(''))}, '\"')" for label in header}
    empty = {label: "'\"\"'" for label in header if label not in cells}
    return csv_line(header, shown | empty | {header[0]: "concat('=\"', id, '\"')"})


def _order_line() -> str:
    titles = [f"if(lines >= {n}, '，' || product(item_{n}), '')" for n in range(2, MOST_LINES + 1)]
    pieces = [f"if(lines >= {n}, pieces_{n}, 0)" for n in range(2, MOST_LINES + 1)]
    cells = {
        "买家会员名": "account",
        "买家应付货款": "money(goods - discount)",
        "买家应付邮费": "money(freight)",
        "买家支付积分": "'0'",
        "总金额": "money(due)",
        "返点积分": "'0'",
        "买家实际支付金额": "money(paid_amount), '元'",
        "买家实际支付积分": "'0'",
        "订单状态": "if(is_resaved, replace(status, '，', ','), status)",
        "收货人姓名": "receiver",
        "收货地址": "address",
        "运送方式": "'快递'",
        "联系手机": "'''', phone",
        "订单创建时间": _moment("placed"),
        "订单付款时间": _moment("paid"),
        "宝贝标题": f"product(item_1), {', '.join(titles)}",
        "宝贝种类": "lines",
        "物流单号": "if(sent is null, '', 'No:SF' || lpad(cast(order_number as varchar), 18, '0'))",
        "物流公司": f"if(sent is null, '', {turn(CARRIERS, 'order_number')})",
        "订单备注": "'null'",
        "宝贝总数量": f"pieces_1 + {' + '.join(pieces)}",
        "店铺Id": "'0'",
        "店铺名称": text(SHOP),
        "订单关闭原因": status(CLOSE_REASONS),
        "卖家服务费": "'0'",
        "买家服务费": "'0'",
        "修改后的sku": "'null'",
        "修改后的收货地址": "'null'",
    }
    return _guarded(CLASSIC_ORDERS, cells)


def _line_line() -> str:
    cells = {
        "标题": "product(item)",
        "价格": "money(price(item))",
        "购买数量": "pieces",
        "外部系统编号": "sku(item)",
        "商品属性": "'规格：标准'",
        "备注": "'null'",
        "订单状态": f"if(n = 1 and is_back, {text(REFUNDED_LINE)}, status)",
        "商家编码": "sku(item)",
    }
    return _guarded(CLASSIC_LINES, cells)
