"""The customers of Fxiaoke as its other objects refer to them.

Belongs here: ids, names and times of creation. Does not belong here: the columns of any file.
"""

import datetime
from dataclasses import dataclass

import numpy as np

from orchestration.sample.crm import crm_records
from orchestration.sample.fxiaoke import ENTRY_DELAY_MINUTES, account_id
from orchestration.sample.names import STAFF
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec
from orchestration.sample.timeline import datetimes


@dataclass(frozen=True)
class Account:
    """One customer: the person that it is, its id, and the local time of its creation."""

    person: int
    name: str
    account_id: str
    created_at: datetime.datetime

    @property
    def owner(self) -> int:
        """Index into STAFF of who is in charge of it."""
        return self.person % len(STAFF)


def load_accounts(spec: SampleSpec, people: People) -> dict[int, Account]:
    """Return the customers by person, as the export of customers holds them."""
    records = crm_records(spec, people, people.in_fxiaoke, ENTRY_DELAY_MINUTES)
    created = datetimes(records.created_at)
    accounts = {
        person: Account(person, people.full_name[person], account_id(at, person), at)
        for person, at in zip(records.person.tolist(), created, strict=True)
    }
    return {person: accounts[person] for person in np.flatnonzero(people.in_fxiaoke).tolist()}
