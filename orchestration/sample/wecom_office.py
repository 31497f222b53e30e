"""What WeCom tells about the staff: who uses it, how much they talk, whose customers lack one.

Belongs here: `get_follow_user_list`, `get_user_behavior_data`, `get_unassigned_list`, `list`.
Does not belong here: customers, other than their ids.
"""

import datetime
from collections.abc import Sequence

import numpy as np

from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream
from orchestration.sample.wecom_contacts import Relation
from orchestration.sample.wecom_documents import LEAVER_ID, STAFF_IDS, Document, answer, seconds

# The interface answers for at most thirty days at once.
BEHAVIOUR_DAYS = 30
BUSIEST_CHATS = 60
MESSAGES_PER_CHAT = 9
SLOWEST_REPLY_MINUTES = 40
# One contact in this many belonged to somebody who has left.
UNASSIGNED_EVERY = 50
LEFT_AT = datetime.time(18)
# Child streams beyond those that the messages take, one per concern.
_BEHAVIOUR = HISTORY_DAYS


def staff_list() -> Document:
    """Return `get_follow_user_list`."""
    return answer(follow_user=list(STAFF_IDS))


def contact_list(relations: Sequence[Relation], night: datetime.date) -> Document:
    """Return `externalcontact/list`, of all staff: everybody added by the end of `night`."""
    known = {
        relation.contact.external_userid: None
        for relation in relations
        if relation.exists_on(night)
    }
    return answer(external_userid=list(known))


def behaviour(spec: SampleSpec, night: datetime.date, everything: bool) -> Document:
    """Return `get_user_behavior_data` of all staff together, day by day up to `night`."""
    rng = spec.generator(Stream.WECOM_MESSAGES).spawn(_BEHAVIOUR + 1)[_BEHAVIOUR]
    draws = rng.random((HISTORY_DAYS, 4)).tolist()
    last = (night - spec.history_start).days
    first = max(0, last - BEHAVIOUR_DAYS + 1) if everything else last
    days = []
    for day in range(first, last + 1):
        midnight = datetime.datetime.combine(spec.history_start, datetime.time())
        chats, share, replied, minutes = draws[day]
        chat_count = int(chats * BUSIEST_CHATS)
        days.append(
            {
                "stat_time": seconds(midnight + datetime.timedelta(days=day), spec.zone),
                "chat_cnt": chat_count,
                "message_cnt": int(chat_count * share * MESSAGES_PER_CHAT),
                "reply_percentage": float(np.round(replied * 100, 2)),
                "avg_reply_time": int(minutes * SLOWEST_REPLY_MINUTES),
                "negative_feedback_cnt": 0,
                "new_apply_cnt": int(share * len(STAFF_IDS)),
                "new_contact_cnt": int(share * replied * len(STAFF_IDS)),
            }
        )
    return answer(behavior_data=days)


def unassigned(spec: SampleSpec, relations: Sequence[Relation], night: datetime.date) -> Document:
    """Return `get_unassigned_list`: contacts of somebody who left on the first of the history."""
    left = seconds(datetime.datetime.combine(spec.history_start, LEFT_AT), spec.zone)
    known = [relation for relation in relations if relation.exists_on(night)]
    return answer(
        info=[
            {
                "handover_userid": LEAVER_ID,
                "external_userid": relation.contact.external_userid,
                "dimission_time": left,
            }
            for relation in known[::UNASSIGNED_EVERY]
        ],
        is_last=True,
    )
