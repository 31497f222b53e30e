"""What is expected of the published tables.

Belongs here: which measure applies to which table. Does not belong here: limits (thresholds.yml),
how a measure is taken (dbt models under audit/), how it is judged (validate.py).
"""

from collections.abc import Mapping

from expectations.checks import Check, Limit

# Measure, subject of the measure, and the table at which a person looks when it fails.
EXPECTED = (
    ("row_count", "dim_customers", "dim_customers"),
    ("row_count", "customer_rfm", "customer_rfm"),
    ("drop_share", "dim_customers", "dim_customers"),
    ("drop_share", "fct_orders", "fct_orders"),
    ("drop_share", "fct_interactions", "fct_interactions"),
    *(
        (measure, system, table)
        for measure, table in (
            ("orders_lost", "fct_orders"),
            ("amount_lost_to_orders", "fct_orders"),
            ("amount_lost_to_lines", "fct_order_lines"),
        )
        for system in ("douyin", "jd", "shop", "shopify", "taobao", "youzan")
    ),
    ("guest_order_share", "fct_orders", "fct_orders"),
    ("unknown_share", "dim_products.product_name", "dim_products"),
    ("exact_duplicate_share", "shop.order_lines", "stg_shop__order_lines"),
    ("segment_alarm_count", "segment_daily", "segment_daily"),
)


def mart_checks(limits: Mapping[str, Limit]) -> tuple[Check, ...]:
    """Return the checks of the published tables."""
    return tuple(
        Check(f"{measure}__{subject.replace('.', '__')}", table, subject, limits[measure])
        for measure, subject, table in EXPECTED
    )
