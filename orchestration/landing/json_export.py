"""Opening a JSON export: JSON Lines go to DuckDB as they are, anything else record by record.

Belongs here: which of the two, and the columns of the records. Does not belong here: paths and
flattening (json_documents.py).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from orchestration.landing.header import HeaderMatch
from orchestration.landing.json_documents import (
    EXPLODES,
    LARGEST_DOCUMENT,
    BrokenLine,
    as_text,
    has_records,
    is_json_lines,
    numbered_lines,
    read_documents,
    records_of,
    whole_signs,
)
from orchestration.landing.parquet import lines_without_object
from orchestration.landing.records import LONGEST_LINE, LONGEST_RAW_TEXT, Reject
from orchestration.landing.refusals import missing_columns, no_records
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import CsvText, ExportText, JsonLines, write_numbered

# Records of which one at least must have the required fields, for the file to be of a source.
RECORDS_TRIED = 100
# Elements of a list beside the records that may be kept with each of them.
REPEATED = 20


@dataclass(frozen=True)
class OpenedJson:
    """Records that can be read; as `opening.Opened`."""

    text: ExportText
    rejects: tuple[Reject, ...] = ()
    kept: int | None = None
    undeclared: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def open_json(source: SourceTable, path: Path, encoding: str | None, scratch: Path) -> OpenedJson:
    """Open a UTF-8 text as `source` declares it.

    Raises:
        RefusedFileError: it is not JSON, holds no such records, or lacks a required field.

    """
    labels = check_json(source, path)
    absent = tuple(c.name for c in source.columns if not any(label in labels for label in c.labels))
    is_lines = not source.records and is_json_lines(path)
    if is_lines and encoding == "utf-8":
        found = OpenedJson(JsonLines(path, source))
    elif is_lines:
        found = clean_lines(source, path, scratch)
    else:
        found = _clean_documents(source, path, scratch)
    return replace(found, undeclared=_undeclared(source, labels), absent=absent)


def check_json(source: SourceTable, path: Path) -> dict[str, bool]:
    """Return the labels of the first records, and whether each is an object in any of them.

    Raises:
        RefusedFileError: it is not JSON, holds no such records, or lacks a required field.

    """
    sample = list(islice(_records(source, path), RECORDS_TRIED))
    labels: dict[str, bool] = {}
    for found in sample:
        for label, value in {} if isinstance(found, Reject) else found.fields.items():
            labels[label] = labels.get(label, False) or isinstance(value, dict)
    if not sample:
        raise no_records(source)
    missing = [
        column
        for column in source.columns
        if column.required and not any(label in labels for label in column.labels)
    ]
    if missing:
        raise missing_columns(source, missing, labels)
    return labels


def _undeclared(source: SourceTable, labels: dict[str, bool]) -> tuple[str, ...]:
    """Labels of a record's own fields that no column declares, by itself or as part of another."""
    declared = {label for column in source.columns for label in column.labels}
    return tuple(
        label
        for label, is_object in labels.items()
        if not is_object
        and _is_own(source, label)
        and not any(label == known or label.startswith(f"{known}.") for known in declared)
    )


def _is_own(source: SourceTable, label: str) -> bool:
    """Tell whether a label lies within a record, not beside it in an object around it."""
    places = [path.replace(EXPLODES, "") for path in source.records]
    return not places or any(label == p or label.startswith(f"{p}.") for p in places)


def clean_lines(source: SourceTable, path: Path, scratch: Path) -> OpenedJson:
    """Write the lines of a text with their numbers; collect those that hold no object."""
    rejects: list[Reject] = []

    def sound() -> Iterator[tuple[int, Sequence[str]]]:
        for row, (_, line) in enumerate(numbered_lines(path, LONGEST_LINE), start=1):
            if len(line.encode()) > LONGEST_LINE:
                rejects.append(Reject(row, "", "line_too_long", line[:LONGEST_RAW_TEXT]))
            elif "\0" in line:
                rejects.append(Reject(row, "", "nul_byte", line.replace("\0", "\\0")))
            else:
                yield row, [whole_signs(line)]

    target = scratch / "lines.csv"
    count = write_numbered(sound(), target)
    text = JsonLines(target, source, numbered=True)
    broken = [
        Reject(row, "", "not_an_object", line[:LONGEST_RAW_TEXT])
        for row, line in lines_without_object(text)
    ]
    rejects = sorted([*rejects, *broken], key=lambda reject: reject.row)
    return OpenedJson(text, tuple(rejects), count - len(broken))


def _clean_documents(source: SourceTable, path: Path, scratch: Path) -> OpenedJson:
    """Read the records one by one, keep them as clean CSV and collect what is none."""
    rejects: list[Reject] = []

    def kept() -> Iterator[tuple[int, Sequence[str]]]:
        for found in _records(source, path):
            cells = _cells(source, found)
            if isinstance(cells, Reject):
                rejects.append(cells)
            else:
                yield found.row, cells

    target = scratch / "records.csv"
    count = write_numbered(kept(), target)
    positions = {column.name: index for index, column in enumerate(source.columns)}
    width = len(source.columns)
    match = HeaderMatch(positions, {}, (), width + 1, record=width)
    text = CsvText(target, ",", match, numbered=True)
    return OpenedJson(text, tuple(rejects), count)


@dataclass(frozen=True)
class _Record:
    """One record: its number, its fields by label, and all that is to be kept of it."""

    row: int
    fields: dict[str, Any]
    came: Any


def _cells(source: SourceTable, found: "_Record | Reject") -> list[str] | Reject:
    if isinstance(found, Reject):
        return found
    try:
        whole = json.dumps(found.came, ensure_ascii=False)
        cells = [_cell(found.fields, column.labels) for column in source.columns]
    except RecursionError:
        return Reject(found.row, "", "nested_too_deep", "")
    if len(whole.encode()) > LONGEST_LINE:
        return Reject(found.row, "", "line_too_long", whole[:LONGEST_RAW_TEXT])
    return [*cells, whole]


def _cell(fields: dict[str, Any], labels: tuple[str, ...]) -> str:
    found = (as_text(fields[label]) for label in labels if label in fields)
    return next((text for text in found if text is not None), "")


def _records(source: SourceTable, path: Path) -> Iterator[_Record | Reject]:
    row = 0
    longest = LARGEST_DOCUMENT if source.records else LONGEST_LINE
    for item in read_documents(path, longest):
        if isinstance(item, BrokenLine):
            row += 1
            yield Reject(row, "", item.reason, item.text[:LONGEST_RAW_TEXT])
            continue
        document = item[1]
        if source.records and not has_records(document, source.records):
            continue
        for fields in records_of(document, source.records):
            row += 1
            if isinstance(document, dict):
                came = _leaves(source, fields) if source.records else document
                yield _Record(row, fields, came)
            else:
                raw = json.dumps(document, ensure_ascii=False)
                yield Reject(row, "", "not_an_object", raw[:LONGEST_RAW_TEXT])


def _leaves(source: SourceTable, fields: dict[str, Any]) -> dict[str, Any]:
    """Fields that are no objects; a long list beside the records is not repeated with each."""
    return {
        label: value
        for label, value in fields.items()
        if not isinstance(value, dict)
        and (not isinstance(value, list) or len(value) <= REPEATED or _is_own(source, label))
    }
