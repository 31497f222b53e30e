"""What is expected of landing and staging, per declared source.

Belongs here: which measure applies to which kind of source. Does not belong here: limits
(thresholds.yml), how a measure is taken (dbt models under audit/), how it is judged (validate.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from expectations.checks import Check, Limit


class DeclaredSource(Protocol):
    """The part of a source declaration that decides what is expected of it."""

    @property
    def name(self) -> str:
        """`system.table`."""

    @property
    def load(self) -> str:
        """`full`, `window` or `incremental`."""

    @property
    def arrival(self) -> str:
        """`nightly` or `irregular`."""


def landing_checks(
    sources: Sequence[DeclaredSource], limits: Mapping[str, Limit]
) -> tuple[Check, ...]:
    """Return the checks of every source, in the order of the sources."""
    return tuple(check for source in sources for check in _of(source, limits))


def _of(source: DeclaredSource, limits: Mapping[str, Limit]) -> Iterator[Check]:
    # Also of increments: tombstones take records away, and are as wrong as a short dump can be.
    measures = ["rejected_share", "unexplained_rows", "export_drop_share"]
    if source.arrival == "nightly":
        measures.append("arrival_age_days")
    for measure in measures:
        name = f"{measure}__{source.name.replace('.', '__')}"
        yield Check(name, source.name, source.name, limits[measure])
