"""Macros of the dbt project as SQL text, outside of dbt.

Belongs here: rendering macros that are nothing but text. Does not belong here: what any of them
says, and who needs which (typing_sql.py, amending.py).
"""

from collections.abc import Iterable
from functools import cache

from jinja2 import Environment

from orchestration.settings import DBT_PROJECT


def rendered(folder: str, files: Iterable[str], macro: str, *arguments: str) -> str:
    """Return what `macro` says of `arguments`; `files` of `folder` hold it and what it calls."""
    # SQL, not HTML: nothing is to be escaped.
    template = Environment().from_string(  # noqa: S701
        f"{_texts(folder, tuple(files))}{{{{ {macro}(*arguments) }}}}"
    )
    return template.render(arguments=arguments).strip()


@cache
def _texts(folder: str, files: tuple[str, ...]) -> str:
    place = DBT_PROJECT / "macros" / folder
    return "".join((place / f"{name}.sql").read_text(encoding="utf-8") for name in files)
