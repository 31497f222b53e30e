"""Bytes of an export: their hash, their encoding, and a UTF-8 copy where one is needed.

Belongs here: everything known about a file before its delimiter. Does not belong here: records.
"""

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from orchestration.landing import progress
from orchestration.landing.care import Look
from orchestration.landing.refusals import RefusedFileError

PATTERN_SIGNS = frozenset("*?[")
CHUNK_BYTES = 1 << 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UTF8 = ("utf-8", "utf-8-sig")
# First bytes of a large file that tell that it is UTF-8 as a whole, or soon found not to be.
SAMPLED_BYTES = 1 << 20
# Bytes at the start that tell UTF-16 without a mark, and the share of NULs that Latin signs,
# separators and line breaks leave in it: in Chinese some, in other text nearly all.
UTF16_SAMPLE, UTF16_SHARE, LATIN_SHARE = 4096, 0.1, 0.5
# Bytes that tell one encoding from another by how their signs pair up.
GUESS_SAMPLE = 1 << 20
HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
# Share of the bytes above ASCII that read as UTF-8: some of GB18030 do by accident, damaged UTF-8
# nearly all.
DAMAGED_UTF8_SHARE = 0.7
# Share of double bytes that end in an ASCII sign: in Chinese a third, in Western text nearly all;
# the others are letters with marks that stand side by side.
WESTERN_SHARE, HIGHEST_ASCII = 0.6, 0x80
# First bytes of the signs without which nobody writes Chinese, punctuation and common characters,
# and the lowest of their second bytes.
COMMON_FIRST, COMMON_SECOND = range(0xA1, 0xD8), 0xA1


@dataclass(frozen=True)
class RawFile:
    """What one pass over the bytes tells; `line_breaks` and `needs_care` are those of a Look."""

    sha256: str
    size: int
    line_breaks: int
    needs_care: bool


class Reading:
    """A RawFile made in a thread of its own: asking for anything but `size` waits for it."""

    def __init__(self, read: Callable[[Path], RawFile], path: Path) -> None:
        """Start to `read` the file at `path`, which exists."""
        self.size = path.stat().st_size
        pool = ThreadPoolExecutor(1)
        # The thread says how far it has come on behalf of the one that asks.
        self._found = pool.submit(copy_context().run, read, path)
        pool.shutdown(wait=False)

    @property
    def is_done(self) -> bool:
        """Tell whether asking would wait for nothing."""
        return self._found.done()

    @property
    def failure(self) -> OSError | None:
        """Why the file cannot be read; asking for what it holds raises this."""
        error = self._found.exception()
        return error if isinstance(error, OSError) else None

    @property
    def sha256(self) -> str:
        """As of the RawFile."""
        return self._found.result().sha256

    @property
    def line_breaks(self) -> int:
        """As of the RawFile."""
        return self._found.result().line_breaks

    @property
    def needs_care(self) -> bool:
        """As of the RawFile."""
        return self._found.result().needs_care


@dataclass(frozen=True)
class Utf8Text:
    """A file as UTF-8: itself, or a copy, of which `look` tells what its bytes are.

    Where `is_sampled`, only the first bytes say that it is UTF-8, and its reader has to find out.
    """

    path: Path
    encoding: str
    look: Look | None = None
    is_sampled: bool = False


def _chunks(path: Path, done_word: str) -> Iterator[bytes]:
    with path.open("rb") as file:
        chunks = iter(partial(file.read, CHUNK_BYTES), b"")
        yield from progress.of_bytes(chunks, path.stat().st_size, done_word)


def read_raw(path: Path) -> RawFile:
    """Hash and look at the bytes of `path`, which may be delimited text, in bounded memory."""
    return _read(path, Look())


def read_undelimited(path: Path) -> RawFile:
    """Hash the bytes of `path`, which is no delimited text and so needs no care."""
    return _read(path, Look(is_delimited=False))


def _read(path: Path, look: Look) -> RawFile:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(path, "read"):
        digest.update(chunk)
        look.feed(chunk)
        size += len(chunk)
    return RawFile(digest.hexdigest(), size, look.line_breaks, look.needs_care)


def as_utf8(
    path: Path, encodings: Sequence[str], target: Path, *, is_sampled: bool = False
) -> Utf8Text:
    """Return `path` as UTF-8: itself, or `target`, to which it is written.

    Where `is_sampled`, a large file whose first bytes are UTF-8 is taken for it: DuckDB and Python
    refuse what is not, so that nobody has to look twice. A name that DuckDB would read as a
    pattern, and so as other files too, needs a copy.

    Raises:
        RefusedFileError: no encoding fits.

    """
    needs_copy = bool(set(str(path)) & PATTERN_SIGNS)
    if is_sampled and not needs_copy and (encoding := _sampled_utf8(path, encodings)):
        return Utf8Text(path, encoding, is_sampled=True)
    broken: list[str] = []
    for name in _candidates(path, encodings):
        if name in UTF8 and not needs_copy:
            text, place = Utf8Text(path, name), _first_misfit(path, name)
        else:
            look = Look()
            text = Utf8Text(target, name, look)
            with target.open("wb") as copy:
                place = _first_misfit(path, name, partial(_keep, copy, look))
        if place is None:
            return text
        broken.append(f"{name} (byte {place:,})")
    raise _undecodable(f"it is none of {', '.join(broken)}, or it is cut or damaged there")


def _undecodable(reason: str) -> RefusedFileError:
    return RefusedFileError(f"undecodable: {reason}; export it again as UTF-8")


def _keep(copy: IO[bytes], look: Look, text: str) -> None:
    chunk = text.encode("utf-8")
    copy.write(chunk)
    look.feed(chunk)


def _candidates(path: Path, encodings: Sequence[str]) -> list[str]:
    """Name the encodings that it may have: a byte order mark decides, else the first that fits.

    UTF-16 without a mark is told by its NULs.
    """
    with path.open("rb") as file:
        start = file.read(UTF16_SAMPLE)
    marked = [name for mark, name in BOMS if start.startswith(mark)]
    unmarked = [_utf16_without_mark(start) or name for name in encodings[:1]]
    return marked or [*unmarked, *encodings[1:]]


def _sampled_utf8(path: Path, encodings: Sequence[str]) -> str | None:
    """Name the UTF-8 that a large file starts in; None where more has to be read to tell."""
    first = next(iter(_candidates(path, encodings)), None)
    with path.open("rb") as file:
        sample = file.read(SAMPLED_BYTES)
        is_large = bool(file.read(1))
    is_utf8 = first in UTF8 and _first_misfit_in(sample, first) is None
    return first if is_large and is_utf8 else None


def _utf16_without_mark(start: bytes) -> str | None:
    pairs = max(len(start) // 2, 1)
    big, little = start[0::2].count(0) / pairs, start[1::2].count(0) / pairs
    # Few NULs are also what damage leaves in UTF-8, and as UTF-8 no Chinese in UTF-16 can be read.
    # The most common Chinese sign has its NUL on the other side.
    enough = UTF16_SHARE if _first_misfit_in(start, "utf-8") is not None else LATIN_SHARE
    if little >= enough and little > big:
        return "utf-16-le"
    if big >= enough and big > little:
        return "utf-16-be"
    return None


def _first_misfit_in(start: bytes, encoding: str) -> int | None:
    try:
        codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _first_misfit(
    path: Path, encoding: str, keep: Callable[[str], object] | None = None
) -> int | None:
    """Offset of the first byte that does not fit, or from where it is no such text; else None.

    A text that is nearly all UTF-8 is damaged UTF-8, and one whose signs pair up as no Chinese does
    is no GB18030, though each byte of them may fit. `keep` is given the text before that offset.

    Raises:
        RefusedFileError: it is UTF-8 but for its end; as GB18030 it would land as nonsense.

    """
    decoder, done = codecs.getincrementaldecoder(encoding)(), 0
    is_told = encoding != "gb18030"
    for chunk in _chunks(path, "decoded" if keep else "checked as text"):
        if not is_told and (high := HIGH_BYTES.search(chunk)):
            if not _looks_like_gb18030(_sample(path, done + high.start())):
                return done + high.start()
            is_told = True
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return done + error.start
        done += len(chunk)
        if keep:
            keep(text)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            place = f"it is UTF-8 but ends inside a sign (byte {done:,})"
            raise _undecodable(place) from error
        return done
    return None


def _sample(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(GUESS_SAMPLE)


def _looks_like_gb18030(sample: bytes) -> bool:
    runs = b"".join(HIGH_BYTES.findall(sample))
    as_utf8 = runs.decode("utf-8", errors="ignore").encode()
    if len(as_utf8) > DAMAGED_UTF8_SHARE * len(runs):
        return False
    signs = [s for s in sample.decode("gb18030", errors="ignore") if not s.isascii()]
    pairs = [pair for pair in (s.encode("gb18030") for s in signs) if len(pair) == 2]
    # A letter of a Western code page takes the ASCII sign behind it for its second byte.
    western = sum(1 for pair in pairs if pair[1] < HIGHEST_ASCII)
    has_common = any(p[0] in COMMON_FIRST and p[1] >= COMMON_SECOND for p in pairs)
    return has_common and western <= WESTERN_SHARE * len(pairs)
