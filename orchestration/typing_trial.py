"""Typing on trial: what staging would reject of rows that landed on trial, told by its own models.

Belongs here: one dbt build of the base models of a few sources, and its rejects. Does not belong
here: landing on trial (landing/trial.py), and any rule of typing (the macros of the dbt project).
"""

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from orchestration.building import Build, connect_warehouse, open_build
from orchestration.landing.masking import masked
from orchestration.landing.register import LANDED, FileRecord
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import identifier
from orchestration.landing.trial import EXAMPLES, RUN_ID, Example, Rejects
from orchestration.manifest import (
    PARSED,
    dbt_environment,
    dbt_executable,
    dbt_options,
    manifest_folder,
)
from orchestration.settings import Settings

# Lines of what dbt said that a message holds; the reason stands at the end.
LINES_SHOWN = 12
# States of a phone or an address that nobody need hear of.
QUIET_STATES = ("usable", "missing")


class TypingError(RuntimeError):
    """Typing could not be tried. The message holds what dbt said."""


@dataclass(frozen=True)
class Typed:
    """What staging would make of one file in one source.

    `outcomes` counts rows by what becomes of them; `unusable` counts phones and addresses that
    name nobody by column and state, like masked ones, which reject no row.
    """

    outcomes: dict[str, int] = field(default_factory=dict)
    rejects: tuple[Rejects, ...] = ()
    unusable: dict[str, dict[str, int]] = field(default_factory=dict)


def type_on_trial(
    settings: Settings,
    parsed: Settings,
    sources: Sequence[SourceTable],
    records: Sequence[tuple[SourceTable, FileRecord]],
) -> dict[tuple[str, str], Typed]:
    """Type what landed in `settings.home`, by relation and file; `parsed` is where dbt has parsed.

    Raises:
        TypingError: dbt failed.

    """
    landed = [(source, record) for source, record in records if record.outcome == LANDED]
    if not landed:
        return {}
    newest = max(record.landed_for for _, record in landed)
    build = Build(settings.home / "building", newest, RUN_ID)
    open_build(settings, build, None, sources)
    _run_dbt(settings, parsed, build, sorted({source.relation for source, _ in landed}))
    with connect_warehouse(build.warehouse, read_only=True) as connection:
        return {
            (source.relation, record.file_name): _typed(connection, source, record)
            for source, record in landed
        }


def _run_dbt(settings: Settings, parsed: Settings, build: Build, relations: Sequence[str]) -> None:
    target = str(_target_path(build, parsed))
    models = [f"+base_{relation}" for relation in relations]
    command = [
        str(dbt_executable()), "--quiet", "build", "--select", *models,
        "--exclude-resource-type", "test", "unit_test",
        *dbt_options(settings), "--target-path", target, "--log-path", target,
    ]  # fmt: skip
    # Its own key: the one of the installation has no place in a folder that is thrown away.
    environment = {**dbt_environment(settings), "DBT_TARGET_PATH": target}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise TypingError("\n".join(said[-LINES_SHOWN:]))


def _target_path(build: Build, settings: Settings) -> Path:
    """Make the dbt target folder of a build, with the parsed project in it."""
    target = build.dbt_target
    target.mkdir()
    parsed = manifest_folder(settings) / PARSED
    if parsed.exists():
        shutil.copyfile(parsed, target / parsed.name)
    return target


def _typed(connection: duckdb.DuckDBPyConnection, source: SourceTable, record: FileRecord) -> Typed:
    base = f"staging.{identifier(f'base_{source.relation}')}"
    counted = connection.execute(
        f"select outcome, count(*) from {base} where _file = ? group by all order by 2 desc",
        [record.file_name],
    )
    return Typed(
        dict(counted.fetchall()),
        tuple(_rejects(connection, base, source, record)),
        _unusable(connection, base, record),
    )


def _rejects(
    connection: duckdb.DuckDBPyConnection, base: str, source: SourceTable, record: FileRecord
) -> list[Rejects]:
    query = f"""
        select rejected_column, rejected_reason, count(*), list(_row order by _row)[:{EXAMPLES}]
        from {base}
        where outcome = 'rejected' and _file = ?
        group by all
        order by 3 desc, 1, 2
    """
    found = connection.execute(query, [record.file_name]).fetchall()
    return [
        Rejects(column, reason, count, _examples(connection, source, record, column, rows))
        for column, reason, count, rows in found
    ]


def _examples(
    connection: duckdb.DuckDBPyConnection,
    source: SourceTable,
    record: FileRecord,
    column: str,
    rows: Sequence[int],
) -> tuple[Example, ...]:
    if column not in {declared.name for declared in source.columns}:
        return tuple(Example(row, "") for row in rows)
    query = (
        f"select _row, {identifier(column)} from landing.{identifier(source.relation)} "
        "where _file = ? and list_contains(?, _row) order by _row"
    )
    found = connection.execute(query, [record.file_name, list(rows)]).fetchall()
    return tuple(Example(row, masked(value or "")) for row, value in found)


def _unusable(
    connection: duckdb.DuckDBPyConnection, base: str, record: FileRecord
) -> dict[str, dict[str, int]]:
    columns = connection.execute(f"select * from {base} limit 0").description or []
    names = {name for name, *_ in columns}
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for name in sorted(names):
        if not name.endswith("_state") or name.removesuffix("_state") not in names:
            continue
        query = f"select {identifier(name)}, count(*) from {base} where _file = ? group by all"
        for state, count in connection.execute(query, [record.file_name]).fetchall():
            if state and state not in QUIET_STATES:
                found[name.removesuffix("_state")][state] = count
    return dict(found)


def alone(settings: Settings, folder: str) -> Settings:
    """Return settings of a home of its own below this one."""
    return replace(settings, home=settings.home / folder)
