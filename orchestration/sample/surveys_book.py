"""Responses to a survey: who answers when, with which score.

Belongs here: responses as such. Does not belong here: how a tool writes them down (surveys.py).
"""

import datetime
from dataclasses import dataclass

import numpy as np

from orchestration.sample.people import People
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream
from orchestration.sample.timeline import OPEN_SECONDS, OPENING_SECOND

# Each survey has its own random stream.
SURVEYS = 2
# Chance per day that somebody answers; there is always one answer a day.
ANSWER_CHANCE = 0.0004
ABANDONED_SHARE = 0.06
ANONYMOUS_SHARE = 0.3
COMMENTED_SHARE = 0.5
FASTEST_SECONDS, SLOWEST_SECONDS = 15, 400
# Most are content: the best of this many draws.
SCORE_DRAWS = 2


@dataclass(frozen=True)
class Response:
    """One response. Times are local; `submitted_at` is None where it was begun and left."""

    number: int
    person: int
    started_at: datetime.datetime
    submitted_at: datetime.datetime | None
    seconds: int
    score: int
    comment: int | None
    is_named: bool


def draw_responses(
    spec: SampleSpec, people: People, survey: int, scale: tuple[int, int]
) -> list[Response]:
    """Draw all responses up to the last night, by time; scores lie on `scale`, both ends included.

    A day's responses do not depend on the nights that are exported.
    """
    days = spec.generator(Stream.SURVEYS).spawn(SURVEYS)[survey].spawn(HISTORY_DAYS)
    responses: list[Response] = []
    for offset, rng in enumerate(days):
        known = np.flatnonzero(people.arrived < offset)
        known = known if len(known) else np.zeros(1, dtype=np.int64)
        count = max(1, int(rng.poisson(len(known) * ANSWER_CHANCE)))
        midnight = datetime.datetime.combine(
            spec.history_start + datetime.timedelta(days=offset), datetime.time()
        )
        seconds = np.sort(rng.integers(OPEN_SECONDS - SLOWEST_SECONDS, size=count)).tolist()
        for second in seconds:
            start = midnight + datetime.timedelta(seconds=OPENING_SECOND + second)
            person = int(rng.choice(known))
            responses.append(_draw_one(rng, len(responses) + 1, person, start, scale))
    return responses


def _draw_one(
    rng: np.random.Generator,
    number: int,
    person: int,
    start: datetime.datetime,
    scale: tuple[int, int],
) -> Response:
    seconds = int(rng.integers(FASTEST_SECONDS, SLOWEST_SECONDS))
    lowest, highest = scale
    is_abandoned = rng.random() < ABANDONED_SHARE
    return Response(
        number=number,
        person=person,
        started_at=start,
        submitted_at=None if is_abandoned else start + datetime.timedelta(seconds=seconds),
        seconds=seconds,
        score=int(rng.integers(lowest, highest + 1, size=SCORE_DRAWS).max()),
        comment=int(rng.integers(1 << 30)) if rng.random() < COMMENTED_SHARE else None,
        is_named=rng.random() >= ANONYMOUS_SHARE,
    )
