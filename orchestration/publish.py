"""Sealing a build and publishing it: the only way a night becomes visible.

Belongs here: what a generation holds and the order of the last steps.
Does not belong here: whether a night may be published (gate.py), the symlink (generations.py).
"""

import csv
import datetime as dt
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb

from expectations.checks import CheckResult
from orchestration.building import CHECK_RESULTS, NIGHT_RUNS, Build, connect_warehouse
from orchestration.engine import engine_of
from orchestration.exporting import MARTS, export, inherit
from orchestration.gate import Proof, results_of
from orchestration.generations import mark_published, point_current_at, prune, sync
from orchestration.landing.rejected import REJECT_COLUMNS
from orchestration.manifest import Manifest, PublishedTable
from orchestration.night import BUILT, PUBLISHED, Night, write_json
from orchestration.privacy.modes import let_in, publish_files
from orchestration.privacy.scan_night import scan_night
from orchestration.settings import PROJECT_ROOT

# Nodes whose seconds a night records.
SLOWEST = 10
# What the night says of itself, which is known last.
LOG_TABLES = ("nights", "quality_checks")


def seal(night: Night, manifest: Manifest, proof: Proof) -> dict[str, Any]:
    """Write what is published from the built warehouse, and the run record; return the record.

    Nothing outside the build's folder is touched. An inner night of a replay is shown to nobody, so
    it only keeps its logs: the last night shows them, and is looked through with them.

    Raises:
        GateRefusedError: what would be published, or a record or log of it, tells of a person.

    """
    build, tables = night.opened, manifest.published_tables()
    published_at = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    logged = tuple(table for table in tables if table.name in LOG_TABLES)
    with connect_warehouse(build.warehouse, engine=engine_of(night.settings)) as connection:
        landed, rejected = rows_landed(connection, build.as_of)
        record = {**facts(night), "rows_landed": landed, "rows_rejected": rejected, "tables": {}}
        results = proof.results
        if night.is_published:
            results += show(night, connection, tables, record, proof.results)
        record["checks_run"] = len(results)
        run = (
            build.as_of, build.generation, published_at, landed, rejected, record["git_revision"],
            len(results), 0, night.key_id,
        )  # fmt: skip
        write_logs(connection, build.as_of, run, results)
        if night.is_published:
            record["tables"] |= export(connection, build.folder, logged)
        connection.execute("checkpoint")
    return record


def show(
    night: Night,
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[PublishedTable, ...],
    record: dict[str, Any],
    results: tuple[CheckResult, ...],
) -> tuple[CheckResult, ...]:
    """Write all tables but the logs, look through what was written, and return what that proves.

    Their rows are counted in `record`. The logs come later, for what is found here is logged too.
    """
    shown = tuple(table for table in tables if table.name not in LOG_TABLES)
    with night.timed("export"):
        if night.base is not None and not night.rebuilds:
            inherit(night.base, night.opened.folder, tables)
        at_once = engine_of(night.settings).at_once
        record["tables"] |= export(connection, night.opened.folder, shown, at_once)
    with night.timed("privacy scan"):
        said = night.summary(PUBLISHED, **record)
        return scan_night(night, connection, tables, results, said)


def facts(night: Night) -> dict[str, Any]:
    """Return what the record of a sealed night says of how it was made."""
    return {
        "generation": night.opened.generation,
        "base": night.base.name if night.base else None,
        "git_revision": git_revision(),
        "timezone": night.settings.timezone,
        "currency": night.settings.currency,
        "checks_carried": sum(node.startswith("test.") for node in night.settled),
        "slowest": slowest(night.opened.run_results),
    }


def slowest(run_results: Path) -> dict[str, float]:
    """Seconds of the models and tests that took longest, longest first."""
    ranked = sorted(results_of(run_results), key=lambda result: -result["execution_time"])[:SLOWEST]
    return {r["unique_id"].split(".")[2]: round(r["execution_time"], 2) for r in ranked}


def rows_landed(connection: duckdb.DuckDBPyConnection, as_of: dt.date) -> tuple[int, int]:
    """Rows landed for the night, and rows rejected of it in landing and in staging."""
    found = connection.execute(
        "select coalesce(sum(landed_rows), 0), coalesce(sum(rejected_rows), 0) "
        "from landing.files where landed_for = ? and outcome = 'landed'",
        [as_of],
    ).fetchone()
    typed = connection.execute("select count(*) from audit.rejected_rows").fetchone()
    landed, rejected = found or (0, 0)
    untyped = typed[0] if typed else 0
    return int(landed) - int(untyped), int(rejected) + int(untyped)


def write_logs(
    connection: duckdb.DuckDBPyConnection,
    as_of: dt.date,
    run: tuple[object, ...],
    results: tuple[CheckResult, ...],
) -> None:
    """Add the night and its checks to the logs behind `nights` and `quality_checks`."""
    marks = ", ".join("?" for _ in NIGHT_RUNS)
    connection.execute(f"insert into landing.night_runs values ({marks})", list(run))
    rows = [[as_of, r.name, r.layer, r.table, r.passed, r.observed, r.limit_value] for r in results]
    marks = ", ".join("?" for _ in CHECK_RESULTS)
    connection.executemany(f"insert into landing.check_results values ({marks})", rows)


def publish(night: Night, record: dict[str, Any]) -> Path:
    """Move a sealed build among the generations, swap `current` to it, and return its folder.

    An inner night of a replay stays where it is: only the last one is published.
    """
    settings, build = night.settings, night.opened
    leftovers = list(build.folder.glob("*.wal"))
    if leftovers:
        raise RuntimeError(f"{leftovers[0].name} is left: the warehouse was not closed")
    if not night.is_published:
        night.conclude(night.summary(BUILT, **record))
        return build.folder
    for path in (build.folder / MARTS, build.warehouse):
        sync(path)
    # dbt's own files describe the run, not the night, and are no part of what is kept.
    shutil.rmtree(build.dbt_target, ignore_errors=True)
    whole = night.summary(PUBLISHED, **record)
    write_json(build.folder / "run.json", whole)
    build.folder.chmod(0o755)
    publish_files(build.folder / "parquet")
    for path in (build.folder / MARTS, build.folder / "run.json"):
        publish_files(path)
    sync(build.folder)
    let_in(settings.generations)
    generation = settings.generations / build.generation
    build.folder.rename(generation)
    sync(settings.generations)
    point_current_at(settings, generation)
    mark_published(settings, build.generation)
    # Only now is it true, and only what is recorded may clear old generations away.
    night.conclude(whole)
    night.forget_inbox()
    prune(settings)
    return generation


def write_rejected(night: Night) -> int:
    """Write what staging rejected tonight beside what landing rejected; return how many rows."""
    build: Build = night.opened
    with connect_warehouse(build.warehouse, read_only=True) as connection:
        rows = connection.execute(
            "select source_name, file_name, file_row, rejected_column, rejected_reason, raw_text "
            "from audit.rejected_rows order by source_name, file_name, file_row"
        ).fetchall()
    folder = night.settings.rejected / build.as_of.isoformat()
    target = folder / "staging.csv"
    if not rows:
        target.unlink(missing_ok=True)
        return 0
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(REJECT_COLUMNS)
        writer.writerows((*row[0].split("."), *row[1:]) for row in rows)
    return len(rows)


def git_revision() -> str:
    """Commit of the rules that built the night; `unknown` outside a checkout."""
    done = subprocess.run(
        ["git", "-C", str(PROJECT_ROOT), "rev-parse", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"
