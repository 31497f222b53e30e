"""Opening a JSON export: JSON Lines go to DuckDB as they are, anything else record by record.

Belongs here: which of the two, and the columns of the records. Does not belong here: paths and
flattening (json_documents.py).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from orchestration.landing.header import HeaderMatch
from orchestration.landing.json_documents import (
    BrokenLine,
    DocumentError,
    as_text,
    has_records,
    is_json_lines,
    read_documents,
    records_of,
)
from orchestration.landing.records import LONGEST_RAW_TEXT, Reject
from orchestration.landing.refusals import RefusedFileError, missing_columns
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import CsvText, ExportText, JsonLines, write_numbered

# Records of which one at least must have the required fields, for the file to be of a source.
RECORDS_TRIED = 100


@dataclass(frozen=True)
class OpenedJson:
    """Records that can be read; as `opening.Opened`."""

    text: ExportText
    rejects: tuple[Reject, ...] = ()
    kept: int | None = None
    absent: tuple[str, ...] = ()


def open_json(source: SourceTable, path: Path, encoding: str | None, scratch: Path) -> OpenedJson:
    """Open a UTF-8 text as `source` declares it.

    Raises:
        RefusedFileError: it is not JSON, holds no such records, or lacks a required field.

    """
    labels = check_json(source, path)
    absent = tuple(c.name for c in source.columns if not any(label in labels for label in c.labels))
    if not source.records and encoding == "utf-8" and is_json_lines(path):
        return OpenedJson(JsonLines(path, source), absent=absent)
    found = clean_json(source, path, scratch)
    return OpenedJson(found.text, found.rejects, found.kept, absent)


def check_json(source: SourceTable, path: Path) -> list[str]:
    """Return the labels of the first records.

    Raises:
        RefusedFileError: it is not JSON, holds no such records, or lacks a required field.

    """
    sample = list(islice(_records(source, path), RECORDS_TRIED))
    labels = list(dict.fromkeys(label for _, found, _ in sample for label in found or ()))
    if not sample:
        paths = ", ".join(source.records) or "one object per line"
        raise RefusedFileError(
            f"no_records: {source.name} looks for {paths}; "
            "strata inspect says what else the file could be"
        )
    missing = [
        column
        for column in source.columns
        if column.required and not any(label in labels for label in column.labels)
    ]
    if missing:
        raise missing_columns(source, missing, labels)
    return labels


def clean_json(source: SourceTable, path: Path, scratch: Path) -> OpenedJson:
    """Read the records one by one, keep them as clean CSV and collect the broken lines."""
    rejects: list[Reject] = []

    def kept() -> Iterator[list[object]]:
        for row, fields, raw in _records(source, path):
            if fields is None:
                text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
                rejects.append(Reject(row, "", "not_an_object", text[:LONGEST_RAW_TEXT]))
                continue
            cells = [_cell(fields, column.labels) for column in source.columns]
            yield [row, *cells, json.dumps(raw, ensure_ascii=False)]

    target = scratch / "records.csv"
    count = write_numbered(kept(), target)
    positions = {column.name: index for index, column in enumerate(source.columns)}
    width = len(source.columns)
    match = HeaderMatch(positions, {}, (), width + 1, record=width)
    text = CsvText(target, ",", match, numbered=True)
    return OpenedJson(text, tuple(rejects), count)


def _cell(fields: dict[str, Any], labels: tuple[str, ...]) -> str | None:
    found = (as_text(fields[label]) for label in labels if label in fields)
    return next((text for text in found if text is not None), None)


def _records(
    source: SourceTable, path: Path
) -> Iterator[tuple[int, dict[str, Any] | None, object]]:
    """Yield the number of each record, its fields, and the record or line as it came."""
    row = 0
    try:
        for item in read_documents(path):
            if isinstance(item, BrokenLine):
                row += 1
                yield row, None, item.text
                continue
            document = item[1]
            if source.records and not has_records(document, source.records):
                continue
            for fields in records_of(document, source.records):
                row += 1
                is_record = isinstance(document, dict)
                came = _leaves(fields) if source.records else document
                yield row, fields if is_record else None, came
    except DocumentError as error:
        raise RefusedFileError(str(error)) from error


def _leaves(fields: dict[str, Any]) -> dict[str, Any]:
    return {label: value for label, value in fields.items() if not isinstance(value, dict)}
