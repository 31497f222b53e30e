"""The list of labels that some archives hold beside their tables: what a tenant calls each field.

Belongs here: reading that list. Does not belong here: how a header is matched with it (header.py).
"""

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from orchestration.landing.archive import ArchiveError, list_members
from orchestration.landing.inbox import InboxFile
from orchestration.landing.labels import normal_label
from orchestration.landing.sources import SourceTable

LABEL, NAME, MODULE = ("label", "field label"), ("api name",), ("module",)
# Bytes; a large organisation has some ten thousand fields.
LARGEST_MAP = 16_000_000
CHUNK = re.compile(r"(_C)?_\d{3}\.csv$", re.IGNORECASE)


def aliases_of(source: SourceTable, file: InboxFile) -> Mapping[str, str]:
    """Return the API name of each label in a member of an archive, both as labels compare.

    Empty where `source` declares no map, the file is no member, or the archive holds no map. A
    label that names several fields is left out.
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


@lru_cache(maxsize=4)
def _rows(path: Path, _modified_ns: int, wanted: str) -> tuple[Mapping[str, str], ...]:
    try:
        members = [m for m in list_members(path).members if m.endswith(wanted)]
        if not members:
            return ()
        with zipfile.ZipFile(path) as archive, archive.open(members[0]) as packed:
            text = packed.read(LARGEST_MAP).decode("utf-8-sig", errors="replace")
    except (ArchiveError, zipfile.BadZipFile, OSError):
        return ()  # the member itself is refused with the reason
    reader = csv.DictReader(io.StringIO(text))
    reader.fieldnames = [normal_label(name) for name in reader.fieldnames or ()]
    return tuple(reader)
