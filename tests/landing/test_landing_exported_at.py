"""When an export was made, what told it, and on which night it lands."""

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from landing_desk import NIGHT, Desk, real_sources

from orchestration.landing import land
from orchestration.landing.exported_at import from_name

ZONE = ZoneInfo("Asia/Shanghai")
DAY = dt.timedelta(days=1)
ORDER = "order no,order time,sku,qty,price\n"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Contacts_2026-11-19.csv", "2026-11-19 00:00:00"),
        ("Contacts_2026_11_19.csv", "2026-11-19 00:00:00"),
        ("Contacts_2026.11.19.csv", "2026-11-19 00:00:00"),
        ("客户对象导出结果_20261119.xlsx", "2026-11-19 00:00:00"),
        ("orders202611191530.csv", "2026-11-19 15:30:00"),
        ("orders_20261119_153000.csv", "2026-11-19 15:30:00"),
        ("orders_20261119T153005.csv", "2026-11-19 15:30:05"),
        ("orders 2026-11-19 15.30.05.csv", "2026-11-19 15:30:05"),
        ("2026-11-18_to_2026-11-19.csv", "2026-11-19 00:00:00"),
        ("2026-11-19_20261345.csv", "2026-11-19 00:00:00"),
        ("2026-11-19_001.csv", "2026-11-19 00:00:00"),
        ("2026-11-19_4711.csv", "2026-11-19 00:00:00"),
        ("2026-11-19 (2).csv", "2026-11-19 00:00:00"),
        ("2028-02-29.csv", "2028-02-29 00:00:00"),
        ("2026-02-29.csv", None),
        ("20261345.csv", None),
        ("202611199999.csv", None),
        ("120261119.csv", None),
        ("2026111912345678.csv", None),
        ("13820261119.csv", None),
        ("orders_export_1.csv", None),
        ("18991231.csv", None),
    ],
)
def test_a_date_in_a_name_is_found_and_a_long_number_is_none(name: str, told: str | None) -> None:
    found = from_name(name, ZONE)
    assert (found and found.at.replace(tzinfo=None).isoformat(" ")) == told
    assert found is None or (found.told_by, found.at.tzinfo) == ("name", ZONE)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-19T10:00:00+08:00", "2026-11-19 02:00:00"),
        ("2026-11-19T10:00:00\n", "2026-11-19 02:00:00"),
        ("2026-11-18T23:00:00-05:00", "2026-11-19 04:00:00"),
        ("2026-11-19", "2026-11-18 16:00:00"),
        ("20261119T020000Z", "2026-11-19 02:00:00"),
    ],
)
def test_a_sidecar_tells_the_time_and_without_offset_it_is_business_time(
    tmp_path: Path, text: str, utc: str
) -> None:
    desk = Desk(tmp_path)
    desk.put("x.csv.exported_at", text)
    record = desk.land_one("x.csv", "a,b\n1,2\n")
    assert (str(record.exported_at), record.exported_at_from) == (utc, "sidecar")


@pytest.mark.parametrize(
    "text", [b"", b"yesterday", b"2026-13-45", b"\xff", b"0001-01-01", b"9999-12-31T23:59:59-12:00"]
)
def test_a_malformed_sidecar_refuses_the_file_and_shows_how_to_write_it(
    tmp_path: Path, text: bytes
) -> None:
    desk = Desk(tmp_path)
    desk.put("x.csv.exported_at", text)
    record = desk.land_one("x.csv", "a,b\n1,2\n")
    assert record.reason is not None and record.reason.startswith("bad_sidecar: its sidecar x.csv")
    assert "2026-01-31T23:30:00+08:00" in record.reason


def test_a_sidecar_that_is_a_fifo_or_a_link_is_never_read(tmp_path: Path) -> None:
    for name in ("fifo", "link"):
        desk = Desk(tmp_path / name)
        sidecar = desk.put("x.csv", "a,b\n1,2\n").with_name("x.csv.exported_at")
        os.mkfifo(sidecar) if name == "fifo" else sidecar.symlink_to(desk.put("t", "2026-11-19"))
        (record,) = desk.land()
        assert record.reason is not None and record.reason.startswith("bad_sidecar")


def test_the_name_tells_before_the_sidecar(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("x_2026-11-18.csv.exported_at", "2026-11-19T10:00:00")
    record = desk.land_one("x_2026-11-18.csv", "a,b\n1,2\n")
    assert (str(record.exported_at), record.exported_at_from) == ("2026-11-17 16:00:00", "name")


def test_the_generic_shop_is_told_by_its_newest_order_where_nothing_else_tells(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, real_sources()["shop.order_lines"])
    lines = "1,2026/11/17 08:00:00,p,1,2\n2,2026-11-18 09:30:00,p,1,2\n3,9999-12-31,p,1,2\n"
    record = desk.land_one("x.csv", ORDER + lines + "4,never,p,1,2\n5,infinity,p,1,2\n")
    assert str(record.exported_at) == "2026-11-18 01:30:00"
    assert record.exported_at_from == "content"
    named = desk.land_one("x_2026-11-19.csv", ORDER + "1,2026-11-17 08:00:00,p,1,2\n")
    assert named.exported_at_from == "name"


def test_the_newest_order_is_found_in_a_file_with_bad_records_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path, real_sources()["shop.order_lines"])
    record = desk.land_one("x.csv", ORDER + "1,2026-11-17 08:00:00,p,1,2\n2\n")
    assert (record.exported_at_from, record.rejected_rows) == ("content", 1)


def test_the_modification_time_tells_last(tmp_path: Path) -> None:
    record = Desk(tmp_path).land_one("x.csv", "a,b\n1,2\n")
    assert str(record.exported_at) == "2026-11-19 04:00:00"
    assert record.exported_at_from == "mtime"
    desk = Desk(tmp_path / "shop", real_sources()["shop.order_lines"])
    assert desk.land_one("x.csv", ORDER + "1,?,p,1,2\n").exported_at_from == "mtime"


@pytest.mark.parametrize("told_by", ["name", "sidecar", "mtime", "content"])
def test_a_later_export_waits_without_a_trace_and_lands_on_its_night(
    tmp_path: Path, told_by: str
) -> None:
    desk = Desk(tmp_path, real_sources()["shop.order_lines"])
    day = NIGHT + (DAY if told_by == "content" else -DAY)
    at = dt.datetime(2026, 11, 20, 0, 0, tzinfo=ZONE) + (DAY if told_by == "mtime" else 0 * DAY)
    name = "x_2026-11-20.csv" if told_by == "name" else "x.csv"
    desk.put(name, ORDER + (f"1,{day} 08:00:00,p,1,2\n" if told_by != "mtime" else "1,?,p,1,2\n"))
    os.utime(desk.settings.inbox / "shop" / name, (at.timestamp(), at.timestamp()))
    if told_by == "sidecar":
        desk.put("x.csv.exported_at", "2026-11-20T00:00:00")
    assert desk.land(NIGHT) == ()
    assert desk.register() == []
    assert [p for p in desk.settings.landing.rglob("*") if p.is_file()] == []
    assert not desk.settings.rejected.exists()
    lands_on = NIGHT + (2 * DAY if told_by == "mtime" else DAY)
    (record,) = desk.land(lands_on)
    assert (record.outcome, record.landed_for) == ("landed", lands_on)
    assert record.exported_at_from == told_by


def test_the_last_minute_of_the_business_day_lands_and_the_next_one_waits(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.land_one("x_20261119_2359.csv", "a,b\n1,2\n").outcome == "landed"
    desk.put("y_20261120_0000.csv", "a,b\n3,4\n")
    assert desk.land() == ()


def test_a_file_that_waits_for_what_it_holds_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path, real_sources()["shop.order_lines"])
    desk.put("x.csv", ORDER + "1,2062-11-19 08:00:00,p,1,2\n")
    assert desk.land() == ()
    assert desk.said == ["shop/x.csv: waits for 2062-11-19, the newest time in it"]


def test_a_file_of_a_later_night_is_not_even_read_and_nothing_is_said_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    desk.put("x_2026-11-20.csv", "")
    desk.put("y.csv", "", at=dt.datetime(2026, 11, 20, tzinfo=ZONE))
    monkeypatch.setattr(land, "read_raw", lambda path: pytest.fail("read"))
    assert (desk.land(), desk.said) == ((), [])


def test_a_bad_file_that_was_written_after_the_night_is_refused_on_its_own_night(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, real_sources()["shop.order_lines"])
    for name, content in {"x.csv": ORDER, "y.csv": ""}.items():
        desk.put(name, content, at=dt.datetime(2026, 11, 20, tzinfo=ZONE))
    assert (desk.land(), desk.said) == ((), [])
    assert [record.outcome for record in desk.land(NIGHT + DAY)] == ["refused", "refused"]
