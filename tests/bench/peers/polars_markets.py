"""How a Polars script reads the orders of the marketplaces from landed exports, lazily."""

import polars as pl

from peers.polars_orders import (
    Lazy,
    Night,
    amount,
    bare,
    email,
    moment,
    newest,
    paid,
    phone,
    visible,
)


def taobao(night: Night) -> tuple[Lazy, Lazy]:
    """Return orders and lines of Taobao, whose refunds stand on either."""
    lines = taobao_lines(night)
    columns = ["order_id", "order_status", "ordered_at", "paid_at", "paid_amount", "total_amount",
               "goods_due_amount", "postage_due_amount", "refunded_text", "buyer_account",
               "buyer_alipay_account", "address", "phone", "landline"]  # fmt: skip
    rows = night.landed("taobao/orders", columns).with_columns(bare("order_id"))
    rows = newest(rows, "order_id").unique("order_id")
    parcels = night.landed("taobao/shipments", ["order_id", "phone"]).group_by(bare("order_id"))
    rows = rows.join(
        parcels.agg(parcel_phone=phone("phone").max()), on="order_id", how="left"
    ).join(lines.group_by("order_id").agg(pl.col("refunded").sum()), on="order_id", how="left")
    cancelled, payment = night.judged("taobao", "order_status")
    due, given, gross = pl.col("due"), pl.col("given"), pl.col("amount")
    written = pl.col("address").str.extract("^[^，]*，86-([0-9]+)，")
    rows = rows.with_columns(
        is_paid=paid(payment, bare("paid_at")), due=amount("goods_due_amount"),
        given=amount("paid_amount"), stated=amount("refunded_text").fill_null(0), written=written,
    ).with_columns(
        amount=pl.coalesce(
            pl.when("is_paid").then("given"), amount("total_amount"),
            due + amount("postage_due_amount").fill_null(0), "given", 0.0,
        ),
    )  # fmt: skip
    is_discount = (pl.col("stated") > 0) & ((due - given).round(2) == pl.col("stated"))
    refund = pl.max_horizontal("stated", pl.col("refunded").fill_null(0))
    orders = rows.select(
        "order_id", "is_paid", "amount", moment("ordered_at"), is_cancelled=cancelled,
        channel=pl.lit("taobao"), buyer=visible("buyer_account").str.strip_chars(" \t=\"'"),
        refund=pl.when(is_discount).then(0.0).otherwise(pl.min_horizontal(refund, gross)),
        phone=pl.coalesce(phone("phone", "written"), "parcel_phone", phone("landline")),
        email=email("buyer_alipay_account"),
    )  # fmt: skip
    return orders, lines


def taobao_lines(night: Night) -> Lazy:
    """Return lines of Taobao with what was given back of each."""
    columns = ["order_id", "line_id", "product_title", "unit_price", "quantity", "merchant_code",
               "external_code", "line_status", "due_amount", "refunded_text"]  # fmt: skip
    rows = night.landed("taobao/order_lines", columns).with_columns(
        bare("order_id"), amount("quantity"), amount("unit_price"),
        line_key=pl.coalesce(bare("line_id"), pl.col("place").cast(pl.String)),
    )  # fmt: skip
    rows = newest(rows.drop_nulls(["quantity", "unit_price"]), "order_id")
    rows = rows.unique(["order_id", "line_key", "quantity", "unit_price"])
    cancelled, _ = night.judged("taobao", "line_status")
    worth = (pl.col("quantity") * pl.col("unit_price")).round(2)
    stated = amount("refunded_text")
    names = (bare(name) for name in ("merchant_code", "external_code", "product_title"))
    return rows.select(
        "order_id", "place", "quantity", amount=worth, line_type=pl.lit("product"),
        product_id="taobao:" + pl.coalesce(*names, pl.lit("unknown")),
        refunded=pl.coalesce(
            pl.when(stated != 0).then(stated),
            pl.when(cancelled).then(pl.coalesce(amount("due_amount"), worth)),
        ),
    )  # fmt: skip


def jd(night: Night) -> tuple[Lazy, Lazy]:
    """Return orders and lines of JD; what belongs to an order stands on each of its rows."""
    columns = ["order_id", "product_name", "quantity", "unit_price", "ordered_at", "order_amount",
               "order_status", "product_code", "merchant_code", "due_amount", "balance_amount",
               "paid_at", "buyer_account", "phone", "order_source", "channel"]  # fmt: skip
    rows = newest(night.landed("jd/order_lines", columns), "order_id")
    rows = rows.with_columns(amount("quantity"), amount("unit_price"))
    rows = rows.drop_nulls(["quantity", "unit_price"])
    heads = rows.unique("order_id", keep="first", maintain_order=True)
    cancelled, payment = night.judged("jd", "order_status")
    due = amount("due_amount") + amount("balance_amount").fill_null(0)
    orders = heads.select(
        "order_id", moment("ordered_at"), phone("phone"), is_cancelled=cancelled,
        channel=pl.coalesce(bare("channel"), bare("order_source"), pl.lit("jd")),
        is_paid=paid(payment, bare("paid_at")), refund=pl.lit(0.0),
        amount=pl.coalesce(due, amount("order_amount"), 0.0),
        buyer=visible("buyer_account").str.strip_chars(" \t=\"'"),
    )  # fmt: skip
    line_key = pl.coalesce("product_code", pl.col("place").cast(pl.String))
    rows = rows.with_columns(line_key=line_key)
    rows = rows.unique(["order_id", "line_key", "quantity", "unit_price"])
    names = (bare(name) for name in ("product_code", "merchant_code", "product_name"))
    return orders, rows.with_columns(
        amount=(pl.col("quantity") * pl.col("unit_price")).round(2), line_type=pl.lit("product"),
        product_id="jd:" + pl.coalesce(*names, pl.lit("unknown")),
    )  # fmt: skip


def youzan(night: Night) -> tuple[Lazy, Lazy]:
    """Return orders of Youzan, each with its one line."""
    columns = ["order_id", "order_status", "ordered_at", "paid_amount", "product_names",
               "paid_at", "goods_amount", "receivable_amount", "refunded_amount", "sales_channel",
               "order_source", "phone", "receiver_phone"]  # fmt: skip
    rows = newest(night.landed("youzan/orders", columns), "order_id").unique("order_id")
    cancelled, payment = night.judged("youzan", "order_status")
    given, owed = amount("paid_amount"), amount("receivable_amount")
    is_paid = paid(payment, bare("paid_at"))
    gross = pl.coalesce(pl.when(is_paid).then(given), owed, given, 0.0)
    orders = rows.select(
        "order_id", moment("ordered_at"), is_cancelled=cancelled, is_paid=is_paid, amount=gross,
        channel=pl.coalesce(bare("order_source"), bare("sales_channel"), pl.lit("youzan")),
        refund=pl.min_horizontal(amount("refunded_amount").fill_null(0), gross),
        phone=phone("phone", "receiver_phone"),
    )  # fmt: skip
    lines = rows.select(
        "order_id", "place", quantity=pl.lit(None, pl.Float64), line_type=pl.lit("product"),
        product_id="youzan:" + bare("product_names").fill_null("unknown"),
        amount=pl.coalesce(amount("goods_amount"), owed, given),
    )  # fmt: skip
    return orders, lines


def douyin(night: Night) -> tuple[Lazy, Lazy]:
    """Return orders and lines of Douyin, whose lines are cancelled one by one."""
    columns = ["order_id", "sub_order_id", "product_name", "quantity", "due_amount", "ordered_at",
               "order_status", "after_sale_status", "paid_at", "merchant_code", "item_code",
               "goods_amount", "platform_discount", "merchant_discount", "creator_discount",
               "phone", "traffic_source"]  # fmt: skip
    cancelled, payment = night.judged("douyin", "order_status")
    given_back, payment_after = night.judged("douyin", "after_sale_status")
    discounts = pl.sum_horizontal(amount(name) for name in columns[12:15])
    names = (bare(name) for name in ("merchant_code", "item_code", "product_name"))
    rows = night.landed("douyin/order_lines", columns).with_columns(
        bare("order_id"), amount("due_amount"), amount("quantity"), moment("ordered_at"),
        phone("phone"), is_cancelled=cancelled, is_given_back=cancelled | given_back,
        is_paid=paid(pl.coalesce(payment_after, payment), bare("paid_at")),
        amount=pl.coalesce(amount("goods_amount"), amount("due_amount") + discounts).round(2),
        product_id="douyin:" + pl.coalesce(*names, pl.lit("unknown")),
        line_type=pl.lit("product"),
    )  # fmt: skip
    rows = newest(rows.drop_nulls(["due_amount", "quantity"]), "order_id").unique("sub_order_id")
    due = pl.col("due_amount")
    orders = rows.group_by("order_id").agg(
        pl.col("ordered_at").min(), pl.col("is_paid").any(), pl.col("phone").max(),
        channel=pl.col("traffic_source").max().fill_null("douyin"), amount=due.sum(),
        is_cancelled=(pl.col("is_cancelled") | (due == 0)).all() & pl.col("is_cancelled").any(),
        refund=due.filter("is_given_back").sum(),
    )  # fmt: skip
    return orders, rows
