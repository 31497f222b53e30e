"""The language of segment rules: parsing one, what it names, and what it is as SQL.

Belongs here: one rule by itself. Does not belong here: entries and their files (declared.py), and
how dbt reads the same rules (macros/segment_rules.sql; a test holds the two together).
"""

from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

DIALECT = "duckdb"
# Functions over texts that name what is no column.
TAG, GROUP, SEGMENT = "tag", "group", "segment"
NAMING = (TAG, GROUP, SEGMENT)
FUNCTIONS = (
    exp.Abs, exp.Ceil, exp.Coalesce, exp.Day, exp.Extract, exp.Floor, exp.Greatest, exp.If,
    exp.Least, exp.Length, exp.Lower, exp.Month, exp.Nullif, exp.Round, exp.Upper, exp.Year,
)  # fmt: skip
ALLOWED = (
    *FUNCTIONS, exp.Add, exp.And, exp.Between, exp.Boolean, exp.Case, exp.Cast, exp.Column,
    exp.DataType, exp.Div, exp.EQ, exp.GT, exp.GTE, exp.Identifier, exp.In, exp.Is, exp.LT, exp.LTE,
    exp.Like, exp.Literal, exp.Mod, exp.Mul, exp.NEQ, exp.Neg, exp.Not, exp.Null, exp.NullSafeEQ,
    exp.NullSafeNEQ, exp.Or, exp.Paren, exp.Sub, exp.Var,
)  # fmt: skip


class RuleError(ValueError):
    """A rule cannot be followed. The message says what is wrong and what to do."""


def parse(rule: str) -> exp.Expr:
    """Return the tree of a rule.

    Raises:
        RuleError: the text is no single expression of the allowed kind.

    """
    for sign in ("--", "/*", ";", "{{", "{%"):
        if sign in _without_texts(rule):
            raise RuleError(f"holds {sign!r}; a rule is one expression, write notes beside it")
    try:
        statements = sqlglot.parse(rule, read=DIALECT)
    except SqlglotError as error:
        first = str(error).splitlines()[0]
        raise RuleError(f"cannot be read as SQL ({first}); correct it") from error
    tree = statements[0] if len(statements) == 1 else None
    if tree is None:
        raise RuleError("is no expression; write a condition like recency_days < 90")
    for node in tree.walk():
        _confirm(node)
    return tree


def _without_texts(text: str) -> str:
    return "".join(part for number, part in enumerate(text.split("'")) if number % 2 == 0)


def _confirm(node: exp.Expr) -> None:
    if isinstance(node, exp.Anonymous):
        _confirm_naming(node)
    elif not isinstance(node, ALLOWED) or (isinstance(node, exp.In) and node.args.get("query")):
        functions = ", ".join(sorted(kind.sql_name().lower() for kind in FUNCTIONS))
        raise RuleError(
            f"holds {text(node)!r}; a rule compares columns, tag('x'), group('x') and "
            f"segment('x') with values, and may call {functions}"
        )
    elif isinstance(node, exp.Column) and node.table:
        raise RuleError(f"names {text(node)!r}; write the column {node.name!r} alone")


def _confirm_naming(node: exp.Anonymous) -> None:
    is_text = len(node.expressions) == 1 and node.expressions[0].is_string
    if node.name not in NAMING or not is_text:
        raise RuleError(
            f"calls {text(node)!r}; the names are tag('x'), group('x') and segment('x'), "
            "in small letters and with one text"
        )


def named(tree: exp.Expr, function: str) -> list[str]:
    """Names that a rule hands to tag, group or segment, in order."""
    calls = (call for call in tree.find_all(exp.Anonymous) if call.name == function)
    return [call.expressions[0].name for call in calls]


def columns(tree: exp.Expr) -> list[str]:
    """Columns that a rule names, in order of the alphabet."""
    return sorted({column.name for column in tree.find_all(exp.Column)})


def conditions(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the parts between every `and` on the top level, in the order they are written."""
    if isinstance(tree, exp.And):
        yield from conditions(tree.left)
        yield from conditions(tree.right)
    else:
        yield tree


def text(tree: exp.Expr) -> str:
    """Return a rule or a part of one as people read it."""
    return tree.sql(DIALECT, normalize_functions=False)


def sql(tree: exp.Expr, segment_sql: Callable[[str], str]) -> str:
    """Return a rule as SQL over the tagged profile; `segment_sql` gives a segment's own."""

    def replaced(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Anonymous):
            return node
        name = node.expressions[0].name
        if node.name == SEGMENT:
            return exp.paren(sqlglot.parse_one(segment_sql(name), read=DIALECT), copy=False)
        listed = f"contains({node.name}_list, '|' || {exp.Literal.string(name).sql()} || '|')"
        return sqlglot.parse_one(listed, read=DIALECT)

    return tree.copy().transform(replaced).sql(DIALECT)
