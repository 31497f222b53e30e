"""What a source declares about its exports, read from the parsed dbt manifest.

Belongs here: the shape of a declaration (`config.meta.landing` of a table in a `__sources.yml`)
and its checks. Does not belong here: reading files, or any name of a particular source.
"""

import codecs
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from orchestration.landing.labels import normal_label

FORMATS = ("csv", "excel")
LOADS = ("full", "window", "incremental")
ARRIVALS = ("nightly", "irregular")
KEYS = frozenset(
    {"files", "format", "load", "arrival", "delimiters", "encodings", "sheet", "exported_at"}
)


class DeclarationError(ValueError):
    """A source declaration cannot be used. The message names source, key and remedy."""


@dataclass(frozen=True)
class SourceColumn:
    """One declared column: its landed name, the labels exports give it, and if it must be there."""

    name: str
    labels: tuple[str, ...]
    required: bool


@dataclass(frozen=True)
class SourceTable:
    """One declared table of one system."""

    system: str
    table: str
    files: tuple[str, ...]
    format: str
    load: str
    arrival: str
    delimiters: tuple[str, ...]
    encodings: tuple[str, ...]
    sheet: str | None
    exported_at_content: str | None
    columns: tuple[SourceColumn, ...]

    @property
    def name(self) -> str:
        """`system.table`, as messages and measures call it."""
        return f"{self.system}.{self.table}"

    @property
    def relation(self) -> str:
        """Name of its view in schema `landing` of the warehouse."""
        return f"{self.system}__{self.table}"


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
    unknown = sorted(set(meta) - KEYS)
    if unknown:
        raise DeclarationError(
            f"{node['original_file_path']}: {name} declares landing.{unknown[0]}, which is "
            f"unknown; the keys are {', '.join(sorted(KEYS))}."
        )
    columns = _columns(name, node["columns"].values())
    content = meta.get("exported_at", {}).get("content")
    if content is not None and content not in {column.name for column in columns}:
        raise DeclarationError(
            f"{name}: exported_at.content names {content!r}, not one of its columns."
        )
    return SourceTable(
        system=node["source_name"],
        table=node["name"],
        files=tuple(meta.get("files", ())) or _refuse(name, "files", "at least one file pattern"),
        format=_choice(name, meta, "format", FORMATS),
        load=_choice(name, meta, "load", LOADS),
        arrival=_choice(name, meta, "arrival", ARRIVALS),
        delimiters=_delimiters(name, meta.get("delimiters", (",",))),
        encodings=_encodings(name, meta.get("encodings", ("utf-8", "gb18030"))),
        sheet=meta.get("sheet"),
        exported_at_content=content,
        columns=columns,
    )


def _columns(source: str, columns: Iterable[Mapping[str, Any]]) -> tuple[SourceColumn, ...]:
    declared = tuple(_column(source, column) for column in columns)
    if not any(column.required for column in declared):
        # Without one, a file with another delimiter would land as a single column.
        _refuse(source, "columns", "at least one that is required")
    owners: dict[str, str] = {}
    for column in declared:
        for label in column.labels:
            owner = owners.setdefault(normal_label(label), column.name)
            if owner != column.name:
                wanted = f"{label!r} for one column only, not also for {owner}"
                _refuse(source, f"column {column.name}: labels", wanted)
    return declared


def _delimiters(source: str, delimiters: Sequence[str]) -> tuple[str, ...]:
    if any(len(sign) != 1 or not sign.isascii() or sign.isalnum() for sign in delimiters):
        _refuse(source, "delimiters", "single signs like , or ;")
    return tuple(delimiters)


def _encodings(source: str, encodings: Sequence[str]) -> tuple[str, ...]:
    for name in encodings:
        try:
            codecs.lookup(name)
        except LookupError:
            _refuse(source, "encodings", f"names that Python knows, not {name!r}")
    return tuple(encodings)


def _column(source: str, column: Mapping[str, Any]) -> SourceColumn:
    meta = column["config"]["meta"]
    labels = tuple(meta.get("labels", ()))
    if not labels:
        _refuse(source, f"column {column['name']}: labels", "the labels that exports give it")
    return SourceColumn(column["name"], labels, bool(meta.get("required", False)))


def _choice(name: str, meta: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str:
    if meta.get(key) not in allowed:
        _refuse(name, key, f"one of {', '.join(allowed)}")
    return str(meta[key])


def _refuse(name: str, key: str, wanted: str) -> NoReturn:
    raise DeclarationError(f"Source {name} must declare landing {key}: {wanted}.")
