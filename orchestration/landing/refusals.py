"""Why a whole file cannot land, in words that say what to do.

Belongs here: messages that several readers share. Does not belong here: reading anything.
"""

import re
from collections.abc import Iterable

from orchestration.landing.sources import SourceColumn, SourceTable

# A message shows labels, and never the data that a file without a header has in their place.
PRIVATE = re.compile(r"@|\d{6}")
LABELS_SHOWN = 100
LABEL_LENGTH = 40


class RefusedFileError(ValueError):
    """A whole file cannot land. The message starts with a reason code and ends with a remedy."""


def empty_file() -> RefusedFileError:
    """Return the refusal of a file of no bytes."""
    return RefusedFileError("empty_file: it has no bytes; export it again")


def no_records(source: SourceTable) -> RefusedFileError:
    """Return the refusal of JSON that holds no records where `source` looks for them."""
    wanted = ", ".join(source.records) or "one object per line"
    return RefusedFileError(
        f"no_records: {source.name} looks for {wanted}; "
        "strata inspect says what else the file could be"
    )


def missing_columns(
    source: SourceTable, missing: Iterable[SourceColumn], header: Iterable[str]
) -> RefusedFileError:
    """Return the refusal of a file that lacks required columns, with the labels it has."""
    wanted = "; ".join(" or ".join(column.labels) for column in missing)
    shown = [shown_label(label) for label in header if label.strip()]
    more = f" and {len(shown) - LABELS_SHOWN} more" if len(shown) > LABELS_SHOWN else ""
    has = f"the file has {', '.join(shown[:LABELS_SHOWN])}{more}" if shown else "it has no header"
    return RefusedFileError(
        f"missing_columns: {source.name} needs {wanted}; {has}. Export these columns too; where a "
        f"label was renamed, add it to the labels of its column in {source.declared_in}"
    )


def shown_label(label: str) -> str:
    """Return a label as a message may show it."""
    if PRIVATE.search(label):
        return "(not a label)"
    text = " ".join(label.split())
    return text if len(text) <= LABEL_LENGTH else text[:LABEL_LENGTH] + "…"
