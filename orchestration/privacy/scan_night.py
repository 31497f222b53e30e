"""The scan of one night: which tables, records and logs of it are looked through.

Belongs here: gathering them. Does not belong here: looking (scan.py), judging (private_gate.py).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from expectations.checks import CheckResult
from orchestration.exporting import MARTS
from orchestration.manifest import PublishedTable
from orchestration.night import Night
from orchestration.privacy.private_gate import LOGS, RECORD, prove_private, scan_published
from orchestration.privacy.rules import load_rules
from orchestration.privacy.scan import scan_texts, text_of


def scan_night(
    night: Night,
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[PublishedTable],
    results: Sequence[CheckResult],
    record: Mapping[str, object],
) -> tuple[CheckResult, ...]:
    """Look through everything that this night is about to show; return one check per place.

    `connection` is one to the built warehouse. Tables that are not exported yet hold earlier
    nights, which were looked through, and `results` and `record`, which are looked through here.

    Raises:
        GateRefusedError: something of a person was found, or a place could not be looked through.

    """
    rules, folder = load_rules(), night.opened.folder
    exported = [t for t in tables if (folder / "parquet" / f"{t.name}.parquet").exists()]
    found = scan_published(connection, folder / MARTS, exported, rules)
    said = [json.dumps(record, indent=1, ensure_ascii=False, default=str)]
    checks = [f"{r.name} {r.layer} {r.table} {r.limit_value} {r.error}" for r in results]
    for table in tables:
        if table not in exported:
            found.append(scan_texts(connection, table.name, [*said, *checks], rules))
    found.append(scan_texts(connection, RECORD, said, rules))
    logs = [text_of(path) for path in sorted(_logs(night)) if path.exists()]
    found.append(scan_texts(connection, LOGS, logs, rules))
    return prove_private(tables, found)


def _logs(night: Night) -> Iterator[Path]:
    """Yield what Dagster and dbt have written of this run so far."""
    dagster, run_id = night.settings.home / "dagster", night.opened.run_id
    yield dagster / "console.log"
    yield from (dagster / "history" / "runs").glob(f"{run_id}*.db")
    yield from (path for path in dagster.glob(f"storage/{run_id}*/**/*") if path.is_file())
    yield from night.opened.dbt_target.rglob("*.log")
    yield night.opened.run_results
    yield from (path for path in (night.opened.folder / "report").rglob("*") if path.is_file())
