"""What a sample is asked to be: its size, its seed, its calendar, and its random streams.

Belongs here: `SampleSpec`, its validation, and the one place that makes random generators.
Does not belong here: anything drawn from those generators, and anything about a file.
"""

import datetime
import re
from dataclasses import dataclass
from enum import IntEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

# About eighteen months: long enough for drop-out to show, short enough to replay every night.
HISTORY_DAYS = 540
# Everybody has a phone number, of which eight digits are their own.
MOST_CUSTOMERS = 10**8


class Stream(IntEnum):
    """One random stream per concern, so that a new draw in one leaves the others as they were."""

    PEOPLE = 1
    PURCHASES = 2
    BASKETS = 3
    CHANNELS = 4
    WALK_INS = 5
    ZOHO = 6
    FXIAOKE = 7
    SHOPIFY = 8
    SHOP = 9
    SHOPIFY_CONTACTS = 10
    SHOP_CONTACTS = 11
    ZOHO_LEADS = 20
    ZOHO_DEALS = 21
    ZOHO_ACTIVITIES = 22
    ZOHO_CAMPAIGNS = 23
    FXIAOKE_CONTACTS = 30
    FXIAOKE_ORDERS = 31
    FXIAOKE_ACTIVITIES = 32
    WECOM = 40
    WECOM_GROUPS = 41
    WECOM_MESSAGES = 42
    TAOBAO = 50
    JD = 51
    YOUZAN = 52
    DOUYIN = 53
    MARKETPLACES = 54
    BEHAVIOUR = 60
    SURVEYS = 61
    LOYALTY = 62
    CAMPAIGNS = 63
    REFERENCE = 70


@dataclass(frozen=True)
class SampleSpec:
    """Size, seed and calendar of a sample.

    customers: people, 1 to `MOST_CUSTOMERS`. nights: exports per system, 1 to `HISTORY_DAYS`.
    seed: at least 0. last_night: date of the newest export. currency: three capital letters.
    timezone: IANA name of the wall clock in the files. Raises ValueError for anything else.
    """

    customers: int
    nights: int
    seed: int
    last_night: datetime.date
    currency: str
    timezone: str

    def __post_init__(self) -> None:
        """Refuse what no sample can be made of."""
        if not 1 <= self.customers <= MOST_CUSTOMERS:
            raise ValueError(f"customers must be 1 to {MOST_CUSTOMERS}, got {self.customers}")
        if not 1 <= self.nights <= HISTORY_DAYS:
            raise ValueError(f"nights must be 1 to {HISTORY_DAYS}, got {self.nights}")
        if self.seed < 0:
            raise ValueError(f"seed must be at least 0, got {self.seed}")
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise ValueError(f"currency must be three capital letters, got {self.currency!r}")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone {self.timezone!r}") from error

    @property
    def zone(self) -> ZoneInfo:
        """The time zone whose wall clock the files show."""
        return ZoneInfo(self.timezone)

    @property
    def history_start(self) -> datetime.date:
        """The first day on which anybody can be acquired; does not depend on `nights`."""
        return self.last_night - datetime.timedelta(days=HISTORY_DAYS - 1)

    def night_dates(self) -> tuple[datetime.date, ...]:
        """Dates of the exports, oldest first, ending with `last_night`."""
        return tuple(
            self.last_night - datetime.timedelta(days=back)
            for back in range(self.nights - 1, -1, -1)
        )

    def generator(self, stream: Stream) -> np.random.Generator:
        """Return a fresh generator for one concern, seeded from `seed` alone."""
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, stream])))


@dataclass(frozen=True)
class CrowdSpec:
    """What those do who only a large sample has.

    corrections: share of the shop's orders of the last 90 days that the last night restates.
    history: how many times as long buyers have bought, as often as ever, and how many times as many
    days of visits the first night has; later nights bring what they always bring. Raises
    ValueError for anything else.
    """

    corrections: float = 0.0
    history: int = 1

    def __post_init__(self) -> None:
        """Refuse what no crowd can do."""
        if not 0 <= self.corrections <= 1:
            raise ValueError(f"corrections must be a share, 0 to 1, got {self.corrections}")
        if self.history < 1:
            raise ValueError(f"history must be 1 or more, got {self.history}")
