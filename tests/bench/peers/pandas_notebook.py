"""The night the usual pandas way: read the columns it needs, clean, merge, group, score."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from peers.known import CRM, LANDLINE, MOST_RECORDS, RATE_DAYS, WINDOW_DAYS
from peers.pandas_orders import (
    LINE,
    ZONE,
    Night,
    Tables,
    douyin,
    jd,
    shop,
    shopify,
    taobao,
    youzan,
)
from peers.pandas_texts import bare, email, first_of, moment, phone

SHOPS = {"shop": shop, "shopify": shopify, "taobao": taobao, "jd": jd, "youzan": youzan,
         "douyin": douyin}  # fmt: skip
Holders = list[pd.DataFrame]


def contact(system: str, keys: pd.Series, phones: object, emails: object) -> pd.DataFrame:
    """Say which record states which phone and e-mail."""
    return pd.DataFrame(
        {"record_key": keys, "source_system": system, "phone": phones, "email": emails}
    )


def crm_contacts(night: Night) -> Iterator[pd.DataFrame]:
    """Yield what the newest version of each CRM record states."""
    for source, (prefix, phones, emails) in CRM.items():
        deleted = ["is_deleted"] if source.startswith("fxiaoke") else []
        columns = ["record_id", "modified_at", *phones, *emails, *deleted]
        rows = night.landed(source, columns, dump=True)
        rows = rows.sort_values(["version", "modified_at"]).drop_duplicates(
            "record_id", keep="last"
        )
        for name in deleted:
            rows = rows[rows[name].astype("str").fillna("") != "true"]
        reached = phone(*(rows[name] for name in phones))
        for name in emails:
            yield contact(
                source.split("/")[0], prefix + rows["record_id"], reached, email(rows[name])
            )


def member_contacts(night: Night) -> Iterator[pd.DataFrame]:
    """Yield what shops and clubs know of people apart from orders."""
    columns = ["customer_id", "email", "phone", "address_phone"]
    rows = night.landed("shopify/customers", columns, dump=True)
    mails, phones = email(rows["email"]), phone(rows["phone"], rows["address_phone"])
    keys = first_of(bare(rows["customer_id"]), mails, phones)
    yield contact("shopify", "shopify.customer:" + keys, phones, mails)
    columns = ["phone", "full_name", "nickname", "became_customer_at"]
    rows = night.landed("youzan/customers", columns, dump=True)
    keys = rows[columns].fillna("").agg("|".join, axis=1)
    yield contact("youzan", "youzan.customer:" + keys, phone(rows["phone"]), None)
    rows = night.landed("loyalty/member_levels", ["member_id", "phone", "email"], dump=True)
    yield contact(
        "loyalty", "loyalty:" + rows["member_id"], phone(rows["phone"]), email(rows["email"])
    )


def fold(night: Night, contacts: pd.DataFrame) -> pd.DataFrame:
    """Make records that share a phone or an e-mail one customer, over any number of steps."""
    contacts = contacts.dropna(subset=["record_key"])
    people = contacts[["record_key", "source_system"]].drop_duplicates("record_key")
    held = contacts.melt(["record_key"], ["phone", "email"], "kind", "held").dropna()
    desk = (held["kind"] == "phone") & held["held"].str.contains(LANDLINE)
    held = held[~desk].drop_duplicates()
    sharers = held.groupby(["kind", "held"])["record_key"].transform("size")
    held = held[sharers.between(2, MOST_RECORDS)]
    held = held[~blocked(night, held)]
    keys = pd.Index(people["record_key"])
    record = keys.get_indexer(held["record_key"])
    value = held.groupby(["kind", "held"]).ngroup().to_numpy()
    label = np.arange(len(keys))
    while True:
        lowest = np.full(value.max(initial=0) + 1, len(keys))
        np.minimum.at(lowest, value, label[record])
        known = label.copy()
        np.minimum.at(label, record, lowest[value])
        if (label == known).all():
            return people.assign(customer_id=label)


def blocked(night: Night, held: pd.DataFrame) -> pd.Series:
    """Tell which values are nobody's."""
    patterns = night.seed("blocked_identifiers")
    found = pd.Series(False, index=held.index)
    for kind, values in held.groupby("kind")["held"]:
        of_kind = patterns[patterns["identifier_kind"].isin([kind, "*"])]
        pattern = "|".join(f"(?:{p})" for p in of_kind["pattern"])
        found[values.index] = values.str.fullmatch(pattern)
    return found


def rated(night: Night, orders: pd.DataFrame) -> pd.DataFrame:
    """Add the last rate before each order; without one an order does not count."""
    rates = night.landed(
        "reference/exchange_rates", ["rate_date", "from_currency", "exchange_rate"]
    )
    rates["exchange_rate"] = rates["exchange_rate"].astype("float64")
    rates["order_date"] = moment(rates.pop("rate_date"))
    rates = rates.drop_duplicates(["order_date", "from_currency"], keep="last")
    orders = pd.merge_asof(
        orders.sort_values("order_date"), rates.sort_values("order_date")[
            ["order_date", "from_currency", "exchange_rate"]
        ],
        on="order_date", left_by="currency", right_by="from_currency",
        tolerance=pd.Timedelta(days=RATE_DAYS - 1),
    )  # fmt: skip
    orders["rate"] = orders["exchange_rate"].mask(orders["currency"] == night.currency, 1.0)
    return orders.dropna(subset=["rate"])


def convert(night: Night, tables: Mapping[str, Tables]) -> pd.DataFrame:
    """Return all orders in the reporting currency."""
    parts = [orders.assign(source_system=name) for name, (orders, _) in tables.items()]
    orders = pd.concat(parts, ignore_index=True)
    orders["currency"] = orders["currency"].fillna(night.currency)
    orders["is_sale"] = orders["is_sale"].astype("boolean").fillna(True).astype(bool)
    orders = orders[night.past(orders["ordered_at"])].copy()
    orders["order_date"] = orders["ordered_at"].dt.normalize()
    orders = rated(night, orders)
    orders["original_gross_amount"] = orders["amount"].clip(lower=0)
    back = orders["refund"] - orders["amount"].clip(upper=0)
    back = back.mask(orders["is_cancelled"], orders["original_gross_amount"])
    orders["original_net_amount"] = (orders["original_gross_amount"] - back).round(2)
    orders["gross_amount"] = (orders["original_gross_amount"] * orders["rate"]).round(2)
    orders["refund_amount"] = (back * orders["rate"]).round(2)
    orders["net_amount"] = (orders["gross_amount"] - orders["refund_amount"]).round(2)
    wanted = orders["is_sale"] & orders["is_paid"] & ~orders["is_cancelled"]
    orders["is_counted"] = wanted & (orders["net_amount"] > 0)
    orders["source_order_id"] = orders["order_id"]
    orders["order_id"] = orders["source_system"] + ":" + orders["order_id"]
    orders["record_key"] = (
        orders["source_system"]
        + ":"
        + first_of(
            orders["buyer"].astype("str"),
            orders["phone"].astype("str"),
            orders["email"].astype("str"),
        )
    )
    return orders


def order_lines(orders: pd.DataFrame, tables: Mapping[str, Tables]) -> pd.DataFrame:
    """Return lines of goods, and what else makes up each order: charges and refunds."""
    parts = []
    for name, (_, lines) in tables.items():
        lines = lines[LINE].sort_values(["order_id", "place"])
        number = (lines.groupby("order_id").cumcount() + 1).astype("str")
        parts.append(lines.assign(order_id=name + ":" + lines["order_id"], line_key=number))
    of_order = ["order_id", "customer_id", "source_system", "order_date"]
    money = orders[[*of_order, "gross_amount", "net_amount", "rate"]]
    goods = pd.concat(parts, ignore_index=True).merge(money.drop(columns="net_amount"))
    goods["net_amount"] = (goods["amount"] * goods["rate"]).round(2)
    money = money.assign(
        lines=money["order_id"]
        .map(goods.groupby("order_id")["net_amount"].sum())
        .fillna(0)
        .round(2)
    )
    above = (money["gross_amount"] > 0) | (money["lines"] > 0)
    charges = (money["gross_amount"] - money["lines"]).where(above, 0).round(2)
    refund = (money["net_amount"] - money["lines"] - charges).round(2)
    rest = [
        money[of_order].assign(line_key=kind, line_type=kind, net_amount=amounts)[amounts != 0]
        for kind, amounts in (("charges", charges), ("refund", refund))
    ]
    lines = pd.concat([goods, *rest], ignore_index=True)
    lines["order_line_id"] = lines["order_id"] + ":" + lines["line_key"]
    return lines[["order_line_id", *of_order, "product_id", "line_type", "quantity", "net_amount"]]


def customers_of(night: Night, people: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Measure every customer."""
    known = people.groupby("customer_id").agg(
        source_systems=("source_system", "nunique"), records=("record_key", "size")
    )
    bought = orders.dropna(subset=["customer_id"])
    counted = bought[bought["is_counted"]]
    since = night.as_of - pd.Timedelta(days=WINDOW_DAYS)
    dates = counted.groupby("customer_id")["order_date"]
    known["first_order_date"], known["last_order_date"] = dates.min(), dates.max()
    known["recency_days"] = (night.as_of - known["last_order_date"]).dt.days
    recent = counted[counted["order_date"] > since]
    known["order_count"] = recent.groupby("customer_id").size()
    recent = bought[bought["order_date"] > since]
    known["net_amount"] = recent.groupby("customer_id")["net_amount"].sum().round(2)
    return known.fillna({"order_count": 0, "net_amount": 0}).reset_index()


def rfm(night: Night, customers: pd.DataFrame) -> pd.DataFrame:
    """Score customers by quintiles in which equal values score equal."""
    scored = customers.dropna(subset=["last_order_date"]).copy()
    shares = [0.2, 0.4, 0.6, 0.8]
    breaks = scored[["recency_days", "order_count", "net_amount"]].quantile(shares).round(4)
    late = np.searchsorted(breaks["recency_days"], scored["recency_days"], side="left")
    scored["r_score"] = 5 - late
    for score, column in (("f_score", "order_count"), ("m_score", "net_amount")):
        scored[score] = 1 + np.searchsorted(breaks[column], scored[column], side="right")
    digits = scored["r_score"] * 100 + scored["f_score"] * 10 + scored["m_score"]
    scored["rfm_cell"] = digits.astype("str")
    scored = scored.merge(night.seed("rfm_cells"), on="rfm_cell", how="left")
    near = scored["recency_days"] <= scored["recency_days"].mean()
    often = scored["order_count"] >= scored["order_count"].mean()
    much = scored["net_amount"] >= scored["net_amount"].mean()
    scored["recency_side"] = np.where(near, "near", "far")
    scored["frequency_side"] = np.where(often, "high", "low")
    scored["monetary_side"] = np.where(much, "high", "low")
    scored = scored.merge(night.seed("rfm_types"), how="left")
    classes = ["r_score", "f_score", "m_score", "rfm_cell", "rfm_segment", "rfm_type"]
    columns = ["customer_id", "recency_days", "order_count", "net_amount"]
    found = customers[columns].merge(scored[["customer_id", *classes]], how="left")
    return found.fillna({"rfm_segment": "no_orders", "rfm_type": "no_orders"})


def lifecycle(night: Night, customers: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Say in which stage of life each customer is."""
    counted = orders[orders["is_counted"]].dropna(subset=["customer_id"])
    counted = counted[["customer_id", "order_date"]].sort_values(["customer_id", "order_date"])
    gap = counted.groupby("customer_id")["order_date"].diff().dt.days
    back = counted[gap >= 90].groupby("customer_id")["order_date"].max()
    returned = (night.as_of - customers["customer_id"].map(back)).dt.days
    first = (night.as_of - customers["first_order_date"]).dt.days
    recency = customers["recency_days"]
    stage = np.select(
        [recency.isna(), first < 30, returned < 30, recency < 90, recency < 180],
        ["first_contact", "new", "returned", "active", "silent"],
        "churned",
    )
    return pd.DataFrame({"customer_id": customers["customer_id"], "lifecycle_stage": stage})


def run(landing: Path, seeds: Path, as_of: dt.date, out: Path, currency: str) -> None:
    """Read landing, and write each table to a Parquet file in `out`."""
    night = Night(landing, seeds, as_of, currency)
    tables = {name: read(night) for name, read in SHOPS.items()}
    orders = convert(night, tables)
    bought = tables["shop"][1][["buyer", "phone", "email"]].drop_duplicates()
    others = orders[orders["source_system"] != "shop"]
    named = contact("", others["record_key"], others["phone"], others["email"])
    contacts = [
        *crm_contacts(night),
        *member_contacts(night),
        contact("shop", "shop:" + bought["buyer"], bought["phone"], bought["email"]),
        named.assign(source_system=others["source_system"]),
    ]
    people = fold(night, pd.concat(contacts, ignore_index=True))
    orders = orders.merge(people[["record_key", "customer_id"]], how="left")
    customers = customers_of(night, people, orders)
    made = {
        "fct_order_lines": order_lines(orders, tables),
        "customers": customers,
        "customer_rfm": rfm(night, customers),
        "customer_lifecycle": lifecycle(night, customers, orders),
    }
    orders["ordered_at"] = (
        orders["ordered_at"].dt.tz_localize(ZONE).dt.tz_convert("UTC").dt.tz_localize(None)
    )
    made["fct_orders"] = orders[
        ["order_id", "customer_id", "source_system", "source_order_id", "channel", "order_date",
         "ordered_at", "is_counted", "is_cancelled", "gross_amount", "refund_amount",
         "net_amount", "currency", "original_gross_amount", "original_net_amount"]
    ].rename(columns={"currency": "original_currency"})  # fmt: skip
    for name, table in made.items():
        table.to_parquet(out / f"{name}.parquet", index=False)
