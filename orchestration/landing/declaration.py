"""The checks of a source declaration: a mistake in it is named before any file is read.

Belongs here: every key of `config.meta.landing` and what it may hold. Does not belong here: the
objects that landing works with (sources.py).
"""

import codecs
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orchestration.landing.labels import normal_label

FORMATS = ("csv", "excel", "json")
# What a source expects where it declares nothing else.
ENCODINGS, DELIMITERS = ("utf-8", "gb18030"), (",",)
LOADS = ("full", "window", "incremental")
ARRIVALS = ("nightly", "irregular")
TYPES = (
    "text", "id", "phone", "email", "amount", "rate", "integer", "boolean", "time", "date", "json",
)  # fmt: skip
KEYS = frozenset({
    "files", "format", "load", "arrival", "delimiters", "encodings", "sheet", "exported_at",
    "records", "notes", "pads_short_rows", "time_zone", "key", "statement", "version", "happened",
    "deleted", "label_map", "currency", "order",
})  # fmt: skip
# What a cell says of a customer: who it is, or something about them.
PERSONAL = (None, "id", True)
# A key may also name where a row comes from, where an export gives its rows no key.
LINEAGE_KEYS = frozenset({"_file_id", "_row"})


class DeclarationError(ValueError):
    """A source declaration cannot be used. The message names source, key and remedy."""


def as_tuple(value: str | Sequence[str]) -> tuple[str, ...]:
    """Return a single text or a list of texts as a tuple."""
    return (value,) if isinstance(value, str) else tuple(value)


def check(name: str, meta: Mapping[str, Any], columns: Mapping[str, Mapping[str, Any]]) -> None:
    """Check the declaration of the source `name`; `columns` holds the meta of each column.

    Raises:
        DeclarationError: a key is unknown or missing, or holds what it cannot hold.

    """
    unknown = sorted(set(meta) - KEYS)
    if unknown:
        raise DeclarationError(
            f"Source {name} declares landing.{unknown[0]}, which is unknown; "
            f"the keys are {', '.join(sorted(KEYS))}."
        )
    _check_files(name, meta)
    for kind in as_tuple(meta.get("format", "")):
        _one_of(name, "format", kind, FORMATS)
    _one_of(name, "arrival", meta.get("arrival"), ARRIVALS)
    _check_text(name, meta)
    _check_columns(name, columns)
    _check_names(name, meta, columns)


def _check_files(name: str, meta: Mapping[str, Any]) -> None:
    _one_of(name, "load", meta.get("load"), LOADS)
    if not meta.get("files"):
        _refuse(name, "files", "at least one file pattern")
    for entry in meta["files"]:
        if not isinstance(entry, str):
            if set(entry) - {"name", "load"} or "name" not in entry:
                _refuse(name, "files", "patterns, or entries of name and load")
            _one_of(name, "files: load", entry.get("load", meta["load"]), LOADS)


def _check_text(name: str, meta: Mapping[str, Any]) -> None:
    for sign in meta.get("delimiters", ()):
        if len(sign) != 1 or not sign.isascii() or sign.isalnum():
            _refuse(name, "delimiters", "single signs like , or ;")
    for encoding in meta.get("encodings", ()):
        try:
            codecs.lookup(encoding)
        except LookupError:
            _refuse(name, "encodings", f"names that Python knows, not {encoding!r}")
    if "time_zone" in meta:
        try:
            ZoneInfo(meta["time_zone"])
        except (ZoneInfoNotFoundError, ValueError):
            _refuse(name, "time_zone", f"an IANA name, not {meta['time_zone']!r}")


def _check_columns(name: str, columns: Mapping[str, Mapping[str, Any]]) -> None:
    if not any(column.get("required") for column in columns.values()):
        # Without one, a file with another delimiter would land as a single column.
        _refuse(name, "columns", "at least one that is required")
    owners: dict[str, str] = {}
    for column, meta in columns.items():
        if not meta.get("labels"):
            _refuse(name, f"column {column}: labels", "the labels that exports give it")
        _one_of(name, f"column {column}: type", meta.get("type", "text"), TYPES)
        if meta.get("personal") not in PERSONAL:
            _refuse(name, f"column {column}: personal", "id or true, or nothing")
        for label in meta["labels"]:
            owner = owners.setdefault(normal_label(str(label)), column)
            if owner != column:
                wanted = f"{label!r} for one column only, not also for {owner}"
                _refuse(name, f"column {column}: labels", wanted)


def _check_names(name: str, meta: Mapping[str, Any], columns: Collection[str]) -> None:
    """Check that the keys which name columns name declared ones."""
    content = meta.get("exported_at", {}).get("content")
    named: dict[str, Iterable[str]] = {
        "exported_at: content": (content,) if content else (),
        **{key: as_tuple(meta.get(key, ())) for key in ("version", "happened", "deleted", "order")},
    }
    for key, wanted in named.items():
        _declared(name, key, wanted, columns)
    for key in ("key", "statement"):
        _declared(name, key, as_tuple(meta.get(key, ())), {*columns, *LINEAGE_KEYS})


def _declared(source: str, key: str, wanted: Iterable[str], columns: Collection[str]) -> None:
    for column in wanted:
        if column not in columns:
            _refuse(source, key, f"names of its columns, not {column!r}")


def _one_of(source: str, key: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        _refuse(source, key, f"one of {', '.join(allowed)}")


def _refuse(name: str, key: str, wanted: str) -> NoReturn:
    raise DeclarationError(f"Source {name} must declare landing {key}: {wanted}.")
