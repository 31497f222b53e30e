"""What is held about one person, as one file that only its owner can read.

Belongs here: collecting rows of landing, of the warehouse and of what is published. Does not belong
here: finding the person (person.py).
"""

import datetime as dt
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.building import WAREHOUSE, connect_warehouse
from orchestration.generations import current_generation
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import identifier as quoted_name
from orchestration.privacy.landed import Holdings, find_holdings, rows_of
from orchestration.privacy.person import UNKNOWN, UNPUBLISHED, Person, PersonError, find_person
from orchestration.privacy.texts import SUBJECTS
from orchestration.privacy.warehouse import Table, tables_of
from orchestration.settings import Settings

Rows = list[dict[str, Any]]


def write_subject(
    settings: Settings,
    sources: Sequence[SourceTable],
    identifier: str,
    out: Path | None,
    now: dt.datetime,
) -> tuple[dict[str, int], Path]:
    """Write what is held about the person; return rows by table, and where it was written.

    Raises:
        PersonError: nobody, or several people, are meant.
        FileExistsError: there is a file of that name; it may be about somebody else.

    """
    current = current_generation(settings)
    if current is None:
        raise PersonError(UNPUBLISHED)
    with connect_warehouse(current / WAREHOUSE, read_only=True) as warehouse:
        person = find_person(warehouse, identifier)
        holdings = find_holdings(settings, sources, person.marks)
        if not person.record_keys and not holdings.files:
            raise PersonError(UNKNOWN)
        held = _landed(holdings) | _modelled(warehouse, person)
    path = out or settings.home / SUBJECTS / f"subject_{now:%Y%m%dT%H%M%S}.json"
    content = {
        "generation": current.name,
        "customer_id": person.customer_id,
        "records": list(person.record_keys),
        "held": held,
    }
    _write(path, content)
    return {name: len(rows) for name, rows in held.items()}, path


def _landed(holdings: Holdings) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for file in holdings.files:
        found.setdefault(f"landing.{file.source.name}", []).extend(rows_of(file))
    return dict(sorted(found.items()))


def _modelled(warehouse: duckdb.DuckDBPyConnection, person: Person) -> dict[str, Rows]:
    """Return the rows of every table, and of what is published, about customers or records."""
    found = {}
    for table in tables_of(warehouse, "warehouse", with_views=True):
        rows = _rows(warehouse, table, person)
        if rows:
            found[f"{table.schema}.{table.name}"] = rows
    return found


def _rows(warehouse: duckdb.DuckDBPyConnection, table: Table, person: Person) -> Rows:
    names = {name for name, _ in table.columns}
    conditions, values = [], []
    # Only models of people have the key of a record; an id of a shop is another customer_id.
    if "customer_id" in names and person.customer_id and table.schema != "staging":
        conditions.append("customer_id = ?")
        values.append([person.customer_id])
    if "record_key" in names and person.record_keys:
        conditions.append("list_contains(?, record_key)")
        values.append(list(person.record_keys))
    if not conditions:
        return []
    query = f"select * from {quoted_name(table.schema)}.{quoted_name(table.name)} where "
    found = warehouse.execute(
        query + " or ".join(conditions),
        [value[0] if text.startswith("customer") else value
         for text, value in zip(conditions, values, strict=True)],
    )  # fmt: skip
    columns = [str(name) for name, *_ in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _write(path: Path, content: dict[str, Any]) -> None:
    if not path.parent.exists():
        path.parent.mkdir(parents=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2, ensure_ascii=False, default=str)
        file.write("\n")
