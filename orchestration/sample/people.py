"""Who the sample's people are, when they arrive, and which systems know them.

Belongs here: one row per person, drawn once, whatever the number of nights.
Does not belong here: what they buy (purchases.py), and how a system spells them (spelling.py).
"""

import datetime
import unicodedata
from dataclasses import dataclass

import numpy as np

from orchestration.sample import names
from orchestration.sample.arrays import Bools, Floats, Ints, scatter
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream

# Shares of people; the sizes of the groups that the warehouse has to tell apart.
WESTERN_SHARE = 0.08
FEMALE_SHARE = 0.54
TWO_CHARACTER_SHARE = 0.7
NO_BIRTH_DATE_SHARE = 0.15
BUYER_SHARE = 0.75
ZOHO_SHARE = 0.60
FXIAOKE_SHARE = 0.50
SHOPIFY_ONLY_SHARE = 0.40
SHOP_ONLY_SHARE = 0.40
# A buyer of both shops has no favourite.
BOTH_SHOPS_SPLIT = 0.5

# Adults up to retirement, in days of age on the last night.
YOUNGEST_DAYS = 18 * 365
OLDEST_DAYS = 70 * 365

# The last four weeks get one arrival a day in both CRMs, so that small samples move nightly too;
# at most half of a small sample, or it would hold newcomers only.
ARRIVAL_NIGHTS = 28
ARRIVAL_SHARE = 0.5

MOBILE_DIGITS = 8
# Every so many people one gives the phone of somebody in the family, as in life: the warehouse must
# keep the two apart by their names, and says in identity_stops what it did.
FAMILY_EVERY = 50
HOUSE_NUMBERS = 300


@dataclass(frozen=True)
class People:
    """One entry per person in every field; index i is the same person in all of them.

    arrived: days since the spec's history start, fraction included.
    shopify_chance: probability that an order goes to Shopify rather than to the shop.
    """

    person_id: tuple[str, ...]
    family: tuple[str, ...]
    given: tuple[str, ...]
    full_name: tuple[str, ...]
    email: tuple[str, ...]
    mobile: tuple[str, ...]
    birth_date: tuple[str, ...]
    address: tuple[str, ...]
    place: tuple[names.Place, ...]
    is_female: Bools
    arrived: Floats
    in_zoho: Bools
    in_fxiaoke: Bools
    is_buyer: Bools
    shopify_chance: Floats

    @property
    def count(self) -> int:
        """Number of people."""
        return len(self.person_id)


@dataclass(frozen=True)
class _Name:
    family: str
    given: str
    full: str
    latin: str


# Planted, so that every night of the sample proves that no name or address is published: the scan
# of what is published looks for this person (expectations/privacy.yml).
MARKER = _Name("哨", "兵甲", "哨兵甲", "sentinel.marker")


def draw_people(spec: SampleSpec) -> People:
    """Draw `spec.customers` people; the result does not depend on `spec.nights`."""
    rng = spec.generator(Stream.PEOPLE)
    count = spec.customers
    is_female = rng.random(count) < FEMALE_SHARE
    drawn = [MARKER, *_draw_names(rng, is_female)[1:]]
    arrived, is_arrival = _draw_arrivals(rng, count)
    in_zoho, in_fxiaoke, is_buyer = _draw_membership(rng, is_arrival)
    place = rng.integers(len(names.PLACES), size=count).tolist()
    street = rng.integers(len(names.STREETS), size=count).tolist()
    house = rng.integers(1, HOUSE_NUMBERS, size=count).tolist()
    return People(
        person_id=tuple(f"P{index:07d}" for index in range(1, count + 1)),
        family=tuple(name.family for name in drawn),
        given=tuple(name.given for name in drawn),
        full_name=tuple(name.full for name in drawn),
        email=_draw_emails(rng, drawn),
        mobile=_draw_mobiles(rng, count),
        birth_date=_draw_birth_dates(rng, count, spec.last_night),
        address=tuple(
            f"{names.STREETS[road]}{number}号" for road, number in zip(street, house, strict=True)
        ),
        place=tuple(names.PLACES[index] for index in place),
        is_female=is_female,
        arrived=arrived,
        in_zoho=in_zoho,
        in_fxiaoke=in_fxiaoke,
        is_buyer=is_buyer,
        shopify_chance=_draw_shopify_chance(rng, count),
    )


def _draw_names(rng: np.random.Generator, is_female: Bools) -> list[_Name]:
    count = len(is_female)
    western = (rng.random(count) < WESTERN_SHARE).tolist()
    picks: list[list[int]] = rng.integers(1 << 30, size=(count, 3)).tolist()
    two = (rng.random(count) < TWO_CHARACTER_SHARE).tolist()
    return [
        _western_name(pick, female) if foreign else _chinese_name(pick, female, pair)
        for pick, female, foreign, pair in zip(picks, is_female.tolist(), western, two, strict=True)
    ]


def _western_name(pick: list[int], female: bool) -> _Name:
    family = names.WESTERN_FAMILIES[pick[0] % len(names.WESTERN_FAMILIES)]
    choices = names.WESTERN_FEMALE if female else names.WESTERN_MALE
    given = choices[pick[1] % len(choices)]
    plain = unicodedata.normalize("NFKD", f"{given}.{family}").encode("ascii", "ignore").decode()
    return _Name(family, given, f"{given} {family}", plain.replace("'", "").lower())


def _chinese_name(pick: list[int], female: bool, two: bool) -> _Name:
    family, family_latin = names.FAMILIES[pick[0] % len(names.FAMILIES)]
    choices = names.GIVEN_FEMALE if female else names.GIVEN_MALE
    parts = [choices[number % len(choices)] for number in (pick[1:] if two else pick[1:2])]
    given = "".join(part[0] for part in parts)
    latin = "".join(part[1] for part in parts)
    return _Name(family, given, family + given, f"{latin}.{family_latin}")


def _draw_emails(rng: np.random.Generator, drawn: list[_Name]) -> tuple[str, ...]:
    domains = rng.integers(len(names.MAIL_DOMAINS), size=len(drawn)).tolist()
    # The number alone is unique, and no name ends in a digit, so the address is unique too.
    numbers = scatter(len(drawn), max(4, len(str(len(drawn)))), int(rng.integers(10**4))).tolist()
    return tuple(
        f"{name.latin}{number}@{names.MAIL_DOMAINS[domain]}"
        for name, number, domain in zip(drawn, numbers, domains, strict=True)
    )


def _draw_mobiles(rng: np.random.Generator, count: int) -> tuple[str, ...]:
    prefixes = rng.integers(len(names.MOBILE_PREFIXES), size=count).tolist()
    numbers = scatter(count, MOBILE_DIGITS, int(rng.integers(10**MOBILE_DIGITS))).tolist()
    own = [
        f"{names.MOBILE_PREFIXES[prefix]}{number:0{MOBILE_DIGITS}d}"
        for prefix, number in zip(prefixes, numbers, strict=True)
    ]
    return tuple(
        own[index - 1] if (index + 1) % FAMILY_EVERY == 0 else mobile
        for index, mobile in enumerate(own)
    )


def _draw_birth_dates(
    rng: np.random.Generator, count: int, last_night: datetime.date
) -> tuple[str, ...]:
    ages = rng.integers(YOUNGEST_DAYS, OLDEST_DAYS, size=count).tolist()
    missing = (rng.random(count) < NO_BIRTH_DATE_SHARE).tolist()
    return tuple(
        "" if unknown else (last_night - datetime.timedelta(days=age)).isoformat()
        for age, unknown in zip(ages, missing, strict=True)
    )


def _draw_arrivals(rng: np.random.Generator, count: int) -> tuple[Floats, Bools]:
    """Return arrival days and the people whose day is set rather than drawn.

    Person 0 arrives on the first day, so that no export is ever empty, and persons 1..k arrive
    one a day on the last k days, so that each of those nights has a new contact.
    """
    days: Ints = rng.integers(HISTORY_DAYS, size=count)
    arrivals = min(ARRIVAL_NIGHTS, int((count - 1) * ARRIVAL_SHARE))
    days[0] = 0
    days[1 : arrivals + 1] = HISTORY_DAYS - 1 - np.arange(arrivals)
    is_set = np.arange(count) <= arrivals
    return days + rng.random(count), is_set


def _draw_membership(rng: np.random.Generator, in_both_crms: Bools) -> tuple[Bools, Bools, Bools]:
    count = len(in_both_crms)
    is_buyer = rng.random(count) < BUYER_SHARE
    in_zoho = (rng.random(count) < ZOHO_SHARE) | in_both_crms
    in_fxiaoke = (rng.random(count) < FXIAOKE_SHARE) | in_both_crms
    # Somebody who never buys is known through a CRM or not at all.
    nowhere = ~is_buyer & ~in_zoho & ~in_fxiaoke
    to_zoho = rng.random(count) < ZOHO_SHARE / (ZOHO_SHARE + FXIAOKE_SHARE)
    return in_zoho | (nowhere & to_zoho), in_fxiaoke | (nowhere & ~to_zoho), is_buyer


def _draw_shopify_chance(rng: np.random.Generator, count: int) -> Floats:
    draw = rng.random(count)
    chance = np.full(count, BOTH_SHOPS_SPLIT)
    chance[draw < SHOPIFY_ONLY_SHARE + SHOP_ONLY_SHARE] = 0.0
    chance[draw < SHOPIFY_ONLY_SHARE] = 1.0
    return chance
