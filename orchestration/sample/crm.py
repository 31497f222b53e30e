"""When a CRM record comes into being and when it is next touched.

Belongs here: what the full dumps of both CRMs have in common.
Does not belong here: columns and spellings (zoho.py, fxiaoke.py).
"""

import datetime
from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrays import Bools, Ints, Moments
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec
from orchestration.sample.timeline import day_number, day_numbers, wall_clock

# Somebody looks after each customer about three times a year.
TOUCH_DAYS = 120
# Person 0 is touched daily, so that two nights differ even when nobody new arrived.
DAILY = 1


@dataclass(frozen=True)
class CrmRecords:
    """Records in order of creation.

    person: (n,) index into People. created_at: (n,) local moments. touch_days: (n,) days
    between two changes of the record.
    """

    person: Ints
    created_at: Moments
    touch_days: Ints

    def known_on(self, night: datetime.date) -> int:
        """Return how many records, from the first, exist at the end of `night`."""
        created = day_numbers(self.created_at)
        return int(np.searchsorted(created, day_number(night), side="right"))

    def modified_at(self, night: datetime.date) -> Moments:
        """Return the last change, up to `night`, of the records that exist by then."""
        known = self.known_on(night)
        age = day_number(night) - day_numbers(self.created_at[:known])
        touch_days = self.touch_days[:known]
        since = (age // touch_days * touch_days).astype("timedelta64[D]")
        moments: Moments = self.created_at[:known] + since
        return moments


def crm_records(spec: SampleSpec, people: People, member: Bools, delay_minutes: int) -> CrmRecords:
    """Return the records of the people marked in `member`, created on their day of arrival."""
    person = np.flatnonzero(member)
    created_at = wall_clock(people.arrived[person], spec.history_start)
    created_at = created_at + np.timedelta64(delay_minutes, "m")
    order = np.lexsort((person, created_at))
    touch_days = np.where(person == 0, DAILY, TOUCH_DAYS)
    return CrmRecords(person[order], created_at[order], touch_days[order])
