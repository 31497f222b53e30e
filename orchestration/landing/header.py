"""Matching the header of an export with the declared columns, by name and never by position.

Belongs here: how two labels compare. Does not belong here: which labels exist (source YAML).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.landing.sources import SourceTable

REQUIRED_MARK = re.compile(r"\((必填|required)\)$")


@dataclass(frozen=True)
class HeaderMatch:
    """Where each declared column stands in the file, what is extra, what is missing."""

    positions: dict[str, int]
    extras: dict[str, int]
    missing: tuple[str, ...]
    width: int


def normal_label(label: str) -> str:
    """Fold width, case, spaces, stray quotes and the mark of a required field out of a label."""
    text = unicodedata.normalize("NFKC", label).strip().strip("'\"\ufeff").strip().casefold()
    return re.sub(r"[\s_]+", " ", REQUIRED_MARK.sub("", text)).strip()


def match_header(source: SourceTable, header: Sequence[str]) -> HeaderMatch:
    """Map declared columns to positions of `header`; the first of two equal labels counts."""
    places: dict[str, int] = {}
    extras: dict[str, int] = {}
    for index, label in enumerate(header):
        if normal_label(label) in places or not label.strip():
            extras[_free_name(label, extras, index)] = index
        else:
            places[normal_label(label)] = index
    positions: dict[str, int] = {}
    for column in source.columns:
        found = [places[n] for n in map(normal_label, column.labels) if n in places]
        if found:
            positions[column.name] = found[0]
    used = set(positions.values()) | set(extras.values())
    extras |= {header[index]: index for index in places.values() if index not in used}
    missing = tuple(
        column.labels[0]
        for column in source.columns
        if column.required and column.name not in positions
    )
    return HeaderMatch(positions, extras, missing, len(header))


def _free_name(label: str, taken: dict[str, int], index: int) -> str:
    stem = label.strip() or f"column_{index + 1}"
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
