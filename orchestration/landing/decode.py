"""Bytes of an export: their hash, their encoding, and a UTF-8 copy where one is needed.

Belongs here: everything known about a file before its delimiter. Does not belong here: records.
"""

import codecs
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CHUNK_BYTES = 1 << 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class RawFile:
    """Hash, size and NUL bytes of a file, read in one pass."""

    sha256: str
    size: int
    has_nul: bool


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def read_raw(path: Path) -> RawFile:
    """Hash `path` and look for NUL bytes, in bounded memory."""
    digest, size, has_nul = hashlib.sha256(), 0, False
    for chunk in _chunks(path):
        digest.update(chunk)
        size += len(chunk)
        has_nul = has_nul or b"\0" in chunk
    return RawFile(digest.hexdigest(), size, has_nul)


def detect_encoding(path: Path, encodings: Sequence[str]) -> str | None:
    """Name the encoding: a byte order mark decides, else the first that decodes every byte.

    Returns None where none of `encodings` fits.
    """
    with path.open("rb") as file:
        start = file.read(len(codecs.BOM_UTF8))
    candidates = [name for mark, name in BOMS if start.startswith(mark)] or list(encodings)
    return next((name for name in candidates if _decodes(path, name)), None)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def utf8_copy(path: Path, encoding: str, target: Path) -> Path:
    """Return `path` itself where it is plain UTF-8, else write `target` as UTF-8 and return it."""
    if encoding == "utf-8":
        return path
    decoder = codecs.getincrementaldecoder(encoding)()
    with target.open("wb") as out:
        for chunk in _chunks(path):
            out.write(decoder.decode(chunk).encode("utf-8"))
        out.write(decoder.decode(b"", final=True).encode("utf-8"))
    return target
