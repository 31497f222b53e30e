"""What the writers hand back: files, and who is who in them.

Belongs here: the result types and the plain CSV writer that all text exports share.
Does not belong here: the columns of any system.
"""

import csv
import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

TRUTH_HEADER = ("person_id", "source_system", "record_id", "phone", "email")


@dataclass(frozen=True)
class SampleFile:
    """One export on disk; `rows` counts the data rows, without the header."""

    path: Path
    system: str
    night: datetime.date
    rows: int


@dataclass(frozen=True)
class TruthRow:
    """Which person a record is about; `person_id` is empty for an anonymous walk-in."""

    person_id: str
    source_system: str
    record_id: str
    phone: str
    email: str


class Exports(Protocol):
    """What every system offers: its files, night by night, and the truth about its records."""

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one file per night into `folder`, oldest night first."""

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per record."""


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write UTF-8 CSV with LF line ends, replacing any file there; return the data rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count
