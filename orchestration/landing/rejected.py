"""The rejected rows of a night, in files that people open.

Belongs here: writing them and taking them away. Does not belong here: why a row is rejected.
"""

import csv
from collections.abc import Collection, Sequence
from pathlib import Path

from orchestration.landing.records import Reject
from orchestration.landing.register import FileRecord

REJECT_COLUMNS = ("system", "table", "file", "row", "column", "reason", "raw_text")


def write(target: Path, record: FileRecord, rejects: Sequence[Reject]) -> None:
    """Write what was rejected of one file."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = (record.system, record.table_name, record.file_name)
    with target.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerow(REJECT_COLUMNS)
        # Quoted throughout: a bare carriage return in a raw text would end the record.
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for reject in rejects:
            writer.writerow((*place, reject.row, reject.column, reject.reason, reject.raw_text))


def forget(folder: Path, relation: str, kept: Collection[Path]) -> None:
    """Take away what an earlier try of this night rejected, but for the files `kept`."""
    for path in folder.glob(f"{relation}__*.csv"):
        if path not in kept:
            path.unlink()
