"""Fxiaoke (纷享销客): a nightly full dump of the 客户 object, as its Excel export writes it.

Belongs here: the workbook's columns, ids and spellings. Does not belong here: who the people are.
"""

import datetime
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from orchestration.sample.arrays import Ints
from orchestration.sample.crm import CrmRecords, crm_records
from orchestration.sample.files import SampleFile, TruthRow
from orchestration.sample.fxiaoke_documents import Kind, object_id
from orchestration.sample.fxiaoke_workbook import Workbook
from orchestration.sample.names import STAFF
from orchestration.sample.orders import Orders
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.spelling import Contacts, draw_contacts, fxiaoke_phone, masked_phone
from orchestration.sample.timeline import day_number, day_numbers, local_texts

SYSTEM = "fxiaoke"
SHEET = "客户数据"

_LABELS = (
    "唯一性ID（必填） 客户名称（必填） 外部来源 客户来源（必填） 负责人 "
    "负责人主属部门 客户等级 客户行业（必填） 1级行业 2级行业 电话 网址 邮件 "
    "备注 分配状态 成交状态 最后跟进时间 最后一次成交时间 领取/分配时间 "
    "业务类型（必填） 生命状态 锁定状态 归属部门 外部负责人 创建人 创建时间 "
    "最后修改人 最后修改时间 客户标识 客户分类 客户编号 客户简称 最后跟进人 "
    "客户属性 负责人变更时间 合作伙伴 所属公海 国家 省 市 区 详细地址"
)
HEADER = tuple(_LABELS.split())
_DEAL_COLUMN = HEADER.index("成交状态")
_CHANGE_COLUMNS = (HEADER.index("最后跟进时间"), HEADER.index("最后修改时间"))

MASKED_SHARE = 0.04
# Staff enter a customer some minutes after the website did.
ENTRY_DELAY_MINUTES = 12

SOURCES = ("线上商城", "展会", "转介绍", "广告", "电话咨询")
LEVELS = ("普通客户", "重点客户", "VIP客户")
# The label for no order, one order, and more.
DEAL_STATUSES = ("未成交", "已成交", "多次成交")
DEPARTMENT = "零售事业部"
WORKBOOK = Workbook(SHEET, HEADER, SOURCES)


class FxiaokeExports:
    """All customers of one sample, in order of creation, ready to be dumped for any night."""

    def __init__(self, spec: SampleSpec, people: People, orders: Orders) -> None:
        """Draw what Fxiaoke holds of `people`; `orders`, by time, decide the deal status."""
        rng = spec.generator(Stream.FXIAOKE)
        self._spec = spec
        self._orders = orders
        self._people_count = people.count
        self._records = crm_records(spec, people, people.in_fxiaoke, ENTRY_DELAY_MINUTES)
        contacts = mask_some(rng, people, draw_contacts(rng, people, fxiaoke_phone))
        self._rows = _static_rows(people, self._records, contacts)
        self._truth = [
            TruthRow(
                people.person_id[person],
                SYSTEM,
                row[0],
                contacts.phone[person],
                contacts.email[person],
            )
            for person, row in zip(self._records.person.tolist(), self._rows, strict=True)
        ]

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per customer."""
        yield from self._truth

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one full dump per night into `folder`, oldest night first."""
        for night in self._spec.night_dates():
            path = folder / f"客户对象导出结果_{night:%Y%m%d}.xlsx"
            count = WORKBOOK.write(path, night, self._rows_of(night))
            yield SampleFile(path, SYSTEM, night, count)

    def _rows_of(self, night: datetime.date) -> Iterator[list[str]]:
        modified = local_texts(self._records.modified_at(night))
        deals = self._deals_until(night)[self._records.person[: len(modified)]].tolist()
        # Creation order makes the customers of a night the first ones, one per modification.
        for row, changed, deal in zip(self._rows, modified, deals, strict=False):
            row[_DEAL_COLUMN] = DEAL_STATUSES[deal]
            for column in _CHANGE_COLUMNS:
                row[column] = changed
            yield row

    def _deals_until(self, night: datetime.date) -> Ints:
        days = day_numbers(self._orders.placed_at)
        placed = int(np.searchsorted(days, day_number(night), side="right"))
        deals = np.bincount(self._orders.person[:placed], minlength=self._people_count)
        return np.minimum(deals, len(DEAL_STATUSES) - 1)


def mask_some(rng: np.random.Generator, people: People, contacts: Contacts) -> Contacts:
    """Mask some phones, only where an e-mail still says who it is."""
    masked = (rng.random(people.count) < MASKED_SHARE).tolist()
    phones = [
        masked_phone(mobile) if hide and phone and email else phone
        for mobile, phone, email, hide in zip(
            people.mobile, contacts.phone, contacts.email, masked, strict=True
        )
    ]
    return Contacts(tuple(phones), contacts.email)


def account_id(created_at: datetime.datetime, person: int) -> str:
    """Return the id of the customer that `person` is, created at that local moment."""
    return object_id(created_at, Kind.ACCOUNT, person)


def _static_rows(people: People, records: CrmRecords, contacts: Contacts) -> list[list[str]]:
    created = records.created_at.astype("datetime64[s]").tolist()
    rows = []
    for person, moment in zip(records.person.tolist(), created, strict=True):
        place = people.place[person]
        staff = STAFF[person % len(STAFF)]
        cells = {
            "唯一性ID（必填）": account_id(moment, person),
            "客户名称（必填）": people.full_name[person],
            "客户来源（必填）": SOURCES[person % len(SOURCES)],
            "负责人": staff,
            "负责人主属部门": DEPARTMENT,
            "客户等级": LEVELS[person % len(LEVELS)],
            "客户行业（必填）": "个人消费者",
            "电话": contacts.phone[person],
            "邮件": contacts.email[person],
            "分配状态": "已分配",
            "领取/分配时间": str(moment),
            "业务类型（必填）": "预设业务类型",
            "生命状态": "正常",
            "锁定状态": "未锁定",
            "归属部门": DEPARTMENT,
            "创建人": staff,
            "创建时间": str(moment),
            "最后修改人": staff,
            "最后跟进人": staff,
            "客户编号": f"KH{moment:%Y%m%d}-{person:07d}",
            "国家": "中国",
            "省": place.province,
            "市": place.city,
            "详细地址": people.address[person],
        }
        rows.append([cells.get(label, "") for label in HEADER])
    return rows
