"""JSON exports: where the records of a document are, and their fields under dotted labels.

Belongs here: paths, flattening, reading documents. Does not belong here: which table they feed.

A path like `tag_group[].tag[]` descends by names and explodes what `[]` follows: a list, or a
single object in the place of one. A field is labelled by the names on its way, so that a record
sees the fields of the objects around it; an element that is no object has the label of its list.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.landing.records import LONGEST_LINE

# Bytes. A document is held in memory whole; an API hands out a few megabytes at a time.
LARGEST_DOCUMENT = 128_000_000
EXPLODES = "[]"
LINES_TRIED = 10
OPENERS = ("{", "[", "[{")
Fields = dict[str, str | None]


class DocumentError(ValueError):
    """The text is not JSON, or too large a document. The message starts with a reason code."""


@dataclass(frozen=True)
class BrokenLine:
    """One line of JSON Lines that is no object, with its number."""

    line: int
    text: str


def read_documents(path: Path) -> Iterator[tuple[int, Any] | BrokenLine]:
    """Yield the documents of a UTF-8 file with the line each starts on.

    The file is one document, a list of documents, or one document per line.

    Raises:
        DocumentError: it starts like JSON, and is none, or it is too large to be held in memory.

    """
    if is_json_lines(path):
        yield from _each_line(path)
        return
    if path.stat().st_size > LARGEST_DOCUMENT:
        raise DocumentError(
            f"too_large: one document of more than {LARGEST_DOCUMENT:,} bytes; export it as JSON "
            "Lines, one record per line"
        )
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        place = "its nesting"
        if isinstance(error, json.JSONDecodeError):
            place = f"line {error.lineno}, column {error.colno}"
        raise DocumentError(
            f"not_json: it breaks at {place}; export it again, or one record per line"
        ) from error
    for document in whole if isinstance(whole, list) else [whole]:
        yield 1, document


def is_json_lines(path: Path) -> bool:
    """Tell by its first lines whether a UTF-8 text holds one JSON object per line."""
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        pieces = (file.readline(LONGEST_LINE) for _ in range(LINES_TRIED))
        lines = [piece.strip() for piece in pieces if piece.strip()]
    # A document that is laid out for people starts with a bracket alone on its line.
    return bool(lines) and lines[0] not in OPENERS and any(map(_is_object, lines))


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _each_line(path: Path) -> Iterator[tuple[int, Any] | BrokenLine]:
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                document = json.loads(line)
            except (ValueError, RecursionError):
                yield BrokenLine(number, line.rstrip("\r\n"))
                continue
            if isinstance(document, dict):
                yield number, document
            else:
                yield BrokenLine(number, line.rstrip("\r\n"))


def has_records(document: Any, paths: Sequence[str]) -> bool:  # noqa: ANN401  # any JSON
    """Tell whether any of `paths` leads anywhere in `document`."""
    return any(_leads(document, path.split(".")) for path in paths)


def _leads(value: Any, steps: Sequence[str]) -> bool:  # noqa: ANN401  # any JSON
    if not steps:
        return True
    name = steps[0].removesuffix(EXPLODES)
    if not isinstance(value, dict) or name not in value:
        return False
    inner = value[name]
    if not steps[0].endswith(EXPLODES):
        return _leads(inner, steps[1:])
    items = inner if isinstance(inner, list) else [inner]
    return len(steps) == 1 or not items or any(_leads(item, steps[1:]) for item in items)


def records_of(document: Any, paths: Sequence[str]) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Yield each record of `document` as its fields under dotted labels.

    Without `paths` the document is the record. Objects are taken apart; lists stay whole.
    """
    if not paths:
        yield _flat(document, "")
        return
    for path in paths:
        if _leads(document, path.split(".")):
            yield from _explode(document, path.split("."), "", {})


def _explode(
    value: Any,  # noqa: ANN401  # any JSON
    steps: Sequence[str],
    place: str,
    around: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    if not steps:
        yield around | _flat(value, place)
        return
    if not isinstance(value, dict):
        return
    name = steps[0].removesuffix(EXPLODES)
    beside = {key: item for key, item in value.items() if key != name}
    seen = around | _flat(beside, place)
    inner = value.get(name)
    deeper = f"{place}.{name}" if place else name
    explodes = steps[0].endswith(EXPLODES)
    for item in inner if explodes and isinstance(inner, list) else [inner]:
        yield from _explode(item, steps[1:], deeper, seen)


def _flat(value: Any, place: str) -> dict[str, Any]:  # noqa: ANN401  # any JSON
    if not isinstance(value, dict):
        return {place: value}
    fields: dict[str, Any] = {}
    for key, item in value.items():
        label = f"{place}.{key}" if place else key
        if isinstance(item, dict):
            # Both whole and taken apart: a label may name either.
            fields[label] = item
            fields |= _flat(item, label)
        else:
            fields[label] = item
    return fields


def as_text(value: Any) -> str | None:  # noqa: ANN401  # any JSON
    """Return a value as the text that lands: lists and objects as JSON, null as none."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False)
