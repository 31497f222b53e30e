"""The typing of staging as SQL text, rendered from the macros of the dbt project.

Belongs here: making those macros usable outside of dbt, so that a phone is spelled one way only.
Does not belong here: any rule of typing (dbt_project/macros/typing/).
"""

from functools import cache

from jinja2 import Environment

from orchestration.settings import DBT_PROJECT

MACROS = ("to_text", "to_half_width", "to_id", "to_phone", "to_email")


@cache
def _macros() -> str:
    folder = DBT_PROJECT / "macros" / "typing"
    return "".join((folder / f"{name}.sql").read_text(encoding="utf-8") for name in MACROS)


@cache
def typed(macro: str, expression: str) -> str:
    """Return the SQL of one macro of typing, applied to an SQL expression."""
    # SQL, not HTML: nothing is to be escaped.
    template = Environment().from_string(f"{_macros()}{{{{ {macro}(expression) }}}}")  # noqa: S701
    return f"({template.render(expression=expression).strip()})"


def machine_text(expression: str) -> str:
    """Return the SQL of cleaned text in half width, as staging reads what machines wrote."""
    return typed("to_text", typed("to_half_width", expression))
