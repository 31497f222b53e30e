"""The real order export lands whole, unedited, by the synonyms of the generic shop."""

import datetime as dt
import lzma
import os
import shutil
from pathlib import Path

import duckdb
import pytest
from landing_desk import Desk, real_sources

from orchestration.landing.parquet import landed_rows
from orchestration.settings import PROJECT_ROOT

REAL = PROJECT_ROOT.parent / "shared" / "data" / "online_retail.csv.xz"
LINES = 541_909


def test_every_line_of_the_real_file_lands_and_none_is_rejected(tmp_path: Path) -> None:
    if not REAL.exists():
        pytest.skip(f"{REAL} is absent")
    desk = Desk(tmp_path, real_sources()["shop.order_lines"])
    path = desk.put("online_retail.csv", b"")
    with lzma.open(REAL) as packed, path.open("wb") as out:
        shutil.copyfileobj(packed, out)
    at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC).timestamp()
    os.utime(path, (at, at))
    assert desk.land(dt.date(2011, 12, 8)) == ()
    (record,) = desk.land(dt.date(2011, 12, 9))
    assert (record.records, record.landed_rows, record.rejected_rows) == (LINES, LINES, 0)
    assert (str(record.exported_at.date()), record.exported_at_from) == ("2011-12-09", "content")
    names = (
        ("order_id", "InvoiceNo"), ("product_id", "StockCode"), ("product_name", "Description"),
        ("quantity", "Quantity"), ("ordered_at", "InvoiceDate"), ("unit_price", "UnitPrice"),
        ("customer_id", "CustomerID"), ("country", "Country"),
    )  # fmt: skip
    rows = landed_rows([n for n, _ in names], [desk.parquet(record)])
    landed, raw = ", ".join(n for n, _ in names), ", ".join(n for _, n in names)
    ((differences, extras),) = duckdb.execute(
        f"""
        with landed as (
            select _row, {landed}, _extra from {rows}
        ), raw as (
            select row_number() over () + 1 as _row, {raw}
            from read_csv($raw, all_varchar = true, header = true, delim = ',')
        )
        select
            (select count(*) from (
                (select * exclude (_extra) from landed except all select * from raw)
                union all
                (select * from raw except all select * exclude (_extra) from landed)
            )),
            (select count(_extra) from landed)
        """,
        {"raw": str(path)},
    ).fetchall()
    assert (differences, extras) == (0, 0)
