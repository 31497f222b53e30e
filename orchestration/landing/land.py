"""Landing: from the files of one source in the inbox to immutable Parquet and its register.

Belongs here: the order of the checks a file passes, and what is recorded of it.
Does not belong here: how bytes, records or headers are read (the modules beside this one).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.landing import drift, dumps, label_map, progress, register, rejected
from orchestration.landing.archive import ArchiveError
from orchestration.landing.decode import Reading, read_raw, read_undelimited
from orchestration.landing.exported_at import (
    ExportedAt,
    SidecarError,
    from_content,
    from_sidecar,
)
from orchestration.landing.inbox import InboxFile
from orchestration.landing.keeping_out import keep_out
from orchestration.landing.ledger import Erased
from orchestration.landing.opening import Opened, RefusedFileError, clean_text, open_export
from orchestration.landing.parquet import Lineage, newest_value, write_parquet
from orchestration.landing.records import Reject
from orchestration.landing.register import FileRecord
from orchestration.landing.soundness import is_sound
from orchestration.landing.sources import SourceTable
from orchestration.settings import Settings

# Characters of a content hash in the name of a file that people open.
SHORT_HASH = 12


@dataclass(frozen=True)
class LandingRun:
    """One source on one night."""

    settings: Settings
    source: SourceTable
    as_of: dt.date
    run_id: str
    say: Callable[[str], None]
    erased: Erased | None = None

    @property
    def folder(self) -> Path:
        """Where the Parquet files of this source lie."""
        return self.settings.landing / self.source.system / self.source.table

    @property
    def scratch(self) -> Path:
        """Where texts are decoded on the way; emptied before and after each file."""
        return self.settings.landing / "_scratch" / self.source.relation

    @property
    def rejected(self) -> Path:
        """Where the rejected rows of this night lie."""
        return self.settings.rejected / self.as_of.isoformat()

    def rejects_file(self, record: FileRecord) -> Path:
        """Where the rejected rows of one file lie: under its content, and how often that came."""
        again = Path(record.parquet_name).stem.removeprefix(record.sha256)
        name = f"{self.source.relation}__{record.sha256[:SHORT_HASH]}{again}.csv"
        return self.rejected / name

    def is_for_later(self, exported: ExportedAt) -> bool:
        """Tell whether the export was made after the end of the as-of date."""
        return exported.at.astimezone(self.settings.zone).date() > self.as_of


@dataclass(frozen=True)
class Landed:
    """What is to be kept of one file, still in the scratch folder."""

    record: FileRecord
    rows: Path
    rejects: tuple[Reject, ...]


def land_source(run: LandingRun, files: Sequence[InboxFile]) -> tuple[FileRecord, ...]:
    """Land the new files of one source that were exported up to the end of the as-of date.

    Returns what was recorded tonight: landed, duplicate and refused files.
    """
    path = register.part(run.settings.landing, run.source.relation)
    known = register.read_part(path)
    entries = {dumps.identity(record): record for record in known}
    untouched = {record.stat_key for record in known if record.outcome in register.SETTLED}
    fresh = [file for file in files if file.stat_key not in untouched]
    for folder in (run.folder, run.scratch):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _empty(run.scratch)
    kept = {run.rejects_file(record) for record in known if record.outcome == register.LANDED}
    rejected.forget(run.rejected, run.source.relation, kept)
    tonight: list[FileRecord] = []
    times = dumps.exported_times(files, fresh, run.settings.zone)
    for file in sorted(fresh, key=lambda f: (times[f.name].utc, f.name)):
        with progress.of_file(file.name, run.say):
            record = _land_file(run, file, times[file.name], tuple(entries.values()))
        _empty(run.scratch)
        if record is None:
            continue
        key = dumps.identity(record)
        was_settled = key in entries and entries[key].outcome in register.SETTLED
        if not was_settled:
            run.say(_sentence(record))
            for line in drift.sentences(run.source, record, tuple(entries.values())):
                run.say(line)
            tonight.append(record)
        entries[key] = record
    if list(entries.values()) != known:
        register.write_part(path, list(entries.values()))
    return tuple(tonight)


def _empty(folder: Path) -> None:
    for leftover in folder.iterdir():
        leftover.unlink()


def _land_file(
    run: LandingRun, file: InboxFile, exported: ExportedAt, known: Sequence[FileRecord]
) -> FileRecord | None:
    """Return what is to be recorded of one file; None where it waits for a later night."""
    by_content = exported.told_by == "mtime" and run.source.exported_at_content is not None
    if run.is_for_later(exported) and not by_content:
        return None
    record = FileRecord(
        run.source.system, run.source.table, file.name, "", file.size_bytes,
        file.modified_ns, None, 0, 0, 0, exported.utc, exported.told_by, run.as_of,
        register.next_number(known), register.REFUSED, None, run.run_id,
        run.source.load_of(file.file_name),
    )  # fmt: skip
    tried = _try_file(run, file, record, known, by_content) if file.is_unchanged() else None
    if not file.is_unchanged():
        run.say(f"{file.name}: waits for the next night, it changed while it was read")
        return None
    if isinstance(tried, Landed):
        return _keep(run, tried)
    # A refused file that was last written after the as-of date is refused on a later night.
    is_early = tried is not None and tried.outcome == register.REFUSED
    return None if is_early and run.is_for_later(exported) else tried


def _try_file(
    run: LandingRun,
    file: InboxFile,
    record: FileRecord,
    known: Sequence[FileRecord],
    by_content: bool,
) -> Landed | FileRecord | None:
    try:
        path = file.content(run.scratch)
        raw = Reading(read_raw if "csv" in run.source.formats else read_undelimited, path)
        is_hashed = by_content or not dumps.is_new(file, raw.size, known)
        if is_hashed:
            record = dumps.named(replace(record, sha256=raw.sha256), known)
    except ArchiveError as error:
        return replace(record, reason=str(error))
    except OSError as error:
        return _unreadable(record, error)
    seen = dumps.seen(record, known) if is_hashed else None
    if seen is not None:
        return seen
    tried = None
    try:
        tried = _try_content(run, file, record, path, raw, by_content)
    except (OSError, duckdb.IOException):
        # Where the file itself cannot be read, this may have come before its hash did.
        if raw.failure is None:
            raise
    if raw.failure is not None:
        return _unreadable(record, raw.failure)
    return tried if is_hashed else _hashed(tried, raw.sha256)


def _unreadable(record: FileRecord, error: OSError) -> FileRecord:
    remedy = "let the night read this file"
    return replace(record, reason=f"unreadable: {error.strerror or error}; {remedy}")


def _hashed(tried: Landed | FileRecord | None, sha256: str) -> Landed | FileRecord | None:
    """Fill in the hash of a file that was read while it was hashed."""
    if isinstance(tried, Landed):
        return replace(tried, record=replace(tried.record, sha256=sha256))
    return tried and replace(tried, sha256=sha256)


def _try_content(
    run: LandingRun,
    file: InboxFile,
    record: FileRecord,
    path: Path,
    raw: Reading,
    by_content: bool,
) -> Landed | FileRecord | None:
    try:
        from_sidecar(file.path, run.settings.zone)
        aliases = label_map.aliases_of(run.source, file)
        opened = open_export(run.source, path, raw, run.scratch, aliases)
        return _write(run, record, opened, by_content)
    except SidecarError as error:
        return replace(record, reason=f"bad_sidecar: {error}")
    except RefusedFileError as error:
        return replace(record, reason=str(error))


def _write(run: LandingRun, record: FileRecord, opened: Opened, by_content: bool) -> Landed | None:
    """Write Parquet to the scratch folder; None where the content says it is for later.

    Raises:
        RefusedFileError: no record can land.

    """
    is_clean, fresh = opened.text.numbered, run.scratch / "landed.parquet"
    record = replace(
        record, undeclared="\n".join(opened.undeclared), absent="\n".join(opened.absent)
    )
    try:
        exported = _told(run, record, opened, by_content)
        if run.is_for_later(exported):
            if exported.told_by == "content":  # a typing error in a date would hold it for years
                day = exported.at.astimezone(run.settings.zone).date()
                run.say(f"{record.file_name}: waits for {day}, the newest time in it")
            return None
        lineage = Lineage(
            record.file_name, record.sha256 or None, exported.utc, run.as_of, record.file_number,
            record.load_kind,
        )  # fmt: skip
        rows = write_parquet(run.source, opened.text, lineage, fresh)
        sound = is_clean or is_sound(run.source, opened, rows, fresh)
    except (duckdb.InvalidInputException, duckdb.OutOfRangeException) as error:
        if is_clean:
            raise RefusedFileError("unreadable_text: a row is too long") from error
        sound = False  # a record is ragged or its quotes are broken
    if not sound:
        return _write(run, record, clean_text(opened, run.scratch), by_content)
    return Landed(_landed(record, opened, exported, rows), fresh, opened.rejects)


def _told(run: LandingRun, record: FileRecord, opened: Opened, by_content: bool) -> ExportedAt:
    exported = ExportedAt(record.exported_at.replace(tzinfo=dt.UTC), record.exported_at_from)
    column = run.source.exported_at_content
    if not by_content or column is None:
        return exported
    newest = newest_value(opened.text, column)
    return from_content(newest, run.settings.zone) or exported


def _landed(record: FileRecord, opened: Opened, exported: ExportedAt, rows: int) -> FileRecord:
    rejected = len(opened.rejects)
    if rows == 0 and rejected:
        first = opened.rejects[0]
        raise RefusedFileError(
            f"no_rows: all {rejected:,} records are rejected, row {first.row} for {first.reason}; "
            "export it again"
        )
    # A backup holds a member for every module, also for those that nobody uses.
    if rows == 0 and not register.is_archived(record.file_name):
        raise RefusedFileError("header_only: it has a header and no rows; export it again")
    if opened.kept not in (None, rows):
        raise RuntimeError(f"{record.file_name}: {opened.kept} records kept, {rows} rows written")
    return replace(
        record,
        encoding=opened.encoding,
        records=rows + rejected,
        landed_rows=rows,
        rejected_rows=rejected,
        exported_at=exported.utc,
        exported_at_from=exported.told_by,
        outcome=register.LANDED,
    )


def _keep(run: LandingRun, landed: Landed) -> FileRecord:
    record, rejects = landed.record, landed.rejects
    if run.erased is not None:
        record, rejects = keep_out(run.erased, run.source, record, landed.rows, rejects)
    if rejects:
        rejected.write(run.rejects_file(record), record, rejects)
    landed.rows.replace(run.folder / record.parquet_name)
    return record


def _sentence(record: FileRecord) -> str:
    if record.outcome == register.LANDED:
        rejected = f", {record.rejected_rows:,} rejected" if record.rejected_rows else ""
        gone = record.erased_rows + record.emptied_rows
        erased = f", {gone:,} rows of erased people kept out or emptied" if gone else ""
        return f"{record.file_name}: {record.landed_rows:,} rows landed{rejected}{erased}"
    return f"{record.file_name}: {record.outcome}, {record.reason}"
