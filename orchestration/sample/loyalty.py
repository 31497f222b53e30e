"""The loyalty programme: nightly new entries of the points ledger, and a full dump of the members.

Belongs here: the columns of both files, and levels. Does not belong here: who earns what
(loyalty_book.py), and who is a member (loyalty_members.py).
"""

import datetime
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow, write_csv
from orchestration.sample.loyalty_book import Entry, draw_entries
from orchestration.sample.loyalty_members import CONTACTS, draw_members, loyalty_generator
from orchestration.sample.orders import Orders
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec
from orchestration.sample.spelling import draw_contacts, draw_names

SYSTEM = "loyalty"

LEDGER_HEADER = ("member_id", "change", "balance_after", "reason", "occurred_at", "order_no")
LEVELS_HEADER = (
    "会员编号",
    "会员等级",
    "等级生效日期",
    "入会日期",
    "手机号",
    "邮箱",
    "积分余额",
    "姓名",
)

# Points ever earned from which a level holds, lowest first.
LEVELS = ((0, "普通会员"), (1_000, "银卡会员"), (5_000, "金卡会员"), (20_000, "钻石会员"))
# What the till could not read: it is no phone, and stands in the export all the same.
UGLY_PHONE_SHARE = 0.003
UGLY_PHONE = "手机号未填"
# The form asks for a name, and half of the members leave it out.
NAMELESS_SHARE = 0.5


class LoyaltyExports:
    """The programme of one sample, ready to be exported for any night."""

    def __init__(
        self, spec: SampleSpec, people: People, placed: Orders, catalogue: Catalogue
    ) -> None:
        """Draw the ledger; `placed` are the second shop's orders, in order of time."""
        rng = loyalty_generator(spec, CONTACTS)
        self._spec = spec
        self._people = people
        self._members = draw_members(spec, people)
        contacts = draw_contacts(rng, people, str)
        ugly = (rng.random(people.count) < UGLY_PHONE_SHARE).tolist()
        self._email = contacts.email
        self._phone = [
            UGLY_PHONE if spoilt and phone and email else phone
            for phone, email, spoilt in zip(contacts.phone, contacts.email, ugly, strict=True)
        ]
        self._name = draw_names(rng, people, NAMELESS_SHARE)
        self._entries = draw_entries(spec, people, self._members, placed, catalogue)
        self._days = [entry.at.date() for entry in self._entries]

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per member."""
        for person in np.flatnonzero(self._members.is_member).tolist():
            yield TruthRow(
                self._people.person_id[person],
                SYSTEM,
                self._members.member_id[person],
                self._phone[person],
                self._email[person],
            )

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write the ledger and the members of each night into `folder`, oldest night first.

        The first ledger holds everything up to its night, later ones what is new.
        """
        first, *_ = self._spec.night_dates()
        for night in self._spec.night_dates():
            path = folder / f"points_ledger_{night:%Y%m%d}.csv"
            until = self._position(night + datetime.timedelta(days=1))
            since = 0 if night == first else self._position(night)
            count = write_csv(path, LEDGER_HEADER, map(self._row, self._entries[since:until]))
            yield SampleFile(path, SYSTEM, night, count)
            path = folder / f"会员等级_{night:%Y%m%d}.csv"
            count = write_csv(path, LEVELS_HEADER, self._levels(night, self._entries[:until]))
            yield SampleFile(path, SYSTEM, night, count)

    def _position(self, day: datetime.date) -> int:
        return bisect_left(self._days, day)

    def _row(self, entry: Entry) -> list[str]:
        return [
            self._members.member_id[entry.person],
            f"{entry.change:+d}",
            str(entry.balance),
            entry.reason,
            str(entry.at),
            entry.order_number,
        ]

    def _levels(self, night: datetime.date, entries: list[Entry]) -> Iterator[list[str]]:
        joined = np.floor(self._people.arrived).astype(int).tolist()
        balance: dict[int, int] = {}
        earned: dict[int, int] = {}
        reached: dict[int, tuple[int, datetime.date]] = {}
        for entry in entries:
            balance[entry.person] = entry.balance
            earned[entry.person] = earned.get(entry.person, 0) + max(entry.change, 0)
            level = _level_of(earned[entry.person])
            if level > reached.get(entry.person, (0, night))[0]:
                reached[entry.person] = (level, entry.at.date())
        for person in np.flatnonzero(self._members.is_member).tolist():
            day = self._spec.history_start + datetime.timedelta(days=joined[person])
            if day > night:
                continue
            level, since = reached.get(person, (0, day))
            yield [
                self._members.member_id[person],
                LEVELS[level][1],
                since.isoformat(),
                day.isoformat(),
                self._phone[person],
                self._email[person],
                str(balance.get(person, 0)),
                self._name[person],
            ]


def _level_of(earned: int) -> int:
    return max(index for index, (points, _) in enumerate(LEVELS) if earned >= points)
