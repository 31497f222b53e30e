"""Files of the inbox that hold somebody who was erased.

Belongs here: which of them may go, and taking them away. Does not belong here: files that have not
landed yet; the ledger keeps their people out when they do.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from orchestration.landing import register
from orchestration.landing.archive import is_archive
from orchestration.landing.exported_at import SIDECAR_SUFFIX
from orchestration.landing.register import FileRecord
from orchestration.settings import Settings


def remove_erased(settings: Settings, held: frozenset[str]) -> tuple[str, ...]:
    """Remove every file of the inbox that has landed and holds erased people; return their names.

    `held` are the sha256 of files that held somebody when they were erased. To be called when every
    record in landing is of a published night: a night that may still be refused needs its files.
    """
    records = [
        record
        for path in sorted((settings.landing / "_files").glob("*.parquet"))
        for record in register.read_part(path)
        if record.outcome in register.SETTLED
    ]
    removed = []
    for path in sorted(set(_files_of(settings.inbox, records, held))):
        for gone in (path, path.with_name(path.name + SIDECAR_SUFFIX)):
            gone.unlink(missing_ok=True)
        removed.append(path.relative_to(settings.inbox).as_posix())
    return tuple(removed)


def _files_of(inbox: Path, records: list[FileRecord], held: frozenset[str]) -> Iterator[Path]:
    for record in records:
        if record.sha256 not in held and not record.holds_erased:
            continue
        path = _dropped(inbox, record.file_name)
        if path is not None and _is_the_same(path, record):
            yield path


def _dropped(inbox: Path, name: str) -> Path | None:
    """Return the file of a record: itself, or the archive that it was a member of."""
    path = inbox / name
    if path.is_file() and not path.is_symlink():
        return path
    archives = (inbox / parent for parent in Path(name).parents if is_archive(parent))
    return next((path for path in archives if path.is_file() and not path.is_symlink()), None)


def _is_the_same(path: Path, record: FileRecord) -> bool:
    """Tell whether a file still is what landed under its name."""
    status = path.stat()
    if (status.st_size, status.st_mtime_ns) == (record.size_bytes, record.modified_ns):
        return True
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == record.sha256
