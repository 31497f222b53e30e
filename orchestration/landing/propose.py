"""A declaration for a file that no source takes, as YAML to paste and correct.

Belongs here: names, types and key of the draft. Does not belong here: the checks that a declaration
has to pass (declaration.py), and any source that exists.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchestration.landing.declaration import ENCODINGS, FORMATS
from orchestration.landing.fitting import DELIMITERS, Values, seeming_types
from orchestration.landing.glance import Glance, Rows
from orchestration.landing.header import HEADER_ROWS
from orchestration.landing.json_documents import EXPLODES, as_text
from orchestration.landing.labels import normal_label
from orchestration.landing.parquet import connect
from orchestration.landing.refusals import PRIVATE, RefusedFileError
from orchestration.landing.sources import FilePattern, SourceColumn, SourceTable
from orchestration.landing.value_types import CONTACTS, SHAPES

# Share of the widest row's cells that a header fills; titles and remarks above it fill fewer.
HEADER_SHARE = 0.8
# How deep a document is searched for its records, in objects.
DEEPEST_RECORDS = 4
# Names that a base model gives to columns of its own.
TAKEN = frozenset({"outcome", "raw_text", "rejected_column", "rejected_reason"})
FIRST_TYPES = ("id", "integer", "text", "phone", "email")
NAME = re.compile(r"[a-z][a-z0-9_]*")
WORD = re.compile(r"[a-z0-9]+")
DIGITS = re.compile(r"\d(.*\d)?")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
SYSTEM, TABLE = "newsystem", "records"


@dataclass(frozen=True)
class Table:
    """A file without a source: labels in order, some values of each, and how it has to be read."""

    labels: tuple[str, ...]
    values: Values
    kind: str
    delimiter: str = ","
    records: tuple[str, ...] = ()


def read_table(glance: Glance) -> Table:
    """Look at a file as no source declares it.

    Raises:
        RefusedFileError: it cannot be read, or its first row is data instead of labels.

    """
    kind = glance.kind(FORMATS)
    if kind == "json":
        return _json_table(glance)
    if kind == "excel":
        rows, delimiter = max((glance.sheet(name) for name in glance.sheets), key=len), ","
    else:
        read = {d: glance.rows(ENCODINGS, d) for d in DELIMITERS}
        delimiter = max(DELIMITERS, key=lambda d: _columns_shared(read[d]))
        rows = read[delimiter]
    place = _header_place(rows)
    header = rows[place] if rows else []
    if _is_data(header):
        raise RefusedFileError("no_header: its first row is data; export it with a header")
    places: dict[str, int] = {}
    for index, label in enumerate(header):
        if normal_label(label) not in {"", *map(normal_label, places)}:
            places[label.strip()] = index
    values = {
        label: [row[index] if index < len(row) else None for row in rows[place + 1 :]]
        for label, index in places.items()
    }
    return Table(tuple(places), values, kind, delimiter)


def _columns_shared(rows: Rows) -> int:
    """How many columns most of the rows have, times how many rows those are."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return width * count


def _header_place(rows: Rows) -> int:
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    wanted = HEADER_SHARE * max(filled, default=0)
    return next((n for n, count in enumerate(filled[:HEADER_ROWS]) if count >= wanted), 0)


def _is_data(header: Sequence[str]) -> bool:
    shapes = (CONTACTS["email"], CONTACTS["phone"], SHAPES["time"], SHAPES["date"])
    labels = [label.strip() for label in header if label.strip()]
    numbers = sum(1 for label in labels if SHAPES["amount"].fullmatch(label))
    return (
        not labels
        or 2 * numbers > len(labels)
        or any(PRIVATE.search(t) or any(s.fullmatch(t) for s in shapes) for t in labels)
    )


def _json_table(glance: Glance) -> Table:
    documents = glance.documents(ENCODINGS)
    whole = [document for document in documents if isinstance(document, dict)]
    # One document is an envelope around its records; many are the records.
    paths = _longest_list(whole[0]) if len(whole) == 1 else ()
    records = glance.records(ENCODINGS, paths)
    if not records:
        raise RefusedFileError("no_records: it holds no JSON object; export it again")
    place = ".".join(paths).replace(EXPLODES, "")
    found = dict.fromkeys(label for record in records for label in record)
    by_name: dict[str, str] = {}
    for label in sorted(found, key=lambda label: not label.startswith(place)):
        if not any(isinstance(record.get(label), dict) for record in records):
            by_name.setdefault(normal_label(label), label)
    labels = tuple(label for label in found if label in by_name.values() and _is_label(label))
    values = {label: [as_text(record.get(label)) for record in records] for label in labels}
    return Table(labels, values, "json", records=paths)


def _is_label(label: str) -> bool:
    return bool(normal_label(label)) and not PRIVATE.search(label)


def _longest_list(document: Mapping[str, Any]) -> tuple[str, ...]:
    found = list(_lists(document, ()))
    return (max(found, key=lambda item: item[1])[0],) if found else ()


def _lists(value: Any, steps: tuple[str, ...]) -> Iterator[tuple[str, int]]:  # noqa: ANN401
    """Yield the path of each list of objects below `value`, and how long it is."""
    if not isinstance(value, dict) or len(steps) == DEEPEST_RECORDS:
        return
    for name, inner in value.items():
        if isinstance(inner, list) and any(isinstance(item, dict) for item in inner):
            yield ".".join((*steps, name)) + EXPLODES, len(inner)
        yield from _lists(inner, (*steps, name))


def draft(table: Table, file_name: str, system: str | None, taken: Collection[str]) -> SourceTable:
    """Return a source that takes files like this one, all of its columns optional but the first.

    `taken` are the names of tables, as `system.table`, that there are.
    """
    system = system if system and NAME.fullmatch(system) else SYSTEM
    name = _snake(re.sub(r"\d+", " ", Path(file_name).stem)) or TABLE
    while f"{system}.{name}" in taken:
        name = f"other_{name}"
    types = seeming_types(table.labels, table.values)
    names = _column_names(table.labels, table.records)
    columns = tuple(
        SourceColumn(names[label], (label,), number == 0, types[label])
        for number, label in enumerate(table.labels)
    )
    return SourceTable(
        system, name, (FilePattern(_pattern(file_name), "full"),), (table.kind,), "full",
        "irregular", columns, (table.delimiter,), records=table.records,
    )  # fmt: skip


def with_key(source: SourceTable, unique: Collection[str]) -> tuple[SourceTable, tuple[str, ...]]:
    """Return the draft with the likeliest of its `unique` columns required, and the key.

    Where no column is unique, a row is known by its place in its file.
    """
    likely = [
        column.name
        for kind in FIRST_TYPES
        for column in source.columns
        if column.type == kind and column.name in unique
    ]
    if not likely:
        return source, ("_file_id", "_row")
    columns = tuple(replace(c, required=c.name == likely[0]) for c in source.columns)
    return replace(source, columns=columns), (likely[0],)


def _pattern(file_name: str) -> str:
    """Return a pattern for the names of later exports: their numbers differ, the rest stays."""
    path = Path(file_name)
    stem, suffix = (re.sub(r"([\[?*])", r"[\1]", part) for part in (path.stem, path.suffix))
    later, count = DIGITS.subn("[0-9]*", stem)
    return later + ("" if count else "*") + suffix


def _snake(text: str) -> str:
    """Return the Latin letters and digits of a text as a name of a column; empty without any."""
    plain = unicodedata.normalize("NFKD", CAMEL.sub(" ", unicodedata.normalize("NFKC", text)))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    if any(sign.isalpha() and not sign.isascii() for sign in letters):
        return ""
    return "_".join(WORD.findall(letters.casefold())).lstrip("0123456789_")


def _column_names(labels: Sequence[str], records: Sequence[str]) -> dict[str, str]:
    """Name each column after its label; a label that is not Latin gives it a number."""
    with connect() as connection:
        words = "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
        reserved = {str(word) for (word,) in connection.execute(words).fetchall()}
    place = ".".join(records).replace(EXPLODES, "") + "."
    names: dict[str, str] = {}
    for number, label in enumerate(labels, start=1):
        name = _snake(label.removeprefix(place)) or f"column_{number}"
        if name in reserved or name in TAKEN:
            name = f"{name}_value"
        taken = {*names.values(), *(f"{other}_state" for other in names.values())}
        names[label] = name if name not in taken else f"{name}_of_label_{number}"
    return names


def as_yaml(source: SourceTable, key: Sequence[str], *, is_new_system: bool) -> str:
    """Return the declaration, to paste below `tables:`; of a new system with its own head."""
    head = [
        "version: 2", "", "sources:", f"  - name: {source.system}",
        "    description: What these exports come from.", "    schema: landing", "    tables:",
    ]  # fmt: skip
    lines = [
        f"      - name: {source.table}",
        f"        identifier: {source.relation}",
        '        description: "One row per record and export."',
        "        config:",
        "          meta:",
        "            landing:",
        f"              files: [{_text(source.files[0].name)}]",
        f"              format: {source.formats[0]}",
        f"              load: {source.load}  # a file states everything; else window, incremental",
        f"              arrival: {source.arrival}",
        f"              key: [{', '.join(key)}]",
    ]
    if source.delimiters != (",",):
        lines.append(f"              delimiters: [{_text(source.delimiters[0])}]")
    if source.records:
        lines.append(f"              records: {_text(source.records[0])}")
    lines.append("        columns:")
    lines += map(_column_line, source.columns)
    return "\n".join([*head, *lines] if is_new_system else lines)


def _column_line(column: SourceColumn) -> str:
    meta = f"labels: [{', '.join(map(_text, column.labels))}]"
    meta += ", required: true" if column.required else ""
    meta += f", type: {column.type}" if column.type != "text" else ""
    description = _text(f"{' '.join(column.labels[0].split())}, as exported.")
    return (
        f"          - {{name: {column.name}, description: {description}, "
        f"config: {{meta: {{{meta}}}}}}}"
    )


def _text(text: str) -> str:
    # A JSON string is a YAML string, as long as every sign in it can be printed.
    shown = json.dumps(text, ensure_ascii=False)
    return "".join(s if s.isprintable() else json.dumps(s)[1:-1] for s in shown)


def base_model(source: SourceTable) -> str:
    """Return the model that types the rows of the source."""
    return (
        "{{ config(materialized='table') }}\n\n"
        f"{{{{ typed_rows('{source.system}', '{source.table}') }}}}"
    )
