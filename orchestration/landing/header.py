"""Matching the header of an export with the declared columns, by name and never by position.

Belongs here: which row is the header, and where each column stands. Does not belong here: how two
labels compare (labels.py).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from orchestration.landing.labels import normal_label
from orchestration.landing.sources import SourceColumn, SourceTable

# Rows at the top of an export among which its header is looked for: titles and remarks come first.
HEADER_ROWS = 10


@dataclass(frozen=True)
class HeaderMatch:
    """Where each declared column stands in the file, what is extra, what is missing.

    `record` is the place of a cell that holds the whole record, where there is one.
    """

    positions: dict[str, int]
    extras: dict[str, int]
    missing: tuple[SourceColumn, ...]
    width: int
    record: int | None = None


def match_header(
    source: SourceTable,
    header: Sequence[str],
    aliases: Mapping[str, str] | None = None,
    *,
    trims: bool = True,
) -> HeaderMatch:
    """Map declared columns to positions of `header`; the first of two equal labels counts.

    `aliases` tells other names of labels, as the export itself lists them. Every other position is
    an extra, named by its label: the second `Note` is `Note_1`, a column without a label is
    `column_` and its number. Where `trims`, blank labels at the end are no columns.
    """
    width = max((i for i, label in enumerate(header, 1) if normal_label(label)), default=0)
    labels = list(header[:width] if trims and width else header)
    places: dict[str, int] = {}
    for index, label in enumerate(labels):
        if normal_label(label):
            places.setdefault(normal_label(label), index)
    known = dict(places)
    for label, other in (aliases or {}).items():
        if label in places:
            known.setdefault(other, places[label])
    positions: dict[str, int] = {}
    for column in source.columns:
        found = [known[n] for n in map(normal_label, column.labels) if n in known]
        if found:
            positions[column.name] = found[0]
    missing = tuple(c for c in source.columns if c.required and c.name not in positions)
    return HeaderMatch(positions, _extras(labels, places, positions), missing, len(labels))


def find_header(
    source: SourceTable,
    rows: Sequence[Sequence[str]],
    aliases: Mapping[str, str] | None = None,
    *,
    trims: bool = True,
) -> tuple[int, HeaderMatch]:
    """Return which of the first `rows` is the header, and how it matches.

    That is the first row with every required column, else the one that matches best.
    """
    matches = [
        match_header(source, row, aliases, trims=trims) for row in rows[:HEADER_ROWS] or [[]]
    ]
    best = min(
        range(len(matches)),
        key=lambda i: (len(matches[i].missing), -len(matches[i].positions), i),
    )
    complete = (i for i, match in enumerate(matches) if not match.missing)
    chosen = next(complete, best if matches[best].positions else 0)
    return chosen, matches[chosen]


@dataclass(frozen=True)
class Top:
    """Where the header and the first record stand among the rows at the top of an export."""

    header: int
    match: HeaderMatch
    first: int


def find_top(
    source: SourceTable,
    rows: Sequence[Sequence[str]],
    aliases: Mapping[str, str] | None = None,
    *,
    trims: bool = True,
) -> Top:
    """Find the header among the first `rows`, and the first record below it, behind a note."""
    place, match = find_header(source, rows[:HEADER_ROWS], aliases, trims=trims)
    below = rows[place + 1 : place + 2]
    return Top(place, match, place + 1 + any(is_note(source, row) for row in below))


def is_note(source: SourceTable, row: Sequence[str]) -> bool:
    """Tell whether a row below the header explains the columns instead of filling them."""
    return any(note in cell for note in source.notes for cell in row)


def _extras(
    header: Sequence[str], places: dict[str, int], positions: dict[str, int]
) -> dict[str, int]:
    used = set(positions.values())
    first = [index for index in places.values() if index not in used]
    extras = {header[index].strip(): index for index in first}
    for index, label in enumerate(header):
        if index not in used and index not in first:
            taken = {*extras, *(label.strip() for label in header)}
            extras[_free_name(label, taken, index)] = index
    return extras


def _free_name(label: str, taken: Collection[str], index: int) -> str:
    stem, number = label.strip(), 1
    if not normal_label(label):
        stem, number = "column", index + 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
