"""Bytes of an export: their hash, their encoding, and a UTF-8 copy where one is needed.

Belongs here: everything known about a file before its delimiter. Does not belong here: records.
"""

import codecs
import hashlib
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from orchestration.landing import progress

PATTERN_SIGNS = frozenset("*?[")
CHUNK_BYTES = 1 << 20
# Bytes of one chunk that are looked at again with the next, so that nothing hides on the border.
OVERLAP = 64
BLANK, QUOTE = ord(" "), ord('"')
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Signs that could separate cells: any of ASCII but quotes, blanks, letters and digits.
SEPARATORS = frozenset(range(128)) - frozenset(b'" ' + string.ascii_letters.encode())
SEPARATORS -= frozenset(string.digits.encode())
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


class UndecodableError(ValueError):
    """No encoding fits. The message says which were tried, and where the text broke."""


@dataclass(frozen=True)
class RawFile:
    """What one pass over the bytes tells.

    `needs_care` where they may hold what DuckDB's reader takes in its own way: NUL bytes, carriage
    returns that are not part of CRLF, some blanks beside quotes. `line_breaks` counts line feeds.
    """

    sha256: str
    size: int
    line_breaks: int
    needs_care: bool


def _chunks(path: Path, done_word: str) -> Iterator[bytes]:
    with path.open("rb") as file:
        chunks = iter(partial(file.read, CHUNK_BYTES), b"")
        yield from progress.of_bytes(chunks, path.stat().st_size, done_word)


def read_raw(path: Path) -> RawFile:
    """Hash and look at the bytes of `path`, which may be delimited text, in bounded memory."""
    return _read(path, is_delimited=True)


def read_undelimited(path: Path) -> RawFile:
    """Hash the bytes of `path`, which is no delimited text and so needs no care."""
    return _read(path, is_delimited=False)


def _read(path: Path, *, is_delimited: bool) -> RawFile:
    # A file starts like a line.
    digest, size, line_breaks, needs_care, tail = hashlib.sha256(), 0, 0, False, b"\n"
    for chunk in _chunks(path, "read"):
        digest.update(chunk)
        size += len(chunk)
        line_breaks += chunk.count(b"\n")
        if is_delimited and not needs_care:
            piece = tail + chunk
            needs_care = _needs_care(piece)
            tail = piece[-OVERLAP:]
    needs_care = needs_care or (is_delimited and tail.endswith(b"\r"))
    return RawFile(digest.hexdigest(), size, line_breaks, needs_care)


def _needs_care(piece: bytes) -> bool:
    # A carriage return at the very end belongs to the next piece, which starts with it.
    if b"\0" in piece or (b"\r" in piece and piece.count(b"\r", 0, -1) > piece.count(b"\r\n")):
        return True
    return _has_blanks_before_quote(piece) or _has_blanks_between_quotes(piece)


def _has_blanks_before_quote(piece: bytes) -> bool:
    """Tell whether two blanks or more lead to an opening quote: DuckDB takes the cell for bare."""
    at = piece.find(b'  "')
    while at >= 0:
        before = at - 1
        while before >= 0 and piece[before] == BLANK:
            before -= 1
        # Where the blanks start before the piece, a quote behind what was looked at is in doubt.
        if piece[before] in SEPARATORS if before >= 0 else at >= OVERLAP - 2:
            return True
        at = piece.find(b'  "', at + 1)
    return False


def _has_blanks_between_quotes(piece: bytes) -> bool:
    """Tell whether blanks alone stand between two quoted texts: DuckDB joins them."""
    at = piece.find(b'" ')
    while at >= 0:
        end = at + 1
        while piece[end : end + 1] == b" ":
            end += 1
        if piece[end : end + 1] == b'"' and not _ends_in_escape(piece, at, end):
            return True
        at = piece.find(b'" ', end)
    return False


def _ends_in_escape(piece: bytes, last: int, end: int) -> bool:
    """Tell whether the quotes up to `last` are pairs within a cell, so that none ends it.

    `end` is the place of the next quote, behind nothing but blanks.
    """
    first = last
    while first > 0 and piece[first - 1] == QUOTE:
        first -= 1
    before = first - 1
    while before >= 0 and piece[before] == BLANK:
        before -= 1
    if before < 0:
        # It was looked at with the piece before, which knew what comes before: if it was whole.
        return end < OVERLAP
    return piece[before] not in SEPARATORS and (last - first) % 2 == 1


def detect_encoding(path: Path, encodings: Sequence[str]) -> str:
    """Name the encoding: a byte order mark decides, else the first that fits every byte.

    UTF-16 without a mark is told by its NULs. A text that is nearly all UTF-8 is damaged UTF-8, and
    one whose signs pair up as no Chinese does is no GB18030, though each byte of them may fit.

    Raises:
        UndecodableError: nothing fits; as GB18030 such a file would land as nonsense.

    """
    with path.open("rb") as file:
        start = file.read(UTF16_SAMPLE)
    marked = [name for mark, name in BOMS if start.startswith(mark)]
    unmarked = [_utf16_without_mark(start) or name for name in encodings[:1]]
    broken: list[str] = []
    for name in marked or [*unmarked, *encodings[1:]]:
        place = _first_misfit(path, name)
        if place is None:
            return name
        broken.append(f"{name} (byte {place:,})")
    raise UndecodableError(f"it is none of {', '.join(broken)}, or it is cut or damaged there")


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


def _first_misfit(path: Path, encoding: str) -> int | None:
    """Offset of the first byte that does not fit, or from where it is no such text; else None."""
    decoder, done = codecs.getincrementaldecoder(encoding)(), 0
    is_told = encoding != "gb18030"
    for chunk in _chunks(path, "checked as text"):
        if not is_told and (high := HIGH_BYTES.search(chunk)):
            if not _looks_like_gb18030(_sample(path, done + high.start())):
                return done + high.start()
            is_told = True
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return done + error.start
        done += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            raise UndecodableError(f"it is UTF-8 but ends inside a sign (byte {done:,})") from error
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


def utf8_text(path: Path, encoding: str, target: Path) -> Path:
    """Return `path` itself where it is UTF-8, else write `target` as UTF-8 and return it.

    A name that DuckDB would read as a pattern, and so as other files too, needs a copy as well.
    """
    if encoding in ("utf-8", "utf-8-sig") and not set(str(path)) & PATTERN_SIGNS:
        return path
    decoder = codecs.getincrementaldecoder(encoding)()
    with target.open("wb") as out:
        for chunk in _chunks(path, "decoded"):
            out.write(decoder.decode(chunk).encode("utf-8"))
        out.write(decoder.decode(b"", final=True).encode("utf-8"))
    return target
