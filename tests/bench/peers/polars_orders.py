"""How a Polars script reads texts, and the orders of each shop from landed exports, lazily."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl

ZONE = "Asia/Shanghai"
LINE = ["order_id", "place", "product_id", "line_type", "quantity", "amount"]
Lazy = pl.LazyFrame
Expr = pl.Expr


def bare(name: str) -> Expr:
    """Take guards against Excel and blanks off; nothing, or a dash for it, is missing."""
    text = pl.col(name).str.strip_chars(" \t=\"'")
    return pl.when(~text.is_in(["", "-"])).then(text)


def amount(name: str) -> Expr:
    """Read numbers, also with a currency or commas."""
    digits = pl.col(name).str.strip_chars(" \t=\"'¥￥$€£元").str.replace_all(",", "", literal=True)
    return digits.cast(pl.Float64, strict=False)


def moment(name: str) -> Expr:
    """Read wall clock, with or without seconds, or a day alone."""
    text = pl.col(name).str.strip_chars(" \t=\"'").str.replace_all("/", "-", literal=True)
    colons = text.str.count_matches(":", literal=True)
    whole = (
        pl.when(colons == 0).then(text + " 00:00:00").when(colons == 1).then(text + ":00")
    ).otherwise(text)
    return whole.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)


def visible(name: str) -> Expr:
    """Drop what a platform has masked."""
    return pl.when(~pl.col(name).str.contains(r"\*|##|\$\$")).then(pl.col(name))


def email(name: str) -> Expr:
    """Read addresses in lower case."""
    text = visible(name).str.strip_chars(" \t=\"'").str.to_lowercase()
    return pl.when(text.str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")).then(text)


def phone(*names: str) -> Expr:
    """Read international numbers; the first column that has one counts."""
    found = []
    for name in names:
        digits = visible(name).str.replace_all("[^0-9+]", "").str.replace("^00", "+")
        digits = digits.str.replace("^(?:[+]?86)?(1[3-9][0-9]{9})$", "+86${1}")
        found.append(pl.when(digits.str.contains("^[+][1-9][0-9]{7,14}$")).then(digits))
    return pl.coalesce(found)


def status(name: str) -> Expr:
    """Fold how platforms spell a status."""
    return bare(name).str.replace_many({"，": ",", "（": "(", "）": ")", " ": ""})


class Night:
    """Landed files, seeds, and the date."""

    def __init__(self, landing: Path, seeds: Path, as_of: dt.date, currency: str) -> None:
        """Remember where things lie."""
        self.landing, self.seeds, self.as_of, self.currency = landing, seeds, as_of, currency
        self.statuses = self.seed("order_statuses").with_columns(status=status("status"))

    def seed(self, name: str) -> pl.DataFrame:
        """Read a seed as text."""
        return pl.read_csv(self.seeds / f"{name}.csv", infer_schema=False)

    def landed(self, source: str, columns: Sequence[str], dump: bool = False) -> Lazy:
        """Read columns of all exports of a source, the oldest one first.

        Of what is exported in full, only the newest dump and what came after it.
        """
        told = ["_exported_at", "_file_number", "_load", "_landed_for"]
        parts = []
        for path in (self.landing / source).glob("*.parquet"):
            rows = pl.scan_parquet(path, row_index_name="place")
            for head in rows.select(told).head(1).collect().iter_rows():
                if head[-1] <= self.as_of:
                    parts.append((head, rows.select(*columns, "place")))
        parts.sort(key=lambda part: part[0][:2])
        full = [head[0] for head, _ in parts if head[2] == "full"]
        since = max(full) if dump and full else parts[0][0][0]
        return pl.concat(
            rows.with_columns(version=pl.lit(number))
            for number, (head, rows) in enumerate(parts)
            if head[0] >= since
        )

    def judged(self, system: str, name: str) -> tuple[Expr, Expr]:
        """Tell what each status says: cancelled or not, and paid, unpaid or by time."""
        known = self.statuses.filter(pl.col("source_system") == system)
        said = dict(known.select("status", pl.col("is_cancelled") == "true").iter_rows())
        payment = dict(known.select("status", "payment").iter_rows())
        return (
            status(name).replace_strict(said, default=False, return_dtype=pl.Boolean),
            status(name).replace_strict(payment, default=None, return_dtype=pl.String),
        )


def newest(frame: Lazy, key: str) -> Lazy:
    """Keep what the newest export that mentions a key says of it."""
    frame = frame.filter(pl.col(key).is_not_null())
    return frame.filter(pl.col("version") == pl.col("version").max().over(key))


def paid(payment: Expr, paid_at: Expr) -> Expr:
    """Tell who paid, by the status or else by the time of payment."""
    by_status = payment.replace_strict(
        {"paid": True, "unpaid": False}, default=None, return_dtype=pl.Boolean
    )
    return by_status.fill_null(paid_at.is_not_null())


def shop(night: Night) -> tuple[Lazy, Lazy]:
    """Return orders and lines of the shop."""
    columns = ["order_id", "line_id", "customer_id", "ordered_at", "product_id", "quantity",
               "unit_price", "order_amount", "currency", "status", "phone", "email"]  # fmt: skip
    rows = night.landed("shop/order_lines", columns).with_columns(
        moment("ordered_at"), amount("quantity"), amount("unit_price"), phone("phone"),
        email("email"), pl.col("status").str.to_lowercase(),
    )  # fmt: skip
    rows = rows.drop_nulls(["order_id", "product_id", "ordered_at", "quantity", "unit_price"])
    rows = newest(rows.filter(pl.col("ordered_at").dt.date() <= night.as_of), "order_id")
    key = ["order_id", "product_id", "quantity", "unit_price", "order_amount"]
    line_key = pl.coalesce("line_id", pl.col("place").cast(pl.String))
    rows = rows.with_columns(line_key=line_key).unique([*key, "line_key"])
    types = (
        night.seed("shop_product_types").lazy().select("product_code", "product_type", "is_sale")
    )
    rows = rows.join(types, left_on="product_id", right_on="product_code", how="left")
    cancelled = night.seed("cancelled_statuses")["order_status"]
    rows = rows.with_columns(
        buyer=pl.coalesce(bare("customer_id"), "email", "phone"),
        amount=(pl.col("quantity") * pl.col("unit_price")).round(2),
        line_type=pl.col("product_type").fill_null("product"),
        is_sale=pl.col("is_sale").fill_null("true") == "true",
        product_id="shop:" + pl.col("product_id"),
        is_cancelled=pl.col("status").is_in(cancelled.implode()).fill_null(False),
    )
    orders = rows.group_by("order_id").agg(
        pl.col("ordered_at").min(), pl.col("is_cancelled").any(), pl.col("is_sale").any(),
        pl.col("amount").sum(), pl.col("buyer").max(), pl.col("currency").max(),
        channel=pl.lit("shop"), is_paid=pl.lit(True), refund=pl.lit(0.0),
    )  # fmt: skip
    return orders, rows


def shopify(night: Night) -> tuple[Lazy, Lazy]:
    """Return orders and lines of Shopify; what belongs to an order stands on its first row."""
    columns = ["order_name", "order_number", "email", "phone", "shipping_phone", "billing_phone",
               "currency", "channel", "total_amount", "refunded_amount", "created_at",
               "cancelled_at", "line_quantity", "line_price", "line_discount", "line_sku",
               "line_name"]  # fmt: skip
    created = pl.col("created_at").str.to_datetime("%Y-%m-%d %H:%M:%S %z", strict=False)
    worth = amount("line_quantity") * amount("line_price") - amount("line_discount").fill_null(0)
    rows = newest(night.landed("shopify/orders", columns), "order_name").with_columns(
        ordered_at=created.dt.convert_time_zone(ZONE).dt.replace_time_zone(None),
        quantity=amount("line_quantity"),
        amount=worth.round(2),
        product_id="shopify:" + pl.coalesce(bare("line_sku"), bare("line_name")),
        line_type=pl.lit("product"),
    )
    rows = rows.filter(pl.col("ordered_at").dt.date() <= night.as_of).drop_nulls("amount")
    heads = rows.filter(pl.col("total_amount").is_not_null()).unique("order_name")
    heads = heads.with_columns(phone=pl.coalesce(*(bare(name) for name in columns[3:6])))
    orders = heads.select(
        "order_name", "ordered_at", "currency",
        email("email"), phone("phone"), pl.col("channel").fill_null("web"),
        order_id=pl.coalesce("order_number", "order_name"),
        is_cancelled=pl.col("cancelled_at").is_not_null(),
        is_sale=pl.lit(True), is_paid=pl.lit(True),
        amount=amount("total_amount"), refund=amount("refunded_amount").fill_null(0),
    ).with_columns(buyer=pl.coalesce("email", "phone"))  # fmt: skip
    lines = rows.join(orders.select("order_name", "order_id"), on="order_name")
    return orders.drop("order_name"), lines
