"""JSON exports: where the records of a document are, and their fields under dotted labels.

Belongs here: paths, flattening, reading documents. Does not belong here: which table they feed.

A path like `tag_group[].tag[]` descends by names and explodes what `[]` follows: a list, or a
single object in the place of one. A field is labelled by the names on its way, so that a record
sees the fields of the objects around it; an element that is no object has the label of its list.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from orchestration.landing.records import LONGEST_LINE, bounded_lines
from orchestration.landing.refusals import RefusedFileError

# Bytes. A document is held in memory whole; an API hands out a few megabytes at a time.
LARGEST_DOCUMENT = 128_000_000
EXPLODES = "[]"
LINES_TRIED = 10
# What JSON and DuckDB take for blank; Unicode has more of it.
BLANKS = " \t\r\n\v\f"
# Objects within objects that are taken apart; what lies deeper stays whole.
DEEPEST = 50
# An escape: a sign in two halves, one half of such a sign alone, or any other.
ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u(?P<half>[dD][89a-fA-F]..)|.)", re.DOTALL
)
NO_SIGN = r"\ufffd"
Fields = dict[str, str | None]


@dataclass(frozen=True)
class BrokenLine:
    """One line of JSON Lines that is no object, with its number."""

    line: int
    text: str
    reason: str = "not_an_object"


def read_documents(
    path: Path, longest: int = LARGEST_DOCUMENT
) -> Iterator[tuple[int, Any] | BrokenLine]:
    """Yield the documents of a UTF-8 file with the line each starts on.

    The file is one document, a list of documents, or one document per line of at most `longest`
    characters.

    Raises:
        RefusedFileError: it starts like JSON, and is none, or it is too large to be held in memory.

    """
    if is_json_lines(path):
        yield from _each_line(path, longest)
        return
    if path.stat().st_size > LARGEST_DOCUMENT:
        raise RefusedFileError(
            f"too_large: one document of more than {LARGEST_DOCUMENT:,} bytes; export it as JSON "
            "Lines, one record per line"
        )
    text = whole_signs(path.read_text(encoding="utf-8-sig"))
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = "its nesting"
        if isinstance(error, json.JSONDecodeError):
            place = f"line {error.lineno}, column {error.colno}"
        raise RefusedFileError(
            f"not_json: it breaks at {place}; export it again, or one record per line"
        ) from error
    for document in whole if isinstance(whole, list) else [whole]:
        yield 1, document


def is_json_lines(path: Path) -> bool:
    """Tell by its first lines whether a UTF-8 text holds one JSON object per line.

    A document that spans lines may have a whole object on one of them, but never on most.
    """
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        pieces = (line.strip(BLANKS) for line in bounded_lines(file, LONGEST_LINE))
        lines = list(islice(filter(None, pieces), LINES_TRIED))
    objects = sum(1 for line in lines if _is_object(line))
    is_first_whole = bool(lines) and _parsed(lines[0]) is not Ellipsis
    return objects > 0 and (is_first_whole or 2 * objects > len(lines))


def _is_object(text: str) -> bool:
    if len(text) > LONGEST_LINE:  # cut off; a document in one line is as good as a line
        return text.startswith("{")
    return isinstance(_parsed(text), dict)


def _parsed(text: str) -> Any:  # noqa: ANN401  # any JSON
    """Return the value of a JSON text; an ellipsis, which JSON has not, where it is none."""
    try:
        return json.loads(whole_signs(text))
    except (ValueError, RecursionError):
        return Ellipsis


def _each_line(path: Path, longest: int) -> Iterator[tuple[int, Any] | BrokenLine]:
    for number, line in numbered_lines(path, longest):
        document = Ellipsis if len(line) > longest else _parsed(line)
        if isinstance(document, dict):
            yield number, document
        elif len(line) > longest:
            yield BrokenLine(number, line, "line_too_long")
        else:
            yield BrokenLine(number, line)


def numbered_lines(path: Path, longest: int) -> Iterator[tuple[int, str]]:
    """Yield the lines of a UTF-8 text that are not blank, without blanks around them.

    Of a line with more than `longest` characters, only the first of them and one more are read.
    """
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(bounded_lines(file, longest), start=1):
            if line.strip(BLANKS):
                yield number, line.strip(BLANKS)


def whole_signs(text: str) -> str:
    """Replace each half of a sign that stands alone, as a name that was cut may end in one.

    No encoding has such a half, and DuckDB takes no text with one for JSON.
    """
    if r"\ud" not in text and r"\uD" not in text:
        return text
    return ESCAPE.sub(lambda escape: NO_SIGN if escape["half"] else escape[0], text)


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
        if item is not None:  # null is no record, neither in the place of a list nor within it
            yield from _explode(item, steps[1:], deeper, seen)


def _flat(value: Any, place: str, depth: int = 0) -> dict[str, Any]:  # noqa: ANN401  # any JSON
    if not isinstance(value, dict):
        return {place: value}
    fields: dict[str, Any] = {}
    for key, item in value.items():
        label = f"{place}.{key}" if place else key
        fields[label] = item
        if isinstance(item, dict) and depth < DEEPEST:
            # Both whole and taken apart: a label may name either.
            fields |= _flat(item, label, depth + 1)
    return fields


def as_text(value: Any) -> str | None:  # noqa: ANN401  # any JSON
    """Return a value as the text that lands: lists and objects as JSON, null as none."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False)
