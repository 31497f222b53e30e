"""Exports that come as several files, and content that comes again.

Belongs here: which files were exported together, and when a file states what another did before.
Does not belong here: names that tell parts of a dump (register.py), and landing (land.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from orchestration.landing import register
from orchestration.landing.exported_at import ExportedAt, exported_at_of
from orchestration.landing.inbox import InboxFile
from orchestration.landing.register import FileRecord
from orchestration.landing.texts import COUNTED_BYTES

# What may differ between the parts of one dump, for their names say nothing.
TOLD_BY_EACH = ("content", "mtime")
TOLD_BY_EXPORT = ("name", "sidecar")
Identity = tuple[str, str, object]


def exported_times(
    files: Sequence[InboxFile], fresh: Collection[InboxFile], zone: ZoneInfo
) -> dict[str, ExportedAt]:
    """Tell when each of the `fresh` files was exported, by name.

    The parts of one dump were exported together, so that all of its `files` are asked.
    """
    wanted = {file.name for file in fresh}
    dumps = {register.dump_of(name) for name in wanted} - {None}
    asked = [f for f in files if f.name in wanted or register.dump_of(f.name) in dumps]
    times = {file.name: exported_at_of(file, zone) for file in asked}
    newest: dict[str | None, ExportedAt] = {}
    for name, exported in times.items():
        dump = register.dump_of(name)
        if dump is not None and exported.told_by in TOLD_BY_EACH:
            newest[dump] = max(newest.get(dump, exported), exported, key=lambda e: e.at)
    return {
        name: newest.get(register.dump_of(name), exported)
        if exported.told_by in TOLD_BY_EACH
        else exported
        for name, exported in times.items()
    }


def is_new(file: InboxFile, size: int, known: Sequence[FileRecord]) -> bool:
    """Tell that a file of `size` bytes holds what none of the `known` does, without its hash.

    Of a small file that is not said, nor where one side was taken out of an archive: what is known
    of that is the size of the archive.
    """
    is_large = size > COUNTED_BYTES and file.member is None
    return is_large and not any(
        record.size_bytes == size or register.is_archived(record.file_name) for record in known
    )


def named(record: FileRecord, known: Sequence[FileRecord]) -> FileRecord:
    """Give a record the name of its Parquet file, another one than the same content has already."""
    has_landed = any(k.sha256 == record.sha256 and k.outcome == register.LANDED for k in known)
    again = f"{record.sha256}_{record.file_number}.parquet"
    return replace(record, landed_as=again if has_landed else None)


def identity(record: FileRecord) -> Identity:
    """Tell what makes two records one: name, content, and its Parquet where it came back."""
    return record.file_name, record.sha256, record.landed_as


def seen(record: FileRecord, known: Sequence[FileRecord]) -> FileRecord | None:
    """Return what stands for content that was seen before: itself if touched, or a duplicate.

    An unchanged part of a newer dump is neither: without it, the dump would lack its rows. Nor is
    a list that is again what it was before it changed.
    """
    twins = [k for k in known if k.sha256 == record.sha256 and k.outcome in register.SETTLED]
    same = [
        twin
        for twin in twins
        if _states_the_same(record, twin) and not _is_overtaken(record, twin, known)
    ]
    for twin in same:
        if twin.file_name == record.file_name:
            return replace(twin, modified_ns=record.modified_ns, size_bytes=record.size_bytes)
    for twin in same:
        if twin.outcome == register.LANDED:
            reason = f"the same content as {twin.file_name}"
            return replace(record, outcome=register.DUPLICATE, reason=reason, landed_as=None)
    return None


def _states_the_same(record: FileRecord, twin: FileRecord) -> bool:
    return not register.is_part(record.file_name) or twin.exported_at == record.exported_at


def _is_overtaken(record: FileRecord, twin: FileRecord, known: Sequence[FileRecord]) -> bool:
    """Tell whether something else was stated between a file and its twin.

    Only an export that says itself when it was made can tell: copying a file changes its time.
    """
    return record.exported_at_from in TOLD_BY_EXPORT and any(
        other.outcome == register.LANDED
        and other.sha256 != record.sha256
        and twin.exported_at < other.exported_at < record.exported_at
        for other in known
    )
