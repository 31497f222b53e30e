"""Who is a member of the loyalty programme, and under which number.

Belongs here: membership, which the trackers share: who is logged in is known by this number.
Does not belong here: points and levels (loyalty.py).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrays import Bools, scatter
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec, Stream

MEMBER_SHARE = 0.55
MEMBER_DIGITS = 9

# One child of the stream per concern.
MEMBERSHIP, CONTACTS, ENTRIES = range(3)
CHILDREN = 3


@dataclass(frozen=True)
class Members:
    """One entry per person; a number is only used where the person is a member."""

    is_member: Bools
    member_id: tuple[str, ...]


def loyalty_generator(spec: SampleSpec, concern: int) -> np.random.Generator:
    """Return a fresh generator for one concern of the programme."""
    return spec.generator(Stream.LOYALTY).spawn(CHILDREN)[concern]


def draw_members(spec: SampleSpec, people: People) -> Members:
    """Draw the members; person 0 is always one, so that no export is ever empty."""
    rng = loyalty_generator(spec, MEMBERSHIP)
    is_member = rng.random(people.count) < MEMBER_SHARE
    is_member[0] = True
    numbers = scatter(people.count, MEMBER_DIGITS, int(rng.integers(10**MEMBER_DIGITS))).tolist()
    return Members(is_member, tuple(f"M{number:0{MEMBER_DIGITS}d}" for number in numbers))
