"""Zip archives: which members they hold, and one member at a time as a file, within bounds.

Belongs here: everything that makes an archive safe to open. Does not belong here: what a member
means (inbox.py matches its name like that of any other file).
"""

import datetime as dt
import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, cast

from orchestration.landing import progress

SUFFIX = ".zip"
# A backup of a large Zoho organisation holds some hundred files; a bomb holds more.
MOST_MEMBERS = 10_000
# Text compresses to a tenth, repetitive text to a fiftieth; DEFLATE can at most reach 1,032.
HIGHEST_RATIO = 200
# Bytes below which a ratio says nothing: a header with nothing below it is all repetition.
SMALL_MEMBER = 10_000_000
# Bytes of one member, and of all that are read of one archive: those of a Zoho backup hold 1 GB.
LARGEST_MEMBER = 20_000_000_000
LARGEST_ARCHIVE = 40_000_000_000
# Bytes of the directory at the end; 10,000 members with long names take 2 MB.
LARGEST_DIRECTORY = 16_000_000
CHUNK_BYTES = 1 << 20
ENCRYPTED = 0x1
# A member whose name is marked as UTF-8; any other name is in the code page of its maker.
NAMED_IN_UTF8 = 0x800
NAME_ENCODINGS = ("utf-8", "gb18030")
# What stands for no time: the first day that a zip can name, or some day of that year.
YEAR_OF_NO_TIME = 1980
NANOSECONDS = 10**9
# How many bits of a member's attributes lie before those of Unix.
UNIX_MODE_SHIFT = 16
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, OverflowError,
    # Of these two, an impossible name or place within the archive.
    KeyError, ValueError,
)  # fmt: skip
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class ArchiveError(ValueError):
    """An archive cannot be read. The message starts with a reason code, ends with a remedy."""


@dataclass(frozen=True)
class Listing:
    """The files in an archive, and the time of the youngest, in nanoseconds since 1970.

    Folders in a name are parted by forward slashes, whatever the archive has.
    """

    members: tuple[str, ...]
    newest_ns: int | None


def is_archive(path: Path) -> bool:
    """Tell by its name whether `path` is an archive; workbooks, which are zips too, are not."""
    return path.suffix.casefold() == SUFFIX


class _BoundedFile(io.FileIO):
    """A file that gives no more at a time than a directory may hold, however much is asked for."""

    def read(self, size: int | None = -1, /) -> bytes:
        asked = LARGEST_DIRECTORY if size is None or size < 0 else size
        return super().read(min(asked, LARGEST_DIRECTORY)) or b""


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with _BoundedFile(path) as file, zipfile.ZipFile(cast(IO[bytes], file)) as archive:
            yield archive
    except ArchiveError:
        raise
    except UNREADABLE as error:
        raise ArchiveError(
            f"unreadable_archive: it is not a whole zip archive ({error}); export it again"
        ) from error
    except OSError as error:
        raise _not_read(error) from error


def _not_read(error: OSError) -> ArchiveError:
    return ArchiveError(
        f"unreadable_archive: {error.strerror or error}; let the night read this file"
    )


def list_members(path: Path) -> Listing:
    """Return the files in the archive at `path`, without reading any of them.

    Raises:
        ArchiveError: it is no whole archive, or a member of it is not safe to read.

    """
    with _opened(path) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_MEMBERS:
            raise ArchiveError(
                f"too_many_members: it holds {len(entries):,} files, more than {MOST_MEMBERS:,}; "
                "unpack it and drop what is wanted"
            )
        files = [entry for entry in entries if not _name(entry).endswith("/")]
        for entry in files:
            _check(entry)
        total = sum(entry.file_size for entry in files)
        if total > LARGEST_ARCHIVE:
            _refuse_size("it", total, LARGEST_ARCHIVE)
        names = {_name(entry) for entry in files}
        if len(names) < len(files):
            raise ArchiveError("bad_member: two of its files have one name; export it again")
    times = [ns for entry in files if (ns := _nanoseconds(entry.date_time)) is not None]
    return Listing(tuple(sorted(names)), max(times, default=None))


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name of a member as its maker wrote it: Windows packs Chinese names as GB18030."""
    name = entry.orig_filename
    if not entry.flag_bits & NAMED_IN_UTF8 and not name.isascii():
        for encoding in NAME_ENCODINGS:
            try:
                name = name.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    return name.replace("\\", "/")


def _check(entry: zipfile.ZipInfo) -> None:
    name = PurePosixPath(_name(entry))
    shown = _name(entry).encode("unicode_escape").decode("ascii")
    has_control = any(unicodedata.category(sign) == "Cc" for sign in str(name))
    if name.is_absolute() or ".." in name.parts or ":" in str(name) or has_control:
        raise ArchiveError(
            f"bad_member: {shown} points outside of the archive or holds control characters; "
            "unpack it by hand, and look who made it"
        )
    mode = entry.external_attr >> UNIX_MODE_SHIFT
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise ArchiveError(f"bad_member: {shown} is a link or a device; unpack it by hand")
    if entry.flag_bits & ENCRYPTED:
        raise ArchiveError(f"encrypted: {shown} needs a password; export without one")
    if entry.compress_type not in READABLE:
        raise ArchiveError(f"unreadable_archive: {shown} is packed in a rare way; zip it again")
    if entry.file_size > LARGEST_MEMBER:
        _refuse_size(shown, entry.file_size, LARGEST_MEMBER)
    ratio = entry.file_size / max(entry.compress_size, 1)
    if entry.file_size > SMALL_MEMBER and ratio > HIGHEST_RATIO:
        raise ArchiveError(
            f"suspicious_ratio: {shown} would grow {ratio:,.0f} times, more than "
            f"{HIGHEST_RATIO}; unpack it by hand, and look at it"
        )


def _refuse_size(what: str, size: int, limit: int) -> None:
    raise ArchiveError(
        f"too_large: {what} unpacks to {size:,} bytes, more than {limit:,}; split the export"
    )


def _nanoseconds(moment: tuple[int, int, int, int, int, int]) -> int | None:
    if moment[0] <= YEAR_OF_NO_TIME:
        return None
    try:
        # An archive holds wall-clock times without a zone; the reader says whose they are.
        at = dt.datetime(*moment, tzinfo=dt.UTC)
    except ValueError:
        return None
    return int(at.timestamp()) * NANOSECONDS


def extract_member(path: Path, member: str, target: Path) -> Path:
    """Write one member to `target`; it is never longer than the archive said when it was listed.

    Raises:
        ArchiveError: the archive is damaged, or is another than the one that was listed.
        RuntimeError: `target` cannot be written.

    """
    with _opened_member(path, member) as (packed, size):
        written = _write(progress.of_bytes(_chunks(packed), size, "unpacked"), target)
    if written != size:
        raise ArchiveError(
            f"unreadable_archive: {member} has {written:,} bytes, not {size:,} as the archive "
            "says; export it again"
        )
    return target


def _chunks(packed: IO[bytes]) -> Iterator[bytes]:
    try:
        yield from iter(partial(packed.read, CHUNK_BYTES), b"")
    except OSError as error:
        raise _not_read(error) from error


def _write(chunks: Iterable[bytes], target: Path) -> int:
    try:
        with target.open("wb") as out:
            out.writelines(chunks)
            return out.tell()
    except OSError as error:  # a full disk is no fault of the archive
        raise RuntimeError(f"{target} cannot be written: {error.strerror or error}") from error


def read_member(path: Path, member: str, longest: int) -> bytes:
    """Return one member that is no longer than `longest` bytes.

    Raises:
        ArchiveError: as `extract_member`, or it is longer.

    """
    with _opened_member(path, member) as (packed, _):
        content = packed.read(longest + 1)
    if len(content) > longest:
        _refuse_size(member, len(content), longest)
    return content


@contextmanager
def _opened_member(path: Path, member: str) -> Iterator[tuple[IO[bytes], int]]:
    with _opened(path) as archive:
        entry = next((e for e in archive.infolist() if _name(e) == member), None)
        if entry is None:
            raise ArchiveError(f"unreadable_archive: {member} is gone from it; export it again")
        _check(entry)
        with archive.open(entry) as packed:
            yield packed, entry.file_size
