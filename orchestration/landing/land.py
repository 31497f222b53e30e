"""Landing: from the files of one source in the inbox to immutable Parquet and its register.

Belongs here: the order of the checks a file passes, and what is recorded of it.
Does not belong here: how bytes, records or headers are read (the modules beside this one).
"""

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.landing import register
from orchestration.landing.decode import read_raw
from orchestration.landing.exported_at import (
    ExportedAt,
    SidecarError,
    from_content,
    from_mtime,
    from_name,
    from_sidecar,
)
from orchestration.landing.inbox import InboxFile
from orchestration.landing.opening import Opened, RefusedFileError, clean_text, open_export
from orchestration.landing.parquet import Lineage, newest_value, write_parquet
from orchestration.landing.records import Reject
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import SourceTable
from orchestration.settings import Settings

REJECT_COLUMNS = ("system", "table", "file", "row", "column", "reason", "raw_text")


@dataclass(frozen=True)
class LandingRun:
    """One source on one night."""

    settings: Settings
    source: SourceTable
    as_of: dt.date
    say: Callable[[str], None]

    @property
    def folder(self) -> Path:
        """Where the Parquet files of this source lie."""
        return self.settings.landing / self.source.system / self.source.table

    @property
    def scratch(self) -> Path:
        """Where texts are decoded on the way; emptied after each file."""
        return self.settings.landing / "_scratch"

    def is_for_later(self, exported: ExportedAt) -> bool:
        """Tell whether the export was made after the end of the as-of date."""
        return exported.at.astimezone(self.settings.zone).date() > self.as_of


def land_source(run: LandingRun, files: Sequence[InboxFile]) -> tuple[FileRecord, ...]:
    """Land the new files of one source that were exported up to the end of the as-of date.

    Returns what was recorded tonight: landed, duplicate and refused files.
    """
    path = register.part(run.settings.landing, run.source.relation)
    known = register.read_part(path)
    settled = (register.LANDED, register.DUPLICATE)
    untouched = {record.stat_key for record in known if record.outcome in settled}
    fresh = [f for f in files if (f.name, f.size_bytes, f.modified_ns) not in untouched]
    for folder in (run.folder, run.scratch):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    tonight: list[FileRecord] = []
    for file in sorted(fresh, key=lambda f: (_known_early(run, f), f.name)):
        record = _land_file(run, file, [*known, *tonight])
        for leftover in run.scratch.iterdir():
            leftover.unlink()
        if record is not None:
            tonight.append(record)
            run.say(_sentence(record))
    if tonight:
        again = {(record.file_name, record.sha256) for record in tonight}
        kept = [record for record in known if (record.file_name, record.sha256) not in again]
        register.write_part(path, [*kept, *tonight])
    return tuple(tonight)


def _known_early(run: LandingRun, file: InboxFile) -> dt.datetime:
    return _exported_at(run, file).utc


def _exported_at(run: LandingRun, file: InboxFile) -> ExportedAt:
    zone = run.settings.zone
    try:
        sidecar = from_sidecar(file.path, zone)
    except SidecarError:
        sidecar = None  # refused with its message in _land_file
    return from_name(file.path.name, zone) or sidecar or from_mtime(file.path, zone)


def _land_file(run: LandingRun, file: InboxFile, known: Sequence[FileRecord]) -> FileRecord | None:
    exported = _exported_at(run, file)
    by_content = exported.told_by == "mtime" and run.source.exported_at_content is not None
    if run.is_for_later(exported) and not by_content:
        return None
    raw = read_raw(file.path)
    record = FileRecord(
        run.source.system, run.source.table, file.name, raw.sha256, file.size_bytes,
        file.modified_ns, None, 0, 0, 0, exported.utc, exported.told_by, run.as_of,
        len(known), register.REFUSED, None,
    )  # fmt: skip
    twin = next((k for k in known if _is_landed(k) and k.sha256 == raw.sha256), None)
    if twin is not None:
        reason = f"the same content as {twin.file_name}"
        return replace(record, outcome=register.DUPLICATE, reason=reason)
    try:
        from_sidecar(file.path, run.settings.zone)
        opened = open_export(run.source, file.path, raw, run.scratch)
        return _write(run, record, opened, by_content)
    except SidecarError as error:
        return replace(record, reason=f"bad_sidecar: {error}")
    except RefusedFileError as error:
        return None if run.is_for_later(exported) else replace(record, reason=str(error))


def _is_landed(record: FileRecord) -> bool:
    return record.outcome == register.LANDED


def _write(
    run: LandingRun, record: FileRecord, opened: Opened, by_content: bool
) -> FileRecord | None:
    rejects: list[Reject] = list(opened.rejects)
    try:
        exported, landed = _write_text(run, record, opened, by_content)
    except duckdb.Error:
        # A record is ragged or its quotes are broken: read again, record by record.
        opened = clean_text(opened, run.scratch)
        rejects = list(opened.rejects)
        exported, landed = _write_text(run, record, opened, by_content)
    if landed is None:
        return None
    if landed == 0:
        reason = f"no_rows: all {len(rejects)} records are rejected" if rejects else "header_only"
        hint = "it has a header and no rows; export it again"
        (run.folder / record.parquet_name).unlink()
        return replace(record, reason=f"{reason}: {hint}", rejected_rows=len(rejects))
    if rejects:
        _write_rejects(run, record, rejects)
    return replace(
        record,
        encoding=opened.encoding,
        records=landed + len(rejects),
        landed_rows=landed,
        rejected_rows=len(rejects),
        exported_at=exported.utc,
        exported_at_from=exported.told_by,
        outcome=register.LANDED,
    )


def _write_text(
    run: LandingRun, record: FileRecord, opened: Opened, by_content: bool
) -> tuple[ExportedAt, int | None]:
    zone = run.settings.zone
    exported = ExportedAt(record.exported_at.replace(tzinfo=dt.UTC), record.exported_at_from)
    if by_content and run.source.exported_at_content in opened.match.positions:
        position = opened.match.positions[run.source.exported_at_content]
        exported = from_content(newest_value(opened.text, position), zone) or exported
    if run.is_for_later(exported):
        return exported, None
    lineage = Lineage(record.file_name, record.sha256, exported.utc, run.as_of, record.file_number)
    fresh = run.scratch / "landed.parquet"
    rows = write_parquet(run.source, opened.match, opened.text, lineage, fresh)
    fresh.replace(run.folder / record.parquet_name)
    return exported, rows


def _write_rejects(run: LandingRun, record: FileRecord, rejects: Sequence[Reject]) -> None:
    folder = run.settings.rejected / run.as_of.isoformat()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"{run.source.relation}__{record.sha256[:12]}.csv"
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(REJECT_COLUMNS)
        for reject in rejects:
            place = (run.source.system, run.source.table, record.file_name)
            writer.writerow((*place, reject.row, reject.column, reject.reason, reject.raw_text))


def _sentence(record: FileRecord) -> str:
    if record.outcome == register.LANDED:
        rejected = f", {record.rejected_rows:,} rejected" if record.rejected_rows else ""
        return f"{record.file_name}: {record.landed_rows:,} rows landed{rejected}"
    return f"{record.file_name}: {record.outcome}, {record.reason}"
