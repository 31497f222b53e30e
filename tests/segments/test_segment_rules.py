"""Rules as Python reads them and as dbt's macros read them are the same rules."""

import re
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment

from orchestration.segments import rules

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "segment_rules.sql"

WRITTEN = [
    "a = 1",
    "a between 1 and 2 and b = 3",
    "a = 1 and (b = 2 or c = 3) and c = 4",
    "a = 1 and b = 2 or c = 3",
    "case when a = 1 and b = 2 then true else false end and c = 4",
    "a in (1, 2) and not b = 2 and c is not null",
    "d = 'x and y' and e = 'it''s (or) not' and a = 1",
    "tag('vip') and not segment('s_loyalty') and group('G-001')",
    "A = 1 AND b Between 1 And 2 AND tag( 'vip' )",
    "a = 1\n  and b = 2",
    "(a = 1 and b = 2)",
    "not (a = 1 or b = 2) and c = 3",
    "coalesce(a, 1) = 1 and b - 1 between c and c + 2 and a % 2 = 1",
]


@pytest.fixture(scope="module")
def macros() -> Template:
    environment = SandboxedEnvironment(extensions=["jinja2.ext.do"])
    environment.globals["modules"] = SimpleNamespace(re=re)
    return environment.from_string(MACROS.read_text("utf-8"))


def as_tree(rule: str) -> str:
    return rules.text(rules.parse(rule))


def parted_alike(macros: Template, rule: str) -> None:
    by_dbt = macros.module.rule_conditions(rule).split("\n")
    by_python = [rules.text(part) for part in rules.conditions(rules.parse(rule))]
    assert [as_tree(part) for part in by_dbt] == by_python


@pytest.mark.parametrize("rule", WRITTEN)
def test_a_rule_has_the_same_conditions_in_dbt_and_in_python(macros: Template, rule: str) -> None:
    parted_alike(macros, rule)


ATOMS = st.sampled_from(
    ["a = 1", "b between 1 and 2", "not c", "d = 'and'", "e in (1, 2)", "tag('x')",
     "case when a = 1 or c then c else d = 'end' end", "b is not null"]
)  # fmt: skip
RULES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" and ", " or ", " AND\n"]), inner).map("".join),
        inner.map(lambda rule: f"({rule})"),
    ),
    max_leaves=8,
)


def test_any_rule_has_the_same_conditions_in_dbt_and_in_python(macros: Template) -> None:
    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(rule=RULES)
    def holds(rule: str) -> None:
        parted_alike(macros, rule)

    holds()


def test_a_rule_selects_the_same_rows_in_dbt_and_in_python(macros: Template) -> None:
    rule = "tag('vip') and not segment('s') or group('a.b') and a > 1"
    rows = "(values (1, '|vip|', '|', '-'), (2, '|vipx|', '|a.b|', '-'), (3, '|vip|', '|', 'm'), "
    rows += "(4, '|x|vip|', '|', '-'), (5, '|', '|axb|', '-')) as t(a, tag_list, group_list, "
    rows += "standing_s)"
    by_dbt = macros.module.rule_sql(macros.module.one_line(rule))
    by_python = rules.sql(rules.parse(rule), lambda name: f"standing_{name} = 'm'")
    found = [
        duckdb.sql(f"select a from {rows} where {condition} order by a").fetchall()
        for condition in (by_dbt, by_python)
    ]
    assert found[0] == found[1] == [(1,), (2,), (4,)]
