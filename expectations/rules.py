"""The expectations of the library that judge one check, and the query whose columns they read.

Belongs here: what the library is asked. Does not belong here: asking it, and reading what it
answers (validate.py).
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from expectations.checks import Check

ROWS, PRESENT, VALUE = "rows", "present", "value"
# What is asked of a check that is not known to pass, to say why.
RULES = (ROWS, PRESENT, VALUE)
# A value stands for nothing but the one row of its check, so within the limit it proves all three.
ENOUGH = (VALUE,)


def wide_query(checks: Sequence[Check], relation: str) -> str:
    """Return a query of one wide row: per check a count of rows `n`, and its value `c`.

    The value is null unless there is exactly one row.
    """
    rows = [
        f"measure = {_literal(check.limit.measure)} and subject = {_literal(check.subject)}"
        for check in checks
    ]
    columns = ", ".join(
        f"count(*) filter (where {row}) as n{place}, "
        f"case when n{place} = 1 then max(observed) filter (where {row}) end as c{place}"
        for place, row in enumerate(rows)
    )
    source = ".".join(f'"{part}"' for part in relation.split("."))
    return f"select {columns} from {source} where {' or '.join(f'({row})' for row in rows)}"


def _literal(value: str) -> str:
    # Quotes alone do not make a text safe here: SQLAlchemy reads :name and %(name)s inside
    # a literal as parameters, and the library may substitute $name. Hex digits hold none.
    return f"decode(unhex('{value.encode().hex()}'))"


def rules_of(place: int, check: Check, names: Sequence[str] = RULES) -> list[Any]:
    """Return the expectations `names` on the columns of the check at `place`."""
    # Imported by name: the package does not declare its re-exports to a type checker.
    gxe: Any = import_module("great_expectations.expectations")

    # The library takes an absent bound for no bound, and infinity would pass it.
    largest = sys.float_info.max
    low = -largest if check.limit.minimum is None else check.limit.minimum
    high = largest if check.limit.maximum is None else check.limit.maximum
    between = gxe.ExpectColumnMaxToBeBetween
    known = {
        ROWS: (between, "n", 1, 1),
        PRESENT: (gxe.ExpectColumnProportionOfNonNullValuesToBeBetween, "c", 1, 1),
        VALUE: (between, "c", low, high),
    }
    return [
        kind(
            column=f"{column}{place}",
            min_value=least,
            max_value=most,
            meta={"place": place, "rule": name},
        )
        for name in names
        for kind, column, least, most in (known[name],)
    ]
