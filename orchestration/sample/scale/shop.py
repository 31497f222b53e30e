"""The second shop in a large sample: order lines with corrections, credits and guests.

Belongs here: what becomes of an order, and its lines. Does not belong here: columns (sample/shop).
"""

from orchestration.sample import shop, shop_book
from orchestration.sample.scale.exports import Export, Family, truth_line
from orchestration.sample.scale.nights import Clock, Night
from orchestration.sample.scale.orders import lines_of, orders_table
from orchestration.sample.scale.people import held, person_id
from orchestration.sample.scale.sql import Draw, csv_line, level, pick, text

# Days back from the last night whose orders it may correct.
LATE_DAYS = 90


def shop_orders(clock: Clock, currency: str, corrections: float) -> Family:
    """Return the shop's order lines.

    corrections: share of the orders of the last 90 days that the last night restates with another
    quantity.
    """
    phone, email = held("shop", "mobile")
    named = f"if({level('number', Draw.NAMED_IN_SHOP)} < {shop.NAMELESS_SHARE}, '', full_name)"
    about = {"customer_id": "'S1' || number", "phone": phone, "email": email, "named": named}
    return Family(
        [orders_table("shop", clock, about, _fate())],
        [
            Export(
                shop.SYSTEM,
                lambda night: f"order_lines_{night.date.isoformat()}.csv",
                lambda night: _lines(night, currency, corrections),
                header=",".join(shop.HEADER),
            )
        ],
        [_truth()],
    )


def _fate() -> dict[str, str]:
    fate = level("key", Draw.FATE)
    correction = pick("key", Draw.CORRECTION, *shop_book.CORRECTION_LAG_DAYS)
    lag = pick("key", Draw.RETURN, *shop_book.RETURN_LAG_DAYS)
    corrected = f"{fate} < {shop_book.CORRECTED_SHARE}"
    returned = f"{fate} >= {1 - shop_book.RETURNED_SHARE / (1 - shop_book.GUEST_SHARE)}"
    return {
        "is_guest": f"position > 0 and {level('key', Draw.GUEST)} < {shop_book.GUEST_SHARE}",
        "corrected_on": f"if({corrected}, cast(placed_at as date) + cast({correction} as integer),"
        " null)",
        "returned_at": f"if({returned} and not is_guest, "
        f"placed_at + to_days(cast({lag} as integer)), null)",
    }


def _lines(night: Night, currency: str, corrections: float) -> str:
    is_late = "false"
    if night.is_last and corrections:
        is_late = (
            f"(placed_on >= {night.since(LATE_DAYS)} and placed_on < {night.day}"
            f" and {level('key', Draw.LATE)} < {corrections})"
        )
    sold = f"placed_on <= {night.day}"
    credited = f"returned_at < {night.end}"
    if not night.is_first:
        sold = f"(placed_on = {night.day} or corrected_on = {night.day} or {is_late})"
        credited += f" and returned_at >= {night.day}"
    extra = f"cast(coalesce(corrected_on <= {night.day}, false) as integer)"
    # In one pass, so that the order of the rows is that of the people whatever the blocks.
    statements = f"list_concat(if({sold}, [1], []), if({credited}, [-1], []))"
    orders = f"""
    select *, if(sign = 1, placed_at, returned_at) as stated_at,
        if(sign = 1, '', {text(shop_book.CREDIT_PREFIX)}) || order_number as order_id,
        {extra} + if(sign = 1, cast({is_late} as integer), 0) as extra
    from (select *, unnest({statements}) as sign from orders_of_shop)
    """
    cells = {
        "order_id": "order_id",
        "line_id": "order_id || '-' || n",
        "customer_id": "if(is_guest, '', customer_id)",
        "ordered_at": "stated_at",
        "product_id": "product_id(item)",
        "product_name": "product(item)",
        "category": "category(item)",
        "brand": "brand(item)",
        "quantity": "sign * (pieces + if(n = 1, extra, 0))",
        "unit_price": "money(price(item))",
        "order_amount": "money(sign * (goods + extra * price(item_1)))",
        "phone": "if(is_guest, '', phone)",
        "email": "if(is_guest, '', email)",
        "currency": text(currency),
        "customer_name": "if(is_guest, '', named)",
    }
    return f"select {csv_line(shop.HEADER, cells)} as line from ({lines_of(orders)})"


def _truth() -> str:
    customer = truth_line(person_id(), shop.SYSTEM, "customer_id", "phone", "email")
    guest = truth_line(person_id(), shop.SYSTEM, "order_number", "''", "''")
    return f"""
    select if(is_guest, {guest}, {customer}) as line
    from orders_of_shop where position = 0 or is_guest
    """
