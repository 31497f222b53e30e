"""A night on a real order export: every line and every cent accounted for, every customer right."""

import datetime as dt
import lzma
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from homes import publish_night, settings_of
from rfm_numpy import METHODS, disagreements

EXPORT = Path(__file__).resolve().parents[3] / "shared" / "data" / "online_retail.csv.xz"
AS_OF = dt.date(2011, 12, 9)
LINES = 541_909
EXACT_TWINS = 5_268
# What a person would ask of the raw file, without anything of this project.
RAW = """
    with invoices as (
        select CustomerID as customer, InvoiceNo as invoice, max(InvoiceDate::date) as day,
            sum(round(Quantity::int * UnitPrice::decimal(18, 4), 2)) as amount
        from read_csv('{path}', all_varchar = true)
        where CustomerID is not null group by all
    )
    select any_value(invoice), date '2011-12-09' - max(day) filter (where amount > 0),
        count(*) filter (where amount > 0 and day > date '2010-12-09'),
        coalesce(sum(amount) filter (where day > date '2010-12-09'), 0)
    from invoices group by customer
"""


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not EXPORT.exists():
        pytest.skip("the real order export is absent: ../shared/data/online_retail.csv.xz")
    path = tmp_path_factory.mktemp("real") / "home/inbox/shop/online_retail.csv"
    path.parent.mkdir(parents=True)
    with lzma.open(EXPORT) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    return path


@pytest.fixture(scope="module")
def marts(raw: Path) -> duckdb.DuckDBPyConnection:
    home = raw.parents[2]
    settings = settings_of(home, STRATA_TIMEZONE="Europe/London", STRATA_CURRENCY="GBP")
    record = publish_night(settings, AS_OF)
    assert record["outcome"] == "published", record["reasons"]
    assert record["rows_landed"] + record["rows_rejected"] == LINES
    connection = duckdb.connect(str(home / "current/marts.duckdb"), read_only=True)
    connection.execute("use marts.marts")
    return connection


def one(marts: duckdb.DuckDBPyConnection, query: str) -> tuple:
    return marts.execute(query).fetchone() or ()


def test_every_line_and_every_cent_reaches_lines_and_orders(
    marts: duckdb.DuckDBPyConnection, raw: Path
) -> None:
    amount = one(
        marts,
        "select sum(round(Quantity::int * UnitPrice::decimal(18, 4), 2)) "
        f"from read_csv('{raw}', all_varchar = true)",
    )[0]
    assert one(marts, "select count(*), sum(net_amount) from fct_order_lines") == (LINES, amount)
    invoices = f"select count(distinct InvoiceNo) from read_csv('{raw}', all_varchar = true)"
    assert one(marts, "select count(*), sum(net_amount) from fct_orders") == (
        *one(marts, invoices),
        amount,
    )
    assert amount == Decimal("9747747.93")


def test_recency_frequency_and_amount_of_every_customer_equal_the_raw_file(
    marts: duckdb.DuckDBPyConnection, raw: Path
) -> None:
    expected = {row[0]: row[1:] for row in marts.execute(RAW.format(path=raw)).fetchall()}
    found = marts.execute(
        "select source_order_id, recency_days, order_count, customer_rfm.net_amount "
        "from fct_orders inner join customer_rfm using (customer_id)"
    ).fetchall()
    by_order = {row[0]: row[1:] for row in found}
    assert len(expected) == one(marts, "select count(*) from dim_customers")[0] == 4372
    assert [order for order, row in expected.items() if by_order[order] != row] == []


def test_guests_are_counted_and_never_classified(marts: duckdb.DuckDBPyConnection) -> None:
    guests = "select count(*) from fct_orders where customer_id is null and is_counted"
    assert one(marts, guests)[0] > 1000
    assert one(marts, "select count(*) from customer_rfm where customer_id is null") == (0,)


def test_credits_and_adjustments_reduce_and_never_count(marts: duckdb.DuckDBPyConnection) -> None:
    given_back = "from fct_orders where source_order_id like 'C%'"
    query = f"select count(*), count_if(is_counted), max(net_amount) < 0 {given_back}"
    assert one(marts, query) == (3836, 0, True)
    adjustments = "from fct_orders where source_order_id like 'A%'"
    assert one(marts, f"select count(*), count_if(is_counted) {adjustments}") == (3, 0)


def test_exact_twins_all_count_and_are_measured(marts: duckdb.DuckDBPyConnection) -> None:
    share = one(
        marts,
        "select observed from quality_checks "
        "where check_name = 'exact_duplicate_share__shop__order_lines'",
    )[0]
    assert round(share * LINES) == EXACT_TWINS


def test_scores_of_every_method_equal_an_independent_computation(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    customers = one(marts, "select count(*) from customer_rfm where recency_days is not null")[0]
    assert customers > 4000
    assert disagreements(marts, 5) == dict.fromkeys(METHODS, (customers, 0))


def test_the_published_method_is_one_of_the_four_and_the_crosswalk_adds_up(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    everybody = one(marts, "select count(*), sum(net_amount) from customer_rfm")
    assert one(marts, "select sum(customers), sum(net_amount) from rfm_crosswalk") == everybody
    differing = """
        select count(*) from customer_rfm_scores as scores
        inner join customer_rfm using (customer_id)
        where is_published and scores.rfm_segment != customer_rfm.rfm_segment
    """
    assert one(marts, differing) == (0,)
    methods = "select count(*), count(distinct method), count_if(is_published)"
    assert one(marts, f"{methods} from customer_rfm_scores") == (
        len(METHODS) * everybody[0], len(METHODS), everybody[0],
    )  # fmt: skip
    moves = "select sum(customers), min(cause), max(cause) from rfm_migrations"
    assert one(marts, moves) == (everybody[0], "new", "new")
