"""The people of a large sample: drawn from their numbers, some hundred thousand at a time.

Belongs here: names, contact points, arrival, and which systems know somebody.
Does not belong here: what they buy (orders.py), and how a system spells them.
"""

import unicodedata
from collections.abc import Sequence

from orchestration.sample import names
from orchestration.sample.arrays import SCATTER_MULTIPLIER
from orchestration.sample.loyalty_members import MEMBER_SHARE
from orchestration.sample.people import (
    FAMILY_EVERY,
    FEMALE_SHARE,
    FXIAOKE_SHARE,
    HOUSE_NUMBERS,
    MOBILE_DIGITS,
    NO_BIRTH_DATE_SHARE,
    OLDEST_DAYS,
    TWO_CHARACTER_SHARE,
    WESTERN_SHARE,
    YOUNGEST_DAYS,
    ZOHO_SHARE,
)
from orchestration.sample.scale.sql import Draw, columns, level, one_of, pick, texts
from orchestration.sample.spec import HISTORY_DAYS, SampleSpec
from orchestration.sample.spelling import (
    CAPITALISED_SHARE,
    EMAIL_ONLY_SHARE,
    PHONE_ONLY_SHARE,
    UPPER_CASE_SHARE,
)

# Numbers behind the names in addresses; those of small samples have fewer digits.
FIRST_MAIL_NUMBER = 10_000
# Of those who came, the part that never stops buying; the others stop at some time.
STAYING_SHARE = 0.35

# Share of people who buy in a shop, how fast the number of their orders falls off, and the most
# orders of one person. P(n or more) = n^-exponent: more than half of the buyers buy once, a few
# hundreds of times. Together about five orders a person, six in ten of them in the second shop.
SHOPS = {
    "shop": (0.60, 1.05, 400),
    "shopify": (0.30, 1.65, 300),
    "taobao": (0.15, 1.25, 300),
    "jd": (0.15, 1.60, 300),
    "youzan": (0.15, 1.60, 300),
    "douyin": (0.15, 1.60, 300),
}
# Of one person in one shop, however long the history.
MOST_ORDERS = 512
SYSTEMS = ("zoho", "fxiaoke", *SHOPS, "loyalty")


def people_table(spec: SampleSpec, first: int, end: int, history: int) -> str:
    """Return the statement that draws the people from number `first` on, below `end`.

    history: as in `CrowdSpec`.
    """
    parts = {
        "drawn": f"select number, {_drawn()} from range({first}, {end}) as numbers(number)",
        "named": f"select *, {_named(spec)} from drawn",
        "known": f"select *, {_known(history)} from named",
    }
    clauses = ", ".join(f"{name} as ({query})" for name, query in parts.items())
    return (
        f"create or replace temp table people as with {clauses} "
        "select * replace (in_zoho or (is_nowhere and goes_to_zoho) as in_zoho, "
        "in_fxiaoke or (is_nowhere and not goes_to_zoho) as in_fxiaoke) from known"
    )


def held(system: str, phone: str) -> tuple[str, str]:
    """Return what a system holds of somebody: a spelling of the mobile, or '', and the e-mail."""
    place = SYSTEMS.index(system)
    draw, case = level("number", Draw.HELD + place), level("number", Draw.CASED + place)
    email_only = f"{draw} >= {PHONE_ONLY_SHARE} and {draw} < {PHONE_ONLY_SHARE + EMAIL_ONLY_SHARE}"
    cased = (
        f"case when {case} < {UPPER_CASE_SHARE} then upper(email) "
        f"when {case} < {UPPER_CASE_SHARE + CAPITALISED_SHARE} "
        "then upper(email[1]) || email[2:] else email end"
    )
    return (
        f"if({email_only}, '', {phone})",
        f"if({draw} < {PHONE_ONLY_SHARE}, '', {cased})",
    )


def person_id(number: str = "number") -> str:
    """Return the id under which the truth knows somebody."""
    return f"printf('P%07d', {number} + 1)"


def _mobile(number: str) -> str:
    digits = f"{number} * {SCATTER_MULTIPLIER} % {10**MOBILE_DIGITS}"
    prefix = one_of(names.MOBILE_PREFIXES, number, Draw.PREFIX)
    return f"{prefix} || lpad(cast({digits} as varchar), {MOBILE_DIGITS}, '0')"


def _drawn() -> str:
    stays = level("number", Draw.STAYS)
    left = f"if({stays} < {STAYING_SHARE}, 1.0, {level('number', Draw.LEAVES)})"
    lent, own = _mobile("(number - 1)"), _mobile("number")
    return columns(
        {
            "arrived": f"{level('number', Draw.ARRIVED)} * {HISTORY_DAYS}",
            "ends": f"arrived + ({HISTORY_DAYS} - arrived) * {left}",
            "is_female": f"{level('number', Draw.FEMALE)} < {FEMALE_SHARE}",
            "is_western": f"{level('number', Draw.WESTERN)} < {WESTERN_SHARE}",
            "has_two": f"{level('number', Draw.TWO)} < {TWO_CHARACTER_SHARE}",
            "place": pick("number", Draw.PLACE, 1, len(names.PLACES) + 1),
            # Somebody in the family lends the phone.
            "mobile": f"if((number + 1) % {FAMILY_EVERY} = 0, {lent}, {own})",
        }
    )


def _named(spec: SampleSpec) -> str:
    age = pick("number", Draw.BORN, YOUNGEST_DAYS, OLDEST_DAYS)
    unknown = f"{level('number', Draw.BORN_KNOWN)} < {NO_BIRTH_DATE_SHARE}"
    family, western = _names(0), [names.WESTERN_FAMILIES, names.WESTERN_FEMALE, names.WESTERN_MALE]
    latin, plain = _names(1), [[_plain(name) for name in choices] for choices in western]
    domain = one_of(names.MAIL_DOMAINS, "number", Draw.DOMAIN)
    street = one_of(names.STREETS, "number", Draw.STREET)
    mail_name = f"if(is_western, {_given(plain[1], plain[2])} || '.' || {_family(plain[0])}, "
    mail_name += f"{latin[1]} || '.' || {latin[0]})"
    return columns(
        {
            "family": f"if(is_western, {_family(western[0])}, {family[0]})",
            "given": f"if(is_western, {_given(western[1], western[2])}, {family[1]})",
            "full_name": "if(is_western, given || ' ' || family, family || given)",
            "email": f"{mail_name} || (number + {FIRST_MAIL_NUMBER}) || '@' || {domain}",
            "birth_date": f"if({unknown}, null, date '{spec.last_night}' - cast({age} as integer))",
            "address": f"{street} || {pick('number', Draw.HOUSE, 1, HOUSE_NUMBERS)} || '号'",
            "province": f"{texts(place.province for place in names.PLACES)}[place]",
            "city": f"{texts(place.city for place in names.PLACES)}[place]",
        }
    )


def _names(part: int) -> tuple[str, str]:
    """Return Chinese family and given name: part 0 as written, part 1 in Latin letters."""
    female = [pair[part] for pair in names.GIVEN_FEMALE]
    male = [pair[part] for pair in names.GIVEN_MALE]
    second = _given(female, male, Draw.SECOND)
    given = f"{_given(female, male)} || if(has_two, {second}, '')"
    return _family([pair[part] for pair in names.FAMILIES]), given


def _family(choices: Sequence[str]) -> str:
    return one_of(choices, "number", Draw.FAMILY)


def _given(female: Sequence[str], male: Sequence[str], draw: Draw = Draw.GIVEN) -> str:
    return f"if(is_female, {one_of(female, 'number', draw)}, {one_of(male, 'number', draw)})"


def _plain(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.replace("'", "").lower()


def _known(history: int) -> str:
    to_zoho = ZOHO_SHARE / (ZOHO_SHARE + FXIAOKE_SHARE)
    known = {
        "in_zoho": f"{level('number', Draw.ZOHO)} < {ZOHO_SHARE}",
        "in_fxiaoke": f"{level('number', Draw.FXIAOKE)} < {FXIAOKE_SHARE}",
        "goes_to_zoho": f"{level('number', Draw.NOWHERE)} < {to_zoho}",
        "is_member": f"{level('number', Draw.MEMBER)} < {MEMBER_SHARE}",
        # Ten digits: those of small samples have nine.
        "member_id": "'M1' || lpad(cast(number as varchar), 9, '0')",
    }
    for place, (shop, (share, exponent, most)) in enumerate(SHOPS.items()):
        count = f"pow(1 - {level('number', Draw.BOUGHT + place)}, {-1 / exponent})"
        # Nobody orders every day for long.
        orders = f"least({most}, floor({count}), 1 + floor(ends - arrived))"
        orders = f"cast(least({MOST_ORDERS}, {history} * {orders}) as bigint)"
        buys = f"{level('number', Draw.BUYS + place)} < {share}"
        known[f"{shop}_orders"] = f"if({buys}, {orders}, 0)"
    bought = " + ".join(f"{shop}_orders" for shop in SHOPS)
    # Longer histories reach back: so many times as many orders, as often as before.
    known["bought_from"] = f"ends - {history} * (ends - arrived)"
    known["is_nowhere"] = f"{bought} = 0 and not in_zoho and not in_fxiaoke"
    return columns(known)
