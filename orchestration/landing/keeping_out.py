"""What landing does with rows of people who were erased: they do not come back.

Belongs here: one file on its way into landing, against the ledger. Does not belong here: the
ledger (ledger.py), and taking rows out of a file (forgetting.py).
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.landing.forgetting import ERASED, Forgotten, find_rows, rewrite
from orchestration.landing.ledger import Erased, hashed
from orchestration.landing.marks import marks_in
from orchestration.landing.parquet import connect
from orchestration.landing.records import Reject
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import SourceTable


def keep_out(
    erased: Erased,
    source: SourceTable,
    record: FileRecord,
    rows: Path,
    rejects: Sequence[Reject],
) -> tuple[FileRecord, tuple[Reject, ...]]:
    """Rewrite the Parquet at `rows` without erased people; return what is recorded of the file.

    Rejected rows stay counted, without their text.
    """
    with connect() as connection:
        found = find_rows(connection, source, [rows], erased.ask(connection))
        done = Forgotten()
        for path, places in found.items():
            fresh = path.with_suffix(".without")
            done += rewrite(connection, source, path, places, fresh)
            fresh.replace(path)
        cleaned = _without_texts(connection, erased, source, rejects)
    blanked = sum(old is not new for old, new in zip(rejects, cleaned, strict=True))
    record = replace(
        record,
        landed_rows=record.landed_rows - done.removed,
        erased_rows=done.removed,
        emptied_rows=done.emptied + blanked,
    )
    return record, cleaned


def _without_texts(
    connection: duckdb.DuckDBPyConnection,
    erased: Erased,
    source: SourceTable,
    rejects: Sequence[Reject],
) -> tuple[Reject, ...]:
    marks = marks_in(connection, [reject.raw_text for reject in rejects], source.system)
    meant = {place for place, mark in marks if hashed(erased.key, mark) in erased.hashes}
    return tuple(
        replace(reject, raw_text=ERASED) if place in meant else reject
        for place, reject in enumerate(rejects)
    )
