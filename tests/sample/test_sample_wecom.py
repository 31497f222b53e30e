"""The WeCom dumps: answers of its interfaces, night by night, and the list of the admin console.

Belongs here: the shape of each answer, what repeats and what changes, the truth about phones.
Does not belong here: how the files land.
"""

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from orchestration.sample.files import SampleFile
from orchestration.sample.people import draw_people
from orchestration.sample.spec import SampleSpec
from orchestration.sample.wecom import WecomExports

LAST_NIGHT = datetime.date(2026, 11, 19)
NIGHTS = 9
CUSTOMERS = 1_500
ID = r"w[mo][0-9A-Za-z_-]{30}"
Document = dict[str, Any]


def exports_of(customers: int, nights: int, seed: int = 5) -> WecomExports:
    spec = SampleSpec(customers, nights, seed, LAST_NIGHT, "CNY", "Asia/Shanghai")
    return WecomExports(spec, draw_people(spec))


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("wecom")
    for _ in exports_of(CUSTOMERS, NIGHTS).write(folder):
        pass
    yield folder


@cache
def documents(inbox: Path, pattern: str) -> list[tuple[str, Document]]:
    """Names and documents of the files that match, oldest night first."""
    return [
        (path.name, json.loads(line))
        for path in sorted(inbox.glob(pattern))
        for line in path.read_text("utf-8").splitlines()
    ]


def night_of(name: str) -> datetime.date:
    found = re.search(r"_(\d{8})[_.]", name)
    assert found
    return datetime.date.fromisoformat(found[1])


def end_of(name: str) -> float:
    """The moment of the export, in seconds since 1970."""
    zone = datetime.timezone(datetime.timedelta(hours=8))
    return datetime.datetime.combine(night_of(name), datetime.time(23, 30), zone).timestamp()


def relations(inbox: Path) -> list[tuple[str, Document, Document]]:
    return [
        (name, entry["external_contact"], entry["follow_info"])
        for name, document in documents(inbox, "batch_get_by_user_*.json")
        for entry in document["external_contact_list"]
    ]


def bytes_of(folder: Path, exports: WecomExports) -> dict[str, bytes]:
    folder.mkdir()
    return {file.path.name: file.path.read_bytes() for file in exports.write(folder)}


def rows_in(file: SampleFile) -> int:
    if file.path.suffix == ".xlsx":
        return len(CalamineWorkbook.from_path(file.path).get_sheet_by_index(0).to_python()) - 1
    lines = file.path.read_text("utf-8").splitlines()
    lists = [
        value
        for line in lines
        for place in (json.loads(line), json.loads(line).get("group_chat", {}))
        for key, value in place.items()
        if isinstance(value, list) and key != "admin_list"
    ]
    if "corp_tag" in file.path.name:
        return sum(len(group["tag"]) for group in lists[0])
    return sum(map(len, lists))


def test_the_same_spec_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first = bytes_of(tmp_path / "a", exports_of(80, 3))
    assert first == bytes_of(tmp_path / "b", exports_of(80, 3))
    other = bytes_of(tmp_path / "c", exports_of(80, 3, seed=6))
    assert not [n for n in first if first[n] == other.get(n) and "follow_user_list" not in n]


def test_a_night_reads_the_same_whatever_the_nights_before(tmp_path: Path) -> None:
    few, many = (
        bytes_of(tmp_path / name, exports_of(300, nights)) for name, nights in (("a", 2), ("b", 6))
    )
    last = [name for name in few if "20261119" in name]
    assert len(last) > 5
    assert [name for name in last if few[name] != many[name]] == []


@pytest.mark.parametrize("customers", [1, 250])
def test_every_file_holds_as_many_rows_as_it_says_and_one_at_least(
    tmp_path: Path, customers: int
) -> None:
    files = list(exports_of(customers, 8).write(tmp_path))
    assert [file.night for file in files] == sorted(file.night for file in files)
    assert [(f.path.name, f.rows) for f in files] == [(f.path.name, rows_in(f)) for f in files]
    assert all(file.rows >= 1 and file.system == "wecom" for file in files)
    assert {file.path for file in files} == set(tmp_path.iterdir())


def test_every_answer_reports_success_and_nothing_after_its_night(inbox: Path) -> None:
    seen = 0
    for name, document in documents(inbox, "*.json*"):
        assert (document["errcode"], document["errmsg"]) == (0, "ok")
        for moment in re.findall(r'"(?!avg)\w*time": (\d+)', json.dumps(document)):
            seen += 1
            assert len(moment) == 10
            assert int(moment) < end_of(name)
    assert seen > 5_000


def test_a_page_of_relations_holds_a_hundred_and_leads_to_the_next(inbox: Path) -> None:
    first = f"{LAST_NIGHT - datetime.timedelta(days=NIGHTS - 1):%Y%m%d}"
    pages = documents(inbox, f"batch_get_by_user_{first}_*.json")
    sizes = [len(document["external_contact_list"]) for _, document in pages]
    assert sizes[:-1] == [100] * (len(sizes) - 1) and 1 <= sizes[-1] <= 100
    assert len(sizes) > 5
    cursors = [document["next_cursor"] for _, document in pages]
    assert all(cursors[:-1]) and not cursors[-1]


def test_relations_are_spelled_as_the_interface_does(inbox: Path) -> None:
    tag_ids = {
        tag["id"]
        for _, document in documents(inbox, "get_corp_tag_list_*.json")
        for group in document["tag_group"]
        for tag in group["tag"]
    }
    kinds = set()
    for _, contact, info in relations(inbox):
        assert re.fullmatch(ID, contact["external_userid"])
        assert contact["external_userid"].startswith("wo") == (contact["type"] == 2)
        assert "corp_name" in contact or contact["type"] == 1
        assert {"userid", "remark", "description", "createtime", "tag_id", "add_way"} <= set(info)
        assert "tags" not in info and set(info["tag_id"]) <= tag_ids
        assert "remark_mobiles" not in info or len(info["remark_mobiles"]) == 1
        asked = info["oper_userid"] == contact["external_userid"]
        assert asked or info["oper_userid"] == info["userid"]
        kinds |= {type(mobile) for mobile in info.get("remark_mobiles", [])}
        kinds |= {key for key in ("unionid", "state") if key in contact | info}
    assert kinds == {str, int, "unionid", "state"}


def test_a_relation_is_dumped_again_when_it_changed(inbox: Path) -> None:
    stated: dict[tuple[str, str], Document] = {}
    changed = new = 0
    first = LAST_NIGHT - datetime.timedelta(days=NIGHTS - 1)
    for name, contact, info in relations(inbox):
        key = contact["external_userid"], info["userid"]
        if night_of(name) > first:
            if key in stated:
                changed += 1
                assert info["description"] != stated[key]["description"]
                assert info["createtime"] == stated[key]["createtime"]
            else:
                new += 1
                added = datetime.datetime.fromtimestamp(
                    info["createtime"], datetime.timezone(datetime.timedelta(hours=8))
                )
                assert added.date() == night_of(name)
        stated[key] = info
    assert changed >= NIGHTS - 1
    assert new >= 3
    owners = Counter(external_userid for external_userid, _ in stated)
    assert len(owners) / CUSTOMERS == pytest.approx(0.6, abs=0.06)
    assert set(owners.values()) == {1, 2}


def test_a_single_answer_names_tags_that_a_page_only_numbers(inbox: Path) -> None:
    answers = documents(inbox, "get_2026*.json")
    assert len(answers) >= NIGHTS
    keys: set[str] = set()
    types: set[int] = set()
    for _, document in answers:
        assert re.fullmatch(ID, document["external_contact"]["external_userid"])
        for follow in document["follow_user"]:
            keys |= set(follow)
            types |= {tag["type"] for tag in follow["tags"]}
            assert all(("tag_id" in tag) == (tag["type"] == 1) for tag in follow["tags"])
    assert {"userid", "tags", "remark_company", "createtime"} <= keys
    assert not {"tag_id", "remark_corp_name"} & keys
    assert types == {1, 2}


def test_a_group_grows_and_is_answered_when_it_did(inbox: Path) -> None:
    members: dict[str, set[str]] = {}
    contacts = {contact["external_userid"] for _, contact, _ in relations(inbox)}
    first = LAST_NIGHT - datetime.timedelta(days=NIGHTS - 1)
    grown = 0
    for name, document in documents(inbox, "groupchat_get_*.jsonl"):
        group = document["group_chat"]
        now = {member["userid"] for member in group["member_list"]}
        assert len(now) == len(group["member_list"])
        assert group["owner"] in now
        outside = {m["userid"] for m in group["member_list"] if m["type"] == 2}
        assert outside <= contacts
        before = members.get(group["chat_id"], set())
        assert before <= now
        grown += night_of(name) > first and before < now
        members[group["chat_id"]] = now
    assert grown >= 2
    listed = {
        chat["chat_id"]
        for _, document in documents(inbox, "groupchat_list_*.json")
        for chat in document["group_chat_list"]
    }
    assert listed == set(members)


def test_a_message_goes_to_those_who_were_there_and_settles_on_the_next_day(inbox: Path) -> None:
    answers = documents(inbox, "get_groupmsg_send_result_*.json")
    by_night: dict[datetime.date, Counter[int]] = {}
    created = {
        (contact["external_userid"], info["userid"]): info["createtime"]
        for _, contact, info in relations(inbox)
    }
    for name, document in answers:
        for row in document["send_list"]:
            assert ("send_time" in row) == (row["status"] == 1)
            if "send_time" in row:
                assert created[row["external_userid"], row["userid"]] < row["send_time"]
        statuses = Counter(row["status"] for row in document["send_list"])
        by_night.setdefault(night_of(name), Counter()).update(statuses)
    assert len(answers) >= 4
    unsent = [night for night, statuses in by_night.items() if statuses[0] and night < LAST_NIGHT]
    assert unsent and all(by_night[n + datetime.timedelta(days=1)][0] == 0 for n in unsent)
    assert all(set(statuses) <= {0, 1, 2, 3} for statuses in by_night.values())


def test_the_console_lists_every_relation_with_a_column_per_group_of_tags(inbox: Path) -> None:
    (path,) = inbox.glob("*.xlsx")
    assert path.name == "客户列表_20261119.xlsx"
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    labels = "客户名称 描述 添加人 添加人账号 添加人所属部门 添加时间 来源 手机 企业 邮箱 地址"
    assert header[:13] == [*labels.split(), "职务", "电话"]
    assert [re.fullmatch(r"标签组\d\(.+\)", str(label)) is None for label in header[13:]] == [
        False
    ] * 3
    assert all(isinstance(cell, str) for row in rows for cell in row)
    assert all("2025" <= str(row[5]) < "2026-11-19 23:30" for row in rows)
    known = {(c["external_userid"], i["userid"]) for _, c, i in relations(inbox)}
    assert len(rows) == len(known)


def test_the_truth_names_whose_phone_was_noted() -> None:
    spec = SampleSpec(CUSTOMERS, 1, 5, LAST_NIGHT, "CNY", "Asia/Shanghai")
    people = draw_people(spec)
    truth = list(WecomExports(spec, people).truth())
    mobile = dict(zip(people.person_id, people.mobile, strict=True))
    assert {row.source_system for row in truth} == {"wecom"}
    assert len({row.record_id for row in truth}) == len(truth) > CUSTOMERS / 4
    for row in truth:
        assert row.phone.replace(" ", "") == mobile[row.person_id]
        assert row.email == ""


def test_hardly_any_phone_is_unusable(inbox: Path) -> None:
    noted = [m for _, _, info in relations(inbox) for m in info.get("remark_mobiles", [])]
    masked = [mobile for mobile in noted if "*" in str(mobile)]
    assert len(masked) < len(noted) / 100
    assert all(re.fullmatch(r"1\d\d ?\d{4} ?\d{4}", str(m)) for m in noted if m not in masked)
