"""What segment rules may name, and holding a rule against it.

Belongs here: columns of the tagged profile and tags. Does not belong here: entries (refusals.py).
"""

import csv
from dataclasses import dataclass

import duckdb
import yaml
from sqlglot import exp

from orchestration.segments import rules
from orchestration.segments.rules import RuleError
from orchestration.settings import DBT_PROJECT

VOCABULARY = (
    DBT_PROJECT / "models" / "intermediate" / "segments" / "_segments__vocabulary.yml",
    "int_customer_profile_tagged",
)
TAGS = DBT_PROJECT / "seeds" / "tags.csv"
# Only tags in this state are assigned to anybody.
LIVE = "live"


@dataclass(frozen=True)
class Vocabulary:
    """What rules may name: columns with their types, tags, and segments."""

    columns: dict[str, str]
    tags: frozenset[str]


def load_vocabulary() -> Vocabulary:
    """Read the declared columns of the tagged profile, and the tags."""
    path, model = VOCABULARY
    models = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    found = next(entry for entry in models if entry["name"] == model)["columns"]
    with TAGS.open(encoding="utf-8-sig", newline="") as file:
        tags = frozenset(row["tag_id"] for row in csv.DictReader(file) if row["status"] == LIVE)
    return Vocabulary({column["name"]: column["data_type"] for column in found}, tags)


def confirm_words(tree: exp.Expr, vocabulary: Vocabulary, segments: set[str]) -> None:
    """Hold everything that a rule names against what there is.

    Raises:
        RuleError: a column, tag or segment is unknown.

    """
    for kind, names, known in (
        ("column", rules.columns(tree), vocabulary.columns.keys()),
        ("tag", rules.named(tree, rules.TAG), vocabulary.tags),
        ("segment", rules.named(tree, rules.SEGMENT), segments),
    ):
        for name in names:
            if name not in known:
                offered = ", ".join(sorted(known)) or "none"
                raise RuleError(f"names the {kind} {name!r}, which is none of: {offered}")


def empty_profile(vocabulary: Vocabulary) -> duckdb.DuckDBPyConnection:
    """Return a database with a table `profile` that has the declared columns and no row."""
    definition = ", ".join(
        f'"{name}" {"varchar" if kind == "string" else kind}'
        for name, kind in vocabulary.columns.items()
    )
    connection = duckdb.connect()
    connection.execute(f"create table profile ({definition})")
    return connection


def confirm_boolean(tree: exp.Expr, profile: duckdb.DuckDBPyConnection) -> None:
    """Bind a rule against an empty profile.

    Raises:
        RuleError: it compares what cannot be compared, or is neither true nor false.

    """
    query = f"describe select ({rules.sql(tree, lambda _: 'true')}) as rule from profile"
    try:
        row = profile.execute(query).fetchone()
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise RuleError(f"cannot be evaluated ({first}); correct it") from error
    kind = str(row[1]) if row else "nothing"
    if kind != "BOOLEAN":
        raise RuleError(
            f"is a {kind.lower()} and neither true nor false; compare it, like recency_days < 90"
        )
