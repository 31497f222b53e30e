"""The typing of staging as SQL text, rendered from the macros of the dbt project.

Belongs here: making those macros usable outside of dbt, so that a phone is spelled one way only.
Does not belong here: any rule of typing (dbt_project/macros/typing/).
"""

from functools import cache

from orchestration.macro_sql import rendered

MACROS = ("to_text", "to_half_width", "to_id", "to_phone", "to_email")


@cache
def typed(macro: str, expression: str) -> str:
    """Return the SQL of one macro of typing, applied to an SQL expression."""
    return f"({rendered('typing', MACROS, macro, expression)})"


def machine_text(expression: str) -> str:
    """Return the SQL of cleaned text in half width, as staging reads what machines wrote."""
    return typed("to_text", typed("to_half_width", expression))
