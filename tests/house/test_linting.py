"""What the linter of SQL does not look at holds nothing that it could judge."""

import re
from pathlib import Path

import pathspec
import pytest

ROOT = Path(__file__).resolve().parents[2]
MODELS = [path.relative_to(ROOT) for path in (ROOT / "dbt_project" / "models").rglob("*.sql")]
LEFT_OUT = pathspec.GitIgnoreSpec.from_lines(
    (ROOT / ".sqlfluffignore").read_text("utf-8").splitlines()
)


def is_one_call_of_a_macro(text: str) -> bool:
    """Tell whether a model is a macro's text alone, beside comments."""
    bare = re.sub(r"\{#.*?#\}|--[^\n]*", "", text, flags=re.DOTALL).strip()
    return re.fullmatch(r"\{\{\s*\w+\((?:(?!\}\}).)*\)\s*\}\}", bare, flags=re.DOTALL) is not None


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("{{ typed_rows('zoho', 'tags', tombstones=ref('deleted')) }}\n", True),
        ("{#- A comment. -#}\n{{ linked_parties(1) }}", True),
        ("{{ config(a=1) }}\nselect 1 from {{ ref('a') }}", False),
        ("{{ one() }} {{ other() }}", False),
        ("select * from {{ ref('a') }}", False),
    ],
)
def test_a_call_is_told_from_sql(text: str, is_so: bool) -> None:
    assert is_one_call_of_a_macro(text) == is_so


def test_what_is_not_linted_is_one_call_of_a_macro_whose_text_no_linter_judges() -> None:
    left_out = [path for path in MODELS if LEFT_OUT.match_file(path)]
    assert left_out
    assert [p.name for p in left_out if not is_one_call_of_a_macro((ROOT / p).read_text())] == []
