"""A large sample on disk: a small one drawn one by one, and a crowd appended to its files.

Belongs here: blocks, files, memory. Does not belong here: what is in any file.

The small sample brings headers, sidecars and every source that the crowd leaves out. Of Fxiaoke's
customers its workbook of the first night stays; a later one would say that the crowd is gone.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.sample.files import SampleFile
from orchestration.sample.scale.campaigns import campaign_sends
from orchestration.sample.scale.crm import fxiaoke_accounts, zoho_contacts
from orchestration.sample.scale.events import tracked_events
from orchestration.sample.scale.exports import Export, Family
from orchestration.sample.scale.loyalty import loyalty_programme
from orchestration.sample.scale.nights import Clock, Night, nights_of
from orchestration.sample.scale.people import people_table
from orchestration.sample.scale.platforms import douyin_orders, jd_orders
from orchestration.sample.scale.shop import shop_orders
from orchestration.sample.scale.shopify import shopify_orders
from orchestration.sample.scale.sql import macros, text
from orchestration.sample.scale.taobao import taobao_orders
from orchestration.sample.scale.youzan import youzan_orders
from orchestration.sample.spec import HISTORY_DAYS, CrowdSpec, SampleSpec

# People who are drawn one by one: enough that every source has records.
DRAWN_SINGLY = 2_000
# People at a time, two of DuckDB's row groups: their orders take some hundred megabytes.
BLOCK_PEOPLE = 245_760
# Above what a block takes, and below what any machine has that keeps a large sample.
MEMORY_LIMIT = "3GB"
CHUNK = 1 << 22
CUSTOMER_WORKBOOK = "客户对象导出结果_"
# What marketplaces are paid in.
PLATFORM_CURRENCY = "CNY"
# Nothing is quoted: a line is ready as it is.
AS_IT_IS = "(format csv, header false, quote '', escape '', delimiter '')"
Progress = Callable[[str], None]


def families_of(spec: SampleSpec, crowd: CrowdSpec) -> list[Family]:
    """Return all that the crowd is written to, in the order in which tables are needed."""
    clock = Clock(spec.history_start, spec.zone, HISTORY_DAYS * (crowd.history - 1))
    return [
        zoho_contacts(clock),
        fxiaoke_accounts(clock),
        shopify_orders(clock, spec.currency),
        shop_orders(clock, spec.currency, crowd.corrections),
        loyalty_programme(clock),
        taobao_orders(clock),
        jd_orders(clock),
        youzan_orders(clock),
        douyin_orders(spec, clock),
        *tracked_events(spec, clock, crowd.history),
        campaign_sends(spec),
    ]


class Crowd:
    """The people of one sample from number `DRAWN_SINGLY` on, written block by block."""

    def __init__(
        self, spec: SampleSpec, inbox: Path, truth: Path, progress: Progress, crowd: CrowdSpec
    ) -> None:
        """Prepare the queries; ValueError for a history of which no rates are drawn."""
        if crowd.history > 1 and spec.currency != PLATFORM_CURRENCY:
            raise ValueError(
                f"a longer history needs rates of all its days; draw it in {PLATFORM_CURRENCY}, "
                f"not in {spec.currency}"
            )
        self._spec = spec
        self._history = crowd.history
        self._inbox = inbox
        self._truth = truth
        self._progress = progress
        self._families = families_of(spec, crowd)
        self._files: dict[Path, SampleFile] = {}

    def append_to(self, drawn: Iterable[SampleFile]) -> list[SampleFile]:
        """Append the crowd to files that are `drawn`, to some of its own, and to the truth.

        Returns all files, with the rows that they have now. The same spec gives the same bytes,
        whatever `BLOCK_PEOPLE`. Raises OSError if a file cannot be written.
        """
        self._files = {file.path: file for file in drawn}
        with tempfile.TemporaryDirectory(dir=self._truth.parent) as folder:
            scratch = Path(folder)
            with duckdb.connect() as memory:
                memory.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
                memory.execute(f"set temp_directory = {text(str(scratch / 'spilled'))}")
                for statement in macros(self._spec):
                    memory.execute(statement)
                for first in range(DRAWN_SINGLY, self._spec.customers, BLOCK_PEOPLE):
                    end = min(first + BLOCK_PEOPLE, self._spec.customers)
                    self._write_block(memory, scratch, first, end)
            for known in sorted(scratch.glob("known_*")):
                _pour(known, self._truth)
        return list(self._files.values())

    def _write_block(
        self, memory: duckdb.DuckDBPyConnection, scratch: Path, first: int, end: int
    ) -> None:
        part = scratch / "part"
        memory.execute(people_table(self._spec, first, end, self._history))
        for number, family in enumerate(self._families):
            for table in family.tables:
                memory.execute(table)
            for export in family.exports:
                for night in nights_of(self._spec):
                    rows = _copy(memory, export.lines(night), part)
                    self._append(part, export, night, rows)
            for query in family.truth:
                _copy(memory, query, part)
                # System after system, so that the order does not depend on the blocks.
                _pour(part, scratch / f"known_{number:02d}")
        self._progress(f"customers {first + 1:,} to {end:,} of {self._spec.customers:,}")

    def _append(self, part: Path, export: Export, night: Night, rows: int) -> None:
        path = self._inbox / export.system / export.name(night)
        if path not in self._files:
            head = f"{export.mark}{export.header}\n" if export.header else ""
            path.write_text(head, encoding=export.encoding, newline="\n")
            self._files[path] = SampleFile(path, export.system, night.date, 0)
        self._files[path] = replace(self._files[path], rows=self._files[path].rows + rows)
        _pour(part, path, export.encoding)


def _copy(memory: duckdb.DuckDBPyConnection, query: str, part: Path) -> int:
    counted = memory.execute(f"copy ({query}) to {text(str(part))} {AS_IT_IS}").fetchone()
    return int(counted[0]) if counted else 0


def _pour(part: Path, path: Path, encoding: str = "utf-8") -> None:
    """Append a part to a file and remove it."""
    with path.open("ab") as whole:
        for chunk in _read(part, encoding):
            whole.write(chunk)
    part.unlink()


def _read(part: Path, encoding: str) -> Iterator[bytes]:
    if encoding == "utf-8":
        with part.open("rb") as stream:
            yield from iter(lambda: stream.read(CHUNK), b"")
        return
    with part.open(encoding="utf-8", newline="") as lines:
        for chunk in iter(lambda: lines.read(CHUNK), ""):
            yield chunk.encode(encoding)


def small_part(spec: SampleSpec) -> SampleSpec:
    """Return the sample of those who are drawn one by one."""
    return replace(spec, customers=min(spec.customers, DRAWN_SINGLY))


def without_later_workbooks(drawn: Iterable[SampleFile], spec: SampleSpec) -> list[SampleFile]:
    """Remove the workbooks of Fxiaoke's customers after the first night; return what stays."""
    first, *_ = spec.night_dates()
    kept = []
    for file in drawn:
        if file.path.name.startswith(CUSTOMER_WORKBOOK) and file.night > first:
            file.path.unlink()
        else:
            kept.append(file)
    return kept
