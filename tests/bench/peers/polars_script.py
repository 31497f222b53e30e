"""The night in Polars: scan the columns it needs lazily, fold people, score, write."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from peers.known import CRM, LANDLINE, MOST_RECORDS, RATE_DAYS, WINDOW_DAYS
from peers.polars_markets import douyin, jd, taobao, youzan
from peers.polars_orders import LINE, ZONE, Lazy, Night, bare, email, moment, phone, shop, shopify

SHOPS = {"shop": shop, "shopify": shopify, "taobao": taobao, "jd": jd, "youzan": youzan,
         "douyin": douyin}  # fmt: skip
OF_ORDER = ["order_id", "customer_id", "source_system", "order_date"]


def contact(rows: Lazy, system: str, key: pl.Expr, phones: pl.Expr, mails: pl.Expr) -> Lazy:
    """Say which record states which phone and e-mail."""
    return rows.select(
        record_key=key, source_system=pl.lit(system), phone=phones, email=mails
    ).drop_nulls("record_key")


def known_contacts(night: Night) -> Iterator[Lazy]:
    """Yield what CRM records, and members of shops and clubs, state."""
    for source, (prefix, phones, mails) in CRM.items():
        deleted = ["is_deleted"] if source.startswith("fxiaoke") else []
        columns = ["record_id", "modified_at", *phones, *mails, *deleted]
        rows = night.landed(source, columns, dump=True)
        rows = rows.sort("version", "modified_at").unique("record_id", keep="last")
        for name in deleted:
            rows = rows.filter(pl.col(name).fill_null("") != "true")
        for name in mails:
            key = prefix + pl.col("record_id")
            yield contact(rows, source.split("/")[0], key, phone(*phones), email(name))
    columns = ["customer_id", "email", "phone", "address_phone"]
    rows = night.landed("shopify/customers", columns, dump=True)
    reached = phone("phone", "address_phone")
    key = "shopify.customer:" + pl.coalesce(bare("customer_id"), email("email"), reached)
    yield contact(rows, "shopify", key, reached, email("email"))
    columns = ["phone", "full_name", "nickname", "became_customer_at"]
    rows = night.landed("youzan/customers", columns, dump=True)
    key = "youzan.customer:" + pl.concat_str(columns, separator="|", ignore_nulls=True)
    yield contact(rows, "youzan", key, phone("phone"), pl.lit(None, pl.String))
    rows = night.landed("loyalty/member_levels", ["member_id", "phone", "email"], dump=True)
    yield contact(rows, "loyalty", "loyalty:" + pl.col("member_id"), phone("phone"), email("email"))


def fold(night: Night, contacts: pl.DataFrame) -> pl.DataFrame:
    """Make records that share a phone or an e-mail one customer, over any number of steps."""
    people = contacts.select("record_key", "source_system").unique("record_key")
    people = people.with_row_index("record")
    held = contacts.unpivot(["phone", "email"], index="record_key", variable_name="kind",
                            value_name="held").drop_nulls().unique()  # fmt: skip
    held = held.filter((pl.col("kind") == "email") | ~pl.col("held").str.contains(LANDLINE))
    held = held.filter(pl.len().over("kind", "held").is_between(2, MOST_RECORDS))
    patterns = night.seed("blocked_identifiers").select("identifier_kind", "pattern").rows()
    blocked = "|".join(f"{kind.replace('*', '[a-z]+')} ({p})" for kind, p in patterns)
    stated = pl.concat_str("kind", "held", separator=" ")
    held = held.filter(~stated.str.contains(f"^(?:{blocked})$"))
    edges = held.join(people, on="record_key").select(
        "record", label=pl.col("record"), value=pl.concat_str("kind", "held").rank("dense")
    )
    before = -1
    while before != (before := edges["label"].cast(pl.Int64).sum()):
        edges = edges.with_columns(pl.col("label").min().over("value"))
        edges = edges.with_columns(pl.col("label").min().over("record"))
    labels = edges.select("record", "label").unique("record")
    people = people.join(labels, on="record", how="left")
    return people.select("record_key", "source_system", customer_id=pl.coalesce("label", "record"))


def convert(night: Night, shops: dict[str, Lazy]) -> Lazy:
    """Return all orders in the reporting currency."""
    parts = [orders.with_columns(source_system=pl.lit(name)) for name, orders in shops.items()]
    orders = pl.concat(parts, how="diagonal_relaxed").with_columns(
        pl.col("currency").fill_null(night.currency), pl.col("is_sale").fill_null(True),
        order_date=pl.col("ordered_at").dt.date(), source_order_id=pl.col("order_id"),
        order_id=pl.col("source_system") + ":" + pl.col("order_id"),
        record_key=pl.col("source_system") + ":" + pl.coalesce("buyer", "phone", "email"),
    )  # fmt: skip
    rates = night.landed(
        "reference/exchange_rates", ["rate_date", "from_currency", "exchange_rate"]
    )
    rates = rates.select(
        order_date=moment("rate_date").dt.date(), currency=pl.col("from_currency"),
        exchange_rate=pl.col("exchange_rate").cast(pl.Float64),
    ).unique(["order_date", "currency"], keep="last", maintain_order=True)  # fmt: skip
    orders = orders.filter(pl.col("order_date") <= night.as_of).sort("order_date").join_asof(
        rates.sort("order_date"), on="order_date", by="currency",
        tolerance=dt.timedelta(days=RATE_DAYS - 1), check_sortedness=False,
    )  # fmt: skip
    home = pl.col("currency") == night.currency
    rate = pl.when(home).then(1.0).otherwise("exchange_rate")
    gross, back = pl.col("original_gross_amount"), pl.col("back")
    orders = orders.with_columns(
        rate=rate, original_gross_amount=pl.col("amount").clip(lower_bound=0)
    ).drop_nulls("rate")
    returned = pl.col("refund") - pl.col("amount").clip(upper_bound=0)
    orders = orders.with_columns(back=pl.when("is_cancelled").then(gross).otherwise(returned))
    orders = orders.with_columns(
        original_net_amount=(gross - back).round(2),
        gross_amount=(gross * pl.col("rate")).round(2),
        refund_amount=(back * pl.col("rate")).round(2),
    )
    net = (pl.col("gross_amount") - pl.col("refund_amount")).round(2)
    wanted = pl.col("is_sale") & pl.col("is_paid") & ~pl.col("is_cancelled")
    return orders.with_columns(net_amount=net, is_counted=wanted & (net > 0))


def order_lines(orders: Lazy, shops: dict[str, Lazy]) -> Lazy:
    """Return lines of goods, and what else makes up each order: charges and refunds."""
    parts = [
        lines.select(LINE).with_columns(order_id=name + ":" + pl.col("order_id"))
        for name, lines in shops.items()
    ]
    money = orders.select(*OF_ORDER, "gross_amount", "net_amount", "rate")
    goods = pl.concat(parts).join(money.drop("net_amount", "gross_amount"), on="order_id")
    goods = goods.select(
        *OF_ORDER, "product_id", "line_type", "quantity",
        line_key=pl.col("place").rank("ordinal").over("order_id").cast(pl.String),
        net_amount=(pl.col("amount") * pl.col("rate")).round(2),
    )  # fmt: skip
    lined = goods.group_by("order_id").agg(lines=pl.col("net_amount").sum().round(2))
    money = money.join(lined, on="order_id", how="left").with_columns(pl.col("lines").fill_null(0))
    above = (pl.col("gross_amount") > 0) | (pl.col("lines") > 0)
    charges = pl.when(above).then((pl.col("gross_amount") - pl.col("lines")).round(2)).otherwise(0)
    money = money.with_columns(charges=charges).with_columns(
        refund=(pl.col("net_amount") - pl.col("lines") - pl.col("charges")).round(2)
    )
    rest = [
        money.filter(pl.col(kind) != 0).select(
            *OF_ORDER, line_type=pl.lit(kind), line_key=pl.lit(kind), net_amount=pl.col(kind)
        )
        for kind in ("charges", "refund")
    ]
    lines = pl.concat([goods, *rest], how="diagonal")
    line_id = pl.col("order_id") + ":" + pl.col("line_key")
    return lines.select(
        order_line_id=line_id,
        **{name: name for name in (*OF_ORDER, "product_id", "line_type", "quantity", "net_amount")},
    )


def customers_of(night: Night, people: Lazy, orders: Lazy) -> Lazy:
    """Measure every customer."""
    known = people.group_by("customer_id").agg(
        source_systems=pl.col("source_system").n_unique(), records=pl.len()
    )
    counted = pl.col("is_counted")
    recent = pl.col("order_date") > night.as_of - dt.timedelta(days=WINDOW_DAYS)
    bought = orders.drop_nulls("customer_id").group_by("customer_id").agg(
        first_order_date=pl.col("order_date").filter(counted).min(),
        last_order_date=pl.col("order_date").filter(counted).max(),
        order_count=(counted & recent).sum(),
        net_amount=pl.col("net_amount").filter(recent).sum().round(2),
    )  # fmt: skip
    recency = (pl.lit(night.as_of) - pl.col("last_order_date")).dt.total_days()
    return known.join(bought, on="customer_id", how="left").with_columns(
        pl.col("order_count", "net_amount").fill_null(0), recency_days=recency
    )


def rfm(night: Night, customers: Lazy) -> Lazy:
    """Score customers by quintiles in which equal values score equal."""
    recency, often, much = pl.col("recency_days"), pl.col("order_count"), pl.col("net_amount")

    def breaks(column: pl.Expr) -> list[pl.Expr]:
        shares = (0.2, 0.4, 0.6, 0.8)
        return [column.quantile(s, interpolation="linear").round(4) for s in shares]

    scored = customers.drop_nulls("last_order_date").with_columns(
        r_score=5 - pl.sum_horizontal(b < recency for b in breaks(recency)).cast(pl.Int32),
        f_score=1 + pl.sum_horizontal(b <= often for b in breaks(often)).cast(pl.Int32),
        m_score=1 + pl.sum_horizontal(b <= much for b in breaks(much)).cast(pl.Int32),
        recency_side=pl.when(recency <= recency.mean()).then(pl.lit("near"))
        .otherwise(pl.lit("far")),
        frequency_side=pl.when(often >= often.mean()).then(pl.lit("high"))
        .otherwise(pl.lit("low")),
        monetary_side=pl.when(much >= much.mean()).then(pl.lit("high"))
        .otherwise(pl.lit("low")),
    ).with_columns(rfm_cell=pl.concat_str("r_score", "f_score", "m_score"))  # fmt: skip
    sides = ["recency_side", "frequency_side", "monetary_side"]
    types = night.seed("rfm_types").lazy().select(*sides, "rfm_type")
    scored = scored.join(night.seed("rfm_cells").lazy(), on="rfm_cell", how="left")
    scored = scored.join(types, on=sides, how="left")
    classes = ["r_score", "f_score", "m_score", "rfm_cell", "rfm_segment", "rfm_type"]
    columns = ["customer_id", "recency_days", "order_count", "net_amount"]
    found = customers.select(columns).join(
        scored.select("customer_id", *classes), on="customer_id", how="left"
    )
    return found.with_columns(pl.col("rfm_segment", "rfm_type").fill_null("no_orders"))


def lifecycle(night: Night, customers: Lazy, orders: Lazy) -> Lazy:
    """Say in which stage of life each customer is."""
    counted = orders.filter("is_counted").drop_nulls("customer_id")
    counted = counted.select("customer_id", "order_date").sort("customer_id", "order_date")
    gap = pl.col("order_date").diff().over("customer_id").dt.total_days()
    back = counted.filter(gap >= 90).group_by("customer_id").agg(back=pl.col("order_date").max())
    day = pl.lit(night.as_of)
    stage = (
        pl.when(pl.col("recency_days").is_null())
        .then(pl.lit("first_contact"))
        .when((day - pl.col("first_order_date")).dt.total_days() < 30)
        .then(pl.lit("new"))
        .when((day - pl.col("back")).dt.total_days() < 30)
        .then(pl.lit("returned"))
        .when(pl.col("recency_days") < 90)
        .then(pl.lit("active"))
        .when(pl.col("recency_days") < 180)
        .then(pl.lit("silent"))
        .otherwise(pl.lit("churned"))
    )
    joined = customers.join(back, on="customer_id", how="left")
    return joined.select("customer_id", lifecycle_stage=stage)


def run(landing: Path, seeds: Path, as_of: dt.date, out: Path, currency: str) -> None:
    """Read landing, and write each table to a Parquet file in `out`."""
    night = Night(landing, seeds, as_of, currency)
    tables = {name: read(night) for name, read in SHOPS.items()}
    buyers = tables["shop"][1].select("buyer", "phone", "email").unique()
    bought = contact(buyers, "shop", "shop:" + pl.col("buyer"), pl.col("phone"), pl.col("email"))
    orders = convert(night, {name: orders for name, (orders, _) in tables.items()})
    lines = [rows.select(LINE) for _, rows in tables.values()]
    known = pl.concat([*known_contacts(night), bought])
    read, stated, *read_lines = pl.collect_all([orders, known, *lines])
    named = read.filter(pl.col("source_system") != "shop").drop_nulls("record_key")
    people = fold(night, pl.concat([stated, named.select(stated.columns)]))
    orders = read.lazy().join(
        people.lazy().select("record_key", "customer_id"), on="record_key", how="left"
    )
    shops = {name: rows.lazy() for name, rows in zip(tables, read_lines, strict=True)}
    customers = customers_of(night, people.lazy(), orders).collect().lazy()
    utc = pl.col("ordered_at").dt.replace_time_zone(ZONE).dt.convert_time_zone("UTC")
    fct_orders = orders.select(
        *OF_ORDER, "source_order_id", "channel", "is_counted", "is_cancelled", "gross_amount",
        "refund_amount", "net_amount", "original_gross_amount", "original_net_amount",
        ordered_at=utc.dt.replace_time_zone(None), original_currency="currency",
    )  # fmt: skip
    made = {
        "fct_orders": fct_orders,
        "fct_order_lines": order_lines(orders, shops),
        "customers": customers,
        "customer_rfm": rfm(night, customers),
        "customer_lifecycle": lifecycle(night, customers, orders),
    }
    for name, table in made.items():
        table.sink_parquet(out / f"{name}.parquet")
