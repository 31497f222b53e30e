"""What a person reads on the terminal after a command.

Belongs here: laying out counts on one screen. Does not belong here: computing anything that is not
in the published tables or a run record.
"""

from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.building import connect_warehouse
from orchestration.exporting import MARTS
from orchestration.generations import current_generation
from orchestration.settings import Settings

MOST_REASONS = 12
# Three columns of labels and counts, where the output is no terminal.
WIDTH = 128
GAP = (0, 3, 0, 0)

TIERS = """
    select tiers.label_zh || ' ' || tiers.label_en, count(customers.customer_id)
    from seeds.rfm_segments as tiers
    left join marts.customer_rfm as customers on tiers.rfm_segment = customers.rfm_segment
    group by tiers.label_zh, tiers.label_en, tiers.display_order
    order by tiers.display_order
"""
STAGES = """
    select stages.label_zh || ' ' || stages.label_en, count(customers.customer_id)
    from seeds.lifecycle_stages as stages
    left join marts.customer_lifecycle as customers
        on stages.lifecycle_stage = customers.lifecycle_stage
    group by stages.label_zh, stages.label_en, stages.display_order
    order by stages.display_order
"""
SEGMENTS = """
    select segments.name_zh || ' ' || segments.name_en, count(members.customer_id)
    from marts.dim_segments as segments
    left join marts.segment_members as members on segments.segment_id = members.segment_id
    group by segments.name_zh, segments.name_en, segments.goal, segments.priority
    order by segments.goal, segments.priority
"""


def screen() -> Console:
    """Return the console; wide enough for the three columns also where it is no terminal."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH)


def summary(console: Console, generation: Path) -> None:
    """Print tiers, stages and segments side by side, a line for each tier."""
    with connect_warehouse(generation / "warehouse.duckdb", read_only=True) as connection:
        columns = [_counts(connection, query) for query in (TIERS, STAGES, SEGMENTS)]
    table = Table(box=None, pad_edge=False, padding=GAP)
    for title in ("RFM tier", "Lifecycle stage", "Segment"):
        table.add_column(title, no_wrap=True)
        table.add_column("", justify="right", no_wrap=True)
    for row in zip_longest(*columns, fillvalue=("", "")):
        table.add_row(*(cell for pair in row for cell in pair))
    console.print(table)


def _counts(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, str]]:
    return [(str(label), f"{count:,}") for label, count in connection.execute(query).fetchall()]


def outcome(console: Console, record: Mapping[str, Any]) -> None:
    """Print what became of one run: what was landed, rejected, checked, and why if it failed."""
    files = record["files"]
    console.print(
        f"landed     {record['rows_landed']:,} rows of {len(files)} files, "
        f"{record['rows_rejected']:,} rejected"
    )
    if record["outcome"] in ("refused", "fault"):
        word = "REFUSED" if record["outcome"] == "refused" else "FAULT"
        console.print(f"{word}    {record['as_of_date']}: nothing was changed", style="bold red")
        for reason in record["reasons"][:MOST_REASONS]:
            console.print(f"  - {reason}", markup=False, soft_wrap=True)
        hidden = len(record["reasons"]) - MOST_REASONS
        if hidden > 0:
            console.print(f"  and {hidden} more")
        return
    rows = sum(record["tables"].values())
    console.print(f"built      {len(record['tables'])} tables, {rows:,} rows")
    console.print(f"checked    {record['checks_run']} checks, all passed")


def where_to_look(console: Console, settings: Settings) -> None:
    """Print where the published night lies and how to open it."""
    generation = current_generation(settings)
    if generation is None:
        return
    console.print(f"published  {generation.name}")
    marts = settings.current / MARTS
    console.print(f"read it    {marts} as marts.marts.<table>, or", soft_wrap=True)
    console.print(f"           {settings.current / 'parquet'}/<table>.parquet", soft_wrap=True)


def status_lines(console: Console, settings: Settings, last: Mapping[str, Any] | None) -> None:
    """Print the current generation and the last run."""
    generation = current_generation(settings)
    console.print(f"home       {settings.home}", soft_wrap=True)
    if generation is None:
        console.print("published  nothing yet; run strata night")
    else:
        where_to_look(console, settings)
    if last is not None:
        console.print(
            f"last run   {last['run_id']} for {last['as_of_date']}: {last['outcome']} "
            f"at {last['finished_at']}"
        )
        for reason in last["reasons"][:MOST_REASONS]:
            console.print(f"  - {reason}", markup=False, soft_wrap=True)
