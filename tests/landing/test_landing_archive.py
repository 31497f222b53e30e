"""Archives: their members land like files, and none of them can do harm."""

import errno
import io
import os
import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from landing_desk import NIGHT, Desk, source

from orchestration.landing import archive, inbox, listings
from orchestration.landing.archive import ArchiveError, extract_member, list_members, read_member
from orchestration.landing.inbox import scan_inbox
from orchestration.landing.listings import Listings

GOOD = "a,b\n1,2\n"
AUTUMN = (2026, 11, 18, 9, 30, 0)
Members = dict[str, bytes | str]


def zipped(members: Members, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as file:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, AUTUMN)
            entry.compress_type = packed
            file.writestr(entry, content)
    return out.getvalue()


def with_entry(entry: zipfile.ZipInfo, content: bytes | str = GOOD) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(entry, content)
    return out.getvalue()


def named(raw: bytes, decoy: bytes, members: Members) -> bytes:
    """Zip `members`, and write `raw` into the headers wherever they say `decoy`."""
    assert len(raw) == len(decoy)
    return zipped(members).replace(decoy, raw)


def desk_of(tmp_path: Path, **changes: object) -> Desk:
    return Desk(tmp_path, source(**{"files": ("Contacts*.csv",), **changes}))


def refusal(desk: Desk) -> str:
    """Why the one archive in the inbox is no export, from the scan or from landing."""
    scan = desk.scan()
    if scan.unmatched:
        (item,) = scan.unmatched
        assert scan.matched[desk.source.relation] == ()
        return item.reason
    (record,) = desk.land()
    assert record.outcome == "refused" and record.reason is not None
    return record.reason


def test_members_land_like_files_and_those_that_no_source_takes_are_ignored(
    tmp_path: Path,
) -> None:
    desk = desk_of(tmp_path)
    members = {"Data/Contacts_001.csv": GOOD, "Data/Calls_001.csv": "x", "Pictures/1.png": b"\0"}
    desk.put("Data_001.zip", zipped(members))
    (record,) = desk.land()
    assert (record.file_name, record.landed_rows) == ("till/Data_001.zip/Data/Contacts_001.csv", 1)
    assert desk.rows(record) == [("1", "2")]
    assert [file.member for file in desk.scan().ignored] == [
        "Data/Calls_001.csv", "Pictures/1.png",
    ]  # fmt: skip
    assert desk.scan().unmatched == ()


@pytest.mark.parametrize("packed", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_member_of_megabytes_is_streamed(tmp_path: Path, packed: int) -> None:
    rows = "".join(f"{n},{n * 7919}\n" for n in range(400_000))
    desk = desk_of(tmp_path)
    record = desk.land_one("x.zip", zipped({"Contacts.csv": "a,b\n" + rows}, packed))
    assert record.landed_rows == 400_000


SYMLINK = zipfile.ZipInfo("Contacts.csv", AUTUMN)
SYMLINK.external_attr = (stat.S_IFLNK | 0o777) << 16
FIFO = zipfile.ZipInfo("Contacts.csv", AUTUMN)
FIFO.external_attr = (stat.S_IFIFO | 0o600) << 16
UNSAFE = {
    "climbs": zipped({"../Contacts.csv": GOOD}),
    "climbs within": zipped({"Data/../../Contacts.csv": GOOD}),
    "climbs with backslashes": zipped({"..\\..\\Contacts.csv": GOOD}),
    "absolute": zipped({"/etc/Contacts.csv": GOOD}),
    "absolute with backslashes": zipped({"\\\\server\\Contacts.csv": GOOD}),
    "drive": zipped({"C:\\Contacts.csv": GOOD}),
    "drive without a folder": zipped({"C:Contacts.csv": GOOD}),
    "control character": zipped({"Contacts\n.csv": GOOD}),
    "escape sequence": zipped({"Contacts\x1b[31m.csv": GOOD}),
    "NUL in the name": named(b"a\0.csv", b"aX.csv", {"aX.csv": GOOD, "Contacts.csv": GOOD}),
    "link": with_entry(SYMLINK, "/etc/passwd"),
    "FIFO": with_entry(FIFO),
    "one name twice": named(b"b.csv", b"a.csv", {"a.csv": GOOD, "b.csv": GOOD}),
    "one name in two spellings": zipped({"Data/Contacts.csv": GOOD, "Data\\Contacts.csv": GOOD}),
}


@pytest.mark.parametrize("content", UNSAFE.values(), ids=UNSAFE.keys())
def test_one_unsafe_member_refuses_the_archive_and_nothing_is_unpacked(
    tmp_path: Path, content: bytes
) -> None:
    desk = desk_of(tmp_path)
    desk.put("x.zip", content)
    before = sorted(tmp_path.rglob("*"))
    reason = refusal(desk)
    assert reason.startswith("bad_member: ") and reason.isprintable()
    assert sorted(tmp_path.rglob("*")) == before


def flagged(flag: int) -> bytes:
    """Set a flag of the first member, in both of its headers."""
    content = bytearray(zipped({"Contacts.csv": GOOD}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= flag
    return bytes(content)


def packed_as(method: int) -> bytes:
    content = bytearray(zipped({"Contacts.csv": GOOD}))
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", content, content.index(mark) + offset, method)
    return bytes(content)


def with_size(unpacked: int, content: str = GOOD) -> bytes:
    """Let the directory of an archive lie about the size of its member."""
    lying = bytearray(zipped({"Contacts.csv": content}))
    at = lying.index(b"PK\x01\x02")
    struct.pack_into("<I", lying, at + 24, unpacked)
    return bytes(lying)


def damaged() -> bytes:
    content = bytearray(zipped({"Contacts.csv": GOOD}, zipfile.ZIP_STORED))
    content[content.index(b"1,2")] = ord("7")
    return bytes(content)


WHOLE = zipped({"Contacts.csv": GOOD * 50})
UNREADABLE = {
    "needs a password": (flagged(1), "encrypted"),
    "packed with LZMA": (zipped({"Contacts.csv": GOOD}, zipfile.ZIP_LZMA), "unreadable_archive"),
    "packed in no known way": (packed_as(97), "unreadable_archive"),
    "no zip at all": (b"a,b\n1,2\n", "unreadable_archive"),
    "no bytes": (b"", "unreadable_archive"),
    "cut at the end": (WHOLE[:-10], "unreadable_archive"),
    "cut in the middle": (WHOLE[: len(WHOLE) // 2], "unreadable_archive"),
    "its start is gone": (WHOLE[40:], "unreadable_archive"),
    "a byte was changed": (damaged(), "unreadable_archive"),
    "it says less than it holds": (with_size(4), "unreadable_archive"),
    "it says more than it holds": (with_size(4_000), "unreadable_archive"),
    "its member is not in it": (WHOLE[WHOLE.index(b"PK\x01\x02") :], "unreadable_archive"),
    "it holds nothing": (zipped({}), "unknown_archive"),
    "it holds folders only": (zipped({"Data/": b""}), "unknown_archive"),
    "it holds nothing that a source takes": (zipped({"x.csv": GOOD}), "unknown_archive"),
    "it holds an archive only": (zipped({"in.zip": WHOLE}), "unknown_archive"),
}


@pytest.mark.parametrize(("content", "code"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_archive_that_cannot_be_read_is_refused_with_a_reason(
    tmp_path: Path, content: bytes, code: str
) -> None:
    desk = desk_of(tmp_path)
    desk.put("x.zip", content)
    assert refusal(desk).startswith(f"{code}: ")
    assert desk.landed_files() == []


def test_an_archive_within_an_archive_is_never_opened(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, files=("Contacts*",))
    inner = zipped({"Contacts.csv": GOOD})
    desk.put("x.zip", zipped({"Contacts.csv": GOOD, "Contacts.zip": inner}))
    scan = desk.scan()
    assert [file.member for file in scan.matched["till__lines"]] == ["Contacts.csv", "Contacts.zip"]
    by_name = {record.file_name: record for record in desk.land()}
    refused = by_name["till/x.zip/Contacts.zip"]
    assert refused.reason is not None and refused.reason.startswith("unreadable_workbook")


def test_a_bomb_is_refused_before_a_byte_of_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(tmp_path)
    desk.put("x.zip", zipped({"Contacts.csv": b"0" * (archive.SMALL_MEMBER + 1)}))
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("unpacked"))
    assert refusal(desk).startswith("suspicious_ratio: ")


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [
        ("MOST_MEMBERS", 2, "too_many_members"),
        ("LARGEST_MEMBER", 9, "too_large"),
        ("LARGEST_ARCHIVE", 25, "too_large"),
        ("LARGEST_DIRECTORY", 100, "unreadable_archive"),
    ],
)
def test_an_archive_is_bounded_in_members_and_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, code: str
) -> None:
    desk = desk_of(tmp_path)
    desk.put("x.zip", zipped(dict.fromkeys(("Contacts.csv", "b.csv", "c.csv"), "a,b\n1,234\n")))
    monkeypatch.setattr(archive, limit, value)
    assert refusal(desk).startswith(f"{code}: ")


def test_a_repetitive_member_that_is_small_is_no_bomb(tmp_path: Path) -> None:
    content = zipped({"Contacts.csv": "a,b\n" + "1,2\n" * 100_000})
    assert desk_of(tmp_path).land_one("x.zip", content).landed_rows == 100_000


def test_a_member_never_grows_beyond_what_the_archive_said(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(with_size(5, "x" * 100_000))
    with pytest.raises(ArchiveError, match="unreadable_archive"):
        extract_member(path, "Contacts.csv", tmp_path / "out")
    assert (tmp_path / "out").stat().st_size <= 5
    with pytest.raises(ArchiveError, match="too_large"):
        path.write_bytes(zipped({"Contacts.csv": GOOD}))
        read_member(path, "Contacts.csv", longest=3)


def test_a_full_disk_is_no_fault_of_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(tmp_path)
    desk.put("x.zip", zipped({"Contacts.csv": GOOD}))
    (file,) = desk.scan().matched["till__lines"]
    desk.put("x.zip", zipped({"Contacts.csv": GOOD}))

    def full(path: Path, *_: object) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(RuntimeError, match="No space left"):
        extract_member(file.path, "Contacts.csv", tmp_path / "out")


def test_whatever_bytes_are_changed_an_archive_is_read_or_refused_and_never_crashes(
    tmp_path: Path,
) -> None:
    draw = random.Random(7)  # noqa: S311
    path = tmp_path / "x.zip"
    for packed in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        whole = zipped({"Data/客户.csv": GOOD * 9, "Contacts.csv": GOOD}, packed)
        for _ in range(600):
            content = bytearray(whole)
            for _ in range(draw.randint(1, 4)):
                content[draw.randrange(len(content))] = draw.choice([0, 0xFF, draw.randrange(256)])
            path.write_bytes(content)
            try:
                for member in list_members(path).members:
                    extract_member(path, member, tmp_path / "out")
            except ArchiveError as error:
                assert str(error).partition(": ")[0].isidentifier()


def test_names_from_windows_are_read_as_its_maker_wrote_them(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, files=("客户*.csv",))
    raw, decoy = "数据\\客户_1.csv".encode("gb18030"), b"01234567890.csv"
    desk.put("x.zip", named(raw, decoy, {decoy.decode(): GOOD}))
    (record,) = desk.land()
    assert (record.file_name, record.landed_rows) == ("till/x.zip/数据/客户_1.csv", 1)


def test_names_in_utf8_are_read_with_and_without_the_mark_for_it(tmp_path: Path) -> None:
    raw, decoy = "客户.csv".encode(), b"012345.csv"
    for name, content in {
        "marked.zip": zipped({"客户.csv": GOOD}),
        "unmarked.zip": named(raw, decoy, {decoy.decode(): GOOD}),
    }.items():
        desk = desk_of(tmp_path / name, files=("客户*.csv",))
        assert desk.land_one(name, content).file_name == f"till/{name}/客户.csv"


def test_what_macos_and_editors_leave_in_an_archive_is_no_export(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, files=("*.csv",))
    junk = ("__MACOSX/x.csv", "Data/._Contacts.csv", ".git/x.csv", "~$x.csv", "x.csv.exported_at",
            "x.csv.part")  # fmt: skip
    desk.put("x.zip", zipped({"Data/Contacts.csv": GOOD} | dict.fromkeys(junk, "junk")))
    assert [record.file_name for record in desk.land()] == ["till/x.zip/Data/Contacts.csv"]
    assert desk.scan().ignored == desk.scan().unmatched == ()


def test_a_workbook_is_no_archive(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, files=("*.xlsx",), formats=("excel",))
    desk.put_sheets("x.xlsx", {"Sheet1": [("a", "b"), ("1", "2")]})
    assert desk.land()[0].landed_rows == 1


def test_an_archive_under_a_wrong_system_is_told_which_there_are(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.put("x.zip", zipped({"Contacts.csv": GOOD}), system="tile")
    (item,) = desk.scan().unmatched
    assert item.reason == (
        "unknown_archive: no source takes any of its 1 files; put it under one of inbox/till/"
    )


def test_an_archive_that_is_still_being_written_waits_for_the_next_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(tmp_path)
    path = desk.put("x.zip", WHOLE[:50])

    def list_while_it_grows(archive: Path) -> archive.Listing:
        try:
            return list_members(archive)
        finally:
            path.write_bytes(WHOLE)

    monkeypatch.setattr(listings, "list_members", list_while_it_grows)
    scan = desk.scan()
    assert (scan.matched["till__lines"], scan.unmatched) == ((), ())
    monkeypatch.undo()
    assert desk.land()[0].landed_rows == 99


def test_an_archive_that_changes_while_a_member_is_read_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(tmp_path)
    path = desk.put("x.zip", zipped({"Contacts.csv": GOOD}))
    files = desk.scan().matched["till__lines"]
    path.write_bytes(WHOLE)
    monkeypatch.setattr(Desk, "scan", lambda _: inbox.InboxScan({"till__lines": files}, ()))
    assert desk.land() == ()
    assert desk.said == [
        "till/x.zip/Contacts.csv: waits for the next night, it changed while it was read"
    ]


def test_an_archive_that_was_listed_once_stays_closed_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(tmp_path)
    content = zipped({"Contacts_1.csv": GOOD, "Contacts_2099.csv": GOOD, "x.csv": GOOD})
    kept = tmp_path / "landing" / "archives.json"

    def scan() -> inbox.InboxScan:
        remembered = Listings(kept)
        found = scan_inbox(desk.settings.inbox, [desk.source], listings=remembered)
        remembered.keep()
        return found

    desk.put("x.zip", content)
    first = scan()
    assert len(first.matched["till__lines"]) == 2
    with monkeypatch.context() as patch:
        patch.setattr(listings, "list_members", lambda _: pytest.fail("opened again"))
        assert scan() == first
    desk.put("x.zip", zipped({"Contacts_1.csv": GOOD}))
    assert len(scan().matched["till__lines"]) == 1
    kept.write_text("damaged")
    assert len(scan().matched["till__lines"]) == 1


def test_archives_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    path = desk.put("x.zip", zipped({"Contacts.csv": GOOD}))
    kept = tmp_path / "archives.json"
    for _ in range(2):
        remembered = Listings(kept)
        scan_inbox(desk.settings.inbox, [desk.source], listings=remembered)
        remembered.keep()
        path.unlink(missing_ok=True)
    assert kept.read_text() == "[]"


def test_a_link_or_device_by_the_name_of_an_archive_is_never_opened(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    (tmp_path / "real.zip").write_bytes(WHOLE)
    folder = desk.put("Contacts.csv", GOOD).parent
    (folder / "link.zip").symlink_to(tmp_path / "real.zip")
    os.mkfifo(folder / "fifo.zip")
    assert {item.reason.split(":")[0] for item in desk.scan().unmatched} == {"not_a_plain_file"}
    assert [record.file_name for record in desk.land(NIGHT)] == ["till/Contacts.csv"]
