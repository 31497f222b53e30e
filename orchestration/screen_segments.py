"""What a person reads of a preview of segments on the terminal.

Belongs here: tables. Does not belong here: what stands in them (segments/preview.py).
"""

from rich.console import Console
from rich.table import Table

from orchestration.segments.preview import Preview

GAP = (0, 2, 0, 0)


def print_preview(console: Console, preview: Preview) -> None:
    """Print who would come and go, overlaps that would move, and twelve months of sizes."""
    console.print(f"published {preview.as_of} against the working tree")
    console.print(_changes(preview))
    if preview.overlaps:
        console.print("\noverlaps that move (Jaccard)")
        console.print(_overlaps(preview))
    console.print("\nmembers at month ends by the rules of the working tree")
    console.print(_months(preview, "members"))
    console.print("\nnet amount of the month of those members")
    console.print(_months(preview, "net_amount"))


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=GAP)
    for title in titles:
        is_name = title in ("segment", "other segment")
        table.add_column(title, justify="left" if is_name else "right", no_wrap=True)
    return table


def _changes(preview: Preview) -> Table:
    table = _table("segment", "published", "proposed", "enters", "leaves")
    for change in preview.changes:
        counts = (change.published, change.proposed, change.enters, change.leaves)
        table.add_row(change.segment_id, *(f"{count:,}" for count in counts))
    return table


def _overlaps(preview: Preview) -> Table:
    table = _table("segment", "other segment", "published", "proposed")
    for segment_id, other_id, before, after in preview.overlaps:
        table.add_row(segment_id, other_id, f"{before:.2f}", f"{after:.2f}")
    return table


def _months(preview: Preview, measure: str) -> Table:
    ends = sorted({point.month_end for point in preview.points})
    table = _table("segment", *(f"{end:%y-%m}" for end in ends))
    values = {(p.segment_id, p.month_end): getattr(p, measure) for p in preview.points}
    for segment_id in sorted({point.segment_id for point in preview.points}):
        table.add_row(segment_id, *(f"{values[segment_id, end]:,.0f}" for end in ends))
    return table
