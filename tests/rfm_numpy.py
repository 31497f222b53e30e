"""RFM scores computed once more, in ten lines that share only the definition with the SQL."""

import csv

import duckdb
import numpy as np
from numpy.typing import NDArray

from orchestration.settings import DBT_PROJECT

Numbers = NDArray[np.float64]
METHODS = ("quantile", "fixed", "high_low", "r_fm")


def fixed_cuts(measure: str, bins: int) -> list[float]:
    """From where on each better score holds; days count backwards and are whole."""
    with (DBT_PROJECT / "seeds/rfm_fixed_limits.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file)
                if row["measure"] == measure and int(row["bins"]) == bins]  # fmt: skip
    better = [row for row in rows if int(row["score"]) > 1]
    if measure == "recency":
        return [1 - float(row["to_value"]) for row in better]
    return [float(row["from_value"]) for row in better]


def scores(days: Numbers, orders: Numbers, amounts: Numbers, method: str, bins: int) -> Numbers:
    """Return the scores R, F and M of each customer, one row per customer."""
    found = []
    for name, values in (("recency", -days), ("frequency", orders), ("monetary", amounts)):
        cuts = np.quantile(values, np.arange(1, bins) / bins)
        cuts = np.array(fixed_cuts(name, bins)) if method == "fixed" else cuts
        cuts = np.array([values.mean()]) if method == "high_low" else cuts
        found.append(1 + (values[:, None] >= cuts.round(4)).sum(axis=1))
    r, f, m = found
    if method == "r_fm":
        f = m = np.floor((f + m + 1) / 2)
    return np.stack([r, f, m], axis=1)


def disagreements(marts: duckdb.DuckDBPyConnection, bins: int) -> dict[str, tuple[int, int]]:
    """Customers of each method in marts.customer_rfm_scores, and of those with another score."""
    found = {}
    for method in METHODS:
        rows = marts.execute(
            "select recency_days, order_count, net_amount, s.r_score, s.f_score, s.m_score "
            "from customer_rfm_scores as s inner join customer_rfm using (customer_id) "
            "where recency_days is not null and method = ?",
            [method],
        ).fetchnumpy()
        days, orders, amounts, *published = (np.asarray(column, float) for column in rows.values())
        differs = scores(days, orders, amounts, method, bins) != np.stack(published, axis=1)
        found[method] = (len(days), int(differs.any(axis=1).sum()))
    return found
