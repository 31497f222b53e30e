"""Fxiaoke's Excel exports beside the customers: contacts every night, and the list of tags.

Belongs here: columns, and what a cell holds. Does not belong here: sheets (fxiaoke_workbook.py).
"""

import datetime
from collections.abc import Iterator, Mapping

import numpy as np

from orchestration.sample.crm import CrmRecords, crm_records
from orchestration.sample.files import TruthRow
from orchestration.sample.fxiaoke import (
    DEPARTMENT,
    ENTRY_DELAY_MINUTES,
    SOURCES,
    SYSTEM,
    mask_some,
)
from orchestration.sample.fxiaoke_accounts import Account
from orchestration.sample.fxiaoke_documents import Kind, object_id, platform_text
from orchestration.sample.fxiaoke_workbook import Workbook
from orchestration.sample.names import STAFF
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.spelling import Contacts, draw_contacts, fxiaoke_phone
from orchestration.sample.timeline import datetimes

_LABELS = (
    "唯一性ID（必填） 联系人姓名（必填） 客户名称_唯一性ID 客户名称 部门1 职务1 性别 生日 "
    "关键决策人 介绍人_唯一性ID 介绍人 名片 备注 手机 手机2 手机3 手机4 手机5 电话 电话2 电话3 "
    "电话4 电话5 邮件 联系地址 业务类型（必填） 生命状态 锁定状态 负责人（必填） 负责人主属部门 "
    "归属部门 部门 职务 微信 企业微信UserId 来源 直属上级_唯一性ID 直属上级 手机1归属省 "
    "手机1归属市 人员-普通成员-只读 人员-普通成员-读写 部门-普通成员-只读 部门-普通成员-读写 "
    "用户组-普通成员-只读 用户组-普通成员-读写 角色-普通成员-只读 角色-普通成员-读写 创建人 "
    "创建时间 最后修改人 最后修改时间"
)
HEADER = tuple(_LABELS.split())
WORKBOOK = Workbook("联系人数据", HEADER, SOURCES, ("Sheet1",), has_wrong_dimension=True)
_MODIFIED_COLUMN = HEADER.index("最后修改时间")

TAG_HEADER = (
    "唯一性ID（必填）",
    "标签名称（必填）",
    "标签组",
    "所属对象",
    "创建时间",
    "最后修改时间",
)
TAG_WORKBOOK = Workbook("标签数据", TAG_HEADER, ("客户", "产品"), ("Sheet1",))
# Object, group, tags.
TAGS = (
    ("客户", "价值", ("高价值", "潜力", "流失预警")),
    ("客户", "渠道", ("线上", "线下")),
    ("产品", "商品标签", ("新品", "热销", "清仓")),
)

CONTACT_SHARE = 0.6
# The contact is entered when the customer is there.
CONTACT_DELAY_MINUTES = ENTRY_DELAY_MINUTES + 3
# A few have a landline where a mobile is asked for.
LANDLINE_SHARE = 0.004
JOBS = ("采购经理", "行政主管", "店长", "")


class ContactExport:
    """All contacts of one sample, in order of creation: one for each of many customers."""

    def __init__(self, spec: SampleSpec, people: People, accounts: Mapping[int, Account]) -> None:
        """Draw which customers have a contact, and how it is written down."""
        rng = spec.generator(Stream.FXIAOKE_CONTACTS)
        self._spec, self._people, self._accounts = spec, people, accounts
        # Person 0 is known from the first day, so that no export is empty.
        drawn = (rng.random(people.count) < CONTACT_SHARE) | (np.arange(people.count) == 0)
        member = people.in_fxiaoke & drawn
        self._records: CrmRecords = crm_records(spec, people, member, CONTACT_DELAY_MINUTES)
        self._contacts = _landlines(
            rng, people, mask_some(rng, people, draw_contacts(rng, people, fxiaoke_phone))
        )
        created = datetimes(self._records.created_at)
        self._created = dict(zip(self._records.person.tolist(), created, strict=True))
        self.ids = {who: object_id(at, Kind.CONTACT, who) for who, at in self._created.items()}
        self._rows = [self._row(person) for person in self.ids]

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per contact."""
        for person, record_id in self.ids.items():
            yield TruthRow(
                self._people.person_id[person],
                SYSTEM,
                record_id,
                self._contacts.phone[person],
                self._contacts.email[person],
            )

    def rows(self, night: datetime.date) -> Iterator[list[str]]:
        """Yield the rows of one night's dump."""
        # Creation order makes the contacts of a night the first ones, one per modification.
        modified = datetimes(self._records.modified_at(night))
        for row, at in zip(self._rows, modified, strict=False):
            row[_MODIFIED_COLUMN] = platform_text(at, self._spec.zone)
            yield row

    def _row(self, person: int) -> list[str]:
        people, account = self._people, self._accounts[person]
        staff, job = STAFF[account.owner], JOBS[person % len(JOBS)]
        cells = {
            "唯一性ID（必填）": self.ids[person],
            "联系人姓名（必填）": people.full_name[person],
            "客户名称_唯一性ID": account.account_id,
            "客户名称": account.name,
            "性别": "女" if people.is_female[person] else "男",
            "生日": people.birth_date[person],
            "手机": self._contacts.phone[person],
            "邮件": self._contacts.email[person],
            "联系地址": people.address[person],
            "业务类型（必填）": "预设业务类型",
            "生命状态": "正常",
            "锁定状态": "未锁定",
            "负责人（必填）": staff,
            "负责人主属部门": DEPARTMENT,
            "归属部门": DEPARTMENT,
            "职务": job,
            "来源": SOURCES[person % len(SOURCES)],
            "人员-普通成员-读写": staff,
            "创建人": staff,
            "创建时间": platform_text(self._created[person], self._spec.zone),
            "最后修改人": staff,
        }
        return [cells.get(label, "") for label in HEADER]


def _landlines(rng: np.random.Generator, people: People, contacts: Contacts) -> Contacts:
    landline = (rng.random(people.count) < LANDLINE_SHARE).tolist()
    phones = (
        f"010-{mobile[-8:]}" if only and phone and email else phone
        for mobile, phone, email, only in zip(
            people.mobile, contacts.phone, contacts.email, landline, strict=True
        )
    )
    return Contacts(tuple(phones), contacts.email)


def tag_rows(spec: SampleSpec, start: datetime.datetime) -> Iterator[tuple[str, ...]]:
    """Yield the definitions of all tags, entered at `start`; they never change."""
    at = platform_text(start, spec.zone)
    tags = [(thing, group, tag) for thing, group, names in TAGS for tag in names]
    for number, (thing, group, tag) in enumerate(tags):
        yield object_id(start, Kind.TAG, number), tag, group, thing, at, at
