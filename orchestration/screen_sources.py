"""The table of declared sources that a person reads on the terminal.

Belongs here: its columns. Does not belong here: what stands in them (landing/arrivals.py).
"""

from collections.abc import Sequence

from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.table import Table

from orchestration.landing.arrivals import LATE, NIGHTLY, Arrival

NOTHING = "-"
GAP = (0, 1, 0, 0)
# Loads and arrivals as a narrow column shows them.
SHORT = {"incremental": "incr.", "irregular": "irreg."}
# Characters of a column that may be cut; the table has to fit on a line.
WIDEST = {"last file": 24}
# Cells of a source without an export between what it declares and its state.
UNKNOWN_CELLS = 7
NUMBERS = ("names", "age", "rows", "total", "rejected")


def print_arrivals(console: Console, arrivals: Sequence[Arrival]) -> None:
    """Print one line per source, and how many are late or have never come."""
    table = Table(box=None, pad_edge=False, padding=GAP)
    for title in (
        "source", "load", "arrival", "names", "last file", "exported", "age", "rows", "total",
        "rejected", "next", "state",
    ):  # fmt: skip
        justify: JustifyMethod = "right" if title in NUMBERS else "left"
        table.add_column(title, justify=justify, no_wrap=True, max_width=WIDEST.get(title))
    for arrival in arrivals:
        table.add_row(*_cells(arrival), style="bold red" if arrival.state == LATE else None)
    console.print(table)
    late = [arrival.source for arrival in arrivals if arrival.state == LATE]
    came = sum(1 for arrival in arrivals if arrival.last is not None)
    console.print(
        f"{len(arrivals)} sources, {came} with exports, {len(late)} late "
        f"({sum(1 for source in late if source.arrival == NIGHTLY)} of them nightly)"
    )


def _cells(arrival: Arrival) -> list[str]:
    source, last = arrival.source, arrival.last
    declared = [
        source.name, SHORT.get(source.load, source.load),
        SHORT.get(source.arrival, source.arrival), str(len(source.files)),
    ]  # fmt: skip
    if last is None or arrival.exported_at is None:
        return [*declared, *[NOTHING] * UNKNOWN_CELLS, arrival.state]
    share = arrival.rejected_share
    return [
        *declared,
        escape(last.file_name.split("/", 1)[-1]),
        f"{arrival.exported_at:%Y-%m-%d}",
        f"{arrival.age_days} d",
        f"{last.landed_rows:,}",
        f"{arrival.rows:,}",
        NOTHING if share is None else f"{share:.1%}",
        NOTHING if arrival.next_day is None else str(arrival.next_day),
        arrival.state,
    ]
