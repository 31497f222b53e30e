"""WeCom's messages to many customers at once, and what became of each.

Belongs here: when a message goes out, and the interface that tells who got it.
Does not belong here: what it says: no export of results holds the text.
"""

import datetime
from collections.abc import Iterator, Sequence

from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream
from orchestration.sample.wecom_contacts import Relation
from orchestration.sample.wecom_documents import STAFF_IDS, Document, answer, seconds

# A message a week; staff confirm it in the evening, some of them on the next day only.
DAYS_BETWEEN = 7
SENT_AT = datetime.time(19)
SENDING_SECONDS = 3600
LATE_SHARE = 0.10
# The first file reaches back this far, later files hold what may still have changed.
HISTORY_MESSAGES = 2
# What becomes of a message, as the interface numbers it.
UNSENT, SENT, NO_FRIEND, ENOUGH = 0, 1, 2, 3
OUTCOMES = (SENT, NO_FRIEND, ENOUGH)
OUTCOME_CHANCES = (0.90, 0.04, 0.06)


class GroupMessages:
    """All messages of one sample, ready to be asked for on any night."""

    def __init__(self, spec: SampleSpec, relations: Sequence[Relation]) -> None:
        """Send to everybody in `relations`, in order of addition."""
        self._spec = spec
        self._relations = relations

    def results(self, night: datetime.date, everything: bool) -> Iterator[tuple[Document, int]]:
        """Yield `get_groupmsg_send_result` of messages up to a day old, and its rows.

        With `everything` also of the one before.
        """
        day = (night - self._spec.history_start).days
        newest = day // DAYS_BETWEEN
        oldest = newest - HISTORY_MESSAGES + 1 if everything else newest
        for number in range(max(oldest, 0), newest + 1):
            age = day - number * DAYS_BETWEEN
            if everything or age <= 1:
                rows = list(self._rows(number, is_first_day=age == 0))
                if rows:
                    yield answer(send_list=rows, next_cursor=""), len(rows)

    def _rows(self, number: int, is_first_day: bool) -> Iterator[Document]:
        date = self._spec.history_start + datetime.timedelta(days=number * DAYS_BETWEEN)
        start = datetime.datetime.combine(date, SENT_AT)
        # A stream of its own per message, so that nobody's outcome depends on the nights.
        rng = self._spec.generator(Stream.WECOM_MESSAGES).spawn(HISTORY_DAYS)[number]
        count = len(self._relations)
        outcomes = rng.choice(OUTCOMES, size=count, p=OUTCOME_CHANCES).tolist()
        late = (rng.random(count) < LATE_SHARE).tolist()
        delays = rng.integers(SENDING_SECONDS, size=count).tolist()
        for index, relation in enumerate(self._relations):
            # Whoever was added on the day itself is not yet on the list.
            if not relation.exists_on(date - datetime.timedelta(days=1)):
                continue
            row: Document = {
                "external_userid": relation.contact.external_userid,
                "userid": STAFF_IDS[relation.staff],
                "status": UNSENT if is_first_day and late[index] else outcomes[index],
            }
            if row["status"] == SENT:
                day = 1 if late[index] else 0
                moment = start + datetime.timedelta(days=day, seconds=delays[index])
                row["send_time"] = seconds(moment, self._spec.zone)
            yield row
