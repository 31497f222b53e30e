"""The night as one hand-written DuckDB script: runs it, and writes its tables."""

import datetime as dt
from pathlib import Path

import duckdb

SCRIPT = Path(__file__).with_suffix(".sql")
TABLES = (
    "fct_orders",
    "fct_order_lines",
    "customers",
    "customer_rfm",
    "customer_lifecycle",
    "segments",
)


def run(landing: Path, seeds: Path, as_of: dt.date, out: Path, currency: str) -> None:
    """Read landing, and write each table to a Parquet file in `out`."""
    with duckdb.connect() as connection:
        settings = {"landing": str(landing), "seeds": str(seeds), "currency": currency}
        for name, value in settings.items():
            connection.execute(f"set variable {name} = '{value.replace(chr(39), chr(39) * 2)}'")
        connection.execute(f"set variable as_of = date '{as_of}'")
        connection.execute(SCRIPT.read_text("utf-8"))
        for table in TABLES:
            connection.table(table).write_parquet(str(out / f"{table}.parquet"))
