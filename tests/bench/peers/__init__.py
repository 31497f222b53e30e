"""The same night without this project: what a data engineer would write by hand for one machine.

Three peers read the landed files of a home and make today's tables of them: `duckdb`, one SQL
script; `pandas`, the usual notebook; `polars`, a lazy script. Each writes fct_orders,
fct_order_lines, customers, customer_rfm (quintiles and types) and customer_lifecycle as Parquet;
`duckdb` also writes sizes of the segments that follow from orders. Threads are what each engine
takes by itself, only the columns that are needed are read, and texts are cleaned as far as the
exports of these systems need it.

They fold records of buyers, CRMs, shop accounts and members that share a phone or an e-mail; who
holds a value that 200 others hold, or one of the seed blocked_identifiers, is linked by others.

What a night does beyond that, and they leave out:
- landing itself: they start from its Parquet files, and never read an export as downloaded
- folding by names, birth dates, unionids, logins, devices, conversions, overrides and spellings of
  a mailbox; guards against joining two people; ids that stay when people are merged or replayed;
  hashed ids; records of WeCom and of the three trackers, and people of deleted CRM records
- products, attributes, places, consent, tags, groups, interactions, bands, affinities, the other
  methods of RFM, the customer profile, segment members and their reasons
- history: nothing is compared with the night before, so no move has a cause
- checks: rows that cannot be read are dropped unsaid, no test, no limit, no gate, no rejects
- privacy: raw contacts stand beside results, nobody can be erased, nothing is searched
- publishing: no swap, no generation to go back to, no record of the run
"""

import datetime as dt
import importlib
import importlib.util
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[3] / "dbt_project" / "seeds"
CURRENCY = "CNY"
# What each peer is, and the packages it needs beyond those of the project.
PEERS = {
    "duckdb": ("duckdb_script", ()),
    "pandas": ("pandas_notebook", ("pandas", "pyarrow")),
    "polars": ("polars_script", ("polars",)),
}


def missing(name: str) -> str | None:
    """Say what has to be installed before a peer can run; None where nothing has."""
    for package in PEERS[name][1]:
        if importlib.util.find_spec(package) is None:
            return f"{package} is not installed: pip install {package}"
    return None


def run(name: str, landing: Path, as_of: dt.date, out: Path) -> None:
    """Read `landing` as of a date, and write the tables of a peer as Parquet files to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    peer = importlib.import_module(f"peers.{PEERS[name][0]}")
    peer.run(landing, SEEDS, as_of, out, CURRENCY)
