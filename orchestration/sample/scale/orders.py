"""Orders of one shop in a large sample: who places them when, and what is in the baskets.

Belongs here: what all shops have in common. Does not belong here: numbers, discounts and states.
"""

from collections.abc import Mapping

from orchestration.sample.catalogue import load_catalogue
from orchestration.sample.scale.nights import Clock
from orchestration.sample.scale.people import MOST_ORDERS, SHOPS
from orchestration.sample.scale.sql import POPULAR_PLACES, Draw, columns, level, pick

# Chances of one, two, three and four lines, of which two are the mean.
LINE_CHANCES = (0.40, 0.30, 0.20, 0.10)
MOST_LINES = len(LINE_CHANCES)
# Places for the orders of one person, and for the shops.
ORDER_PLACES = MOST_ORDERS
SHOP_PLACES = 8
# How much of the height of a price is the buyer's, and how much the day's.
BUYERS_PART = 0.6
POPULAR_SHARE = 0.3
# The further lines of a basket are other products of about that price: steps up the catalogue.
STEP = 7
# Shares of lines with two pieces or more, and with three.
MORE_PIECES_SHARES = (0.20, 0.05)
# Numbers of orders have eleven digits; those of small samples have fewer.
FIRST_NUMBER = 10_000_000_000


def orders_table(shop: str, clock: Clock, about: Mapping[str, str], more: Mapping[str, str]) -> str:
    """Return the statement that draws the orders of a block's people in one shop.

    Of table `orders_of_<shop>`: number (of the person), order_number, key (for draws), position
    among the person's orders, placed_at and placed_on (local), lines, and item_, pieces_ and
    amount_1 to 4 (hundredths), goods (hundredths). about: further columns, drawn per person;
    more: further columns, drawn per order.
    """
    place = list(SHOPS).index(shop)
    bought = {"orders": f"{shop}_orders", "taste": level("number", Draw.TASTE)}
    when = f"bought_from + (ends - bought_from) * (position + {level('key', Draw.PLACED)}) / orders"
    return f"""
    create or replace temp table orders_of_{shop} as
    with buyers as (
        select number, bought_from, ends, {columns(bought | dict(about))}
        from people where {shop}_orders > 0
    ),
    placed as (select *, unnest(range(orders)) as position from buyers),
    keyed as (
        select *, (number * {SHOP_PLACES} + {place}) * {ORDER_PLACES} + position as key,
            {FIRST_NUMBER} + number * {ORDER_PLACES} + position as order_number
        from placed
    ),
    timed as (select * exclude (bought_from, ends, orders), {when} as days from keyed),
    filled as (select *, {clock.moment("days")} as placed_at, {_baskets()} from timed)
    select * exclude (days, taste), cast(placed_at as date) as placed_on,
        {columns({"goods": per_line("amount_{n}")} | dict(more))}
    from filled
    """


def lines_of(orders: str) -> str:
    """Return the query of the lines of some orders: n from 1 on, and its item, pieces, amount.

    orders: query of orders, whose columns the lines have too.
    """
    return f"""
    select *, {nth("item")} as item, {nth("pieces")} as pieces, {nth("amount")} as amount
    from (select *, unnest(range(1, lines + 1)) as n from ({orders}))
    """


def nth(what: str) -> str:
    """Return the column of line `n`."""
    cases = " ".join(f"when {n} then {what}_{n}" for n in range(1, MOST_LINES))
    return f"case n {cases} else {what}_{MOST_LINES} end"


def per_line(value: str) -> str:
    """Return the sum over an order's lines of an expression in which `{n}` is the line."""
    return " + ".join(f"if(lines >= {n}, {value.format(n=n)}, 0)" for n in range(1, MOST_LINES + 1))


def line_key(n: str) -> str:
    """Return the number from which line `n` of an order is drawn."""
    return f"(key * {MOST_LINES} + {n} - 1)"


def _baskets() -> str:
    count = len(load_catalogue().products)
    height = f"{BUYERS_PART} * taste + {1 - BUYERS_PART} * {level('key', Draw.ITEM)}"
    is_popular = f"{level('key', Draw.IS_POPULAR)} < {POPULAR_SHARE}"
    popular = f"popular({pick('key', Draw.POPULAR, 1, POPULAR_PLACES + 1)})"
    draw = level("key", Draw.LINES)
    limits = [sum(LINE_CHANCES[:n]) for n in range(1, MOST_LINES)]
    filled = {
        "lines": "1 + " + " + ".join(f"cast({draw} >= {limit:.2f} as bigint)" for limit in limits),
        "item_1": f"if({is_popular}, {popular}, 1 + cast(floor({count} * ({height})) as integer))",
    }
    for n in range(2, MOST_LINES + 1):
        step = pick(line_key(str(n)), Draw.BESIDE, STEP * (n - 2), STEP * (n - 1))
        filled[f"item_{n}"] = f"cast((item_1 + {step}) % {count} + 1 as integer)"
    for n in range(1, MOST_LINES + 1):
        pieces = level(line_key(str(n)), Draw.PIECES)
        two, three = (f"cast({pieces} < {part} as integer)" for part in MORE_PIECES_SHARES)
        filled[f"pieces_{n}"] = f"1 + {two} + {three}"
        filled[f"amount_{n}"] = f"price(item_{n}) * pieces_{n}"
    return columns(filled)
