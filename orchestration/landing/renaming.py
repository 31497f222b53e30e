"""Which labels of a file may be new names of columns that its source misses.

Belongs here: proposing a line of YAML for a person to judge. Does not belong here: matching, which
only ever goes by declared labels (header.py).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from orchestration.landing.fitting import Fit, seeming_types
from orchestration.landing.labels import normal_label
from orchestration.landing.refusals import PRIVATE
from orchestration.landing.sources import SourceColumn
from orchestration.landing.value_types import bare

# Likeness of two labels, from 0 to 1, at which one may be a new name of the other. "Record Id" and
# "Record Identifier" have 0.7, "Email" and "Mail" 0.9, "Created Time" and "Stage" 0.35.
LIKENESS = 0.6
# Letters or ideographs of a label that, found within another, say that it is the same.
TELLING_LETTERS, TELLING_IDEOGRAPHS = 4, 2
# Types whose values tell them; of texts and numbers there are too many in every file.
TELLING_TYPES = ("id", "phone", "email", "time", "date", "json")
# Labels that a report names where several could be meant.
MOST_LABELS = 3


@dataclass(frozen=True)
class Renaming:
    """A column that is missing, and the labels that may be its new ones, the likeliest first."""

    column: SourceColumn
    labels: tuple[str, ...]

    @property
    def yaml(self) -> str:
        """The labels of the column with the likeliest one added, as the declaration has them."""
        return f"labels: {json.dumps([*self.column.labels, self.labels[0]], ensure_ascii=False)}"


def renamings(found: Fit) -> list[Renaming]:
    """Propose new labels for the required columns that a file lacks."""
    labels = [label for label in found.unmapped if not PRIVATE.search(label)]
    types = seeming_types(labels, found.values)
    proposed = [Renaming(c, _plausible(c, labels, types, found)) for c in found.missing]
    return [renaming for renaming in proposed if renaming.labels]


def _plausible(
    column: SourceColumn, labels: Sequence[str], types: Mapping[str, str], found: Fit
) -> tuple[str, ...]:
    alike = {label: max(_likeness(label, known) for known in column.labels) for label in labels}
    by_name = [label for label in labels if alike[label] >= LIKENESS]
    by_name.sort(key=lambda label: alike[label], reverse=True)
    by_type = [
        label
        for label in labels
        if column.type in TELLING_TYPES
        and types[label] == column.type
        and label not in by_name
        and (column.type != "id" or _tells_records_apart(found.values[label]))
    ]
    only = labels if len(labels) == 1 and len(found.missing) == 1 else []
    return tuple([*by_name, *by_type] or only)[:MOST_LABELS]


def _likeness(label: str, known: str) -> float:
    one, other = normal_label(label), normal_label(known)
    short = min(one, other, key=len)
    is_told = len(short) >= (TELLING_LETTERS if short.isascii() else TELLING_IDEOGRAPHS)
    contains = is_told and (one in other or other in one)
    return max(SequenceMatcher(None, one, other).ratio(), LIKENESS if contains else 0)


def _tells_records_apart(values: Sequence[str | None]) -> bool:
    texts = [bare(value) for value in values]
    return all(texts) and len(set(texts)) == len(texts)
