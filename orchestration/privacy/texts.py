"""Logs, records and lists in the home without a person.

Belongs here: every file that is neither landing nor a database of a generation. Does not belong
here: whom to look for (person.py).
"""

import csv
import io
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from orchestration.landing.forgetting import ERASED
from orchestration.settings import Settings

# Folders of the home with logs and lists of what happened.
FOLDERS = ("dagster", "dbt", "runs", "rejected")
LINES = (".log", ".json", ".jsonl", ".yaml", ".yml", ".txt", ".md", ".html")
LISTS = (".csv",)
TRUTH, SUBJECTS = "sample_truth.csv", "subjects"
# A rejected row: system, table, file, row, column, reason, raw text.
FILE, ROW, RAW_TEXT = slice(0, 3), 3, -1
Place = tuple[str, str, str, str]


def scrub(settings: Settings, pattern: str, landed: Collection[Place]) -> Iterator[Path]:
    """Take every text that matches `pattern` out of the home; yield the files that were changed.

    `landed` are rows that are gone from landing, as system, table, file and row: what staging said
    of them goes too. A file that is no text, like a database of Dagster's pages, is removed whole.
    """
    wanted = re.compile(pattern)
    for path in sorted(_files(settings)):
        if path.suffix in LISTS:
            changed = _scrub_list(path, wanted, landed)
        elif path.suffix in LINES:
            changed = _scrub_lines(path, wanted)
        else:
            changed = _remove(path, wanted)
        if changed:
            yield path


def files_rejected(settings: Settings, pattern: str) -> frozenset[tuple[str, str, str]]:
    """Return system, table and file of every rejected row that matches `pattern`."""
    wanted = re.compile(pattern)
    lists = settings.rejected.rglob("*.csv") if settings.rejected.exists() else ()
    return frozenset(
        (row[0], row[1], row[2])
        for path in lists
        for row in _rows(path)
        if len(row) > ROW and wanted.search(row[RAW_TEXT])
    )


def _files(settings: Settings) -> Iterator[Path]:
    folders = [settings.home / name for name in FOLDERS]
    folders += [folder / "report" for folder in settings.generations.glob("*")]
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file())
    yield from settings.generations.glob("*/run.json")
    yield from (settings.home / SUBJECTS).glob("*")
    truth = settings.home / TRUTH
    if truth.exists():
        yield truth


def _rows(path: Path) -> list[list[str]]:
    # Raw texts are as long as a row of an export may be. The limit is one of the whole process, and
    # elsewhere it is what tells damage from a cell.
    limit = csv.field_size_limit(max(csv.field_size_limit(), path.stat().st_size + 1))
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    finally:
        csv.field_size_limit(limit)


def _scrub_list(path: Path, wanted: re.Pattern[str], landed: Collection[Place]) -> bool:
    rows = _rows(path)
    kept = [_cleaned(path, row, wanted, landed) for row in rows]
    if kept == rows:
        return False
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows(row for row in kept if row)
    _replace(path, out.getvalue())
    return True


def _cleaned(
    path: Path, row: list[str], wanted: re.Pattern[str], landed: Collection[Place]
) -> list[str]:
    """Return the row of a list; one that was rejected stays counted, any other one goes."""
    is_meant = wanted.search("\n".join(row)) is not None
    if path.name == TRUTH:
        return [] if is_meant else row
    is_gone = len(row) > ROW and (*row[FILE], row[ROW]) in landed
    return [*row[:RAW_TEXT], ERASED] if is_meant or is_gone else row


def _scrub_lines(path: Path, wanted: re.Pattern[str]) -> bool:
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    if not wanted.search(text):
        return False
    if path.parent.name == SUBJECTS:
        path.unlink()
        return True
    _replace(path, wanted.sub(ERASED, text))
    return True


def _remove(path: Path, wanted: re.Pattern[str]) -> bool:
    # Names of other scripts do not stand in such files as they are written, addresses do.
    if not re.search(wanted.pattern.encode(), path.read_bytes()):
        return False
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    return True


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8", errors="surrogateescape")
    fresh.chmod(path.stat().st_mode)
    fresh.replace(path)
