"""Shopify in a large sample: orders of a moving window, and all customers nightly.

Belongs here: what becomes of an order, and the lines. Does not belong here: columns
(sample/shopify_rows.py, sample/shopify_customers.py).
"""

from orchestration.sample import shopify, shopify_book, shopify_customers, shopify_rows
from orchestration.sample.names import PLACES
from orchestration.sample.scale.exports import Export, Family, truth_line
from orchestration.sample.scale.nights import Clock, Night
from orchestration.sample.scale.orders import (
    MOST_LINES,
    line_key,
    lines_of,
    orders_table,
    per_line,
)
from orchestration.sample.scale.people import held, person_id
from orchestration.sample.scale.sql import Draw, csv_line, level, pick, text, texts, turn

# Behind the two digits of ids in small samples, others follow than there.
FIRST_ID = 7_000_000_000_000
# Cells that a comma or a line break puts in quotes.
GIFT = text('"gift: yes\nwrapping: red"')
NOTE = text('"likes gifts\ncall first"')
TAGS = text('"VIP, newsletter"')
FIRST_CUSTOMER_ID = 9_100_000_000_000


def shopify_orders(clock: Clock, currency: str) -> Family:
    """Return Shopify's orders and customers."""
    phone, email = held("shopify", "'+86' || mobile")
    about = {
        "phone": phone, "email": email, "full_name": "full_name", "family": "family",
        "given": "given", "place": "place", "province": "province", "city": "city",
        "address": "address",
        "guard": f"if({level('number', Draw.GUARDED)} < {shopify.GUARDED_SHARE}, '''', '')",
    }  # fmt: skip
    orders = Export(
        shopify.SYSTEM,
        lambda night: f"orders_export_{night.number}.csv",
        lambda night: _order_lines(night, clock, currency),
        header=",".join(shopify_rows.HEADER),
    )
    customers = Export(
        shopify.SYSTEM,
        lambda night: f"customers_export_{night.number}.csv",
        _customer_lines,
        header=",".join(shopify_customers.HEADER),
    )
    known = truth_line(
        person_id(), shopify.SYSTEM, f"{FIRST_CUSTOMER_ID} + number", "phone", "email"
    )
    truth = f"select {known} as line from orders_of_shopify where position = 0"
    return Family(
        [orders_table("shopify", clock, about, _money() | _fate())], [orders, customers], [truth]
    )


def _tenth(amount: str) -> str:
    return f"cast(round({amount} * {shopify_book.DISCOUNT_RATE}) as integer)"


def _line_discount(n: str) -> str:
    draw = level(line_key(n), Draw.LINE_DISCOUNT)
    return f"if({draw} < {shopify_book.LINE_DISCOUNT_SHARE}, {_tenth('amount_' + n)}, 0)"


def _money() -> dict[str, str]:
    discounts = {f"discount_{n}": _line_discount(str(n)) for n in range(1, MOST_LINES + 1)}
    code = f"{level('key', Draw.CODE)} < {shopify_book.CODE_SHARE}"
    fee = f"if(subtotal < {shopify_book.FREE_SHIPPING_FROM}, {shopify_book.SHIPPING_FEE}, 0)"
    return discounts | {
        "reduced": per_line("amount_{n} - discount_{n}"),
        "discount": f"if({code}, {_tenth('reduced')}, 0)",
        "subtotal": "reduced - discount",
        "shipping": fee,
        "tax": f"cast(round(subtotal * {shopify_book.TAX_RATE}) as integer)",
        "total": "subtotal + shipping + tax",
    }


def _fate() -> dict[str, str]:
    fate, cancelled = level("key", Draw.FATE), shopify_book.CANCELLED_SHARE
    refunded = cancelled + shopify_book.REFUNDED_SHARE
    smallest = shopify_book.SMALLEST_PART
    width = shopify_book.LARGEST_PART - smallest
    part = f"total * ({smallest} + {width:.2f} * {level('key', Draw.PART)})"

    def later(draw: Draw, days: tuple[int, int]) -> str:
        return f"placed_at + to_days(cast({pick('key', draw, *days)} as integer))"

    return {
        "fate": fate,
        "cancelled_at": f"if(fate < {cancelled}, "
        f"{later(Draw.CANCEL, shopify_book.CANCEL_LAG_DAYS)}, null)",
        "fulfilled_at": f"if(fate >= {cancelled}, "
        f"{later(Draw.FULFIL, shopify_book.FULFIL_LAG_DAYS)}, null)",
        # Half of the cancelled orders keep the status `paid`, as real exports show.
        "refunded_on": f"cast(case when fate < {cancelled / 2} then cancelled_at "
        f"when fate >= {cancelled} and fate < {refunded} "
        f"then {later(Draw.REFUND, shopify_book.REFUND_LAG_DAYS)} end as date)",
        "refund": f"case when fate >= {cancelled} and {level('key', Draw.IS_PART)} < "
        f"{shopify_book.PARTIAL_SHARE} then cast(round({part}) as integer) else total end",
    }


def _order_lines(night: Night, clock: Clock, currency: str) -> str:
    chosen = f"placed_on <= {night.day}"
    if not night.is_first:
        window = f"placed_on >= {night.since(shopify.WINDOW_DAYS)}"
        chosen += f" and ({window} or refunded_on = {night.day})"
    seen = f"""
    select * exclude (cancelled_at, fulfilled_at), {clock.with_offset("placed_at")} as created,
        '#' || order_number as name, {FIRST_ID} + order_number as id,
        if(phone = '', '', guard || phone) as shown_phone,
        {_seen("cancelled_at", night, clock)} as cancelled,
        {_seen("fulfilled_at", night, clock)} as fulfilled,
        if(refunded_on <= {night.day}, refund, 0) as refunded
    from orders_of_shopify where {chosen}
    """
    return f"""
    select if(n = 1, {_first_line(currency)}, {csv_line(shopify_rows.HEADER, _any_line())}) as line
    from (
        select *, case n when 1 then discount_1 when 2 then discount_2 when 3 then discount_3
            else discount_4 end as line_discount
        from ({lines_of(seen)})
    )
    """


def _seen(moment: str, night: Night, clock: Clock) -> str:
    return f"if({moment} < {night.end}, {clock.with_offset(moment)}, '')"


def _any_line() -> dict[str, str]:
    return {
        "Name": "name",
        "Email": "email",
        "Created at": "created",
        "Lineitem quantity": "pieces",
        "Lineitem name": "product(item)",
        "Lineitem price": "money(price(item))",
        "Lineitem sku": "sku(item)",
        "Lineitem requires shipping": "'true'",
        "Lineitem taxable": "'true'",
        "Lineitem fulfillment status": "if(fulfilled = '', 'pending', 'fulfilled')",
        "Vendor": "brand(item)",
        "Lineitem discount": "money(line_discount)",
        "Phone": "shown_phone",
    }


def _first_line(currency: str) -> str:
    cells = _any_line() | {
        "Financial Status": "case when coalesce(refunded, 0) = 0 then 'paid' "
        "when refunded = total then 'refunded' else 'partially_refunded' end",
        "Paid at": "created",
        "Fulfillment Status": "if(fulfilled = '', 'unfulfilled', 'fulfilled')",
        "Fulfilled at": "fulfilled",
        "Accepts Marketing": f"if(number % {shopify_rows.NO_MARKETING_EVERY} = 0, 'no', 'yes')",
        "Currency": text(currency),
        "Subtotal": "money(subtotal)",
        "Shipping": "money(shipping)",
        "Taxes": "money(tax)",
        "Total": "money(total)",
        "Discount Code": f"if(discount > 0, {text(shopify_rows.DISCOUNT_CODE)}, '')",
        "Discount Amount": "money(discount)",
        "Shipping Method": "'Standard'",
        "Note Attributes": f"if(id % {shopify_rows.GIFT_EVERY} = 0, {GIFT}, '')",
        "Cancelled at": "cancelled",
        "Payment Method": turn(shopify_rows.PAYMENT_METHODS, "id"),
        "Payment Reference": "'c' || id || '.1'",
        "Refunded Amount": "money(coalesce(refunded, 0))",
        "Outstanding Balance": "'0.00'",
        "Id": "id",
        "Risk Level": "'Low'",
        "Source": "'web'",
        "Tax 1 Name": "'Cross-border retail tax 9.1%'",
        "Tax 1 Value": "money(tax)",
    }
    for kind in ("Billing", "Shipping"):
        cells |= {f"{kind} {label}": value for label, value in _address().items()}
    return csv_line(shopify_rows.HEADER, cells)


def _address() -> dict[str, str]:
    postcodes = texts("'" + place.postcode for place in PLACES)
    return {
        "Name": "full_name",
        "Street": "address",
        "Address1": "address",
        "City": "city",
        "Zip": f"{postcodes}[place]",
        "Province": f"{texts(place.code for place in PLACES)}[place]",
        "Country": "'CN'",
        "Phone": "shown_phone",
        "Province Name": "province",
    }


def _customer_lines(night: Night) -> str:
    about, every = _address(), shopify_customers
    cells = {
        "Customer ID": f"'''' || ({FIRST_CUSTOMER_ID} + number)",
        "First Name": "given",
        "Last Name": "family",
        "Email": "email",
        "Accepts Email Marketing": f"if(number % {shopify_rows.NO_MARKETING_EVERY} = 0, "
        "'no', 'yes')",
        "Default Address Address1": "address",
        "Default Address City": "city",
        "Default Address Province Code": about["Province"],
        "Default Address Country Code": "'CN'",
        "Default Address Zip": about["Zip"],
        "Default Address Phone": "guarded",
        "Phone": "guarded",
        "Accepts SMS Marketing": f"if(number % {every.SMS_EVERY} = 0 and phone != '', 'yes', 'no')",
        "Total Spent": "money(spent)",
        "Total Orders": "placed",
        "Note": f"if(number % {every.NOTE_EVERY} = 0, {NOTE}, '')",
        "Tax Exempt": "'no'",
        "Tags": f"if(number % {every.TAGGED_EVERY} = 0, {TAGS}, '')",
    }
    kept = "number, given, family, email, phone, address, city, place"
    return f"""
    select {csv_line(shopify_customers.HEADER, cells)} as line
    from (
        select {kept}, if(phone = '', '', '''' || phone) as guarded,
            sum(total) as spent, count(*) as placed
        from orders_of_shopify where placed_on <= {night.day} group by {kept} order by number
    )
    """
