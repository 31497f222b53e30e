"""Matching the header of an export with the declared columns, by name and never by position.

Belongs here: where each column stands. Does not belong here: how two labels compare (labels.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from orchestration.landing.labels import normal_label
from orchestration.landing.sources import SourceColumn, SourceTable


@dataclass(frozen=True)
class HeaderMatch:
    """Where each declared column stands in the file, what is extra, what is missing."""

    positions: dict[str, int]
    extras: dict[str, int]
    missing: tuple[SourceColumn, ...]
    width: int


def match_header(source: SourceTable, header: Sequence[str]) -> HeaderMatch:
    """Map declared columns to positions of `header`; the first of two equal labels counts.

    Every other position is an extra, named by its label: the second `Note` is `Note_1`, a column
    without a label is `column_` and its number.
    """
    places: dict[str, int] = {}
    for index, label in enumerate(header):
        if normal_label(label):
            places.setdefault(normal_label(label), index)
    positions: dict[str, int] = {}
    for column in source.columns:
        found = [places[n] for n in map(normal_label, column.labels) if n in places]
        if found:
            positions[column.name] = found[0]
    missing = tuple(c for c in source.columns if c.required and c.name not in positions)
    return HeaderMatch(positions, _extras(header, places, positions), missing, len(header))


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
