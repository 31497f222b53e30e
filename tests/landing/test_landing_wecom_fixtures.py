"""Answers of WeCom land by what they hold, each in every table that it has records for.

Belongs here: the answers as they come, under any name. Does not belong here: what staging makes
of them.
"""

import json
from pathlib import Path

import pytest
from landing_desk import NIGHT, Desk, real_sources, run_of

from orchestration.landing.inbox import scan_inbox
from orchestration.landing.land import LandingRun, land_source
from orchestration.landing.register import FileRecord
from orchestration.landing.routing import route
from orchestration.settings import PROJECT_ROOT

FORMATS = PROJECT_ROOT.parent / "shared" / "formats"
RECORDED = "wechatpy_externalcontact_"
# File -> rows per table.
EXPECTED = {
    f"wecom/{RECORDED}add_corp_tag.json": {"corp_tags": 2},
    f"wecom/{RECORDED}batch_get_by_user.json": {"contacts": 2, "contact_owners": 2},
    f"wecom/{RECORDED}get.json": {"contacts": 1, "contact_owners": 2},
    f"wecom/{RECORDED}get_follow_user_list.json": {"employees": 2},
    f"wecom/{RECORDED}get_group_msg_result.json": {"message_results": 1},
    f"wecom/{RECORDED}get_unassigned_list.json": {"unassigned_contacts": 2},
    f"wecom/{RECORDED}get_user_behavior_data.json": {"employee_activity": 2},
    f"wecom/{RECORDED}groupchat_get.json": {"group_chats": 1, "group_chat_members": 3},
    f"wecom/{RECORDED}groupchat_list.json": {"group_chat_list": 2},
    f"wecom/{RECORDED}list.json": {"contact_ids": 2},
    "shapes/wecom_get_corp_tag_list.json": {"corp_tags": 2},
}  # fmt: skip

Landed = dict[str, FileRecord]


def desk_of(home: Path, table: str = "contacts") -> Desk:
    return Desk(home, real_sources()[f"wecom.{table}"])


def land_everything(desk: Desk) -> tuple[Landed, list[str]]:
    """Land the inbox in every table of WeCom; also return why files match none."""
    sources = [source for source in real_sources().values() if source.system == "wecom"]
    scan = scan_inbox(desk.settings.inbox, sources, route=route)
    landed: Landed = {}
    for source in sources:
        run = LandingRun(desk.settings, source, NIGHT, run_of(NIGHT), desk.said.append)
        for record in land_source(run, scan.matched[source.relation]):
            landed[f"{record.table_name} {Path(record.file_name).name}"] = record
    return landed, [unmatched.reason for unmatched in scan.unmatched]


def rows_by_table(landed: Landed) -> dict[str, int]:
    return {key.split(" ")[0]: record.landed_rows for key, record in landed.items()}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_recorded_answer_lands_whole_in_each_of_its_tables(tmp_path: Path, name: str) -> None:
    recorded = FORMATS / name
    if not recorded.exists():
        pytest.skip(f"{recorded} is absent")
    desk = desk_of(tmp_path)
    desk.put(recorded.name, recorded.read_bytes())
    landed, unmatched = land_everything(desk)
    assert unmatched == []
    assert rows_by_table(landed) == EXPECTED[name]
    assert all((r.outcome, r.rejected_rows) == ("landed", 0) for r in landed.values())


def test_all_recorded_answers_land_together(tmp_path: Path) -> None:
    if not (FORMATS / "wecom").exists():
        pytest.skip(f"{FORMATS / 'wecom'} is absent")
    desk = desk_of(tmp_path)
    for path in [*(FORMATS / "wecom").iterdir(), FORMATS / "shapes/wecom_get_corp_tag_list.json"]:
        desk.put(path.name, path.read_bytes())
    landed, unmatched = land_everything(desk)
    assert unmatched == []
    assert sum(r.landed_rows for r in landed.values()) == sum(
        rows for tables in EXPECTED.values() for rows in tables.values()
    )


def test_the_fields_of_both_answers_about_a_contact_are_the_same_columns(tmp_path: Path) -> None:
    about = {"external_userid": "wm_1", "name": "小芳🌸", "type": 1, "gender": 2}
    single = {
        "external_contact": about,
        "follow_user": [
            {"userid": "rocky", "createtime": 1525779812, "remark_company": "甲",
             "tags": [{"tag_name": "重要", "type": 1}], "remark_mobiles": [13800000001]},
        ],
    }  # fmt: skip
    info = {"createtime": 1525779812, "remark_corp_name": "甲", "oper_userid": "tommy",
            "tag_id": ["et_1"], "remark_mobiles": ["13800000001"],
            "wechat_channels": {"nickname": "号", "source": 1}}  # fmt: skip
    batch = {"external_contact_list": [{"external_contact": about, "follow_info": info}]}
    desk = desk_of(tmp_path, "contact_owners")
    desk.put("answers.jsonl", "\n".join(map(json.dumps, (single, batch))))
    landed, _ = land_everything(desk)
    assert rows_by_table(landed) == {"contacts": 2, "contact_owners": 2}
    record = landed["contact_owners answers.jsonl"]
    same = desk.rows(record, "external_userid", "created_at", "remark_corp_name")
    assert set(same) == {("wm_1", "1525779812", "甲")}
    names = ("userid", "oper_userid", "tags", "tag_ids", "remark_mobiles", "channel")
    assert desk.rows(record, *names) == [
        ("rocky", None, '[{"tag_name": "重要", "type": 1}]', None, "[13800000001]", None),
        (None, "tommy", None, '["et_1"]', '["13800000001"]', "号"),
    ]
    contacts = desk_of(tmp_path)
    record = landed["contacts answers.jsonl"]
    assert contacts.rows(record, "external_userid", "contact_name", "contact_type") == [
        ("wm_1", "小芳🌸", "1"),
        ("wm_1", "小芳🌸", "1"),
    ]


def test_staff_by_account_are_no_owners_and_owners_are_no_staff(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    owner = {"userid": "rocky", "createtime": 1525779812}
    desk.put("a.json", json.dumps({"follow_user": ["zhangsan"]}))
    desk.put("b.json", json.dumps({"external_contact": {"external_userid": "wm_1"},
                                   "follow_user": [owner]}))  # fmt: skip
    landed, _ = land_everything(desk)
    assert sorted(landed) == ["contact_owners b.json", "contacts b.json", "employees a.json"]


def test_a_result_knows_its_message_where_the_document_does(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "message_results")
    sent = {"external_userid": "wm_1", "userid": "a", "status": 1, "send_time": 1552536375}
    pending = {"chat_id": "wr_1", "userid": "a", "status": 0}
    desk.put("a.json", json.dumps({"msgid": "m1", "send_list": [sent, pending]}))
    desk.put("b.json", json.dumps({"check_status": 1, "detail_list": [sent]}))
    landed, _ = land_everything(desk)
    names = ("message_id", "external_userid", "chat_id", "status_code", "sent_at")
    assert desk.rows(landed["message_results a.json"], *names) == [
        ("m1", "wm_1", None, "1", "1552536375"),
        ("m1", None, "wr_1", "0", None),
    ]
    assert desk.rows(landed["message_results b.json"], *names) == [
        (None, "wm_1", None, "1", "1552536375")
    ]


def test_the_list_of_the_admin_console_keeps_its_columns_of_tags(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "admin_contacts")
    labels = ("客户名称", "描述", "添加人", "添加人账号", "添加时间", "手机", "标签组1(等级)")
    row = ("李四", "", "洛奇", "rocky", "2026-11-19 09:30:00", "13800000001", "重要")
    desk.put_sheets("导出.xlsx", {"客户列表": [labels, row]})
    landed, unmatched = land_everything(desk)
    assert unmatched == []
    ((name, added_at, extra),) = desk.rows(
        landed["admin_contacts 导出.xlsx"], "contact_name", "added_at", "_extra"
    )
    assert (name, added_at, json.loads(extra)) == (
        "李四", "2026-11-19 09:30:00", {"标签组1(等级)": "重要"}
    )  # fmt: skip


def test_an_answer_that_is_an_error_lands_nowhere_and_says_so(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.put("a.json", json.dumps({"errcode": 41001, "errmsg": "access_token missing"}))
    landed, (reason,) = land_everything(desk)
    assert landed == {}
    assert reason.startswith("no_source")
