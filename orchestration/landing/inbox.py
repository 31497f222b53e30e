"""What lies in the inbox, and which source each file belongs to.

Belongs here: walking, ignoring, refusing what is not a plain file. Does not belong here: content.
"""

import fnmatch
import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.exported_at import SIDECAR_SUFFIX
from orchestration.landing.sources import SourceTable

# Categories of Unicode that break a line of text, or worse.
CONTROL = ("Cc", "Zl", "Zp")


@dataclass(frozen=True)
class InboxFile:
    """One file of the inbox; `name` is its path below the inbox, with forward slashes.

    Signs that cannot be printed are escaped in `name`; such a file matches no source.
    """

    path: Path
    name: str
    size_bytes: int
    modified_ns: int

    @property
    def system(self) -> str:
        """First folder below the inbox."""
        return self.name.split("/", 1)[0]

    def is_unchanged(self) -> bool:
        """Tell whether it is still the plain file that was seen; never opens it."""
        try:
            now = self.path.lstat()
        except OSError:
            return False
        seen = (self.size_bytes, self.modified_ns)
        return stat.S_ISREG(now.st_mode) and (now.st_size, now.st_mtime_ns) == seen


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

    Hidden files and sidecars are not exports. Links and devices are never opened or followed.
    """
    matched: dict[str, list[InboxFile]] = {source.relation: [] for source in sources}
    unmatched: list[Unmatched] = []
    for path, reason in sorted(_walk(inbox)) if inbox.exists() else ():
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue  # taken away since the folder was listed
        name = _printable(path.relative_to(inbox).as_posix())
        file = InboxFile(path, name, status.st_size, status.st_mtime_ns)
        found = _source_of(file, sources)
        if reason or found is None:
            unmatched.append(Unmatched(file, reason or _no_source(file, sources)))
        else:
            matched[found.relation].append(file)
    return InboxScan({key: tuple(files) for key, files in matched.items()}, tuple(unmatched))


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield every path below `folder` that is not ignored, and why it cannot land, if so."""
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        yield folder, f"unreadable: {error.strerror}; let the night read this folder"
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith(".") or entry.name.endswith(SIDECAR_SUFFIX):
            continue
        if _printable(entry.name) != entry.name:
            yield path, "bad_name: its name is not UTF-8 or holds control characters; rename it"
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(path)
        elif not entry.is_file(follow_symlinks=False):
            yield path, "not_a_plain_file: it is a link or a device; put the file itself there"
        else:
            yield path, ""


def _printable(name: str) -> str:
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(
        sign.encode("unicode_escape").decode("ascii")
        if unicodedata.category(sign) in CONTROL
        else sign
        for sign in text
    )


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
