"""Dumps in several files: when they were made, what their labels mean, what lands again."""

import datetime as dt
import io
import os
import zipfile
from pathlib import Path

import pytest
from landing_desk import NIGHT, NOON, Desk, source

from orchestration.landing.inbox import InboxFile
from orchestration.landing.label_map import aliases_of
from orchestration.landing.register import FileRecord

GOOD = "a,b\n1,2\n"
OTHER = "a,b\n3,4\n"
DAY = dt.timedelta(days=1)
MAP = "Module,Label,API Name\nContacts,Key,a\nContacts,Remark,b\nCalls,Key,call_key\n"
MAP_NAME = "Metadata/Fields_001.csv"
OLD, NEW = (2026, 11, 11, 3, 0, 0), (2026, 11, 18, 3, 0, 0)
NEW_AT = "2026-11-17T19:00:00"


def zipped(members: dict[str, str], at: tuple[int, int, int, int, int, int] = NEW) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, at), content)
    return out.getvalue()


def desk_of(tmp_path: Path, **changes: object) -> Desk:
    return Desk(tmp_path, source(**{"files": ("Contacts_*.csv",), **changes}))


def exported(record: FileRecord) -> tuple[str, str]:
    return record.exported_at.isoformat(), record.exported_at_from


def times(records: tuple[FileRecord, ...]) -> dict[str, tuple[str, str]]:
    return {Path(record.file_name).name: exported(record) for record in records}


@pytest.mark.parametrize(
    ("archive", "member", "sidecar", "at", "expected"),
    [
        ("x.zip", "Contacts_2026-11-15.csv", None, NEW, ("2026-11-14T16:00:00", "name")),
        ("x_2026-11-16.zip", "Contacts_2026-11-15.csv", None, NEW, ("2026-11-14T16:00:00", "name")),
        ("x_2026-11-16.zip", "Contacts_1.csv", None, NEW, ("2026-11-15T16:00:00", "name")),
        ("1791430000_x.zip", "Contacts_1.csv", None, NEW, ("2026-10-08T03:26:40", "name")),
        ("x.zip", "1791430000_Contacts_1.csv", None, NEW, ("2026-10-08T03:26:40", "name")),
        (
            "x.zip",
            "Contacts_1.csv",
            "2026-11-12T08:00:00+08:00",
            NEW,
            ("2026-11-12T00:00:00", "sidecar"),
        ),
        ("x.zip", "Contacts_1.csv", None, NEW, ("2026-11-17T19:00:00", "content")),
        ("x.zip", "Contacts_1.csv", None, (1980, 1, 1, 0, 0, 0), ("2026-11-19T04:00:00", "mtime")),
        ("x.zip", "Contacts_1.csv", None, (1980, 2, 1, 0, 0, 0), ("2026-11-19T04:00:00", "mtime")),
    ],
)
def test_a_member_was_exported_when_its_name_or_archive_or_sidecar_or_youngest_sibling_says(
    tmp_path: Path,
    archive: str,
    member: str,
    sidecar: str | None,
    at: tuple[int, int, int, int, int, int],
    expected: tuple[str, str],
) -> None:
    desk = desk_of(tmp_path, files=("*Contacts_*.csv",))
    desk.put(archive, zipped({f"Data/{member}": GOOD, "later.txt": ""}, at))
    if sidecar:
        desk.put(f"{archive}.exported_at", sidecar)
    (record,) = desk.land()
    assert exported(record) == expected


def test_the_youngest_member_counts_even_if_no_source_takes_it(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(zipfile.ZipInfo("Data/Contacts_001.csv", OLD), GOOD)
        file.writestr(zipfile.ZipInfo("Pictures/1.png", NEW), "")
        file.writestr(zipfile.ZipInfo("Pictures/2.png", (1980, 1, 1, 0, 0, 0)), "")
    record = desk_of(tmp_path).land_one("Data_001.zip", out.getvalue())
    assert exported(record) == (NEW_AT, "content")


def test_the_parts_of_a_dump_share_the_time_of_the_youngest(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.put("Contacts_001.csv", GOOD, at=NOON - 2 * DAY)
    desk.put("Contacts_002.csv", OTHER, at=NOON - DAY)
    desk.put("Contacts_x.csv", "a,b\n5,6\n", at=NOON - 3 * DAY)
    found = times(desk.land())
    assert found["Contacts_001.csv"] == found["Contacts_002.csv"]
    assert found["Contacts_001.csv"][0] == "2026-11-18T04:00:00"
    assert found["Contacts_x.csv"][0] == "2026-11-16T04:00:00"


def test_the_archives_of_a_dump_share_the_time_of_the_youngest(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.put("Data_001.zip", zipped({"Contacts_001.csv": GOOD}, OLD))
    desk.put("Data_002.zip", zipped({"Contacts_002.csv": OTHER}, NEW))
    assert set(times(desk.land()).values()) == {(NEW_AT, "content")}


def test_a_name_that_says_when_is_not_overruled_by_other_parts(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.put("Contacts_2026-11-10_001.csv", GOOD)
    desk.put("Contacts_2026-11-12_001.csv", OTHER)
    found = times(desk.land())
    assert [at[:10] for at, _ in found.values()] == ["2026-11-09", "2026-11-11"]


def test_an_unchanged_part_of_a_newer_dump_lands_again_under_a_new_name(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.put("w1/Data_001.zip", zipped({"Contacts_001.csv": GOOD, "Contacts_002.csv": GOOD}, OLD))
    desk.land()
    desk.put("w2/Data_001.zip", zipped({"Contacts_001.csv": GOOD, "Contacts_002.csv": OTHER}, NEW))
    again = desk.land(NIGHT + DAY)
    assert [(r.outcome, exported(r)[0]) for r in again] == [("landed", NEW_AT)] * 2


def test_equal_parts_of_two_dumps_of_one_night_keep_the_rejected_rows_of_both(
    tmp_path: Path,
) -> None:
    desk = desk_of(tmp_path)
    bad = GOOD + "1,2,3\n"
    for name, at in (("w1", OLD), ("w2", NEW)):
        desk.put(f"{name}/Data_001.zip", zipped({"Contacts_001.csv": bad}, at))
    landed = desk.land(NIGHT + DAY)
    assert [(r.outcome, r.rejected_rows) for r in landed] == [("landed", 1)] * 2
    rejected = [reject["file"] for reject in desk.rejects(NIGHT + DAY)]
    assert sorted(rejected) == sorted(r.file_name for r in landed)


def test_an_unchanged_part_of_a_newer_dump_lands_again_under_the_same_name(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.put("Data_001.zip", zipped({"Contacts_001.csv": GOOD, "Contacts_002.csv": OTHER}, OLD))
    first = desk.land()
    desk.put(
        "Data_001.zip",
        zipped({"Contacts_001.csv": GOOD, "Contacts_002.csv": "a,b\n5,6\n"}),
        at=NOON + DAY,
    )
    again = desk.land(NIGHT + DAY)
    assert [(r.outcome, exported(r)[0]) for r in again] == [("landed", NEW_AT)] * 2
    assert len({r.parquet_name for r in desk.register()}) == len(desk.landed_files()) == 4
    for record in (*first, *again):
        (row,) = desk.rows(record, "_exported_at")
        assert row == (record.exported_at,)
    assert desk.land(NIGHT + DAY) == ()


def test_an_archive_that_was_only_touched_or_packed_anew_lands_nothing_and_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(tmp_path)
    members = {"Contacts_001.csv": GOOD, "Contacts_002.csv": OTHER}
    desk.put("Data_001.zip", zipped(members))
    desk.land()
    desk.put("Data_001.zip", zipped({**members, "x.txt": "x" * 99}), at=NOON + DAY)
    assert desk.land(NIGHT + DAY) == ()
    assert len(desk.landed_files()) == 2
    monkeypatch.setattr(InboxFile, "content", lambda *_: pytest.fail("read again"))
    assert desk.land(NIGHT + 2 * DAY) == ()


def test_one_archive_under_two_names_lands_once(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    content = zipped({"Contacts_001.csv": GOOD, "Contacts_002.csv": OTHER})
    desk.put("Data.zip", content)
    desk.put("Data (1).zip", content)
    assert sorted(r.outcome for r in desk.land()) == ["duplicate", "duplicate", "landed", "landed"]
    assert len(desk.landed_files()) == 2
    assert desk.land(NIGHT + DAY) == ()


def test_two_equal_parts_of_one_dump_land_once(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.put("Data.zip", zipped({"A/Contacts_001.csv": GOOD, "B/Contacts_001.csv": GOOD}))
    assert [r.outcome for r in desk.land()] == ["landed", "duplicate"]


def test_a_member_that_is_for_a_later_night_waits_and_the_others_land(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.put("x.zip", zipped({"Contacts_2026-11-19.csv": GOOD, "Contacts_2026-11-20.csv": OTHER}))
    assert list(times(desk.land())) == ["Contacts_2026-11-19.csv"]
    assert list(times(desk.land(NIGHT + DAY))) == ["Contacts_2026-11-20.csv"]


def test_a_bad_sidecar_refuses_every_member(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.put("Data.zip", zipped({"Contacts_001.csv": GOOD}))
    desk.put("Data.zip.exported_at", "yesterday")
    (record,) = desk.land()
    assert record.reason is not None and record.reason.startswith("bad_sidecar: ")


def test_a_member_without_rows_is_no_failed_export_but_a_plain_file_is(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    record = desk.land_one("Data.zip", zipped({"Contacts_001.csv": "a,b\n"}))
    assert (record.outcome, record.landed_rows, record.records) == ("landed", 0, 0)
    assert desk.rows(record) == []
    plain = desk_of(tmp_path / "plain").land_one("Contacts_001.csv", "a,b\n")
    assert plain.reason is not None and plain.reason.startswith("header_only: ")


RENAMED = "Key,Remark,Other\n1,2,3\n"


def mapped(tmp_path: Path) -> Desk:
    return desk_of(tmp_path, label_map=MAP_NAME)


@pytest.mark.parametrize("label_map", [MAP, "\ufeff" + MAP, MAP.replace("Label", "Field Label")])
def test_labels_that_a_tenant_renamed_are_told_by_the_map_in_the_archive(
    tmp_path: Path, label_map: str
) -> None:
    desk = mapped(tmp_path)
    members = {"Data/Contacts_001.csv": RENAMED, MAP_NAME: label_map}
    record = desk.land_one("Data_001.zip", zipped(members))
    assert desk.rows(record) == [("1", "2")]
    assert record.undeclared == "Other"


def test_without_a_map_or_without_an_archive_the_file_says_what_is_missing(tmp_path: Path) -> None:
    for name, content in {
        "Data_001.zip": zipped({"Contacts_001.csv": RENAMED}),
        "Contacts_001.csv": RENAMED,
    }.items():
        record = mapped(tmp_path / name).land_one(name, content)
        assert record.reason is not None
        assert "needs a; b; the file has Key, Remark, Other" in record.reason


def test_the_label_of_a_module_is_that_of_its_own_rows_in_the_map(tmp_path: Path) -> None:
    desk = mapped(tmp_path)
    label_map = "Module,Label,API Name\nCalls,Key,b\nContacts,Key,a\nContacts,Remark,b\n"
    members = {"Contacts_001.csv": RENAMED, MAP_NAME: label_map}
    assert desk.rows(desk.land_one("Data_001.zip", zipped(members))) == [("1", "2")]


def test_a_label_that_names_two_fields_is_not_guessed(tmp_path: Path) -> None:
    label_map = "Module,Label,API Name\nPeople,Key,a\nCalls,Key,b\n"
    desk = mapped(tmp_path)
    record = desk.land_one("D.zip", zipped({"Contacts_001.csv": RENAMED, MAP_NAME: label_map}))
    assert record.reason is not None and record.reason.startswith("missing_columns: ")


def test_a_label_that_is_there_counts_before_one_from_the_map(tmp_path: Path) -> None:
    desk = mapped(tmp_path)
    members = {"Contacts_001.csv": "a,b,Key\n1,2,3\n", MAP_NAME: MAP}
    assert desk.rows(desk.land_one("D.zip", zipped(members))) == [("1", "2")]


def test_the_map_may_lie_in_another_archive_of_the_same_dump_only(tmp_path: Path) -> None:
    desk = mapped(tmp_path)
    desk.put("Data_001.zip", zipped({MAP_NAME: MAP, "Contacts_001.csv": "a,b\n0,0\n"}))
    desk.put("Data_002.zip", zipped({"Contacts_002.csv": RENAMED}))
    desk.put("More_002.zip", zipped({"Contacts_002.csv": "Key,Remark\n7,8\n"}))
    outcomes = {r.file_name: r.outcome for r in desk.land()}
    assert outcomes["till/Data_002.zip/Contacts_002.csv"] == "landed"
    assert outcomes["till/More_002.zip/Contacts_002.csv"] == "refused"


def test_no_link_or_device_is_opened_for_the_map(tmp_path: Path) -> None:
    desk = mapped(tmp_path)
    path = desk.put("Data_002.zip", zipped({"Contacts_001.csv": RENAMED}))
    (tmp_path / "far.zip").write_bytes(zipped({MAP_NAME: MAP}))
    path.with_name("Data_001.zip").symlink_to(tmp_path / "far.zip")
    os.mkfifo(path.with_name("Data_003.zip"))
    (file,) = desk.scan().matched["till__lines"]
    assert aliases_of(desk.source, file) == {}


def test_a_damaged_map_refuses_the_file_instead_of_losing_its_columns(tmp_path: Path) -> None:
    content = zipped({"Contacts_001.csv": GOOD, MAP_NAME: MAP}).replace(b"Remark,b", b"Remark,X", 1)
    record = mapped(tmp_path).land_one("Data_001.zip", content)
    assert record.reason is not None and record.reason.startswith("unreadable_label_map: ")
    huge = zipped({"Contacts_001.csv": GOOD, MAP_NAME: 'Label,API Name\n"' + "x" * 200_000 + '",a'})
    record = mapped(tmp_path / "huge").land_one("Data_001.zip", huge)
    assert record.reason is not None and record.reason.startswith("unreadable_label_map: ")
