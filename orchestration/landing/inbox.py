"""What lies in the inbox, and which source each file belongs to.

Belongs here: walking, ignoring, refusing what is not a plain file. Does not belong here: content.
"""

import fnmatch
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.exported_at import SIDECAR_SUFFIX
from orchestration.landing.sources import SourceTable


@dataclass(frozen=True)
class InboxFile:
    """One file of the inbox; `name` is its path below the inbox, with forward slashes."""

    path: Path
    name: str
    size_bytes: int
    modified_ns: int

    @property
    def system(self) -> str:
        """First folder below the inbox."""
        return self.name.split("/", 1)[0]


@dataclass(frozen=True)
class Unmatched:
    """A file that no source takes, and why."""

    file: InboxFile
    reason: str


@dataclass(frozen=True)
class InboxScan:
    """Every file of the inbox, by the relation of the source that takes it."""

    matched: dict[str, tuple[InboxFile, ...]]
    unmatched: tuple[Unmatched, ...]


def scan_inbox(inbox: Path, sources: Sequence[SourceTable]) -> InboxScan:
    """Match every file under `inbox` with the declared sources, in order of name.

    Hidden files and sidecars are not exports. Links and devices are never opened.
    """
    matched: dict[str, list[InboxFile]] = {source.relation: [] for source in sources}
    unmatched: list[Unmatched] = []
    for path in sorted(inbox.rglob("*")):
        relative = path.relative_to(inbox)
        if any(part.startswith(".") for part in relative.parts) or path.is_dir():
            continue
        if path.name.endswith(SIDECAR_SUFFIX):
            continue
        status = path.lstat()
        file = InboxFile(path, relative.as_posix(), status.st_size, status.st_mtime_ns)
        found = _source_of(file, sources)
        if not stat.S_ISREG(status.st_mode):
            unmatched.append(Unmatched(file, "not_a_plain_file: it is a link or a device"))
        elif found is None:
            unmatched.append(Unmatched(file, _no_source(file, sources)))
        else:
            matched[found.relation].append(file)
    return InboxScan({key: tuple(files) for key, files in matched.items()}, tuple(unmatched))


def _source_of(file: InboxFile, sources: Sequence[SourceTable]) -> SourceTable | None:
    name = file.path.name.casefold()
    for source in sources:
        if source.system == file.system and any(
            fnmatch.fnmatchcase(name, pattern.casefold()) for pattern in source.files
        ):
            return source
    return None


def _no_source(file: InboxFile, sources: Sequence[SourceTable]) -> str:
    patterns = [p for s in sources if s.system == file.system for p in s.files]
    if patterns:
        return f"unknown_file: {file.system} takes files named like {', '.join(patterns)}"
    systems = sorted({source.system for source in sources})
    return f"unknown_system: put it under one of {', '.join(f'inbox/{s}/' for s in systems)}"
