"""Which source a file is meant for, and why: what a person asks before dropping it.

Belongs here: finding the files that a path names, and choosing among the fits of each. Does not
belong here: measuring a fit (fitting.py), landing on trial (trial.py), and printing.
"""

import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.archive import (
    ArchiveError,
    is_archive,
    list_members,
)
from orchestration.landing.declaration import ENCODINGS, FORMATS
from orchestration.landing.exported_at import SIDECAR_SUFFIX
from orchestration.landing.fitting import Fit, fit
from orchestration.landing.glance import Glance
from orchestration.landing.inbox import InboxFile, is_ignored, is_ignored_member, printable
from orchestration.landing.kinds import JSON_SUFFIXES
from orchestration.landing.label_map import aliases_of
from orchestration.landing.refusals import RefusedFileError, empty_file
from orchestration.landing.sources import SourceTable

# What becomes of a file that is dropped: it lands; its source refuses it; its content is that of a
# source that does not take its name; it lacks something of the source that it is nearest to; no
# source is near; it cannot be read at all.
LANDS, REFUSED, MISNAMED, NEAR, UNKNOWN, UNREADABLE = (
    "lands", "refused", "misnamed", "near", "unknown", "unreadable",
)  # fmt: skip
# Columns that do not have labels like those of a source by accident; an id alone may.
TELLING_COLUMNS = 3
# Letters that a pattern holds where it means one kind of file, and not any file of a system.
TELLING_LETTERS = 2
# Other sources that a report names.
OTHERS_SHOWN = 3
WILDCARD = re.compile(r"\[[^\]]*\]|[*?]")
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", *JSON_SUFFIXES)


@dataclass(frozen=True)
class Lying:
    """A file as a path or an archive names it; `system` where it lies under `inbox/<system>/`."""

    file: InboxFile
    system: str | None
    problem: str | None = None


@dataclass(frozen=True)
class Inspection:
    """What was found out about one file without landing it.

    `fits` holds the sources that take it, or the one that refuses it or comes near. `named` is how
    many sources take its name.
    """

    lying: Lying
    verdict: str
    fits: tuple[Fit, ...] = ()
    others: tuple[Fit, ...] = ()
    named: int = 0
    reason: str | None = None

    @property
    def is_passed_over(self) -> bool:
        """Tell whether it is a member of an archive that a night leaves out, as it may."""
        return self.lying.file.member is not None and not self.named


def find_files(path: Path) -> Iterator[Lying]:
    """Yield the file that `path` names, or the members of the archive that it is."""
    system, name = _place(path)
    try:
        status = path.lstat()
    except OSError as error:
        yield Lying(InboxFile(path, name, 0, 0), system, f"no such file: {error.strerror}")
        return
    file = InboxFile(path, name, status.st_size, status.st_mtime_ns)
    problem = _why_not_an_export(path, status.st_mode)
    if problem or not is_archive(path):
        yield Lying(file, system, problem)
        return
    try:
        listing = list_members(path)
    except ArchiveError as error:
        yield Lying(file, system, str(error))
        return
    exports = [member for member in listing.members if _could_be_export(member)]
    if not exports:
        yield Lying(file, system, "no file in it has the name of an export")
    for member in exports:
        shown = f"{name}/{printable(member)}"
        yield Lying(
            InboxFile(path, shown, file.size_bytes, file.modified_ns, member, listing.newest_ns),
            system,
        )


def _could_be_export(member: str) -> bool:
    """Tell by its name; a backup also holds pictures, as many as there are records."""
    return Path(member).suffix.casefold() in SUFFIXES and not is_ignored_member(member)


def _place(path: Path) -> tuple[str | None, str]:
    """Return the system and the name of a file by the folder `inbox` above it, if there is one."""
    parts = path.absolute().parts
    above = [number for number, part in enumerate(parts[:-2]) if part == "inbox"]
    if not above:
        return None, printable(str(path))
    below = parts[above[-1] + 1 :]
    return below[0], printable("/".join(below))


def _why_not_an_export(path: Path, mode: int) -> str | None:
    if stat.S_ISDIR(mode):
        return "it is a folder; name the files in it"
    if not stat.S_ISREG(mode):
        return "not_a_plain_file: it is a link or a device; name the file itself"
    if path.name.endswith(SIDECAR_SUFFIX):
        return "it is a sidecar, which tells when the file beside it was exported"
    if is_ignored(path.name):
        return "the night passes over hidden files and names of unfinished ones; rename it"
    if printable(path.name) != path.name:
        return "bad_name: its name is not UTF-8 or holds control characters; rename it"
    return None


def inspect_file(lying: Lying, sources: Sequence[SourceTable], scratch: Path) -> Inspection:
    """Hold one file against every source that it may be meant for; `scratch` is an empty folder."""
    if lying.problem:
        return Inspection(lying, UNREADABLE, reason=lying.problem)
    file = lying.file
    own = [source for source in sources if source.system == lying.system]
    considered = own or sources
    try:
        glance = Glance(file.content(scratch), scratch)
        if not glance.path.stat().st_size:
            raise empty_file()
        fits = [fit(glance, s, file.file_name, aliases_of(s, file)) for s in considered]
        return _judged(lying, fits, _why_unreadable(glance), is_in_inbox=bool(own))
    except (ArchiveError, RefusedFileError) as error:
        return Inspection(lying, UNREADABLE, reason=str(error))
    except OSError as error:
        return Inspection(lying, UNREADABLE, reason=f"unreadable: {error.strerror or error}")


def _why_unreadable(glance: Glance) -> str | None:
    """Why the file is no text, no JSON and no workbook; None where it is one of them."""
    try:
        kind = glance.kind(FORMATS)
        if kind == "excel":
            glance.sheet(glance.sheets[0])
        elif kind == "json":
            glance.documents(ENCODINGS)
        else:
            glance.text(ENCODINGS)
    except RefusedFileError as error:
        return str(error)
    return None


def _judged(
    lying: Lying, fits: Sequence[Fit], unreadable: str | None, *, is_in_inbox: bool
) -> Inspection:
    named = [found for found in fits if found.pattern]
    verdict, chosen = _choice(fits, named, is_in_inbox=is_in_inbox)
    if verdict in (NEAR, UNKNOWN) and unreadable:
        return Inspection(lying, UNREADABLE, named=len(named), reason=unreadable)
    # Of files that land, the name has decided; of others, what fits no worse may be meant.
    least = max((len(found.mapped) for found in chosen), default=0)
    others = [
        found
        for found in sorted(fits, key=_strength, reverse=True)
        if verdict not in (LANDS, UNKNOWN)
        and found not in chosen
        and found.is_complete
        and len(found.mapped) >= least
        and _convinces(found)
    ]
    return Inspection(lying, verdict, chosen, tuple(others[:OTHERS_SHOWN]), len(named))


def _choice(
    fits: Sequence[Fit], named: Sequence[Fit], *, is_in_inbox: bool
) -> tuple[str, tuple[Fit, ...]]:
    """Return what becomes of the file, and the sources that this is said of."""
    taking = sorted((f for f in named if f.is_complete), key=_strength, reverse=True)
    if taking:
        system = taking[0].source.system
        return LANDS, tuple(found for found in taking if found.source.system == system)
    is_certain = is_in_inbox and len(named) == 1
    refusing = [f for f in named if is_certain or (_is_specific(f) and _means(f))]
    by_content = [f for f in fits if f.is_complete and _convinces(f)]
    near = [f for f in fits if _is_near(f)]
    for verdict, found in ((REFUSED, refusing), (MISNAMED, by_content), (NEAR, near)):
        if found:
            return verdict, (max(found, key=_strength),)
    return UNKNOWN, ()


def _strength(found: Fit) -> tuple[float, int, bool]:
    return found.found / found.required, len(found.mapped), found.pattern is not None


def _means(found: Fit) -> bool:
    """Tell whether content does not speak against what the name says."""
    return bool(found.problem or found.found or len(found.mapped) >= TELLING_COLUMNS)


def _convinces(found: Fit) -> bool:
    """Tell whether content alone says what the file is."""
    covers_half = 2 * len(found.mapped) >= found.labels
    return covers_half or found.required >= TELLING_COLUMNS or bool(found.source.records)


def _is_near(found: Fit) -> bool:
    """Tell whether a file that lacks something of a source is more likely its than a stranger."""
    has_half = 2 * found.found >= found.required and len(found.mapped) >= TELLING_COLUMNS
    return bool(found.found) and has_half and _convinces(found)


def _is_specific(found: Fit) -> bool:
    stem = Path(found.pattern or "").stem
    return sum(map(str.isalpha, WILDCARD.sub("", stem))) >= TELLING_LETTERS
