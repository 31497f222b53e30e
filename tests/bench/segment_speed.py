"""What fifty segments cost against five, at a million customers, in the same run.

Belongs here: profiles, rules and the models that judge them. Does not belong here: nights.
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "segments"))

from segment_desk import MODELS, Desk, Warehouse, entry, schema_of

CUSTOMERS = 1_000_000
FEW, MANY = 5, 50
COLUMNS = {"recency_days": "integer", "order_count": "integer", "net_amount": "decimal(18,2)",
           "city": "varchar", "stage": "varchar", "member_level": "varchar"}  # fmt: skip
# What a night does of segments, but for the reasons, whose rows are what they cost.
TIMED = tuple(name for name in MODELS if "condition" not in name and "reasons" not in name)
PROFILE = """
    insert into intermediate.int_customer_profile_tagged by name
    select md5(i::varchar) as customer_id, i % 5 > 0 as contactable_email,
        date '2026-03-31' as as_of_date, '|' as tag_list, '|' as group_list,
        hash(i) % 730 as recency_days, hash(i + 1) % 12 as order_count,
        hash(i + 2) % 500000 / 100 as net_amount, 'city ' || hash(i + 3) % 300 as city,
        'stage ' || hash(i + 4) % 6 as stage, 'level ' || hash(i + 5) % 4 as member_level
    from range(?) as people(i)
"""


def entries(count: int) -> dict[str, dict[str, object]]:
    """Return segments of some percents each, every tenth of them built on another one."""
    found: dict[str, dict[str, object]] = {}
    for number in range(count):
        rules = (
            f"stage = 'stage {number % 6}' and order_count >= {6 + number % 5}",
            f"recency_days between {number * 10} and {number * 10 + 29}",
            f"net_amount > {4600 + number * 5} and recency_days < 365",
            f"city in ('city {number}', 'city {number + 60}', 'city {number + 120}')",
            f"member_level = 'level {number % 4}' and recency_days < {20 + number}",
        )
        rule = rules[number % len(rules)]
        if number % 10 == 9:
            rule = f"segment('s{number - 2}_sales') and order_count > 3"
        found[f"s{number}_sales"] = entry(rule, number)
    return found


def filled(desk: Desk) -> Warehouse:
    """Return a warehouse with a million profiles, of which every second has an order."""
    warehouse = desk.open()
    run = warehouse.connection.execute
    run("insert into landing.night values (date '2026-03-31')")
    run(PROFILE, [CUSTOMERS])
    people = "from intermediate.int_customer_profile_tagged"
    run(f"insert into intermediate.int_customer_orders_measured select customer_id, 1 {people}")
    run(
        f"insert into intermediate.int_customer_ids_followed select customer_id, 'current' {people}"
    )
    run("insert into intermediate.int_orders_identified select i::varchar, md5(i::varchar), "
        "date '2026-03-20', 100, true from range(0, ?, 2) as orders(i)", [CUSTOMERS])  # fmt: skip
    return warehouse


def seconds_of_few_and_many(rounds: int) -> tuple[list[float], list[float]]:
    """Return wall seconds of a night's models of segments, fifty and five, round by round."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), COLUMNS)
        for count in (FEW, MANY):
            desk.compile(str(count), entries(count))
        warehouse = filled(desk)
        spent: dict[int, list[float]] = {FEW: [], MANY: []}
        for _ in range(rounds):
            for count in (FEW, MANY):
                forget(warehouse)
                start = time.perf_counter()
                warehouse.build(str(count), TIMED)
                spent[count].append(time.perf_counter() - start)
        return spent[MANY], spent[FEW]


def forget(warehouse: Warehouse) -> None:
    """Take out what a night built: the next one is a first night too."""
    for model in MODELS:
        warehouse.connection.execute(f"drop table if exists {schema_of(model)}.{model}")
