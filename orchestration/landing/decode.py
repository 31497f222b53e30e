"""Bytes of an export: their hash, their encoding, and a UTF-8 copy where one is needed.

Belongs here: everything known about a file before its delimiter. Does not belong here: records.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PATTERN_SIGNS = frozenset("*?[")
CHUNK_BYTES = 1 << 20
# Bytes of one chunk that are looked at again with the next, so that nothing hides on the border.
OVERLAP = 64
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# DuckDB takes one blank before an opening quote for nothing, but two for the start of a bare cell,
# and joins two quoted texts with blanks between. Any sign that could separate cells counts as one.
BLANKS_BESIDE_QUOTE = re.compile(rb'[\x00-\x1f!#-/:-@\[-`{-~]  +"|" +"')


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


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def read_raw(path: Path) -> RawFile:
    """Hash and look at the bytes of `path`, in bounded memory."""
    digest, size, line_breaks, needs_care, tail = hashlib.sha256(), 0, 0, False, b""
    for chunk in _chunks(path):
        digest.update(chunk)
        size += len(chunk)
        line_breaks += chunk.count(b"\n")
        piece = tail + chunk
        needs_care = needs_care or _needs_care(piece)
        tail = piece[-OVERLAP:]
    needs_care = needs_care or tail.endswith(b"\r")
    return RawFile(digest.hexdigest(), size, line_breaks, needs_care)


def _needs_care(piece: bytes) -> bool:
    # A carriage return at the very end belongs to the next piece, which starts with it.
    if b"\0" in piece or piece[:-1].count(b"\r") > piece.count(b"\r\n"):
        return True
    has_blanks = b'  "' in piece or b'" ' in piece
    return has_blanks and BLANKS_BESIDE_QUOTE.search(piece) is not None


def detect_encoding(path: Path, encodings: Sequence[str]) -> str | None:
    """Name the encoding: a byte order mark decides, else the first that decodes every byte.

    Returns None where none of `encodings` fits, or where UTF-8 fits but for a last character that
    is cut: as GB18030 such a file would land as nonsense.
    """
    with path.open("rb") as file:
        start = file.read(len(codecs.BOM_UTF8))
    candidates = [name for mark, name in BOMS if start.startswith(mark)] or list(encodings)
    for name in candidates:
        decoder = codecs.getincrementaldecoder(name)()
        try:
            for chunk in _chunks(path):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            continue
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            if name == "utf-8":
                return None
            continue
        return name
    return None


def utf8_text(path: Path, encoding: str, target: Path) -> Path:
    """Return `path` itself where it is UTF-8, else write `target` as UTF-8 and return it.

    A name that DuckDB would read as a pattern, and so as other files too, needs a copy as well.
    """
    if encoding in ("utf-8", "utf-8-sig") and not set(str(path)) & PATTERN_SIGNS:
        return path
    decoder = codecs.getincrementaldecoder(encoding)()
    with target.open("wb") as out:
        for chunk in _chunks(path):
            out.write(decoder.decode(chunk).encode("utf-8"))
        out.write(decoder.decode(b"", final=True).encode("utf-8"))
    return target
