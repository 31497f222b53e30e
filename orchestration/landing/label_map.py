"""The list of labels that some archives hold beside their tables: what a tenant calls each field.

Belongs here: reading that list. Does not belong here: how a header is matched with it (header.py).
"""

import csv
import io
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from orchestration.landing.archive import ArchiveError, is_archive, list_members, read_member
from orchestration.landing.inbox import InboxFile
from orchestration.landing.labels import normal_label
from orchestration.landing.refusals import RefusedFileError
from orchestration.landing.sources import SourceTable

LABEL, NAME, MODULE = ("label", "field label"), ("api name",), ("module",)
# Bytes; a large organisation has some ten thousand fields.
LARGEST_MAP = 16_000_000
# One for each archive of a dump whose members land at the same time.
MAPS_KEPT = 4
CHUNK = re.compile(r"(_C)?_\d{3}\.csv$", re.IGNORECASE)
# A dump that is too large for one archive comes as several, numbered ones.
ARCHIVE_NUMBER = re.compile(r"_\d{3}$")


def aliases_of(source: SourceTable, file: InboxFile) -> Mapping[str, str]:
    """Return the API name of each label in a member of an archive, both as labels compare.

    Empty where `source` declares no map, the file is no member, or neither its archive nor another
    of the same dump holds a map. A label that names several fields is left out.

    Raises:
        RefusedFileError: the map cannot be read; without it columns would seem to be gone.

    """
    if source.label_map is None or file.member is None:
        return {}
    rows = _rows(file.path, file.modified_ns, source.label_map)
    module = normal_label(CHUNK.sub("", file.file_name))
    own = [row for row in rows if _value(row, MODULE) == module]
    found: dict[str, set[str]] = {}
    for row in own or rows:
        found.setdefault(_value(row, LABEL), set()).add(_value(row, NAME))
    return {label: next(iter(names)) for label, names in found.items() if len(names) == 1}


def _value(row: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((normal_label(row[name] or "") for name in names if name in row), "")


@lru_cache(MAPS_KEPT)
def _rows(path: Path, _modified_ns: int, wanted: str) -> tuple[Mapping[str, str], ...]:
    for archive in _dump(path):
        try:
            found = [m for m in list_members(archive).members if m.endswith(wanted)]
            text = read_member(archive, found[0], LARGEST_MAP) if found else b""
            lines = io.StringIO(text.decode("utf-8-sig", errors="replace"))
            reader = csv.DictReader(lines)
            reader.fieldnames = [normal_label(name) for name in reader.fieldnames or ()]
            rows = tuple(reader)
        except (ArchiveError, csv.Error) as error:
            raise RefusedFileError(f"unreadable_label_map: {wanted}: {error}") from error
        if rows:
            return rows
    return ()


def _dump(archive: Path) -> list[Path]:
    """Return `archive` itself, and then the other archives of its dump."""
    stem = ARCHIVE_NUMBER.sub("", archive.stem)
    if stem == archive.stem:
        return [archive]
    others = (
        path
        for path in archive.parent.iterdir()
        if is_archive(path) and ARCHIVE_NUMBER.sub("", path.stem) == stem and path != archive
    )
    return [archive, *sorted(p for p in others if p.is_file() and not p.is_symlink())]
