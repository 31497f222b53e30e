"""What tells in a landed row whom it is about: its marks.

Belongs here: the SQL that takes marks from the cells of a source, and those of one value. Does not
belong here: whose marks are looked for (ledger.py, privacy/person.py), what happens to the row.

A mark is `phone:+86…` or `email:…` wherever such a thing stands, also within JSON and free text;
`value:<system>:<id>` for an id that counts in one system; `value::<id>` for one that is long enough
to count everywhere; and `order:<system>:<column>:<id>` for the order of a row.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.landing.parquet import typed as typed_rows
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import identifier, quoted
from orchestration.typing_sql import machine_text, typed

# Ids that short are given by every system on its own: 1001 is somebody else in each.
LONG_ID = 20
PHONE_LIKE = r"(?:[+]|\b)[0-9(][0-9 ().-]{6,22}[0-9]"
MOBILE_LIKE = r"\b(?:86)?1[3-9][0-9]{9}\b"
EMAIL_LIKE = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:[.][A-Za-z0-9-]+)+"
ID_LIKE = rf"[A-Za-z0-9_-]{{{LONG_ID},}}"
PHONE, EMAIL, VALUE, ORDER = "phone", "email", "value", "order"
# A file, and the place of a row in it.
PLACE = ("filename", "file_row_number")


def rows_of(source: SourceTable, paths: Sequence[Path]) -> str:
    """Return the SQL of a FROM clause: the cells of landed files, and the place of each row."""
    kinds = dict.fromkeys((*(column.name for column in source.columns), "_extra"), "varchar")
    files = f"[{', '.join(quoted(str(path)) for path in paths)}]"
    options = "union_by_name = true, file_row_number = true, filename = true"
    rows = f"read_parquet({files}, {options})" if paths else None
    return typed_rows(kinds | {"filename": "varchar", "file_row_number": "bigint"}, rows)


def marks_of_rows(source: SourceTable, paths: Sequence[Path]) -> str:
    """Return the SQL of a query: filename, file_row_number and mark, a row for each.

    Cells that are equal are looked at once.
    """
    names = [column.name for column in source.columns if column.is_personal]
    ids = [column.name for column in source.columns if column.is_identifier]
    has_system = any(column.name == "source_system" for column in source.columns)
    system = machine_text("source_system") if has_system else "null"
    place = ", ".join(PLACE)
    return f"""
        with landed as (from {rows_of(source, paths)}),
        told as (
            select {place}, coalesce({system}, {quoted(source.system)}) as system,
                unnest([{_cells(names, ids)}]) as told
            from landed
        ),
        cells as (select {place}, system, told.cell, told.is_id from told
            where told.cell is not null),
        texts as (select distinct system, cell, is_id, {machine_text("cell")} as text from cells),
        marks as (select system, cell, is_id, unnest({_marks_of_text()}) as mark from texts)
        select {place}, mark from cells join marks using (system, cell, is_id)
        where mark is not null
        {_orders(source)}
    """


def _cells(names: Sequence[str], ids: Sequence[str]) -> str:
    cells = [f"{{'cell': {identifier(n)}, 'is_id': {str(n in ids).lower()}}}" for n in names]
    return ", ".join([*cells, "{'cell': _extra, 'is_id': false}"])


def _orders(source: SourceTable) -> str:
    place = ", ".join(PLACE)
    return "".join(
        f" union all select {place}, {quoted(f'{ORDER}:{source.system}:{name}:')} || "
        f"{order_id(name)} as mark from landed where {order_id(name)} is not null"
        for name in source.order
    )


def order_id(column: str) -> str:
    """Return the SQL of the order in a column, as staging reads it."""
    return typed("to_id", machine_text(identifier(column)))


def _marks_of_text() -> str:
    """Return the SQL of the marks in a cleaned `text`, as a list that may hold nulls."""
    given = typed("to_id", "text")
    return f"""list_distinct(list_concat(
        [
            {quoted(PHONE)} || ':' || {typed("to_phone", "text")},
            {quoted(EMAIL)} || ':' || {typed("to_email", "text")},
            case when is_id then {quoted(VALUE)} || ':' || system || ':' || {given} end,
            case when is_id and length({given}) >= {LONG_ID}
                then {quoted(VALUE)} || '::' || {given} end
        ],
        {_tokens(PHONE, "to_phone", PHONE_LIKE)},
        {_tokens(PHONE, "to_phone", MOBILE_LIKE)},
        {_tokens(EMAIL, "to_email", EMAIL_LIKE)},
        list_transform(
            regexp_extract_all(text, {quoted(ID_LIKE)}),
            lambda token: {quoted(VALUE + "::")} || token
        )
    ))"""


def _tokens(kind: str, macro: str, pattern: str) -> str:
    found = f"regexp_extract_all(text, {quoted(pattern)})"
    return f"list_transform({found}, lambda token: {quoted(kind + ':')} || {typed(macro, 'token')})"


def marks_in(
    connection: duckdb.DuckDBPyConnection, texts: Sequence[str], system: str
) -> list[tuple[int, str]]:
    """Return the marks in texts that are free, or JSON, with the place of the text in the list."""
    query = f"""
        with texts as (
            select place, {quoted(system)} as system, false as is_id, {machine_text("cell")} as text
            from (select unnest(?::varchar[]) as cell, unnest(range(len(?::varchar[]))) as place)
        ),
        marks as (select place, unnest({_marks_of_text()}) as mark from texts)
        select place, mark from marks where mark is not null
    """
    return connection.execute(query, [list(texts), list(texts)]).fetchall()


def marks_of_value(connection: duckdb.DuckDBPyConnection, value: str) -> list[str]:
    """Return the marks that one given value makes on its own: a phone, an address, or a long id."""
    text = machine_text("value")
    query = f"""
        with texts as (select {text} as text, '' as system, true as is_id
            from (select ?::varchar as value)),
        marks as (select [
            {quoted(PHONE)} || ':' || {typed("to_phone", "text")},
            {quoted(EMAIL)} || ':' || {typed("to_email", "text")},
            case when length({typed("to_id", "text")}) >= {LONG_ID}
                then {quoted(VALUE + "::")} || {typed("to_id", "text")} end
        ] as marks from texts)
        select unnest(list_filter(marks, lambda mark: mark is not null)) from marks
    """
    return [str(mark) for (mark,) in connection.execute(query, [value]).fetchall()]
