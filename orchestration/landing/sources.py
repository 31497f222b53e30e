"""What a source declares about its exports, read from the parsed dbt manifest.

Belongs here: the shape of a declaration (`config.meta.landing` of a table in a `__sources.yml`).
Does not belong here: its checks (declaration.py), reading files, or any name of a source.
"""

import fnmatch
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.landing import declaration
from orchestration.landing.declaration import DeclarationError

__all__ = ["DeclarationError", "FilePattern", "SourceColumn", "SourceTable", "load_sources"]


@dataclass(frozen=True)
class SourceColumn:
    """One declared column: its landed name, the labels exports give it, and if it must be there.

    `type` is what staging makes of it; landing itself keeps every column as text. `is_personal`
    says that a cell is about a customer, `is_identifier` that it tells which one.
    """

    name: str
    labels: tuple[str, ...]
    required: bool
    type: str = "text"
    is_personal: bool = False
    is_identifier: bool = False


@dataclass(frozen=True)
class FilePattern:
    """Names of files that a source takes, as a shell pattern, and what such a file states."""

    name: str
    load: str

    def takes(self, file_name: str) -> bool:
        """Tell whether a file of this name, without folders, is meant; case does not count."""
        return fnmatch.fnmatchcase(file_name.casefold(), self.name.casefold())


@dataclass(frozen=True)
class SourceTable:
    """One declared table of one system."""

    system: str
    table: str
    files: tuple[FilePattern, ...]
    formats: tuple[str, ...]
    load: str
    arrival: str
    columns: tuple[SourceColumn, ...]
    delimiters: tuple[str, ...] = declaration.DELIMITERS
    encodings: tuple[str, ...] = declaration.ENCODINGS
    sheet: str | None = None
    records: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    pads_short_rows: bool = False
    exported_at_content: str | None = None
    label_map: str | None = None
    # Columns that tell the order of a row; rows of an erased person stay, without what is personal.
    order: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`system.table`, as messages and measures call it."""
        return f"{self.system}.{self.table}"

    @property
    def relation(self) -> str:
        """Name of its view in schema `landing` of the warehouse."""
        return f"{self.system}__{self.table}"

    @property
    def declared_in(self) -> str:
        """Path of the file that holds the declaration, for messages."""
        return f"dbt_project/models/staging/{self.system}/_{self.system}__sources.yml"

    def sheets_of(self, names: Sequence[str]) -> Sequence[str]:
        """Return the sheets that may hold the records: of the declared name, or else all."""
        return [name for name in names if self.sheet and name.endswith(self.sheet)] or names

    def pattern_of(self, file_name: str) -> FilePattern | None:
        """Return the first pattern that takes a file of this name, without folders."""
        return next((pattern for pattern in self.files if pattern.takes(file_name)), None)

    def load_of(self, file_name: str) -> str:
        """Return what a file of this name states: full, window or incremental."""
        pattern = self.pattern_of(file_name)
        return pattern.load if pattern else self.load


def load_sources(manifest: Path) -> tuple[SourceTable, ...]:
    """Every source table of the manifest that declares how it lands, ordered by name.

    Raises:
        DeclarationError: a declaration has an unknown key or an impossible value.

    """
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["sources"].values()
    declared = [_source(node) for node in nodes if "landing" in node["config"]["meta"]]
    return tuple(sorted(declared, key=lambda source: source.name))


def _source(node: Mapping[str, Any]) -> SourceTable:
    name = f"{node['source_name']}.{node['name']}"
    meta = node["config"]["meta"]["landing"]
    labels = {name: column["config"]["meta"] for name, column in node["columns"].items()}
    declaration.check(name, meta, labels)
    return SourceTable(
        system=node["source_name"],
        table=node["name"],
        files=tuple(_pattern(entry, meta["load"]) for entry in meta["files"]),
        formats=declaration.as_tuple(meta["format"]),
        load=meta["load"],
        arrival=meta["arrival"],
        columns=tuple(_column(name, column) for name, column in labels.items()),
        delimiters=tuple(meta.get("delimiters", declaration.DELIMITERS)),
        encodings=tuple(meta.get("encodings", declaration.ENCODINGS)),
        sheet=meta.get("sheet"),
        records=declaration.as_tuple(meta.get("records", ())),
        notes=tuple(meta.get("notes", ())),
        pads_short_rows=bool(meta.get("pads_short_rows", False)),
        exported_at_content=meta.get("exported_at", {}).get("content"),
        label_map=meta.get("label_map"),
        order=declaration.as_tuple(meta.get("order", ())),
    )


def _column(name: str, meta: Mapping[str, Any]) -> SourceColumn:
    is_required = bool(meta.get("required", False))
    personal = meta.get("personal")
    return SourceColumn(
        name, tuple(meta["labels"]), is_required, meta.get("type", "text"),
        is_personal=personal is not None, is_identifier=personal == "id",
    )  # fmt: skip


def _pattern(entry: str | Mapping[str, str], load: str) -> FilePattern:
    if isinstance(entry, str):
        return FilePattern(entry, load)
    return FilePattern(entry["name"], entry.get("load", load))
