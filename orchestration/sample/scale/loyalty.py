"""The loyalty programme in a large sample: a ledger of points, and all members nightly.

Belongs here: their lines. Does not belong here: columns (sample/loyalty.py), and the shop's orders.
"""

from orchestration.sample import loyalty, loyalty_book
from orchestration.sample.scale.exports import Export, Family, truth_line
from orchestration.sample.scale.nights import Clock, Night
from orchestration.sample.scale.people import held, person_id
from orchestration.sample.scale.sql import Draw, csv_line, level, text
from orchestration.sample.spec import HISTORY_DAYS

VOUCHER = loyalty_book.VOUCHER_POINTS
# Points of an order in whole currency units.
EARNED = f"goods // {loyalty_book.HUNDREDTHS_PER_POINT}"
# Check-ins of one member at most: three times the mean, as the draws are squared.
CHECK_INS = 3 * loyalty_book.CHECK_IN_CHANCE * HISTORY_DAYS
CHECK_IN_PLACES = 4


def loyalty_programme(clock: Clock) -> Family:
    """Return the ledger and the members; the table of the shop's orders must be there."""
    phone, email = held("loyalty", "mobile")
    is_ugly = f"{level('number', Draw.UGLY)} < {loyalty.UGLY_PHONE_SHARE}"
    is_nameless = f"{level('number', Draw.NAMED_IN_CLUB)} < {loyalty.NAMELESS_SHARE}"
    members = f"""
    create or replace temp table members as
    select * replace (
        if({is_ugly} and phone != '' and email != '', {text(loyalty.UGLY_PHONE)}, phone) as phone)
    from (
        select number, member_id, arrived, {phone} as phone, {email} as email,
            if({is_nameless}, '', full_name) as named,
            cast({clock.moment("arrived")} as date) as joined_on
        from people where is_member
    )
    """
    ledger = Export(
        loyalty.SYSTEM,
        lambda night: f"points_ledger_{night.date:%Y%m%d}.csv",
        _entry_lines,
        header=",".join(loyalty.LEDGER_HEADER),
    )
    levels = Export(
        loyalty.SYSTEM,
        lambda night: f"会员等级_{night.date:%Y%m%d}.csv",
        _level_lines,
        header=",".join(loyalty.LEVELS_HEADER),
    )
    line = truth_line(person_id(), loyalty.SYSTEM, "member_id", "phone", "email")
    return Family(
        [members, _points(clock)], [ledger, levels], [f"select {line} as line from members"]
    )


def _points(clock: Clock) -> str:
    spends = f"{level('key', Draw.VOUCHER)} < {loyalty_book.VOUCHER_CHANCE}"
    known = f"(1 - arrived / {HISTORY_DAYS})"
    drawn = f"pow({level('number', Draw.CHECK_INS)}, 2) * {CHECK_INS}"
    count = f"cast({drawn} * {known} as bigint)"
    key = f"(number * {CHECK_IN_PLACES} + place)"
    days = f"(arrived + ({HISTORY_DAYS} - arrived) * {level(key, Draw.CHECKED_IN)})"
    reasons = (loyalty_book.ORDERED, loyalty_book.REDEEMED, loyalty_book.CHECKED_IN)
    ordered, redeemed, checks = map(text, reasons)
    return f"""
    create or replace temp table points as
    with entries as (
        select number, placed_at as happened_at, {EARNED} as change, {ordered} as reason,
            order_number
        from orders_of_shop semi join members using (number)
        union all
        select number, placed_at + to_minutes(1), {-VOUCHER}, {redeemed}, null
        from orders_of_shop semi join members using (number)
        where {EARNED} >= {VOUCHER} and {spends}
        union all
        select number, {clock.moment(days)}, {loyalty_book.CHECK_IN_POINTS}, {checks}, null
        from (select *, unnest(range({count})) as place from members)
    )
    select *, cast(happened_at as date) as happened_on,
        sum(change) over so_far as balance, sum(greatest(change, 0)) over so_far as earned
    from entries
    window so_far as (partition by number order by happened_at, change, order_number
        rows between unbounded preceding and current row)
    """


def _entry_lines(night: Night) -> str:
    chosen = f"happened_on <= {night.day}" if night.is_first else f"happened_on = {night.day}"
    cells = {
        "member_id": "member_id",
        "change": "if(change >= 0, '+', '') || change",
        "balance_after": "balance",
        "reason": "reason",
        "occurred_at": "happened_at",
        "order_no": "order_number",
    }
    return f"""
    select {csv_line(loyalty.LEDGER_HEADER, cells)} as line
    from points join members using (number)
    where {chosen} order by number, happened_at, change, order_number
    """


def _level_lines(night: Night) -> str:
    higher = list(enumerate(loyalty.LEVELS))[1:]
    reached = ", ".join(
        f"min(happened_on) filter (where earned >= {points}) as reached_{place}"
        for place, (points, _) in higher
    )

    def highest(value: str) -> str:
        return " ".join(
            f"when reached_{place} is not null then {value.format(place=place, name=text(name))}"
            for place, (_, name) in reversed(higher)
        )

    cells = {
        "会员编号": "member_id",
        "会员等级": f"case {highest('{name}')} else {text(loyalty.LEVELS[0][1])} end",
        "等级生效日期": f"case {highest('reached_{place}')} else joined_on end",
        "入会日期": "joined_on",
        "手机号": "phone",
        "邮箱": "email",
        "积分余额": "coalesce(points_left, 0)",
        "姓名": "named",
    }
    return f"""
    select {csv_line(loyalty.LEVELS_HEADER, cells)} as line
    from members left join (
        select number, sum(change) as points_left, {reached}
        from points where happened_on <= {night.day} group by number
    ) using (number)
    where joined_on <= {night.day} order by number
    """
