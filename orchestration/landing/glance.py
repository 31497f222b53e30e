"""The top of a file, read once however many sources are held against it.

Belongs here: its first records in every way that a source may read them. Does not belong here:
which source they fit (fitting.py), and reading all of it (land.py).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from orchestration.landing.decode import as_utf8
from orchestration.landing.excel import read_sheet, visible_sheets
from orchestration.landing.json_documents import (
    BrokenLine,
    has_records,
    read_documents,
    records_of,
)
from orchestration.landing.kinds import kind_of
from orchestration.landing.records import read_first_records
from orchestration.landing.refusals import RefusedFileError

# Enough to tell types by; a header stands among the first ten.
RECORDS_READ = 200
Rows = list[list[str]]
Asked = TypeVar("Asked")
Found = TypeVar("Found")


@dataclass
class Glance:
    """One file on disk; `scratch` is a folder for texts that have to be decoded.

    Every method raises RefusedFileError where the file cannot be read in that way at all.
    """

    path: Path
    scratch: Path
    _texts: dict[tuple[str, ...], tuple[Path, str] | RefusedFileError] = field(default_factory=dict)
    _rows: dict[tuple[Path, str], Rows] = field(default_factory=dict)
    _sheets: dict[str, Rows] = field(default_factory=dict)
    _documents: dict[Path, list[Any] | RefusedFileError] = field(default_factory=dict)

    def kind(self, formats: Sequence[str]) -> str:
        """Name the kind of the file, of `formats` where it could be several."""
        return kind_of(self.path, formats)

    def text(self, encodings: tuple[str, ...]) -> tuple[Path, str]:
        """Return the file as UTF-8, and the name of its encoding."""
        if encodings not in self._texts:
            self._texts[encodings] = _kept(self._decoded, encodings)
        return _or_raise(self._texts[encodings])

    def _decoded(self, encodings: tuple[str, ...]) -> tuple[Path, str]:
        utf8 = as_utf8(self.path, encodings, self.scratch / f"{'_'.join(encodings)}.txt")
        return utf8.path, utf8.encoding

    def rows(self, encodings: tuple[str, ...], delimiter: str) -> Rows:
        """Return the first records of a delimited text."""
        text, _ = self.text(encodings)
        if (text, delimiter) not in self._rows:
            found = read_first_records(text, delimiter, RECORDS_READ)
            self._rows[text, delimiter] = [cells for cells, _ in found]
        return self._rows[text, delimiter]

    @cached_property
    def sheets(self) -> list[str]:
        """Names of the sheets that a person sees."""
        return visible_sheets(self.path)

    def sheet(self, name: str) -> Rows:
        """Return the first rows of a sheet that hold anything."""
        if name not in self._sheets:
            top = islice(read_sheet(self.path, name), RECORDS_READ)
            self._sheets[name] = [list(cells) for _, cells in top]
        return self._sheets[name]

    def documents(self, encodings: tuple[str, ...]) -> list[Any]:
        """Return the first documents of a JSON file."""
        text, _ = self.text(encodings)
        if text not in self._documents:
            self._documents[text] = _kept(_documents_of, text)
        return _or_raise(self._documents[text])

    def records(self, encodings: tuple[str, ...], paths: tuple[str, ...]) -> list[dict[str, Any]]:
        """Return the first records at `paths` of the first documents, under dotted labels."""
        found = _records(self.documents(encodings), paths)
        return list(islice(found, RECORDS_READ))


def _records(documents: Sequence[Any], paths: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for document in documents:
        if isinstance(document, dict) and (not paths or has_records(document, paths)):
            yield from records_of(document, paths)


def _documents_of(text: Path) -> list[Any]:
    found = islice(read_documents(text), RECORDS_READ)
    return [item[1] for item in found if not isinstance(item, BrokenLine)]


def _kept(read: Callable[[Asked], Found], asked: Asked) -> Found | RefusedFileError:
    """Return what `read` finds, or its refusal, so that neither has to be found twice."""
    try:
        return read(asked)
    except RefusedFileError as error:
        return error


def _or_raise(found: Found | RefusedFileError) -> Found:
    if isinstance(found, RefusedFileError):
        raise found
    return found
