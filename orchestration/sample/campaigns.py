"""Marketing sends: a nightly export of the last days' messages with what came of them so far.

Belongs here: the sending plan, outcomes and the file's columns. Does not belong here: people.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestration.sample.arrays import Bools, Ints
from orchestration.sample.files import SampleFile, TruthRow, write_csv
from orchestration.sample.people import People
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream
from orchestration.sample.timeline import day_number

SYSTEM = "campaigns"

_LABELS = (
    "channel,campaign_id,campaign_name,recipient,sent_at,is_delivered,is_opened,is_clicked,"
    "is_bounced,is_unsubscribed"
)
HEADER = tuple(_LABELS.split(","))

# Days that an export looks back: longer than outcomes take. The first one shows a little history.
WINDOW_DAYS = 5
FIRST_WINDOW_DAYS = 14
# Every Thursday a newsletter by e-mail, once in four weeks a text message, and a digest daily.
DAYS_PER_WEEK = 7
DAYS_PER_MESSAGE = 28
NEWSLETTER_SHARE = 0.3
MESSAGE_SHARE = 0.2
DIGEST_SHARE = 0.01

BOUNCED_SHARE = 0.02
OPENED_SHARE = 0.35
CLICKED_SHARE = 0.08
UNSUBSCRIBED_SHARE = 0.004
# Whole days, from none, until somebody reads what arrived.
SLOWEST_DAYS = 4

SENDING_TIME = datetime.time(10, 0)
SECONDS_BETWEEN = 1
# A big mailing takes this long at most; then several leave in the same second.
SENDING_SECONDS = 6 * 3600


@dataclass(frozen=True)
class Campaign:
    """What is sent to a share of those who are known by a day."""

    channel: str
    campaign_id: str
    name: str
    share: float


@dataclass(frozen=True)
class _Sends:
    """One entry per recipient of a campaign, with the days until each outcome."""

    person: Ints
    is_bounced: Bools
    is_opened: Bools
    is_clicked: Bools
    is_unsubscribed: Bools
    lag_days: Ints


class CampaignsExports:
    """All messages of one sample, ready to be exported for any night."""

    def __init__(self, spec: SampleSpec, people: People) -> None:
        """Keep a generator for each day, so that a day's messages do not depend on `nights`."""
        self._spec = spec
        self._people = people
        self._days = spec.generator(Stream.CAMPAIGNS).spawn(HISTORY_DAYS)
        self._sends: dict[datetime.date, list[tuple[Campaign, _Sends]]] = {}

    def truth(self) -> Iterator[TruthRow]:
        """Yield nothing: a message is no record of a person."""
        yield from ()

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one export per night into `folder`, oldest night first."""
        first, *_ = self._spec.night_dates()
        for night in self._spec.night_dates():
            path = folder / f"campaign_sends_{night:%Y%m%d}.csv"
            days = FIRST_WINDOW_DAYS if night == first else WINDOW_DAYS
            count = write_csv(path, HEADER, self._rows_of(night, days))
            yield SampleFile(path, SYSTEM, night, count)

    def _rows_of(self, night: datetime.date, days: int) -> Iterator[list[str]]:
        for back in range(days - 1, -1, -1):
            day = night - datetime.timedelta(days=back)
            if day >= self._spec.history_start:
                for campaign, sends in self._sends_on(day):
                    yield from self._send_rows(campaign, sends, day, back)

    def _sends_on(self, day: datetime.date) -> list[tuple[Campaign, _Sends]]:
        if day not in self._sends:
            offset = (day - self._spec.history_start).days
            # Spawned anew each time would go on where the last draw ended.
            rng = self._days[offset]
            arrived = self._people.arrived < offset
            arrived[0] = True
            self._sends[day] = [
                (campaign, _draw_sends(rng, campaign, arrived)) for campaign in plan_of(day)
            ]
        return self._sends[day]

    def _send_rows(
        self, campaign: Campaign, sends: _Sends, day: datetime.date, age: int
    ) -> Iterator[list[str]]:
        start = datetime.datetime.combine(day, SENDING_TIME)
        is_known = (sends.lag_days <= age).tolist()
        for number, person in enumerate(sends.person.tolist()):
            seconds = number * SECONDS_BETWEEN % SENDING_SECONDS
            bounced = bool(sends.is_bounced[number])
            known = is_known[number] and not bounced
            yield [
                campaign.channel,
                campaign.campaign_id,
                campaign.name,
                self._people.mobile[person]
                if campaign.channel == "sms"
                else self._people.email[person],
                str(start + datetime.timedelta(seconds=seconds)),
                _flag(not bounced),
                _flag(known and bool(sends.is_opened[number])),
                _flag(known and bool(sends.is_clicked[number])),
                _flag(bounced),
                _flag(known and bool(sends.is_unsubscribed[number])),
            ]


def plan_of(day: datetime.date) -> list[Campaign]:
    """Return what is sent on a day."""
    plan = [Campaign("email", f"DIGEST-{day:%Y%m%d}", "每日精选", DIGEST_SHARE)]
    # 1970-01-01 was a Thursday.
    if day_number(day) % DAYS_PER_WEEK == 0:
        plan.append(Campaign("email", f"NEWS-{day:%Y%m%d}", "会员周报", NEWSLETTER_SHARE))
    if day_number(day) % DAYS_PER_MESSAGE == 1:
        plan.append(Campaign("sms", f"SMS-{day:%Y%m%d}", "会员日提醒", MESSAGE_SHARE))
    return plan


def _draw_sends(rng: np.random.Generator, campaign: Campaign, arrived: Bools) -> _Sends:
    chosen = (rng.random(len(arrived)) < campaign.share) & arrived
    # Somebody always gets the message, so that no export is ever empty.
    chosen[0] = True
    person = np.flatnonzero(chosen)
    is_bounced, opened, clicked, gone = rng.random((4, len(person)))
    is_email = campaign.channel == "email"
    is_opened = (opened < OPENED_SHARE) & is_email
    return _Sends(
        person=person,
        is_bounced=is_bounced < BOUNCED_SHARE,
        is_opened=is_opened,
        is_clicked=clicked < np.where(is_opened | (not is_email), CLICKED_SHARE, 0.0),
        is_unsubscribed=gone < UNSUBSCRIBED_SHARE,
        lag_days=rng.integers(SLOWEST_DAYS, size=len(person)),
    )


def _flag(value: bool) -> str:
    return "true" if value else "false"
