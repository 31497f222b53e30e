"""Nights of tags alone: the compiled SQL of the models behind the history of tags, on statements.

Belongs here: running those models night by night in a DuckDB of their own. Does not belong here:
which statements there are and what must hold of the history (test_unit_tests.py).
"""

import datetime as dt
from collections.abc import Iterable, Mapping

import duckdb

# In the order in which a night builds them; the first forget what they wrote of tonight.
LOGS = ("int_tag_statements_logged", "int_customer_tags_logged")
MODELS = ("int_tag_statements_logged", "int_customer_tags_folded", "int_customer_tags_assigned",
          "int_customer_tags_logged", "customer_tag_history")  # fmt: skip
# Of a dictionary with one exclusive group: tag, group and status.
TAGS = (("a1", "a", "live"), ("a2", "a", "live"), ("a3", "a", "live"), ("b", None, "live"),
        ("drafted", "a", "draft"))  # fmt: skip
GROUPED = ("a1", "a2", "a3")
# Statement, customer, tag and the stated day; two sellers may say the same of one customer.
Statement = tuple[str, str, str, dt.date | None]
# Customer, tag, first night with it, and first night without it.
Interval = tuple[str, str, dt.date, dt.date | None]


class TagNights:
    """One history of tags. `compiled` is the SQL of MODELS as of a later night, by name."""

    def __init__(self, compiled: Mapping[str, str], database: str) -> None:
        self.compiled = compiled
        self.connection = duckdb.connect()
        run = self.connection.execute
        run(f"attach ':memory:' as {database}")
        run(f"use {database}")
        for schema in ("seeds", "staging", "intermediate", "marts"):
            run(f"create schema {schema}")
        run("create table seeds.tags (tag_id text, exclusive_group text, status text)")
        self.connection.executemany("insert into seeds.tags values (?, ?, ?)", TAGS)
        run("create table staging.stg_strata__night (as_of_date date)")
        run("create table intermediate.int_tag_statements_identified (statement_id text, "
            "customer_id text, tag_id text, stated_date date, source text, source_system text, "
            "tagged_by_id text)")  # fmt: skip
        run("create table intermediate.int_tag_statements_logged "
            "(as_of_date date, statement_id text, is_present boolean)")  # fmt: skip
        run("create table intermediate.int_customer_tags_logged "
            "(as_of_date date, customer_id text, tag_id text, is_present boolean)")  # fmt: skip

    def build(self, as_of: dt.date, statements: Iterable[Statement]) -> None:
        """Build one night, again if it was built before."""
        run = self.connection.execute
        run("delete from staging.stg_strata__night")
        run("insert into staging.stg_strata__night values (?)", [as_of])
        run("delete from intermediate.int_tag_statements_identified")
        for statement in statements:
            run("insert into intermediate.int_tag_statements_identified "
                "values (?, ?, ?, ?, 'manual', 'wecom', null)", statement)  # fmt: skip
        for model in MODELS:
            schema = "marts" if model == "customer_tag_history" else "intermediate"
            if model in LOGS:
                run(f"delete from {schema}.{model} where as_of_date >= ?", [as_of])
                run(f"insert into {schema}.{model} by name {self.compiled[model]}")
            else:
                run(f"create or replace table {schema}.{model} as {self.compiled[model]}")

    def assigned(self) -> set[tuple[str, str]]:
        """Customer and tag of the night that was built last."""
        query = "select customer_id, tag_id from intermediate.int_customer_tags_assigned"
        return set(self.connection.execute(query).fetchall())

    def history(self) -> list[Interval]:
        """Every interval up to the night that was built last."""
        query = "select customer_id, tag_id, valid_from, valid_to from marts.customer_tag_history"
        return sorted(self.connection.execute(query).fetchall(), key=str)
