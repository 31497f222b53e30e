"""Marketplaces in a large sample: what becomes of an order, and what a night's file holds of it.

Belongs here: what all platforms have in common. Does not belong here: the lines of one platform.
"""

from collections.abc import Mapping

from orchestration.sample import marketplaces as market
from orchestration.sample.marketplaces import State
from orchestration.sample.scale.nights import Clock, Night
from orchestration.sample.scale.orders import orders_table
from orchestration.sample.scale.sql import Draw, level, pick, text

NAME_MASK = "full_name[1] || '**'"
# Moments of an order, in the order in which they happen.
MOMENTS = ("placed_at", "paid_at", "sent_at", "done_at", "refunded_at", "closed_at")
# What a file's lines know beside the columns of the table.
SHOWN = {moment: moment.removesuffix("_at") for moment in MOMENTS}


def market_table(shop: str, clock: Clock, about: Mapping[str, str]) -> str:
    """Return the statement that draws a platform's orders.

    Beside the columns of `orders_table`: discount, freight, due and refund (hundredths), and the
    `MOMENTS`, local, null where they never come. A refund gives back the first line.
    """
    fate = level("key", Draw.FATE)
    cut = f"{level('key', Draw.PRICE_CUT)} < {market.DISCOUNT_SHARE}"
    is_paid = f"fate >= {market.NEVER_PAID_SHARE}"
    is_back = f"{is_paid} and fate < {market.NEVER_PAID_SHARE + market.REFUNDED_SHARE}"
    back = _later("paid_at", Draw.GIVEN_BACK, market.REFUND_DAYS)
    minutes = pick("key", Draw.PAID, *market.PAY_MINUTES)
    more = {
        # Off the first line, so that no line costs less than nothing.
        "discount": f"if({cut}, cast(round(amount_1 * {market.DISCOUNT_RATE}) as integer), 0)",
        "freight": f"if(goods < {market.FREE_FREIGHT_FROM}, {market.FREIGHT}, 0)",
        "due": "goods - discount + freight",
        "refund": "amount_1 - discount + if(lines = 1, freight, 0)",
        "fate": fate,
        "paid_at": f"if({is_paid}, placed_at + to_minutes({minutes}), null)",
        "sent_at": _later("paid_at", Draw.SENT, market.SEND_DAYS),
        "done_at": _later("paid_at", Draw.DONE, market.DONE_DAYS),
        "refunded_at": f"if({is_back}, {back}, null)",
        "closed_at": f"if({is_paid}, null, placed_at + to_days({market.CLOSE_DAYS}))",
    }
    return orders_table(shop, clock, about, more)


def _later(moment: str, draw: Draw, days: tuple[int, int]) -> str:
    return f"{moment} + to_days(cast({pick('key', draw, *days)} as integer))"


def as_of(shop: str, night: Night, clock: Clock) -> str:
    """Return the query of the orders in a night's file: all so far, or the last 30 days.

    Beside the columns of the table: is_back, state (its position among the members of `State`),
    paid_amount and refunded_amount (hundredths), and the moments so far as the platform's clock
    shows them, as `placed`, `paid`, `sent`, `done`, `refunded`, `closed`, null where not yet.
    """
    shown = ", ".join(
        f"{clock.platform(f'if({moment} < {night.end}, {moment}, null)')} as {name}"
        for moment, name in SHOWN.items()
    )
    chosen = f"placed_on <= {night.day}"
    if not night.is_first:
        chosen += f" and placed_on >= {night.since(market.WINDOW_DAYS)}"
    return f"""
    select *, refunded is not null as is_back,
        case {" ".join(f"when {when} then {_position(state)}" for state, when in _WHEN.items())}
            else {_position(State.WAITING)} end as state,
        if(paid is null, 0, due) as paid_amount, if(is_back, refund, 0) as refunded_amount
    from (select *, {shown} from orders_of_{shop} where {chosen})
    """


_WHEN = {
    State.CLOSED: "closed is not null",
    State.REFUNDED: "refunded is not null and lines = 1",
    State.DONE: "done is not null",
    State.SENT: "sent is not null",
    State.PAID: "paid is not null",
}


def _position(state: State) -> int:
    return list(State).index(state)


def status(names: Mapping[State, str], state: str = "state") -> str:
    """Return the text that a platform has for a state."""
    return f"[{', '.join(text(names.get(each, '')) for each in State)}][1 + {state}]"


def position_of(state: State) -> str:
    """Return a state as the column `state` holds it."""
    return str(_position(state))


def due_of_line() -> str:
    """Return what a buyer has to pay for one line, without freight."""
    return "(amount - if(n = 1, discount, 0))"
