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

SETTLED = (register.LANDED, register.DUPLICATE)
# What may differ between the parts of one dump, for their names say nothing.
TOLD_BY_EACH = ("content", "mtime")
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


def identity(record: FileRecord) -> Identity:
    """Tell what makes two records one: name and content, and of a part the dump as well."""
    dump = record.exported_at if register.is_part(record.file_name) else None
    return record.file_name, record.sha256, dump


def seen(record: FileRecord, known: Sequence[FileRecord]) -> FileRecord | None:
    """Return what stands for content that was seen before: itself if touched, or a duplicate.

    An unchanged part of a newer dump is neither: without it, the dump would lack its rows.
    """
    twins = [k for k in known if k.sha256 == record.sha256 and k.outcome in SETTLED]
    same = [twin for twin in twins if _states_the_same(record, twin)]
    for twin in same:
        if twin.file_name == record.file_name:
            return replace(twin, modified_ns=record.modified_ns, size_bytes=record.size_bytes)
    for twin in same:
        if twin.outcome == register.LANDED:
            reason = f"the same content as {twin.file_name}"
            return replace(record, outcome=register.DUPLICATE, reason=reason)
    return None


def _states_the_same(record: FileRecord, twin: FileRecord) -> bool:
    return not register.is_part(record.file_name) or twin.exported_at == record.exported_at
