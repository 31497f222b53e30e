"""What a peer made against what was published: `python tests/bench/peers/compare.py HOME OUT`.

Orders, their lines and their amounts have to be equal, to the cent, in every month of every
system. Tiers and stages are compared order by order, through the customer, and may differ: whom a
name keeps apart, or a login joins, is another customer there.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

# Per table: by what it is counted, and the numbers that are claimed to be equal.
EXACT = {
    "fct_orders": (
        ("source_system",),
        {
            "orders": "count(*)",
            "counted orders": "count(*) filter (where is_counted)",
            "gross amount": "cents(gross_amount)",
            "refunds": "cents(refund_amount)",
            "net amount": "cents(net_amount)",
        },
    ),
    "fct_order_lines": (
        ("source_system", "line_type"),
        {"lines": "count(*)", "net amount": "cents(net_amount)"},
    ),
}
# Some peers hold money in floating point.
CENTS = "create temp macro cents(x) as cast(round(sum(x), 2) as decimal(18, 2))"
# A customer by the orders they hold, the same wherever ids are given in another way.
HELD = """
    create temp view {side} as
    select order_id, customer_id, rfm_segment, lifecycle_stage,
        bit_xor(hash(order_id)) over (partition by customer_id) as held
    from '{folder}/fct_orders.parquet'
    inner join '{folder}/customer_rfm.parquet' using (customer_id)
    inner join '{folder}/customer_lifecycle.parquet' using (customer_id)
"""
AGREEMENT = """
    select count(*), count(*) filter (where ours.held is distinct from theirs.held),
        count(*) filter (where ours.rfm_segment = theirs.rfm_segment),
        count(*) filter (
            where ours.rfm_segment is distinct from theirs.rfm_segment and ours.held = theirs.held
        ),
        count(*) filter (where ours.lifecycle_stage = theirs.lifecycle_stage),
        count(*) filter (
            where ours.lifecycle_stage is distinct from theirs.lifecycle_stage
                and ours.held = theirs.held
        ),
        (select count(*) from '{published}/customer_rfm.parquet'),
        (select count(*) from '{made}/customer_rfm.parquet')
    from ours
    left join theirs using (order_id)
"""
SEGMENTS = """
    select segment_id, count(*), any_value(peer.members)
    from '{published}/segment_members.parquet'
    inner join '{made}/segments.parquet' as peer using (segment_id)
    group by segment_id
    order by segment_id
"""


@dataclass(frozen=True)
class Agreement:
    """Orders of people, and how many of them find their customer in the same class.

    `refolded`: the customer holds other orders there. `tier_alone` and `stage_alone`: the customer
    holds the same orders, and is in another class all the same.
    """

    orders: int
    refolded: int
    same_tier: int
    tier_alone: int
    same_stage: int
    stage_alone: int
    customers: int
    peer_customers: int

    def lines(self) -> Iterator[str]:
        """Say it in words."""
        yield (
            f"{self.customers:,} customers published, {self.peer_customers:,} by the peer, "
            "which folds without guards and reads neither WeCom nor trackers"
        )
        yield (
            f"{self.refolded / self.orders:.2%} of {self.orders:,} orders of people have a customer"
            " who is folded in another way (names, logins, unionids, guards)"
        )
        for what, same, alone in (
            ("tier", self.same_tier, self.tier_alone),
            ("stage", self.same_stage, self.stage_alone),
        ):
            yield (
                f"{same / self.orders:.2%} of them have the same {what}; of the other "
                f"{self.orders - same:,}, {self.orders - same - alone:,} for the folding and "
                f"{alone:,} although they hold the same orders (break points moved)"
            )


def differences(published: Path, made: Path) -> list[str]:
    """Return each number that is claimed to be equal and is not, in words."""
    with duckdb.connect() as connection:
        connection.execute(CENTS)
        return [text for table in EXACT for text in _different(connection, table, published, made)]


def _different(
    connection: duckdb.DuckDBPyConnection, table: str, published: Path, made: Path
) -> Iterator[str]:
    keys, numbers = EXACT[table]
    counted = ", ".join(f'{formula} as "{name}"' for name, formula in numbers.items())
    columns = [*keys, "strftime(order_date, '%Y-%m') as month"]
    sides = [
        f"(select {', '.join(columns)}, {counted} from '{folder / table}.parquet' group by all)"
        for folder in (published, made)
    ]
    pairs = ", ".join(f'a."{name}", b."{name}"' for name in numbers)
    joined = (*keys, "month")
    rows = connection.execute(
        f"select {', '.join(joined)}, {pairs} from {sides[0]} as a "
        f"full join {sides[1]} as b using ({', '.join(joined)}) order by all"
    )
    for row in rows.fetchall():
        place, found = row[: len(joined)], row[len(joined) :]
        for name, ours, theirs in zip(numbers, found[::2], found[1::2], strict=True):
            if ours != theirs:
                yield f"{table} {' '.join(place)}: {name} {ours} published, {theirs} by the peer"


def agreement(published: Path, made: Path) -> Agreement:
    """Compare tiers and stages of the customers of all orders."""
    with duckdb.connect() as connection:
        for side, folder in (("ours", published), ("theirs", made)):
            connection.execute(HELD.format(side=side, folder=folder))
        found = connection.execute(AGREEMENT.format(published=published, made=made)).fetchone()
        return Agreement(*found)


def segment_sizes(published: Path, made: Path) -> list[tuple[str, int, int]]:
    """Members of each segment that the peer has too, published and by the peer."""
    if not (made / "segments.parquet").exists():
        return []
    with duckdb.connect() as connection:
        return connection.execute(SEGMENTS.format(published=published, made=made)).fetchall()


def check(published: Path, made: Path) -> str:
    """Return how far classes agree, in words.

    Raises:
        SystemExit: a number that is claimed to be equal is not.

    """
    wrong = differences(published, made)
    if wrong:
        shown = "\n  ".join(wrong[:20])
        raise SystemExit(f"{len(wrong)} numbers of {made.name} differ:\n  {shown}")
    text = ["orders, lines and amounts are equal in every month of every system"]
    text += agreement(published, made).lines()
    text += [
        f"segment {name}: {ours:,} published, {theirs:,} by the peer"
        for name, ours, theirs in segment_sizes(published, made)
    ]
    return "\n  ".join(text)


def main(home: str, out: str) -> None:
    """Compare what a peer wrote to a folder with what a home has published."""
    found = check(Path(home) / "current" / "parquet", Path(out))
    sys.stdout.write(f"{Path(out).name}: {found}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
