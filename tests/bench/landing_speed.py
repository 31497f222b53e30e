"""What landing a file costs, against the fastest bare reading of the same content in the same run.

Belongs here: a large file per format and its bare counterpart. Does not belong here: nights.
"""

import datetime as dt
import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import xlsxwriter
from python_calamine import CalamineWorkbook

from orchestration.landing import register
from orchestration.landing.inbox import scan_inbox
from orchestration.landing.land import LandingRun, land_source
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import FilePattern, SourceColumn, SourceTable
from orchestration.settings import Settings, load_settings

LAST = dt.date(2026, 3, 31)
ROWS, SHEET_ROWS = 1_200_000, 300_000
HEADER = ("order_id", "product_id", "product_name", "quantity", "ordered_at", "unit_price", "note")
LABELS = (
    "messageId", "userId", "event", "timestamp", "properties", "context.ip", "context.page.url",
)  # fmt: skip
# Rows of a CSV of two gigabytes.
LARGE_ROWS = 22_000_000
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Contest:
    """One file, its source, the bare reading it is measured against, and the share aimed at."""

    what: str
    path: Path
    source: SourceTable
    against: str
    bare: Callable[[], object]
    goal: float


def source(kind: str, labels: tuple[str, ...]) -> SourceTable:
    """Return a source with one column per label, of which the first is required."""
    columns = tuple(
        SourceColumn(label.replace(".", "_"), (label,), number == 0)
        for number, label in enumerate(labels)
    )
    pattern = FilePattern("*", "window")
    return SourceTable("bench", kind, (pattern,), (kind,), "window", "irregular", columns)


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Yield order lines that compress about as well as real ones."""
    day = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    for number in range(count):
        at = day + dt.timedelta(seconds=number * 7 % 31_536_000)
        yield (
            f"SO{number // 3:09d}", f"SKU-{number * 7919 % 4001:05d}",
            f"男士衬衫, 款式 {number * 31 % 997}", str(number % 5 + 1), f"{at:%Y-%m-%d %H:%M:%S}",
            f"{number * 37 % 90_000 / 100:.2f}", f"买家留言 {number * 2_654_435_761 % 10**9}",
        )  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    """Write order lines as CSV with the texts quoted, as shops do."""
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEADER) + "\n")
        for row in rows(count):
            file.write('{},{},"{}",{},{},{},"{}"\n'.format(*row))


def write_workbook(path: Path) -> None:
    """Write order lines as a workbook."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("订单数据")
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(rows(SHEET_ROWS), start=1):
            sheet.write_row(number, 0, [*row[:3], int(row[3]), row[4], float(row[5]), row[6]])


def write_events(path: Path) -> None:
    """Write events as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows(ROWS // 2)):
            event = {
                "messageId": f"m{number}", "userId": row[0], "event": "Product Viewed",
                "timestamp": row[4], "properties": {"sku": row[1], "name": row[2]},
                "context": {"ip": "203.0.113.7", "page": {"url": f"https://shop.example/{row[1]}"}},
            }  # fmt: skip
            file.write(json.dumps(event, ensure_ascii=False) + "\n")


def contests(folder: Path) -> Iterator[Contest]:
    """Write the files and yield what is measured on each."""
    utf8, gb18030 = folder / "utf8.csv", folder / "gb18030.csv"
    write_csv(utf8, ROWS)
    gb18030.write_bytes(utf8.read_bytes().decode().encode("gb18030"))
    target = folder / "bare.parquet"

    def to_parquet(reader: str) -> Callable[[], object]:
        return lambda: duckdb.connect().execute(f"copy (from {reader}) to '{target}'")

    bare_csv = to_parquet(f"read_csv('{utf8}', all_varchar = true)")
    csv = source("csv", HEADER)
    yield Contest("UTF-8 CSV", utf8, csv, "DuckDB read_csv to Parquet", bare_csv, 0.7)
    yield Contest("GB18030 CSV", gb18030, csv, "the same as UTF-8, bare", bare_csv, 0.35)
    events, workbook = folder / "events.jsonl", folder / "orders.xlsx"
    write_events(events)
    bare_json = to_parquet(f"read_json('{events}', format = 'newline_delimited')")
    yield Contest(
        "JSON Lines", events, source("json", LABELS), "DuckDB read_json to Parquet", bare_json, 0.6
    )
    write_workbook(workbook)
    yield Contest(
        "Excel", workbook, source("excel", HEADER), "calamine alone, to Python rows",
        lambda: CalamineWorkbook.from_path(workbook).get_sheet_by_index(0).to_python(), 0.8,
    )  # fmt: skip


def land(settings: Settings, declared: SourceTable) -> None:
    """Land what lies in the inbox, and forget it."""
    files = scan_inbox(settings.inbox, [declared]).matched[declared.relation]
    run = LandingRun(settings, declared, LAST, "bench", lambda line: None)
    (record,) = land_source(run, files)
    if record.outcome != "landed":
        raise SystemExit(f"{record.file_name}: {record.reason}")
    (settings.landing / "_files" / f"{declared.relation}.parquet").unlink()


def home_with(folder: Path, path: Path) -> Settings:
    """Return a home whose inbox holds one file, exported on the last night."""
    settings = load_settings({"STRATA_HOME": str(folder / f"home_{path.name}")})
    inbox = settings.inbox / "bench"
    inbox.mkdir(parents=True)
    shutil.move(path, inbox / path.name)
    path.symlink_to(inbox / path.name)
    (inbox / f"{path.name}.exported_at").write_text(LAST.isoformat())
    return settings


def home_with_old_files(folder: Path, count: int) -> tuple[Settings, SourceTable]:
    """Return a home whose inbox holds `count` files that are recorded as landed."""
    settings = load_settings({"STRATA_HOME": str(folder)})
    declared = source("csv", HEADER)
    inbox = settings.inbox / declared.system
    inbox.mkdir(parents=True)
    records = []
    for number in range(count):
        path = inbox / f"orders_{number:06}.csv"
        path.write_text(f"order {number}\n")
        status = path.stat()
        records.append(
            FileRecord(
                declared.system, declared.table, f"{declared.system}/{path.name}", f"{number:064}",
                status.st_size, status.st_mtime_ns, "utf-8", 1, 1, 0,
                dt.datetime.combine(LAST, dt.time()), "mtime", LAST, number, register.LANDED, None,
                "bench",
            )
        )  # fmt: skip
    register.write_part(register.part(settings.landing, declared.relation), records)
    return settings, declared


def find_nothing_new(settings: Settings, declared: SourceTable) -> None:
    """Look through an inbox as a night does, and land what is new: nothing."""
    settled = register.settled_files(settings.landing)
    scan = scan_inbox(settings.inbox, [declared], settled)
    run = LandingRun(settings, declared, LAST, "bench", lambda line: None)
    if land_source(run, scan.matched[declared.relation]):
        raise SystemExit("an old file landed again")


def peak_of_large_file(folder: Path) -> tuple[float, float]:
    """Land a CSV of two gigabytes in a process of its own; its size and peak memory in MB."""
    path = folder / "large.csv"
    write_csv(path, LARGE_ROWS)
    size = path.stat().st_size / MEGABYTE
    home_with(folder, path)
    code = f"from landing_speed import land_large; land_large({str(folder)!r})"
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return size, float(done.stdout)


def land_large(folder: str) -> None:
    """Land the large file and print the peak memory of this process in MB."""
    settings = load_settings({"STRATA_HOME": f"{folder}/home_large.csv"})
    land(settings, source("csv", HEADER))
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{kilobytes * 1024 / MEGABYTE:.0f}\n")
