"""WeCom's corporate tags.

Belongs here: the tag groups, their ids, and which contact has which tag.
Does not belong here: tags that staff keep for themselves, except their names.
"""

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np

from orchestration.sample.spec import SampleSpec
from orchestration.sample.wecom_documents import Document, answer, opaque_id, seconds

# Groups and their tags, as the staff read them.
TAG_GROUPS = (
    ("客户等级", ("普通", "重要", "核心")),
    ("购买意向", ("高意向", "中意向", "低意向")),
    ("来源渠道", ("门店", "公众号", "直播间", "老客介绍")),
)
TAGS = tuple((group, name) for group, names in TAG_GROUPS for name in names)
PERSONAL_TAGS = ("", "老顾客", "", "爱砍价", "")
# How often staff fill in each group.
TAGGED_SHARES = (0.8, 0.5, 0.6)
# Groups number upwards from here, so that no group shares its id with a tag.
_FIRST_GROUP = 1000
CREATED_AT = datetime.time(9, 30)


@dataclass(frozen=True)
class TagBook:
    """The ids of `TAGS`, in their order, and of their groups."""

    tag_ids: tuple[str, ...]
    group_ids: tuple[str, ...]

    def named(self, tag: int) -> dict[str, Any]:
        """Return one tag as `externalcontact/get` spells it out."""
        group, name = TAGS[tag]
        return {"group_name": group, "tag_name": name, "tag_id": self.tag_ids[tag], "type": 1}

    def draw(self, rng: np.random.Generator, count: int) -> list[tuple[int, ...]]:
        """Draw, for `count` contacts, at most one tag of each group; indexes into `TAGS`."""
        shares = np.array(TAGGED_SHARES)
        sizes = np.array([len(names) for _, names in TAG_GROUPS])
        offsets = np.cumsum(sizes) - sizes
        held = (rng.random((count, len(sizes))) < shares).tolist()
        picks = (rng.integers(sizes, size=(count, len(sizes))) + offsets).tolist()
        return [
            tuple(tag for tag, has in zip(tags, flags, strict=True) if has)
            for tags, flags in zip(picks, held, strict=True)
        ]


def tag_book(spec: SampleSpec) -> TagBook:
    """Return the ids of this sample's tags."""
    return TagBook(
        tag_ids=tuple(opaque_id("et", spec.seed, tag) for tag in range(len(TAGS))),
        group_ids=tuple(
            opaque_id("et", spec.seed, _FIRST_GROUP + group) for group in range(len(TAG_GROUPS))
        ),
    )


def tag_list(spec: SampleSpec, book: TagBook) -> Document:
    """Return `get_corp_tag_list`: all groups with their tags."""
    born = seconds(datetime.datetime.combine(spec.history_start, CREATED_AT), spec.zone)
    groups, first = [], 0
    for number, (group, names) in enumerate(TAG_GROUPS):
        tags = [
            {"id": book.tag_ids[first + place], "name": name, "create_time": born, "order": place}
            for place, name in enumerate(names)
        ]
        first += len(names)
        groups.append(
            {
                "group_id": book.group_ids[number],
                "group_name": group,
                "create_time": born,
                "order": number,
                "tag": tags,
            }
        )
    return answer(tag_group=groups)
