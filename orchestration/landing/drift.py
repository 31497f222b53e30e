"""What changed in the columns of a source since its last export, in words.

Belongs here: comparing one file's columns with those of the file before it. Does not belong here:
refusing a file for a required column (refusals.py).
"""

from collections.abc import Iterator, Sequence

from orchestration.landing import register
from orchestration.landing.refusals import shown_label
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import SourceTable

# Names that one line shows.
SHOWN = 20


def sentences(
    source: SourceTable, record: FileRecord, known: Sequence[FileRecord]
) -> Iterator[str]:
    """Say which labels are new and undeclared, and which optional columns are gone; each once."""
    if record.outcome != register.LANDED:
        return
    landed = [item for item in known if item.outcome == register.LANDED]
    before = {label for item in landed for label in _names(item.undeclared)}
    fresh = [label for label in _names(record.undeclared) if label not in before]
    if fresh:
        yield (
            f"  {record.file_name}: kept in _extra, for no column of {source.name} declares them: "
            f"{_listed([shown_label(label) for label in fresh])}"
        )
    # A backup and a download of changes differ by nature; each is compared with its own kind.
    alike = [item for item in landed if item.load_kind == record.load_kind]
    lacked = set(_names(alike[-1].absent)) if alike else None
    gone = [name for name in _names(record.absent) if lacked is not None and name not in lacked]
    if gone:
        labels = {column.name: " or ".join(column.labels) for column in source.columns}
        yield (
            f"  {record.file_name}: optional columns that the export before had are gone: "
            f"{_listed([f'{name} ({labels.get(name, name)})' for name in gone])}; if one was "
            f"renamed, add its label in {source.declared_in}"
        )


def _names(text: str | None) -> list[str]:
    return text.split("\n") if text else []


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
