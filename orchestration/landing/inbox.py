"""What lies in the inbox, and which sources take each file.

Belongs here: walking, ignoring, refusing what is not a plain file, matching names.
Does not belong here: what files hold (routing.py), and archives (archive.py).
"""

import os
import stat
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from orchestration.landing.archive import ArchiveError, extract_member, is_archive
from orchestration.landing.exported_at import SIDECAR_SUFFIX
from orchestration.landing.listings import Listings
from orchestration.landing.register import StatKey
from orchestration.landing.sources import SourceTable

# Categories of Unicode that break a line of text, or worse.
CONTROL = ("Cc", "Zl", "Zp")
# Names that browsers, mail programs and Excel give to a file they still write.
UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".uploading")
LOCKED_BY_EXCEL = "~$"
# Folder where the archiver of macOS keeps what belongs to no file.
LEFT_BY_MACOS = "__MACOSX"
# Patterns that a message shows.
SHOWN = 12


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

    def content(self, scratch: Path) -> Path:
        """Return the file itself, of a member of an archive a copy in the folder `scratch`.

        Raises:
            ArchiveError: the archive is damaged.

        """
        if self.member is None:
            return self.path
        suffix = Path(self.file_name).suffix
        return extract_member(self.path, self.member, scratch / f"member{suffix}")

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
    listings: Listings | None = None,
) -> InboxScan:
    """Match every file under `inbox` with the declared sources, in order of name.

    Hidden files, sidecars and files under a name for unfinished ones are not exports. Links and
    devices are never opened or followed. Where several sources take a name, `settled` tells by
    name, size and time where the file landed before, and `route` decides by content otherwise, or
    says why none does. `listings` remembers what archives hold.
    """
    scan = _Scan(sources, settled or {}, route, listings or Listings())
    for item in _files(inbox):
        if isinstance(item, Unmatched):
            scan.unmatched.append(item)
        elif is_archive(item.path):
            scan.look_into(item)
        elif not scan.match(item):
            scan.unmatched.append(Unmatched(item, _no_source(item, sources)))
    matched = {source.relation: tuple(scan.matched[source.relation]) for source in sources}
    return InboxScan(matched, tuple(scan.unmatched), tuple(scan.ignored))


@dataclass
class _Scan:
    """What was found so far."""

    sources: Sequence[SourceTable]
    settled: Mapping[StatKey, frozenset[str]]
    route: Router
    listings: Listings
    matched: dict[str, list[InboxFile]] = field(default_factory=lambda: defaultdict(list))
    unmatched: list[Unmatched] = field(default_factory=list)
    ignored: list[InboxFile] = field(default_factory=list)

    def match(self, item: InboxFile) -> bool:
        """Hand `item` to its sources; tell whether its name is that of any."""
        candidates = [
            s for s in self.sources if s.system == item.system and s.pattern_of(item.file_name)
        ]
        known = self.settled.get(item.stat_key, frozenset())
        found: Sequence[SourceTable] | str = [s for s in candidates if s.relation in known]
        if not found:
            found = self.route(item, candidates) if len(candidates) > 1 else candidates
        if isinstance(found, str) and not item.is_unchanged():
            found = candidates  # still being written; landing lets it wait
        if isinstance(found, str):
            self.unmatched.append(Unmatched(item, found))
            return True
        for source in found:
            self.matched[source.relation].append(item)
        return bool(found)

    def look_into(self, archive: InboxFile) -> None:
        """Match the members of an archive; those that no source takes are ignored."""
        try:
            listing = self.listings.of(archive.path, archive.stat_key)
        except ArchiveError as error:
            if archive.is_unchanged():  # otherwise it is still being written, and waits
                self.unmatched.append(Unmatched(archive, str(error)))
            return
        exports = [member for member in listing.members if not is_ignored_member(member)]
        files = [
            replace(
                archive,
                name=f"{archive.name}/{printable(member)}",
                member=member,
                newest_ns=listing.newest_ns,
            )
            for member in exports
        ]
        others = [file for file in files if not self.match(file)]
        self.ignored.extend(others)
        if len(others) == len(files):
            reason = f"unknown_archive: no source takes any of its {len(files):,} files"
            why = _no_source(archive, self.sources).partition(": ")[2]
            self.unmatched.append(Unmatched(archive, f"{reason}; {why}"))


def _files(inbox: Path) -> Iterator[InboxFile | Unmatched]:
    for path, reason in sorted(_walk(inbox)) if inbox.exists() else ():
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue  # taken away since the folder was listed
        name = printable(path.relative_to(inbox).as_posix())
        file = InboxFile(path, name, status.st_size, status.st_mtime_ns)
        if reason:
            yield Unmatched(file, reason)
        else:
            yield file


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield every path below `folder` that is not ignored, and why it cannot land, if so."""
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        yield folder, f"unreadable: {error.strerror}; let the night read this folder"
        return
    for entry in entries:
        path = Path(entry.path)
        if is_ignored(entry.name):
            continue
        if printable(entry.name) != entry.name:
            yield path, "bad_name: its name is not UTF-8 or holds control characters; rename it"
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(path)
        elif not entry.is_file(follow_symlinks=False):
            yield path, "not_a_plain_file: it is a link or a device; put the file itself there"
        else:
            yield path, ""


def is_ignored(name: str) -> bool:
    """Tell by its name whether a file is none that anybody dropped as an export."""
    return (
        name.startswith((".", LOCKED_BY_EXCEL))
        or name.endswith(SIDECAR_SUFFIX)
        or name.casefold().endswith(UNFINISHED)
    )


def is_ignored_member(member: str) -> bool:
    """Tell the same of a member of an archive, by its name in there."""
    parts = PurePosixPath(member).parts
    return LEFT_BY_MACOS in parts or any(map(is_ignored, parts))


def printable(name: str) -> str:
    """Return a name with everything escaped that would break a line."""
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
