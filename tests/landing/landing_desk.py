"""A home of its own for one test of landing: drop files, land them, read what came of them."""

import csv
import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from orchestration.landing import decode, dumps, register, texts
from orchestration.landing.inbox import InboxScan, scan_inbox
from orchestration.landing.land import LandingRun, land_source
from orchestration.landing.parquet import landed_rows
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import FilePattern, SourceColumn, SourceTable, load_sources
from orchestration.manifest import prepare_manifest
from orchestration.settings import Settings, load_settings

NIGHT = dt.date(2026, 11, 19)
NOON = dt.datetime(2026, 11, 19, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
Row = tuple[Any, ...]


def column(name: str, *labels: str, required: bool = True) -> SourceColumn:
    return SourceColumn(name, labels or (name,), required)


def source(*columns: SourceColumn | str, **changes: Any) -> SourceTable:
    declared = tuple(column(c) if isinstance(c, str) else c for c in columns or ("a", "b"))
    values: dict[str, Any] = {
        "system": "till", "table": "lines", "files": ("*.csv",), "formats": ("csv",),
        "load": "full",
        "arrival": "nightly", "delimiters": (",",), "encodings": ("utf-8", "gb18030"),
        "sheet": None, "exported_at_content": None, "columns": declared,
    }  # fmt: skip
    values |= changes
    values["files"] = tuple(FilePattern(name, values["load"]) for name in values["files"])
    return SourceTable(**values)


@cache
def real_sources() -> dict[str, SourceTable]:
    """What the dbt project declares, by `system.table`."""
    with tempfile.TemporaryDirectory(prefix="landing_") as home:
        manifest = prepare_manifest(load_settings({"STRATA_HOME": home}))
        return {declared.name: declared for declared in load_sources(manifest.path)}


@contextmanager
def all_large() -> Iterator[None]:
    """Have every file taken for a large one: read, hashed and looked at beside each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "COUNTED_BYTES", 0)
        patch.setattr(dumps, "COUNTED_BYTES", 0)
        patch.setattr(decode, "SAMPLED_BYTES", 16)
        yield


Size = Callable[[], AbstractContextManager[None]]
both_sizes = pytest.mark.parametrize("size", [nullcontext, all_large], ids=["small", "large"])


def run_of(as_of: dt.date) -> str:
    """Name the one run of a night."""
    return f"run of {as_of}"


@dataclass
class Desk:
    """One home, one source."""

    home: Path
    source: SourceTable = field(default_factory=source)
    said: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return load_settings({"STRATA_HOME": str(self.home), "STRATA_HASH_KEY": "k" * 40})

    def put(
        self, name: str, content: bytes | str, at: dt.datetime = NOON, system: str | None = None
    ) -> Path:
        path = self.settings.inbox / (system or self.source.system) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path

    def put_sheets(self, name: str, sheets: dict[str, list[Row]], hidden: str = "") -> Path:
        path = self.put(name, b"")
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
                if title == hidden:
                    sheet.hide()
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
        return path

    def scan(self) -> InboxScan:
        return scan_inbox(self.settings.inbox, [self.source])

    def land(self, as_of: dt.date = NIGHT) -> tuple[FileRecord, ...]:
        files = self.scan().matched[self.source.relation]
        run = LandingRun(self.settings, self.source, as_of, run_of(as_of), self.said.append)
        return land_source(run, files)

    def land_one(self, name: str, content: bytes | str, **more: Any) -> FileRecord:
        self.put(name, content, **more)
        (record,) = self.land()
        return record

    def register(self) -> list[FileRecord]:
        return register.read_part(register.part(self.settings.landing, self.source.relation))

    def parquet(self, record: FileRecord) -> Path:
        return record.parquet(self.settings.landing)

    def landed_files(self) -> list[Path]:
        return sorted((self.settings.landing / self.source.system).rglob("*.parquet"))

    def rows(self, record: FileRecord, *names: str) -> list[Row]:
        chosen = ", ".join(f'"{n}"' for n in names or [c.name for c in self.source.columns])
        landed = landed_rows([c.name for c in self.source.columns], [self.parquet(record)])
        return duckdb.execute(f"select {chosen} from {landed}").fetchall()

    def rejects(self, as_of: dt.date = NIGHT) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for path in sorted((self.settings.rejected / as_of.isoformat()).glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                found += csv.DictReader(file)
        return found

    def reasons(self) -> list[tuple[int, str, str]]:
        return [(int(r["row"]), r["reason"], r["raw_text"]) for r in self.rejects()]
