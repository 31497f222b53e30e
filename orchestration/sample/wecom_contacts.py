"""WeCom's external contacts and who among the staff has added them.

Belongs here: contacts, relations, and the two interfaces that return them (get, batch).
Does not belong here: groups (wecom_groups.py), messages (wecom_messages.py), files (wecom.py).
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from orchestration.sample.crm import crm_records
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.spelling import masked_phone
from orchestration.sample.wecom_documents import STAFF_IDS, Document, answer, opaque_id, seconds
from orchestration.sample.wecom_tags import PERSONAL_TAGS, TagBook

MEMBER_SHARE = 0.60
# Staff scan a customer in some minutes after the other systems know of somebody.
ADDED_DELAY_MINUTES = 25
# The interface returns at most a hundred relations at once.
PAGE = 100

UNION_SHARE = 0.5
COMPANY_SHARE = 0.08
UNKNOWN_GENDER_SHARE = 0.10
NICKNAME_SHARE = 0.4
NICKNAMES = ("{}🌸", "小{}", "{}🐳", "A{}~", "{}✨")

# Staff put the name in place of what the contact goes by, and the city behind it.
RENAMED_SHARE = 0.6
SECOND_OWNER_SHARE = 0.15
LONGEST_HANDOVER_DAYS = 90
PHONE_SHARE = 0.60
# Phones that nobody can use, far below what the nightly checks of phones allow.
MASKED_SHARE = 0.004
NUMBER_SHARE = 0.10
SPACED_SHARE = 0.10

# Ways of adding somebody and their chances; codes as the interface returns them.
ADD_WAYS = (1, 2, 3, 4, 6, 10, 16, 202, 0)
ADD_WAY_CHANCES = (0.40, 0.15, 0.08, 0.10, 0.05, 0.05, 0.10, 0.05, 0.02)
BY_QR_CODE, BY_LINK, ASSIGNED = 1, 16, 202
# Ways in which the customer asked, not the staff.
ASKED_BY_CUSTOMER = (1, 4, 16)
QR_CODES = 6


@dataclass(frozen=True)
class Contact:
    """One person as WeCom knows them; fields as in the interface, empty where it has none."""

    person: int
    external_userid: str
    name: str
    unionid: str
    corp_name: str
    gender: int

    def document(self) -> Document:
        """Return the object `external_contact`."""
        return {
            "external_userid": self.external_userid,
            "name": self.name,
            "avatar": f"https://avatar.example.com/{self.person}/0",
            "type": 2 if self.corp_name else 1,
            "gender": self.gender,
            **({"unionid": self.unionid} if self.unionid else {}),
            **({"corp_name": self.corp_name, "position": "采购"} if self.corp_name else {}),
        }


@dataclass(frozen=True)
class Relation:
    """That one of the staff has added one contact; `created_at` is local."""

    contact: Contact
    staff: int
    created_at: datetime.datetime
    touch_days: int
    add_way: int
    remark: str
    mobiles: tuple[str | int, ...]
    tags: tuple[int, ...]
    personal_tag: str

    def exists_on(self, night: datetime.date) -> bool:
        """Tell whether the contact was added by the end of `night`."""
        return self.created_at.date() <= night

    def changed_on(self, night: datetime.date) -> bool:
        """Tell whether it came into being or was last touched on `night`."""
        age = (night - self.created_at.date()).days
        return age >= 0 and age % self.touch_days == 0

    def description(self, night: datetime.date) -> str:
        """Return what staff noted by `night`: they count their visits."""
        visits = (night - self.created_at.date()).days // self.touch_days
        return f"第{visits}次回访" if visits else ""

    def common(self, night: datetime.date, zone: ZoneInfo) -> Document:
        """Return the fields that both interfaces name alike."""
        asked = self.add_way in ASKED_BY_CUSTOMER
        staff_id = STAFF_IDS[self.staff]
        fields: Document = {
            "userid": staff_id,
            "remark": self.remark,
            "description": self.description(night),
            "createtime": seconds(self.created_at, zone),
            "add_way": self.add_way,
            "oper_userid": self.contact.external_userid if asked else staff_id,
        }
        if self.mobiles:
            fields["remark_mobiles"] = list(self.mobiles)
        if self.add_way in (BY_QR_CODE, BY_LINK):
            fields["state"] = f"门店海报{self.contact.person % QR_CODES + 1}"
        return fields


def batch_pages(
    relations: Sequence[Relation], night: datetime.date, zone: ZoneInfo, tags: TagBook
) -> Iterator[Document]:
    """Yield `batch/get_by_user`: tags by id, the customer's company as `remark_corp_name`."""
    pages = [relations[first : first + PAGE] for first in range(0, len(relations), PAGE)]
    for number, page in enumerate(pages, start=1):
        cursor = f"cursor-{night:%Y%m%d}-{number + 1}" if number < len(pages) else ""
        contacts = [
            {
                "external_contact": relation.contact.document(),
                "follow_info": {
                    **relation.common(night, zone),
                    "tag_id": [tags.tag_ids[tag] for tag in relation.tags],
                    "remark_corp_name": relation.contact.corp_name,
                },
            }
            for relation in page
        ]
        yield answer(external_contact_list=contacts, next_cursor=cursor)


def single(
    relations: Sequence[Relation], night: datetime.date, zone: ZoneInfo, tags: TagBook
) -> Document:
    """Return `externalcontact/get` of one contact: tags by name, personal ones among them."""
    follow_user = []
    for relation in relations:
        named = [tags.named(tag) for tag in relation.tags]
        if relation.personal_tag:
            named.append({"group_name": "", "tag_name": relation.personal_tag, "type": 2})
        follow_user.append(
            {
                **relation.common(night, zone),
                "tags": named,
                "remark_company": relation.contact.corp_name,
            }
        )
    return answer(external_contact=relations[0].contact.document(), follow_user=follow_user)


def draw_relations(spec: SampleSpec, people: People, tags: TagBook) -> tuple[Relation, ...]:
    """Draw who is in WeCom and who added them, in order of the first addition."""
    rng = spec.generator(Stream.WECOM)
    member = rng.random(people.count) < MEMBER_SHARE
    # The first person is everywhere, so that no export is ever empty.
    member[0] = True
    contacts = _draw_contacts(rng, spec, people)
    mobiles = _draw_mobiles(rng, people)
    ways = rng.choice(ADD_WAYS, size=people.count, p=ADD_WAY_CHANCES).tolist()
    second = (rng.random(people.count) < SECOND_OWNER_SHARE).tolist()
    later = rng.integers(1, LONGEST_HANDOVER_DAYS, size=people.count).tolist()
    chosen = tags.draw(rng, people.count)
    renamed = (rng.random(people.count) < RENAMED_SHARE).tolist()
    records = crm_records(spec, people, member, ADDED_DELAY_MINUTES)
    drawn: list[Relation] = []
    created = records.created_at.astype("datetime64[s]").tolist()
    touches = records.touch_days.tolist()
    for person, moment, touch_days in zip(records.person.tolist(), created, touches, strict=True):
        first = Relation(
            contact=contacts[person], staff=person % len(STAFF_IDS), created_at=moment,
            touch_days=touch_days, add_way=ways[person],
            remark=(
                f"{people.full_name[person]}-{people.place[person].city}"
                if renamed[person] else contacts[person].name
            ),
            mobiles=mobiles[person], tags=chosen[person],
            personal_tag=PERSONAL_TAGS[person % len(PERSONAL_TAGS)],
        )  # fmt: skip
        drawn.append(first)
        if second[person]:
            drawn.append(_handed_over(first, later[person]))
    return tuple(drawn)


def _handed_over(first: Relation, days: int) -> Relation:
    return Relation(
        contact=first.contact, staff=(first.staff + 1) % len(STAFF_IDS),
        created_at=first.created_at + datetime.timedelta(days=days),
        touch_days=first.touch_days, add_way=ASSIGNED, remark=first.contact.name,
        mobiles=(), tags=first.tags[:1], personal_tag="",
    )  # fmt: skip


def _draw_contacts(rng: np.random.Generator, spec: SampleSpec, people: People) -> list[Contact]:
    count = people.count
    draws = rng.random((count, 4)).tolist()
    nicknames = rng.integers(len(NICKNAMES), size=count).tolist()
    contacts = []
    for person, (nick, union, company, gender) in enumerate(draws):
        spelled = NICKNAMES[nicknames[person]].format(people.given[person])
        is_company = company < COMPANY_SHARE
        has_union = union < UNION_SHARE and not is_company
        sex = 2 if people.is_female[person] else 1
        contacts.append(
            Contact(
                person=person,
                external_userid=opaque_id("wo" if is_company else "wm", spec.seed, person),
                name=spelled if nick < NICKNAME_SHARE else people.full_name[person],
                unionid=opaque_id("o6", spec.seed, person)[:28] if has_union else "",
                corp_name=f"{people.family[person]}氏商贸" if is_company else "",
                gender=0 if gender < UNKNOWN_GENDER_SHARE else sex,
            )
        )
    return contacts


def _draw_mobiles(rng: np.random.Generator, people: People) -> list[tuple[str | int, ...]]:
    draws = rng.random((people.count, 2)).tolist()
    return [
        (_spelled(mobile, spelling),) if held < PHONE_SHARE else ()
        for mobile, (held, spelling) in zip(people.mobile, draws, strict=True)
    ]


def _spelled(mobile: str, draw: float) -> str | int:
    if draw < MASKED_SHARE:
        return masked_phone(mobile)
    if draw < MASKED_SHARE + NUMBER_SHARE:
        return int(mobile)
    if draw < MASKED_SHARE + NUMBER_SHARE + SPACED_SHARE:
        return f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}"
    return mobile
