"""What lies in the inbox, and which sources take each file.

Belongs here: walking, ignoring, refusing what is not a plain file, matching names.
Does not belong here: what files hold (routing.py), and archives (archive.py).
"""

import os
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.archive import ArchiveError, Listing, is_archive, list_members
from orchestration.landing.exported_at import SIDECAR_SUFFIX
from orchestration.landing.sources import SourceTable

# Categories of Unicode that break a line of text, or worse.
CONTROL = ("Cc", "Zl", "Zp")
# Names that browsers, mail programs and Excel give to a file they still write.
UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".uploading")
LOCKED_BY_EXCEL = "~$"
# Patterns that a message shows.
SHOWN = 12
StatKey = tuple[str, int, int]


@dataclass(frozen=True)
class InboxFile:
    """One file of the inbox; `name` is its path below the inbox, with forward slashes.

    Signs that cannot be printed are escaped in `name`; such a file matches no source. Of a member
    of an archive, `path`, size and time are those of the archive, `member` its name in there, and
    `newest_ns` the time of the youngest member.
    """

    path: Path
    name: str
    size_bytes: int
    modified_ns: int
    member: str | None = None
    newest_ns: int | None = None

    @property
    def system(self) -> str:
        """First folder below the inbox."""
        return self.name.split("/", 1)[0]

    @property
    def file_name(self) -> str:
        """Name without folders, of a member its name in the archive."""
        return self.name.rsplit("/", 1)[1] if "/" in self.name else self.name

    @property
    def stat_key(self) -> StatKey:
        """Equal means not touched."""
        return self.name, self.size_bytes, self.modified_ns

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
    """Every file of the inbox, by the relation of the source that takes it.

    `ignored` are members of archives that no source takes: a backup holds more than a warehouse
    needs, and nobody can drop it without them.
    """

    matched: dict[str, tuple[InboxFile, ...]]
    unmatched: tuple[Unmatched, ...]
    ignored: tuple[InboxFile, ...] = ()


Router = Callable[[InboxFile, Sequence[SourceTable]], Sequence[SourceTable] | str]


def every_candidate(_: InboxFile, candidates: Sequence[SourceTable]) -> Sequence[SourceTable]:
    """Take names for enough."""
    return candidates


def scan_inbox(
    inbox: Path,
    sources: Sequence[SourceTable],
    settled: Mapping[StatKey, frozenset[str]] | None = None,
    route: Router = every_candidate,
) -> InboxScan:
    """Match every file under `inbox` with the declared sources, in order of name.

    Hidden files, sidecars and files under a name for unfinished ones are not exports. Links and
    devices are never opened or followed. Where several sources take a name, `settled` tells by
    name, size and time where the file landed before, and `route` decides by content otherwise, or
    says why none does.
    """
    matched: dict[str, list[InboxFile]] = {source.relation: [] for source in sources}
    unmatched: list[Unmatched] = []
    ignored: list[InboxFile] = []
    for item in _files(inbox):
        if isinstance(item, Unmatched):
            unmatched.append(item)
            continue
        candidates = [
            s for s in sources if s.system == item.system and s.pattern_of(item.file_name)
        ]
        known = (settled or {}).get(item.stat_key, frozenset())
        found: Sequence[SourceTable] | str = [s for s in candidates if s.relation in known]
        if not found:
            found = route(item, candidates) if len(candidates) > 1 else candidates
        if isinstance(found, str):
            unmatched.append(Unmatched(item, found))
        elif not found and item.member is not None:
            ignored.append(item)
        elif not found:
            unmatched.append(Unmatched(item, _no_source(item, sources)))
        for source in found if not isinstance(found, str) else ():
            matched[source.relation].append(item)
    return InboxScan(
        {key: tuple(files) for key, files in matched.items()}, tuple(unmatched), tuple(ignored)
    )


def _files(inbox: Path) -> Iterator[InboxFile | Unmatched]:
    for path, reason in sorted(_walk(inbox)) if inbox.exists() else ():
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue  # taken away since the folder was listed
        name = _printable(path.relative_to(inbox).as_posix())
        file = InboxFile(path, name, status.st_size, status.st_mtime_ns)
        if reason:
            yield Unmatched(file, reason)
        elif is_archive(path):
            yield from _members(file)
        else:
            yield file


def _members(archive: InboxFile) -> Iterator[InboxFile | Unmatched]:
    try:
        listing: Listing = list_members(archive.path)
    except ArchiveError as error:
        yield Unmatched(archive, str(error))
        return
    for member in listing.members:
        name = f"{archive.name}/{_printable(member)}"
        yield InboxFile(
            archive.path, name, archive.size_bytes, archive.modified_ns, member, listing.newest_ns
        )


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield every path below `folder` that is not ignored, and why it cannot land, if so."""
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        yield folder, f"unreadable: {error.strerror}; let the night read this folder"
        return
    for entry in entries:
        path = Path(entry.path)
        if _is_ignored(entry.name):
            continue
        if _printable(entry.name) != entry.name:
            yield path, "bad_name: its name is not UTF-8 or holds control characters; rename it"
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(path)
        elif not entry.is_file(follow_symlinks=False):
            yield path, "not_a_plain_file: it is a link or a device; put the file itself there"
        else:
            yield path, ""


def _is_ignored(name: str) -> bool:
    return (
        name.startswith((".", LOCKED_BY_EXCEL))
        or name.endswith(SIDECAR_SUFFIX)
        or name.casefold().endswith(UNFINISHED)
    )


def _printable(name: str) -> str:
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(
        sign.encode("unicode_escape").decode("ascii")
        if unicodedata.category(sign) in CONTROL
        else sign
        for sign in text
    )


def _no_source(file: InboxFile, sources: Sequence[SourceTable]) -> str:
    patterns = [p.name for s in sources if s.system == file.system for p in s.files]
    if patterns:
        more = f" and {len(patterns) - SHOWN} more" if len(patterns) > SHOWN else ""
        return (
            f"unknown_file: {file.system} takes files named like "
            f"{', '.join(patterns[:SHOWN])}{more}; strata inspect says what it could be"
        )
    systems = sorted({source.system for source in sources})
    return f"unknown_system: put it under one of {', '.join(f'inbox/{s}/' for s in systems)}"
