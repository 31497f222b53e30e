"""What lies in the inbox: which source takes it, what is ignored, what belongs to none."""

import os
from pathlib import Path

import pytest
from landing_desk import Desk, real_sources, source

from orchestration.landing.inbox import scan_inbox

GOOD = "a,b\n1,2\n"


def unmatched(desk: Desk) -> dict[str, str]:
    return {item.file.name: item.reason for item in desk.scan().unmatched}


def matched(desk: Desk) -> list[str]:
    return [file.name for file in desk.scan().matched["till__lines"]]


def test_files_are_matched_by_system_and_pattern_in_order_of_name(tmp_path: Path) -> None:
    desk = Desk(tmp_path, source(files=("Orders_*.csv",)))
    for name in ("orders_2.CSV", "Orders_1.csv", "archive/2025/Orders_0.csv"):
        desk.put(name, GOOD)
    assert matched(desk) == [
        "till/Orders_1.csv",
        "till/archive/2025/Orders_0.csv",
        "till/orders_2.CSV",
    ]
    assert unmatched(desk) == {}


def test_an_unknown_file_is_told_which_names_its_system_takes(tmp_path: Path) -> None:
    desk = Desk(tmp_path, source(files=("Orders_*.csv",)))
    desk.put("Contacts.csv", GOOD)
    assert unmatched(desk) == {
        "till/Contacts.csv": "unknown_file: till takes files named like Orders_*.csv; "
        "strata inspect says what it could be"
    }


def test_an_unknown_system_is_told_which_there_are(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("x.csv", GOOD, system="tile")
    desk.put("../x.csv", GOOD)
    reason = "unknown_system: put it under one of inbox/till/"
    assert unmatched(desk) == {"tile/x.csv": reason, "x.csv": reason}


def test_hidden_files_and_sidecars_are_ignored(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for name in (".x.csv", ".git/x.csv", "x.csv.exported_at", "sub/.~lock.x.csv#"):
        desk.put(name, GOOD)
    assert (matched(desk), unmatched(desk)) == ([], {})


def test_links_and_devices_are_named_and_never_opened_or_followed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / "x.csv").write_text(GOOD)
    folder = desk.put("good.csv", GOOD).parent
    (folder / "link.csv").symlink_to(target / "x.csv")
    (folder / "broken.csv").symlink_to(target / "none.csv")
    (folder / "folder.csv").symlink_to(target)
    os.mkfifo(folder / "fifo.csv")
    assert matched(desk) == ["till/good.csv"]
    assert set(unmatched(desk)) == {
        f"till/{name}.csv" for name in ("link", "broken", "folder", "fifo")
    }
    assert {reason.split(":")[0] for reason in unmatched(desk).values()} == {"not_a_plain_file"}
    assert [record.file_name for record in desk.land()] == ["till/good.csv"]


@pytest.mark.parametrize("name", [b"x\n.csv", b"x\x1b[31m.csv", "客户.csv".encode("gb18030")])
def test_a_name_that_cannot_be_printed_is_escaped_and_refused(tmp_path: Path, name: bytes) -> None:
    desk = Desk(tmp_path)
    folder = desk.put("good.csv", GOOD).parent
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(GOOD)
    ((found, reason),) = unmatched(desk).items()
    assert found.isprintable() and found.startswith("till/")
    assert reason.startswith("bad_name: ")
    assert matched(desk) == ["till/good.csv"]


def test_a_folder_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    closed = desk.put("closed/x.csv", GOOD).parent
    scan = os.scandir

    def refuse(path: Path) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert unmatched(desk) == {
        "till/closed": "unreadable: Permission denied; let the night read this folder"
    }


def test_an_inbox_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    found = scan_inbox(tmp_path / "none", [source()])
    assert (found.matched, found.unmatched) == ({"till__lines": ()}, ())


def test_the_real_declarations_take_the_names_that_the_systems_give(tmp_path: Path) -> None:
    names = {
        "zoho/Contacts_2026_11_19.csv": "zoho__contacts",
        "fxiaoke/客户对象导出结果_20261119.xlsx": "fxiaoke__customers",
        "shopify/orders_export_1.csv": "shopify__orders",
        "shop/online_retail.csv": "shop__order_lines",
    }
    for name in names:
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text("x")
    found = scan_inbox(tmp_path, list(real_sources().values()))
    taken = {file.name: relation for relation, files in found.matched.items() for file in files}
    assert (taken, found.unmatched) == (names, ())
