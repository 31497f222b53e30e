"""Size and revenue of segments over months, drawn as SVG by hand: no library draws for Strata.

Belongs here: the picture. Does not belong here: the numbers (preview.py).
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from orchestration.segments.preview import Point

WIDTH, ROW, LEFT, GAP, PLOT = 1000, 64, 260, 40, 320
TOP, INSET = 48, 10
SIZE_COLOUR, REVENUE_COLOUR = "#1f77b4", "#d97706"
TEXT = 'font-family="sans-serif" font-size="12"'


def chart(points: Sequence[Point]) -> str:
    """Return an SVG with a row per segment: members on the left, revenue of the month right."""
    ordered = sorted(points, key=lambda point: (point.segment_id, point.month_end))
    rows = [(name, list(group)) for name, group in groupby(ordered, lambda p: p.segment_id)]
    first, last = (f"{rows[0][1][at].month_end:%Y-%m}" for at in (0, -1))
    height = TOP + ROW * len(rows) + INSET
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" {TEXT}>',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="{INSET}" y="{TOP // 2}">{first} to {last}, month ends</text>',
        f'<text x="{LEFT}" y="{TOP // 2}" fill="{SIZE_COLOUR}">members</text>',
        f'<text x="{LEFT + PLOT + GAP}" y="{TOP // 2}" fill="{REVENUE_COLOUR}">net amount</text>',
    ]
    for number, (name, months) in enumerate(rows):
        parts += _row(TOP + ROW * number, name, months)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _row(top: int, name: str, months: Sequence[Point]) -> Iterator[str]:
    middle = top + ROW // 2
    yield f'<text x="{INSET}" y="{middle}">{escape(name)}</text>'
    for at, values, colour in (
        (LEFT, [float(point.members) for point in months], SIZE_COLOUR),
        (LEFT + PLOT + GAP, [point.net_amount for point in months], REVENUE_COLOUR),
    ):
        highest = max(*values, 1.0)
        steps = max(len(values) - 1, 1)
        width = PLOT - 2 * GAP
        places = " ".join(
            f"{at + width * number / steps:.1f},{top + ROW - INSET - share * (ROW - 2 * INSET):.1f}"
            for number, share in enumerate(value / highest for value in values)
        )
        base = top + ROW - INSET
        yield f'<line x1="{at}" y1="{base}" x2="{at + width}" y2="{base}" stroke="#cccccc"/>'
        yield f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield f'<text x="{at + width + INSET}" y="{middle}">{values[-1]:,.0f}</text>'
