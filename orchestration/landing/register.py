"""The register of files: one row per file ever seen, in `landing/_files/<relation>.parquet`.

Belongs here: its columns, reading it and replacing it atomically. Does not belong here: what makes
a file land or not. A register is small (one row per file), so rows are handled in Python.
"""

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.parquet import connect, typed
from orchestration.landing.texts import identifier, quoted

# A dump in parts: the name ends in a number of three digits, or the file is a member of an archive.
PART = re.compile(r"^(?P<stem>.*)_\d{3}\.[a-z]+$", re.IGNORECASE)
ARCHIVED = re.compile(r"^(?P<stem>.*?)(?:_\d{3})?\.zip/", re.IGNORECASE)
LANDED, REFUSED, DUPLICATE, WITHDRAWN = "landed", "refused", "duplicate", "withdrawn"
# Outcomes of a file that need not be read again until it is touched.
SETTLED = (LANDED, DUPLICATE)
StatKey = tuple[str, int, int]
COLUMNS = {
    "system": "varchar",
    "table_name": "varchar",
    "file_name": "varchar",
    "sha256": "varchar",
    "size_bytes": "bigint",
    "modified_ns": "bigint",
    "encoding": "varchar",
    "records": "bigint",
    "landed_rows": "bigint",
    "rejected_rows": "bigint",
    "exported_at": "timestamp",
    "exported_at_from": "varchar",
    "landed_for": "date",
    "file_number": "bigint",
    "outcome": "varchar",
    "reason": "varchar",
    "landed_by": "varchar",
    "load_kind": "varchar",
    "undeclared": "varchar",
    "absent": "varchar",
    "landed_as": "varchar",
    "erased_rows": "bigint",
    "emptied_rows": "bigint",
}
# Columns that files which landed before they were counted have none of.
COUNTS = ("erased_rows", "emptied_rows")


@dataclass(frozen=True)
class FileRecord:
    """One file; times are UTC without a zone.

    `records` = `landed_rows` + `rejected_rows` + `erased_rows`, those of people who were erased;
    `emptied_rows` stay, without what was personal.

    `load_kind` is what the file states; `undeclared` and `absent`, one name per line, are the
    labels that no column declares and the declared columns that it lacks.
    """

    system: str
    table_name: str
    file_name: str
    sha256: str
    size_bytes: int
    modified_ns: int
    encoding: str | None
    records: int
    landed_rows: int
    rejected_rows: int
    exported_at: dt.datetime
    exported_at_from: str
    landed_for: dt.date
    file_number: int
    outcome: str
    reason: str | None
    landed_by: str
    load_kind: str = "full"
    undeclared: str | None = None
    absent: str | None = None
    landed_as: str | None = None
    erased_rows: int = 0
    emptied_rows: int = 0

    @property
    def holds_erased(self) -> bool:
        """Tell whether it came with people who had been erased, or held them when they were."""
        return bool(self.erased_rows or self.emptied_rows)

    @property
    def stat_key(self) -> StatKey:
        """Name, size and modification time: equal means not touched since it was recorded."""
        return self.file_name, self.size_bytes, self.modified_ns

    @property
    def parquet_name(self) -> str:
        """Name of the Parquet file of a landed file: its content, unless that landed before."""
        return self.landed_as or f"{self.sha256}.parquet"

    def parquet(self, landing: Path) -> Path:
        """Return where the rows of a landed file lie."""
        return landing / self.system / self.table_name / self.parquet_name


def is_part(file_name: str) -> bool:
    """Tell whether a file, by its name below the inbox, is part of a dump in several files."""
    return dump_of(file_name) is not None


def is_archived(file_name: str) -> bool:
    """Tell whether a file, by its name below the inbox, is a member of an archive."""
    return ARCHIVED.match(file_name) is not None


def dump_of(file_name: str) -> str | None:
    """Name of the dump that a file is part of; None where it stands alone."""
    found = ARCHIVED.match(file_name) or PART.match(file_name)
    return found["stem"] if found else None


def part(landing: Path, relation: str) -> Path:
    """Path of the part of the register that holds one source table."""
    return landing / "_files" / f"{relation}.parquet"


def read_part(path: Path) -> list[FileRecord]:
    """Every record of one part, in the order of recording; none where the part does not exist."""
    if not path.exists():
        return []
    names = ", ".join(
        f"coalesce({identifier(name)}, 0)" if name in COUNTS else identifier(name)
        for name in COLUMNS
    )
    with connect() as connection:
        rows = connection.execute(f"select {names} from {_with_all_columns(path)}")
        return [FileRecord(*row) for row in rows.fetchall()]


def all_files(landing: Path) -> str:
    """Return the SQL of a FROM clause over the whole register; typed also where there is none."""
    parts = part(landing, "*")
    return _with_all_columns(parts) if any(parts.parent.glob(parts.name)) else typed(COLUMNS, None)


def _with_all_columns(path: Path) -> str:
    """Return the SQL of a FROM clause over parts of the register; older ones lack late columns."""
    return typed(COLUMNS, f"read_parquet({quoted(str(path))}, union_by_name = true)")


def settled_files(landing: Path) -> dict[StatKey, frozenset[str]]:
    """Relations where each file of the inbox landed before, by name, size and time."""
    query = (
        "select file_name, size_bytes, modified_ns, list(system || '__' || table_name) "
        f"from {all_files(landing)} "
        f"where outcome in ({', '.join(map(quoted, SETTLED))}) group by all"
    )
    with connect() as connection:
        rows = connection.execute(query).fetchall()
    return {(name, size, modified): frozenset(found) for name, size, modified, found in rows}


def write_part(path: Path, records: Sequence[FileRecord]) -> None:
    """Replace one part by `records`, atomically."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = path.with_suffix(".jsonl")
    lines.write_text(
        "".join(json.dumps(dataclasses.asdict(record), default=str) + "\n" for record in records),
        encoding="utf-8",
    )
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
    fresh = path.with_suffix(".new")
    with connect() as connection:
        connection.execute(
            f"copy (select * from read_json({quoted(str(lines))}, columns = {{{columns}}}, "
            f"format = 'newline_delimited')) to {quoted(str(fresh))} (format parquet)"
        )
    lines.unlink()
    fresh.replace(path)


def next_number(records: Sequence[FileRecord]) -> int:
    """Return a file number above every one in use; withdrawn files use none."""
    used = [record.file_number for record in records if record.outcome != WITHDRAWN]
    return max(used, default=-1) + 1


def discard_unpublished(landing: Path, published: frozenset[str]) -> int:
    """Take files of runs that were never published out of landing; return how many.

    A run that failed leaves no trace: correcting the inbox corrects the night. What such a run
    refused stays on record as withdrawn.
    """
    discarded = 0
    for path in sorted((landing / "_files").glob("*.parquet")):
        records = read_part(path)
        kept = []
        for record in records:
            if record.landed_by in published or record.outcome == WITHDRAWN:
                kept.append(record)
            elif record.outcome == REFUSED:
                kept.append(dataclasses.replace(record, outcome=WITHDRAWN))
            else:
                discarded += 1
                # A duplicate shares its content, and so its Parquet, with the file that landed.
                if record.outcome == LANDED:
                    record.parquet(landing).unlink(missing_ok=True)
        if kept != records:
            write_part(path, kept)
    return discarded
