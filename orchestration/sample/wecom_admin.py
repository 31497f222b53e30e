"""WeCom's admin console: the list of customers as its Excel export writes it.

Belongs here: the workbook's columns. Does not belong here: who the customers are.
"""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter

from orchestration.sample.timeline import EXPORT_TIME
from orchestration.sample.wecom_contacts import Relation
from orchestration.sample.wecom_documents import DEPARTMENT, STAFF_IDS, staff_name
from orchestration.sample.wecom_tags import TAG_GROUPS, TAGS

# One column per group of tags follows the fixed ones.
_LABELS = (
    "客户名称 描述 添加人 添加人账号 添加人所属部门 添加时间 来源 手机 企业 邮箱 地址 职务 电话"
)
HEADER = (
    *_LABELS.split(),
    *(f"标签组{number}({group})" for number, (group, _) in enumerate(TAG_GROUPS, start=1)),
)
SHEET = "客户列表"
# How the console calls the ways of adding somebody.
SOURCES = {
    0: "未知来源", 1: "扫描二维码", 2: "搜索手机号", 3: "名片分享", 4: "群聊", 6: "微信联系人",
    10: "视频号添加", 16: "通过获客链接添加", 202: "管理员/负责人分配",
}  # fmt: skip


def write_customer_list(path: Path, relations: Sequence[Relation], night: datetime.date) -> int:
    """Write one row per relation that exists on `night`; return the rows."""
    count = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        # The only wall-clock value that a workbook would otherwise carry.
        book.set_properties({"created": datetime.datetime.combine(night, EXPORT_TIME)})
        sheet = book.add_worksheet(SHEET)
        for column, label in enumerate(HEADER):
            sheet.write_string(0, column, label)
        for count, row in enumerate(_rows(relations, night), start=1):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(count, column, cell)
    return count


def _rows(relations: Sequence[Relation], night: datetime.date) -> Iterator[list[str]]:
    for relation in relations:
        if not relation.exists_on(night):
            continue
        cells = {
            "客户名称": relation.contact.name,
            "描述": relation.description(night),
            "添加人": staff_name(relation.staff),
            "添加人账号": STAFF_IDS[relation.staff],
            "添加人所属部门": DEPARTMENT,
            "添加时间": str(relation.created_at),
            "来源": SOURCES[relation.add_way],
            "手机": ",".join(str(mobile) for mobile in relation.mobiles),
            "企业": relation.contact.corp_name,
        }
        groups = {group: column for column, (group, _) in enumerate(TAG_GROUPS)}
        for tag in relation.tags:
            group, name = TAGS[tag]
            cells[f"标签组{groups[group] + 1}({group})"] = name
        yield [cells.get(label, "") for label in HEADER]
