"""WeCom's group chats of staff with customers.

Belongs here: the groups, when who joined, and the two interfaces that return them.
Does not belong here: who the contacts are (wecom_contacts.py).
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.wecom_contacts import Contact, Relation
from orchestration.sample.wecom_documents import STAFF_IDS, Document, answer, opaque_id, seconds

CONTACTS_PER_GROUP = 40
MEMBER_SHARE = 0.5
# Days between adding somebody and taking them into a group.
LONGEST_WAIT_DAYS = 30
OPENED_AT = datetime.time(8)
# Ways of joining, as the interface numbers them: invited, by a link, by a QR code.
INVITED, SCANNED = 1, 3
# Kinds of member: staff, customer.
STAFF_MEMBER, CUSTOMER = 1, 2
NOTICE = "每周三晚八点直播，欢迎提问。"


@dataclass(frozen=True)
class Member:
    """One customer in one group; `joined_at` is local."""

    contact: Contact
    group: int
    joined_at: datetime.datetime
    join_scene: int


class GroupChats:
    """All groups of one sample, ready to be asked for on any night."""

    def __init__(self, spec: SampleSpec, relations: Sequence[Relation]) -> None:
        """Draw who joins which group, and when; `relations` are in order of addition."""
        self._spec = spec
        first: dict[int, Relation] = {}
        for relation in relations:
            first.setdefault(relation.contact.person, relation)
        self.count = -(-len(first) // CONTACTS_PER_GROUP)
        rng = spec.generator(Stream.WECOM_GROUPS)
        joins = (rng.random(len(first)) < MEMBER_SHARE).tolist()
        groups = rng.integers(self.count, size=len(first)).tolist()
        waits = rng.integers(LONGEST_WAIT_DAYS, size=len(first)).tolist()
        scenes = rng.integers(INVITED, SCANNED + 1, size=len(first)).tolist()
        self._members: list[list[Member]] = [[] for _ in range(self.count)]
        drawn = zip(first.values(), joins, groups, waits, scenes, strict=True)
        for relation, does_join, group, wait, scene in drawn:
            if does_join:
                joined_at = relation.created_at + datetime.timedelta(days=wait)
                self._members[group].append(Member(relation.contact, group, joined_at, scene))

    def listing(self) -> Document:
        """Return `groupchat/list`."""
        chats = [{"chat_id": self._chat_id(group), "status": 0} for group in range(self.count)]
        return answer(group_chat_list=chats, next_cursor="")

    def changed(self, night: datetime.date, everything: bool) -> Iterator[tuple[Document, int]]:
        """Yield `groupchat/get` of the groups that somebody joined on `night`, and their members.

        Staff look at the first group every night; with `everything`, at all of them.
        """
        for group, members in enumerate(self._members):
            present = [member for member in members if member.joined_at.date() <= night]
            is_new = any(member.joined_at.date() == night for member in present)
            if everything or is_new or group == 0:
                yield self._document(group, present), len(present) + len(self._staff(group))

    def _chat_id(self, group: int) -> str:
        return opaque_id("wr", self._spec.seed, group)

    def _staff(self, group: int) -> tuple[str, str]:
        owner = group % len(STAFF_IDS)
        return STAFF_IDS[owner], STAFF_IDS[owner - 1]

    def _document(self, group: int, present: Sequence[Member]) -> Document:
        opened = datetime.datetime.combine(self._spec.history_start, OPENED_AT)
        created = seconds(opened, self._spec.zone)
        owner, helper = self._staff(group)
        staff = [
            {"userid": userid, "type": STAFF_MEMBER, "join_time": created, "join_scene": INVITED}
            for userid in (owner, helper)
        ]
        return answer(
            group_chat={
                "chat_id": self._chat_id(group),
                "name": f"会员福利群{group + 1}",
                "owner": owner,
                "create_time": created,
                "notice": NOTICE,
                "member_list": staff + [self._customer(member, owner) for member in present],
                "admin_list": [{"userid": helper}],
            }
        )

    def _customer(self, member: Member, owner: str) -> dict[str, Any]:
        contact = member.contact
        return {
            "userid": contact.external_userid,
            "type": CUSTOMER,
            **({"unionid": contact.unionid} if contact.unionid else {}),
            "join_time": seconds(member.joined_at, self._spec.zone),
            "join_scene": member.join_scene,
            **({"invitor": {"userid": owner}} if member.join_scene == INVITED else {}),
            "group_nickname": "",
            "name": contact.name,
        }
