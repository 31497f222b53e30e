"""The CRM exports: Zoho Contacts and Fxiaoke 客户.

Belongs here: columns, ids, spellings and growth of the full dumps.
Does not belong here: the shops.
"""

import csv
import datetime
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from orchestration.sample.write import SampleSpec, write_sample

NIGHTS = 4
MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("crms")
    last_night = datetime.date(2026, 11, 19)
    spec = SampleSpec(4_000, NIGHTS, 5, last_night, "CNY", "Asia/Shanghai")
    write_sample(spec, folder, folder / "truth.csv")
    yield folder


def contacts(inbox: Path, day: int) -> list[dict[str, str]]:
    path = inbox / "zoho" / f"Contacts_2026_11_{day}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def workbook(inbox: Path, day: int) -> CalamineWorkbook:
    return CalamineWorkbook.from_path(inbox / "fxiaoke" / f"客户对象导出结果_202611{day}.xlsx")


def customers(inbox: Path, day: int) -> list[dict[str, str]]:
    header, *rows = workbook(inbox, day).get_sheet_by_index(0).to_python()
    assert all(isinstance(cell, str) for row in rows for cell in row), "a cell is not text"
    return [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]


def test_a_zoho_header_is_the_web_export_with_address_and_birth_date_last(inbox: Path) -> None:
    raw = (inbox / "zoho" / "Contacts_2026_11_19.csv").read_bytes()
    header = raw.split(b"\n", 1)[0].decode().split(",")
    assert not raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw
    assert header[:4] == ["Record Id", "Contact Owner.id", "Contact Owner", "Lead Source"]
    assert header[-5:] == [
        "Enrich Status",
        "Mailing City",
        "Mailing State",
        "Mailing Country",
        "Date of Birth",
    ]
    assert len(header) == 47


def test_zoho_spells_ids_phones_and_moments_its_own_way(inbox: Path) -> None:
    rows = contacts(inbox, 19)
    assert len({row["Record Id"] for row in rows}) == len(rows)
    for row in rows:
        assert re.fullmatch(r"zcrm_\d{18}", row["Record Id"])
        assert re.fullmatch(r"(\+86 1\d\d \d{4} \d{4})?", row["Mobile"])
        assert row["Mobile"] or row["Email"]
        assert re.fullmatch(MOMENT, row["Created Time"])
        assert row["Created Time"] <= row["Modified Time"] < "2026-11-19 23:30:00"
    opted_out = [row for row in rows if row["Email Opt Out"] == "true"]
    assert len(opted_out) / len(rows) == pytest.approx(0.10, abs=0.03)
    assert {row["Email Opt Out"] for row in rows} == {"true", "false"}
    assert "" in {row["Date of Birth"] for row in rows}


def test_some_records_hold_only_a_phone_and_some_only_an_email(inbox: Path) -> None:
    for rows, phone, email in (
        (contacts(inbox, 19), "Mobile", "Email"),
        (customers(inbox, 19), "电话", "邮件"),
    ):
        kinds = {(bool(row[phone]), bool(row[email])) for row in rows}
        assert kinds == {(True, True), (True, False), (False, True)}


def test_emails_come_in_different_cases(inbox: Path) -> None:
    emails = [row["Email"] for row in contacts(inbox, 19) if row["Email"]]
    assert any(email.isupper() for email in emails)
    assert any(email.islower() for email in emails)
    assert any(not email.isupper() and not email.islower() for email in emails)


def test_a_dump_holds_everybody_created_by_then_and_nobody_later(inbox: Path) -> None:
    last = contacts(inbox, 19)
    for day in (16, 17, 18):
        expected = [
            row["Record Id"]
            for row in last
            if row["Created Time"][8:10] <= f"{day}" or row["Created Time"][:7] < "2026-11"
        ]
        assert [row["Record Id"] for row in contacts(inbox, day)] == expected


def test_an_old_record_is_changed_now_and_then_without_a_new_creation_time(inbox: Path) -> None:
    before = {row["Record Id"]: row for row in contacts(inbox, 18)}
    touched = 0
    for row in contacts(inbox, 19):
        if row["Record Id"] in before and row != before[row["Record Id"]]:
            touched += 1
            assert row["Created Time"] == before[row["Record Id"]]["Created Time"]
            assert row["Modified Time"].startswith("2026-11-19")
    assert 1 <= touched < len(before) / 20


def test_a_fxiaoke_workbook_has_the_data_first_and_a_hidden_sheet_after(inbox: Path) -> None:
    sheets = workbook(inbox, 19).sheets_metadata
    assert [(sheet.name, sheet.visible) for sheet in sheets] == [
        ("客户数据", SheetVisibleEnum.Visible),
        ("hidden_options", SheetVisibleEnum.Hidden),
    ]
    header = workbook(inbox, 19).get_sheet_by_index(0).to_python()[0]
    assert len(header) == len(set(header)) == 42
    assert header[:4] == ["唯一性ID（必填）", "客户名称（必填）", "外部来源", "客户来源（必填）"]
    assert header[-4:] == ["省", "市", "区", "详细地址"]


def test_fxiaoke_spells_phones_with_dashes_and_masks_only_where_an_email_remains(
    inbox: Path,
) -> None:
    rows = customers(inbox, 19)
    masked = [row for row in rows if "*" in row["电话"]]
    for row in rows:
        assert re.fullmatch(r"(1\d\d-\d{4}-\d{4}|1\d\d\*{4}\d{4})?", row["电话"])
        assert row["电话"] or row["邮件"]
        assert re.fullmatch(MOMENT, row["创建时间"]) and re.fullmatch(MOMENT, row["最后修改时间"])
    assert 0 < len(masked) < len(rows) * 0.08
    assert all(row["邮件"] for row in masked)


def test_fxiaoke_grows_every_night_under_stable_ids(inbox: Path) -> None:
    nights = [[row["唯一性ID（必填）"] for row in customers(inbox, day)] for day in range(16, 20)]
    for before, after in pairwise(nights):
        assert len(before) < len(after) == len(set(after))
        assert after[: len(before)] == before


def test_a_deal_status_never_goes_back(inbox: Path) -> None:
    rank = {"未成交": 0, "已成交": 1, "多次成交": 2}
    before = {row["唯一性ID（必填）"]: rank[row["成交状态"]] for row in customers(inbox, 16)}
    after = {row["唯一性ID（必填）"]: rank[row["成交状态"]] for row in customers(inbox, 19)}
    assert all(status <= after[record] for record, status in before.items())
    assert set(after.values()) == {0, 1, 2}
