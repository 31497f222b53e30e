"""WeCom (企业微信): nightly dumps of what its interfaces answer, and a list by hand.

Belongs here: which answers are dumped on which night, and the names of the files.
Does not belong here: what is in an answer (the other modules named wecom_*).
"""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from orchestration.sample.files import SampleFile, TruthRow
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec
from orchestration.sample.spelling import masked_phone
from orchestration.sample.wecom_admin import write_customer_list
from orchestration.sample.wecom_contacts import Relation, batch_pages, draw_relations, single
from orchestration.sample.wecom_documents import SYSTEM, Document, write_documents
from orchestration.sample.wecom_groups import GroupChats
from orchestration.sample.wecom_messages import GroupMessages
from orchestration.sample.wecom_office import behaviour, contact_list, staff_list, unassigned
from orchestration.sample.wecom_tags import TAGS, tag_book, tag_list

__all__ = ["SYSTEM", "WecomExports"]


class WecomExports:
    """Everything one sample's company has in WeCom, ready to be dumped for any night."""

    def __init__(self, spec: SampleSpec, people: People) -> None:
        """Draw which of `people` added the company, whom of its staff, and when."""
        self._spec = spec
        self._people = people
        self._tags = tag_book(spec)
        drawn = draw_relations(spec, people, self._tags)
        self._relations = tuple(r for r in drawn if r.exists_on(spec.last_night))
        self._groups = GroupChats(spec, self._relations)
        self._messages = GroupMessages(spec, self._relations)

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per contact whose phone the staff noted in a way that can be read."""
        for relation in self._relations:
            person = relation.contact.person
            for mobile in relation.mobiles:
                if mobile != masked_phone(self._people.mobile[person]):
                    yield TruthRow(
                        self._people.person_id[person],
                        SYSTEM,
                        relation.contact.external_userid,
                        str(mobile),
                        "",
                    )

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write each night's dumps into `folder`: all of it at first, then what changed."""
        first, *_ = self._spec.night_dates()
        for night in self._spec.night_dates():
            yield from self._contact_files(folder, night, everything=night == first)
            yield from self._group_files(folder, night, everything=night == first)
            yield from self._office_files(folder, night, everything=night == first)
        path = folder / f"客户列表_{self._spec.last_night:%Y%m%d}.xlsx"
        count = write_customer_list(path, self._relations, self._spec.last_night)
        yield SampleFile(path, SYSTEM, self._spec.last_night, count)

    def _contact_files(
        self, folder: Path, night: datetime.date, everything: bool
    ) -> Iterator[SampleFile]:
        spec = self._spec
        chosen = [
            relation
            for relation in self._relations
            if (everything and relation.exists_on(night)) or relation.changed_on(night)
        ]
        # One member of staff after the other is asked for.
        chosen.sort(key=lambda relation: relation.staff)
        for number, page in enumerate(batch_pages(chosen, night, spec.zone, self._tags), start=1):
            path = folder / f"batch_get_by_user_{night:%Y%m%d}_{number:03d}.json"
            yield _written(path, night, [page], len(page["external_contact_list"]))
        for number, relations in enumerate(self._looked_up(chosen, night), start=1):
            document = single(relations, night, spec.zone, self._tags)
            path = folder / f"get_{night:%Y%m%d}_{number:03d}.json"
            yield _written(path, night, [document], len(relations))

    def _looked_up(
        self, chosen: Sequence[Relation], night: datetime.date
    ) -> Iterator[list[Relation]]:
        """Yield all relations of the contacts that somebody looked up singly on a night."""
        if not chosen:
            return
        people = {chosen[0].contact.person, chosen[-1].contact.person}
        for person in sorted(people):
            yield [
                relation
                for relation in self._relations
                if relation.contact.person == person and relation.exists_on(night)
            ]

    def _group_files(
        self, folder: Path, night: datetime.date, everything: bool
    ) -> Iterator[SampleFile]:
        chats = list(self._groups.changed(night, everything))
        path = folder / f"groupchat_get_{night:%Y%m%d}.jsonl"
        members = sum(count for _, count in chats)
        yield _written(path, night, [document for document, _ in chats], members)
        path = folder / f"groupchat_list_{night:%Y%m%d}.json"
        yield _written(path, night, [self._groups.listing()], self._groups.count)
        for number, (result, rows) in enumerate(self._messages.results(night, everything), start=1):
            path = folder / f"get_groupmsg_send_result_{night:%Y%m%d}_{number:03d}.json"
            yield _written(path, night, [result], rows)

    def _office_files(
        self, folder: Path, night: datetime.date, everything: bool
    ) -> Iterator[SampleFile]:
        tags = tag_list(self._spec, self._tags)
        path = folder / f"get_corp_tag_list_{night:%Y%m%d}.json"
        yield _written(path, night, [tags], len(TAGS))
        activity = behaviour(self._spec, night, everything)
        path = folder / f"get_user_behavior_data_{night:%Y%m%d}.json"
        yield _written(path, night, [activity], len(activity["behavior_data"]))
        staff = staff_list()
        path = folder / f"get_follow_user_list_{night:%Y%m%d}.json"
        yield _written(path, night, [staff], len(staff["follow_user"]))
        if everything:
            without = unassigned(self._spec, self._relations, night)
            path = folder / f"get_unassigned_list_{night:%Y%m%d}.json"
            yield _written(path, night, [without], len(without["info"]))
            known = contact_list(self._relations, night)
            path = folder / f"externalcontact_list_{night:%Y%m%d}.json"
            yield _written(path, night, [known], len(known["external_userid"]))


def _written(path: Path, night: datetime.date, documents: list[Document], rows: int) -> SampleFile:
    write_documents(path, documents)
    return SampleFile(path, SYSTEM, night, rows)
