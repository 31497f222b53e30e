"""Files whose names fit several sources go by what they hold, and old files are never opened."""

import builtins
import datetime as dt
import io
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from landing_desk import NIGHT, NOON, Desk, column, run_of, source

from orchestration.landing import exported_at, register, routing
from orchestration.landing.inbox import InboxFile, InboxScan, scan_inbox
from orchestration.landing.land import LandingRun, land_source
from orchestration.landing.listings import Listings
from orchestration.landing.register import FileRecord
from orchestration.landing.routing import route
from orchestration.landing.sources import FilePattern, SourceTable

ANY = {"files": ("*",), "formats": ("csv", "excel", "json")}
PEOPLE = source("person", column("name", required=False), table="people", **ANY)
ORDERS = source("order_id", "amount", table="orders", **ANY)
TAGS = source(
    column("tag", "person.tags.tag"), column("person", "person.person"),
    table="tags", files=("*",), formats=("json",), records=("person.tags[]",),
)  # fmt: skip
SOURCES = [PEOPLE, ORDERS, TAGS]
PEOPLE_CSV, ORDERS_CSV = "person,name\n1,x\n", "order_id,amount\n1,2\n"
Landed = dict[str, list[str]]


class Inbox(Desk):
    """A home with several sources that take the same names."""

    sources: tuple[SourceTable, ...] = tuple(SOURCES)

    def look(self) -> InboxScan:
        archives = Listings(self.settings.landing / "_archives.json")
        settled = register.settled_files(self.settings.landing)
        scan = scan_inbox(self.settings.inbox, self.sources, settled, route, archives)
        archives.keep()
        return scan

    def run(self, scan: InboxScan, as_of: dt.date = NIGHT) -> list[FileRecord]:
        found: list[FileRecord] = []
        for table in self.sources:
            run = LandingRun(self.settings, table, as_of, run_of(as_of), self.said.append)
            found += land_source(run, scan.matched[table.relation])
        return found


def taken(scan: InboxScan) -> Landed:
    found: Landed = {}
    for relation, files in scan.matched.items():
        for file in files:
            found.setdefault(Path(file.name).name, []).append(relation.split("__")[1])
    return found


def zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 11, 18, 0, 0, 0)), content)
    return out.getvalue()


def workbook(desk: Desk, name: str, rows: list[tuple[object, ...]]) -> Path:
    return desk.put_sheets(name, {"说明": [("read me",)], "数据": rows})


def test_a_file_goes_to_the_source_whose_required_columns_it_has(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.put("1.csv", PEOPLE_CSV)
    inbox.put("2.csv", ORDERS_CSV)
    inbox.put("3.txt", ORDERS_CSV.replace(",", ";").replace(";", ","))
    inbox.put("4.jsonl", '{"person":1}\n{"person":2}\n')
    workbook(inbox, "5.xlsx", [("amount", "order_id"), (1, 2)])
    assert taken(inbox.look()) == {
        "1.csv": ["people"], "2.csv": ["orders"], "3.txt": ["orders"], "4.jsonl": ["people"],
        "5.xlsx": ["orders"],
    }  # fmt: skip
    assert inbox.look().unmatched == ()


def test_the_kind_of_a_file_is_told_by_what_it_holds_and_not_by_its_name(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    workbook(inbox, "book.csv", [("order_id", "amount"), (1, 2)])
    inbox.put("text.xlsx", PEOPLE_CSV)
    inbox.put("lines.csv", '{"person":1}\n')
    inbox.put("lines.txt", '\ufeff  [{"person":1}]\n')
    scan = inbox.look()
    assert taken(scan) == {
        "book.csv": ["orders"], "lines.csv": ["people"], "lines.txt": ["people"],
        "text.xlsx": ["people"],
    }  # fmt: skip
    assert {record.outcome for record in inbox.run(scan)} == {"landed"}


def test_one_document_lands_in_every_source_that_has_records_in_it(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    flat = source(
        column("person", "person.person"), table="people", files=("*",), formats=("json",),
        records=("person[]",),
    )  # fmt: skip
    inbox.sources = (flat, ORDERS, TAGS)
    document = {"person": {"person": 7, "tags": [{"tag": "a"}, {"tag": "b"}]}}
    inbox.put("x.json", json.dumps(document))
    scan = inbox.look()
    assert taken(scan) == {"x.json": ["people", "tags"]}
    assert [(r.table_name, r.landed_rows) for r in inbox.run(scan)] == [("people", 1), ("tags", 2)]
    assert inbox.run(inbox.look(), NIGHT + dt.timedelta(days=1)) == []


def test_the_declared_sheet_tells_sources_apart_that_have_the_same_columns(tmp_path: Path) -> None:
    desk = Inbox(tmp_path)
    desk.sources = tuple(
        source("a", table=table, files=("*.xlsx",), formats=("excel",), sheet=sheet)
        for table, sheet in (("customers", "客户数据"), ("contacts", "联系人数据"))
    )
    desk.put_sheets("x.xlsx", {"联系人数据": [("a",), (1,)], "客户数据": [("b",), (2,)]})
    assert taken(desk.look()) == {"x.xlsx": ["contacts"]}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.csv", b"", "empty_file: it has no bytes; export it again"),
        ("x.csv", b"nothing\n1\n", "no_source: 3 sources take this name, but none its content"),
        ("x.json", b'{"errcode":40001}', "no_source: 3 sources take this name"),
        ("x.csv", b"person,\xff\xff\n", "no_source: 3 sources take this name"),
        ("x.xlsx", b"PK\x03\x04 and then nothing", "no_source: 3 sources take this name"),
    ],
)
def test_a_file_that_fits_none_says_why_each_of_them_does_not_take_it(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    inbox = Inbox(tmp_path)
    inbox.put(name, content)
    scan = inbox.look()
    (item,) = scan.unmatched
    assert item.reason.startswith(reason)
    assert content == b"" or "as till.people: " in item.reason
    assert taken(scan) == {}


def test_a_name_that_one_source_takes_is_not_opened_to_find_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(tmp_path)
    inbox.sources = (PEOPLE,)
    inbox.put("x.csv", ORDERS_CSV)
    monkeypatch.setattr(routing, "check_export", lambda *_: pytest.fail("opened"))
    assert taken(inbox.look()) == {"x.csv": ["people"]}


def test_a_file_that_may_not_be_read_is_named_and_the_others_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(tmp_path)
    inbox.put("locked.csv", PEOPLE_CSV)
    inbox.put("open.csv", PEOPLE_CSV)
    check = routing.check_export

    def refuse(source: SourceTable, path: Path, scratch: Path) -> None:
        if path.name == "locked.csv":
            raise PermissionError(13, "Permission denied")
        check(source, path, scratch)

    monkeypatch.setattr(routing, "check_export", refuse)
    scan = inbox.look()
    assert [item.reason for item in scan.unmatched] == [
        "unreadable: Permission denied; let the night read this file"
    ]
    assert taken(scan) == {"open.csv": ["people"]}


def test_a_file_that_is_still_being_written_waits_instead_of_stopping_the_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(tmp_path)
    path = inbox.put("x.csv", "pers")
    check = routing.check_export

    def check_while_it_grows(*given: object) -> None:
        try:
            check(*given)  # type: ignore[arg-type]
        finally:
            path.write_text(PEOPLE_CSV)

    monkeypatch.setattr(routing, "check_export", check_while_it_grows)
    scan = inbox.look()
    assert scan.unmatched == ()
    assert inbox.run(scan) == []
    assert set(inbox.said) == {"till/x.csv: waits for the next night, it changed while it was read"}
    monkeypatch.undo()
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    assert [(r.table_name, r.outcome) for r in inbox.run(inbox.look())] == [("people", "landed")]


def test_members_of_an_archive_are_routed_by_content_and_the_rest_ignored(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.sources = (
        source("person", table="people", files=("*.csv",)),
        source("order_id", table="orders", files=("*.csv",)),
    )
    members = {"a/1.csv": PEOPLE_CSV, "a/2.csv": ORDERS_CSV, "a/3.png": "x"}
    inbox.put("x.zip", zipped(members))
    scan = inbox.look()
    assert taken(scan) == {"1.csv": ["people"], "2.csv": ["orders"]}
    assert [file.member for file in scan.ignored] == ["a/3.png"]
    assert [(r.table_name, r.outcome) for r in inbox.run(scan)] == [
        ("people", "landed"), ("orders", "landed"),
    ]  # fmt: skip


@contextmanager
def nothing_is_opened(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect every file below the inbox that is opened, by whatever way Python has."""
    opened: list[str] = []

    def watch(path: object) -> None:
        if isinstance(path, str | os.PathLike) and str(inbox) in os.fspath(path):
            opened.append(os.fspath(path))

    real = io.open

    def watched(file: object, *more: object, **named: object) -> object:
        watch(file)
        return real(file, *more, **named)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "open", watched)
        patch.setattr(io, "open", watched)
        patch.setattr(routing, "check_export", lambda *_: pytest.fail("routed again"))
        patch.setattr(InboxFile, "content", lambda *_: pytest.fail("unpacked again"))
        for name in ("read_raw", "open_export"):
            patch.setattr(f"orchestration.landing.land.{name}", lambda *_: pytest.fail("read"))
        patch.setattr(
            "orchestration.landing.listings.list_members", lambda _: pytest.fail("listed")
        )
        yield opened


def settle(inbox: Inbox, names: list[str]) -> None:
    """Record files of the inbox as landed without landing them, for there are many."""
    records = []
    for number, name in enumerate(names):
        path = inbox.settings.inbox / "till" / name.split(".zip/")[0]
        path = path.with_name(path.name + ".zip") if ".zip/" in name else path
        status = path.lstat()
        records.append(
            FileRecord(
                "till", "people", f"till/{name}", f"{number:064}", status.st_size,
                status.st_mtime_ns, "utf-8", 1, 1, 0, dt.datetime.fromtimestamp(number, dt.UTC)
                .replace(tzinfo=None), "mtime", NIGHT, number, register.LANDED, None, run_of(NIGHT),
            )
        )  # fmt: skip
    register.write_part(register.part(inbox.settings.landing, "till__people"), records)


def test_ten_thousand_old_files_are_found_and_not_one_of_them_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(tmp_path)
    inbox.put("0.csv", PEOPLE_CSV)
    folder = inbox.settings.inbox / "till"
    for number in range(1, 9_000):
        (folder / f"{number}.csv").write_text(PEOPLE_CSV)
    for number in range(1_000):
        (folder / f"{number}.zip").write_bytes(zipped({"in.csv": PEOPLE_CSV}))
    for number in range(9):
        inbox.put(f"{number}.csv.exported_at", "2026-11-18T00:00:00+08:00")
    names = [f"{n}.csv" for n in range(9_000)] + [f"{n}.zip/in.csv" for n in range(1_000)]
    settle(inbox, names)
    inbox.look()
    with nothing_is_opened(inbox.settings.inbox, monkeypatch) as opened:
        scan = inbox.look()
        assert len(scan.matched["till__people"]) == 10_000
        assert inbox.run(scan, NIGHT + dt.timedelta(days=1)) == []
        assert opened == []
        (inbox.settings.inbox / "till" / "1.csv").read_text()
        assert [Path(path).name for path in opened] == ["1.csv"]  # the watch is awake
    assert scan.unmatched == scan.ignored == ()


def test_one_new_file_among_old_ones_is_the_only_one_that_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(tmp_path)
    for number in range(5):
        inbox.put(f"People_{number:03}.csv", f"person,name\n{number},x\n")
        inbox.put(f"{number}.zip", zipped({"in.csv": f"person,name\n{number},y\n"}))
    assert len(inbox.run(inbox.look())) == 10
    inbox.put("new.csv", "person,name\n9,x\n")
    read: list[str] = []
    from_sidecar = exported_at.from_sidecar
    monkeypatch.setattr(
        exported_at, "from_sidecar", lambda p, z: (read.append(p.name), from_sidecar(p, z))[1]
    )
    (record,) = inbox.run(inbox.look(), NIGHT + dt.timedelta(days=1))
    assert record.file_name == "till/new.csv"
    assert read == ["new.csv"]


UNFINISHED = ("x.csv.part", "x.csv.crdownload", "~$x.csv", "x.csv.tmp", ".x.csv", "x.CSV.PARTIAL")


@pytest.mark.parametrize("name", UNFINISHED)
def test_a_file_under_a_name_for_unfinished_ones_is_left_until_it_has_its_own(
    tmp_path: Path, name: str
) -> None:
    inbox = Inbox(tmp_path)
    path = inbox.put(name, PEOPLE_CSV)
    scan = inbox.look()
    assert (taken(scan), scan.unmatched, scan.ignored) == ({}, (), ())
    path.rename(path.with_name("x.csv"))
    assert taken(inbox.look()) == {"x.csv": ["people"]}


def test_what_a_file_states_is_told_by_the_pattern_that_takes_its_name(tmp_path: Path) -> None:
    bulk, full = FilePattern("*_bulk_*.csv", "incremental"), FilePattern("*.csv", "full")
    desk = Desk(tmp_path, replace(source("a"), files=(bulk, full)))
    desk.put("x_bulk_1.csv", "a\n1\n")
    desk.put("x.csv", "a\n2\n")
    out = zipped({"Data/y_BULK_2.csv": "a\n3\n"})
    desk.put("bulk.zip", out)
    loads = {Path(r.file_name).name: (r.load_kind, desk.rows(r, "_load")) for r in desk.land()}
    assert loads == {
        "x_bulk_1.csv": ("incremental", [("incremental",)]),
        "x.csv": ("full", [("full",)]),
        "y_BULK_2.csv": ("incremental", [("incremental",)]),
    }
