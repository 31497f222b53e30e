"""How a pandas notebook reads the orders of each shop from landed exports."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from peers.pandas_texts import amount, bare, email, first_of, moment, paid, phone, status, visible

ZONE = "Asia/Shanghai"
LINE = ["order_id", "place", "product_id", "line_type", "quantity", "amount"]
Tables = tuple[pd.DataFrame, pd.DataFrame]


class Night:
    """Landed files, seeds, and the date."""

    def __init__(self, landing: Path, seeds: Path, as_of: dt.date, currency: str) -> None:
        """Remember where things lie."""
        self.landing, self.seeds, self.currency = landing, seeds, currency
        self.as_of = pd.Timestamp(as_of)
        listed = self.seed("order_statuses")
        self.statuses = listed.assign(
            status=status(listed["status"]), is_cancelled=listed["is_cancelled"] == "true"
        )

    def seed(self, name: str) -> pd.DataFrame:
        """Read a seed as text."""
        return pd.read_csv(self.seeds / f"{name}.csv", dtype="str", keep_default_na=False)

    def landed(self, source: str, columns: Sequence[str], dump: bool = False) -> pd.DataFrame:
        """Read columns of all exports of a source, the oldest one first.

        Of what is exported in full, only the newest dump and what came after it.
        """
        parts = []
        for path in (self.landing / source).glob("*.parquet"):
            kept = [*columns, "_exported_at", "_file_number", "_landed_for", "_load"]
            part = pd.read_parquet(path, columns=kept)
            if len(part) and pd.Timestamp(part["_landed_for"].iloc[0]) <= self.as_of:
                parts.append(part.assign(place=range(len(part))))
        parts.sort(key=lambda part: tuple(part[["_exported_at", "_file_number"]].iloc[0]))
        full = [n for n, part in enumerate(parts) if part["_load"].iloc[0] == "full"]
        if dump and full:
            since = parts[full[-1]]["_exported_at"].iloc[0]
            parts = [part for part in parts if part["_exported_at"].iloc[0] >= since]
        numbered = [part.assign(version=number) for number, part in enumerate(parts)]
        return pd.concat(numbered, ignore_index=True)[[*columns, "place", "version"]]

    def judged(self, system: str, statuses: pd.Series) -> tuple[pd.Series, pd.Series]:
        """Tell what each status says: cancelled or not, and paid, unpaid or by time."""
        known = self.statuses[self.statuses["source_system"] == system].set_index("status")
        cleaned = status(statuses)
        cancelled = cleaned.map(known["is_cancelled"]).fillna(False).astype(bool)
        return cancelled, cleaned.map(known["payment"])

    def past(self, moments: pd.Series) -> pd.Series:
        """Tell what has happened by the end of the day."""
        return moments < self.as_of + pd.Timedelta(days=1)


def newest(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Keep what the newest export that mentions a key says of it."""
    if frame["version"].nunique() > 1:
        frame = frame[frame["version"] == frame.groupby(key)["version"].transform("max")]
    return frame[frame[key].notna()]


def shop(night: Night) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return orders and lines of the shop."""
    columns = ["order_id", "line_id", "customer_id", "ordered_at", "product_id", "quantity",
               "unit_price", "order_amount", "currency", "status", "phone", "email"]  # fmt: skip
    rows = night.landed("shop/order_lines", columns)
    rows["ordered_at"] = moment(rows["ordered_at"])
    rows["quantity"], rows["unit_price"] = amount(rows["quantity"]), amount(rows["unit_price"])
    needed = ["order_id", "product_id", "ordered_at", "quantity", "unit_price"]
    rows = newest(rows[night.past(rows["ordered_at"])].dropna(subset=needed), "order_id")
    repeated = rows["line_id"].notna() & rows.duplicated(
        ["order_id", "line_id", "product_id", "quantity", "unit_price", "order_amount"]
    )
    rows = rows[~repeated].copy()
    rows["phone"], rows["email"] = phone(rows["phone"]), email(rows["email"])
    rows["buyer"] = first_of(bare(rows["customer_id"]), rows["email"], rows["phone"])
    rows["amount"] = (rows["quantity"] * rows["unit_price"]).round(2)
    types = night.seed("shop_product_types").set_index("product_code")
    rows["line_type"] = rows["product_id"].map(types["product_type"]).fillna("product")
    rows["is_sale"] = rows["product_id"].map(types["is_sale"]).fillna("true") == "true"
    rows["product_id"] = "shop:" + rows["product_id"]
    cancelled = set(night.seed("cancelled_statuses")["order_status"])
    rows["is_cancelled"] = rows["status"].astype("str").str.lower().isin(cancelled)
    orders = rows.groupby("order_id", as_index=False, sort=False).agg(
        ordered_at=("ordered_at", "min"), is_cancelled=("is_cancelled", "max"),
        is_sale=("is_sale", "max"), amount=("amount", "sum"), buyer=("buyer", "first"),
        currency=("currency", "first"),
    )  # fmt: skip
    return orders.assign(channel="shop", is_paid=True, refund=0.0), rows


def shopify(night: Night) -> Tables:
    """Return orders and lines of Shopify; what belongs to an order stands on its first row."""
    columns = ["order_name", "order_number", "email", "phone", "shipping_phone", "billing_phone",
               "currency", "channel", "total_amount", "refunded_amount", "created_at",
               "cancelled_at", "line_quantity", "line_price", "line_discount", "line_sku",
               "line_name"]  # fmt: skip
    rows = newest(night.landed("shopify/orders", columns), "order_name")
    created = pd.to_datetime(rows["created_at"], format="%Y-%m-%d %H:%M:%S %z", utc=True)
    rows["ordered_at"] = created.dt.tz_convert(ZONE).dt.tz_localize(None)
    rows["quantity"] = amount(rows["line_quantity"])
    rows["amount"] = rows["quantity"] * amount(rows["line_price"])
    rows["amount"] = (rows["amount"] - amount(rows["line_discount"]).fillna(0)).round(2)
    rows = rows[night.past(rows["ordered_at"])].dropna(subset=["amount"])
    product = first_of(bare(rows["line_sku"]), bare(rows["line_name"]))
    rows["product_id"] = "shopify:" + product
    heads = rows[rows["total_amount"].notna()].drop_duplicates("order_name")
    orders = pd.DataFrame({
        "order_name": heads["order_name"],
        "order_id": first_of(heads["order_number"], heads["order_name"]),
        "ordered_at": heads["ordered_at"],
        "currency": heads["currency"],
        "channel": heads["channel"].fillna("web"),
        "is_cancelled": heads["cancelled_at"].notna(),
        "is_sale": True, "is_paid": True,
        "amount": amount(heads["total_amount"]),
        "refund": amount(heads["refunded_amount"]).fillna(0),
        "email": email(heads["email"]),
        "phone": phone(first_of(*(bare(heads[c]) for c in columns[3:6]))),
    })  # fmt: skip
    orders["buyer"] = first_of(orders["email"], orders["phone"])
    lines = rows.merge(orders[["order_name", "order_id"]], on="order_name")
    return orders.drop(columns="order_name"), lines.assign(line_type="product")


def taobao(night: Night) -> Tables:
    """Return orders and lines of Taobao, whose refunds stand on either."""
    lines = taobao_lines(night)
    columns = ["order_id", "order_status", "ordered_at", "paid_at", "paid_amount", "total_amount",
               "goods_due_amount", "postage_due_amount", "refunded_text", "buyer_account",
               "buyer_alipay_account", "address", "phone", "landline"]  # fmt: skip
    rows = night.landed("taobao/orders", columns)
    rows["order_id"] = bare(rows["order_id"])
    rows = newest(rows, "order_id").drop_duplicates("order_id")
    cancelled, payment = night.judged("taobao", rows["order_status"])
    is_paid = paid(payment, bare(rows["paid_at"]))
    due, given = amount(rows["goods_due_amount"]), amount(rows["paid_amount"])
    postage = amount(rows["postage_due_amount"]).fillna(0)
    stated = amount(bare(rows["refunded_text"])).fillna(0)
    gross = first_of(given.where(is_paid), amount(rows["total_amount"]), due + postage, given)
    by_line = lines.groupby("order_id")["refunded"].sum()
    refund = rows["order_id"].map(by_line).fillna(0).clip(lower=stated)
    refund = refund.mask((stated > 0) & ((due - given).round(2) == stated), 0).clip(upper=gross)
    parcels = night.landed("taobao/shipments", ["order_id", "phone"])
    parcels = phone(parcels["phone"]).groupby(bare(parcels["order_id"])).max()
    written = rows["address"].str.extract("^[^，]*，86-([0-9]+)，", expand=False)
    reached = first_of(
        phone(rows["phone"], written), rows["order_id"].map(parcels), phone(rows["landline"])
    )
    orders = pd.DataFrame({
        "order_id": rows["order_id"], "ordered_at": moment(rows["ordered_at"]),
        "channel": "taobao", "is_cancelled": cancelled, "is_paid": is_paid,
        "amount": gross.fillna(0), "refund": refund.fillna(0), "phone": reached,
        "email": email(rows["buyer_alipay_account"]),
        "buyer": bare(visible(rows["buyer_account"])),
    })  # fmt: skip
    return orders, lines


def taobao_lines(night: Night) -> pd.DataFrame:
    """Return lines of Taobao with what was given back of each."""
    columns = ["order_id", "line_id", "product_title", "unit_price", "quantity", "merchant_code",
               "external_code", "line_status", "due_amount", "refunded_text"]  # fmt: skip
    rows = night.landed("taobao/order_lines", columns)
    rows["order_id"], rows["line_id"] = bare(rows["order_id"]), bare(rows["line_id"])
    rows["quantity"], rows["unit_price"] = amount(rows["quantity"]), amount(rows["unit_price"])
    rows = newest(rows.dropna(subset=["quantity", "unit_price"]), "order_id")
    key = ["order_id", "line_id", "quantity", "unit_price"]
    rows = rows[rows["line_id"].isna() | ~rows.duplicated(key)].copy()
    rows["amount"] = (rows["quantity"] * rows["unit_price"]).round(2)
    cancelled, _ = night.judged("taobao", rows["line_status"])
    worth = amount(rows["due_amount"]).fillna(rows["amount"]).where(cancelled)
    stated = amount(bare(rows["refunded_text"]))
    rows["refunded"] = first_of(stated.mask(stated == 0), worth)
    names = (bare(rows[c]) for c in ("merchant_code", "external_code", "product_title"))
    rows["product_id"] = "taobao:" + first_of(*names).fillna("unknown")
    return rows.assign(line_type="product")


def jd(night: Night) -> Tables:
    """Return orders and lines of JD; what belongs to an order stands on each of its rows."""
    columns = ["order_id", "product_name", "quantity", "unit_price", "ordered_at", "order_amount",
               "order_status", "product_code", "merchant_code", "due_amount", "balance_amount",
               "paid_at", "buyer_account", "phone", "order_source", "channel"]  # fmt: skip
    rows = newest(night.landed("jd/order_lines", columns), "order_id")
    rows["quantity"], rows["unit_price"] = amount(rows["quantity"]), amount(rows["unit_price"])
    rows = rows.dropna(subset=["quantity", "unit_price"])
    heads = rows.groupby("order_id", as_index=False, sort=False).first()
    cancelled, payment = night.judged("jd", heads["order_status"])
    due = amount(heads["due_amount"]) + amount(heads["balance_amount"]).fillna(0)
    gross = first_of(due, amount(heads["order_amount"])).fillna(0)
    orders = pd.DataFrame({
        "order_id": heads["order_id"], "ordered_at": moment(heads["ordered_at"]),
        "channel": first_of(bare(heads["channel"]), bare(heads["order_source"])).fillna("jd"),
        "is_cancelled": cancelled, "is_paid": paid(payment, bare(heads["paid_at"])),
        "amount": gross, "refund": 0.0, "phone": phone(heads["phone"]), "email": None,
        "buyer": bare(visible(heads["buyer_account"])),
    })  # fmt: skip
    key = ["order_id", "product_code", "quantity", "unit_price"]
    rows = rows[rows["product_code"].isna() | ~rows.duplicated(key)].copy()
    rows["amount"] = (rows["quantity"] * rows["unit_price"]).round(2)
    names = (bare(rows[c]) for c in ("product_code", "merchant_code", "product_name"))
    rows["product_id"] = "jd:" + first_of(*names).fillna("unknown")
    return orders, rows.assign(line_type="product")


def youzan(night: Night) -> Tables:
    """Return orders of Youzan, each with its one line."""
    columns = ["order_id", "order_status", "ordered_at", "paid_amount", "product_names",
               "paid_at", "goods_amount", "receivable_amount", "refunded_amount", "sales_channel",
               "order_source", "phone", "receiver_phone"]  # fmt: skip
    rows = newest(night.landed("youzan/orders", columns), "order_id").drop_duplicates("order_id")
    cancelled, payment = night.judged("youzan", rows["order_status"])
    is_paid = paid(payment, bare(rows["paid_at"]))
    given, owed = amount(rows["paid_amount"]), amount(rows["receivable_amount"])
    gross = first_of(given.where(is_paid), owed, given).fillna(0)
    channel = first_of(bare(rows["order_source"]), bare(rows["sales_channel"]))
    orders = pd.DataFrame({
        "order_id": rows["order_id"], "ordered_at": moment(rows["ordered_at"]),
        "channel": channel.fillna("youzan"), "is_cancelled": cancelled, "is_paid": is_paid,
        "amount": gross, "refund": amount(rows["refunded_amount"]).fillna(0).clip(upper=gross),
        "phone": phone(rows["phone"], rows["receiver_phone"]), "email": None, "buyer": None,
    })  # fmt: skip
    lines = pd.DataFrame({
        "order_id": rows["order_id"], "place": rows["place"], "quantity": np.nan,
        "product_id": "youzan:" + bare(rows["product_names"]).fillna("unknown"),
        "amount": first_of(amount(rows["goods_amount"]), owed, given), "line_type": "product",
    })  # fmt: skip
    return orders, lines


def douyin(night: Night) -> Tables:
    """Return orders and lines of Douyin, whose lines are cancelled one by one."""
    columns = ["order_id", "sub_order_id", "product_name", "quantity", "due_amount", "ordered_at",
               "order_status", "after_sale_status", "paid_at", "merchant_code", "item_code",
               "goods_amount", "platform_discount", "merchant_discount", "creator_discount",
               "phone", "traffic_source"]  # fmt: skip
    rows = night.landed("douyin/order_lines", columns)
    rows["order_id"] = bare(rows["order_id"])
    rows = newest(rows, "order_id").drop_duplicates("sub_order_id")
    rows["due"], rows["quantity"] = amount(rows["due_amount"]), amount(rows["quantity"])
    cancelled, payment = night.judged("douyin", rows["order_status"])
    given_back, payment_after = night.judged("douyin", bare(rows["after_sale_status"]))
    rows["is_cancelled"] = cancelled
    rows["is_over"] = cancelled | (rows["due"].fillna(0) == 0)
    rows["is_paid"] = paid(first_of(payment_after, payment), bare(rows["paid_at"]))
    rows["refund"] = rows["due"].where(cancelled | given_back, 0)
    rows["phone"], rows["ordered_at"] = phone(rows["phone"]), moment(rows["ordered_at"])
    orders = rows.groupby("order_id", as_index=False, sort=False).agg(
        ordered_at=("ordered_at", "min"), channel=("traffic_source", "max"),
        is_over=("is_over", "all"), is_cancelled=("is_cancelled", "any"),
        is_paid=("is_paid", "any"), amount=("due", "sum"), refund=("refund", "sum"),
        phone=("phone", "max"),
    )  # fmt: skip
    orders["is_cancelled"] &= orders.pop("is_over")
    orders["channel"] = orders["channel"].astype("str").fillna("douyin")
    discounts = (amount(rows[c]).fillna(0) for c in columns[12:15])
    rows["amount"] = first_of(amount(rows["goods_amount"]), rows["due"] + sum(discounts)).round(2)
    names = (bare(rows[c]) for c in ("merchant_code", "item_code", "product_name"))
    rows["product_id"] = "douyin:" + first_of(*names).fillna("unknown")
    return orders.assign(buyer=None, email=None), rows.assign(line_type="product")
