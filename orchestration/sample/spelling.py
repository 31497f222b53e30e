"""How each system writes down a phone number, an e-mail address and an amount.

Belongs here: spellings, and which of the two contact points a system holds.
Does not belong here: the people themselves, and the columns of a file.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from orchestration.sample.people import People

# A system that holds one contact point only may make a person unlinkable, as in life.
PHONE_ONLY_SHARE = 0.10
EMAIL_ONLY_SHARE = 0.15
# Spellings of an address that people or their keyboards capitalise.
CAPITALISED_SHARE = 0.10
UPPER_CASE_SHARE = 0.05


@dataclass(frozen=True)
class Contacts:
    """Phone and e-mail of each person as one system writes them; empty where it has none."""

    phone: tuple[str, ...]
    email: tuple[str, ...]


def draw_contacts(
    rng: np.random.Generator, people: People, spell: Callable[[str], str]
) -> Contacts:
    """Draw what one system holds for everybody: phone, e-mail or both, never neither."""
    held = rng.random(people.count).tolist()
    case = rng.random(people.count).tolist()
    return Contacts(
        phone=tuple(
            "" if PHONE_ONLY_SHARE <= draw < PHONE_ONLY_SHARE + EMAIL_ONLY_SHARE else spell(mobile)
            for mobile, draw in zip(people.mobile, held, strict=True)
        ),
        email=tuple(
            "" if draw < PHONE_ONLY_SHARE else _cased(email, level)
            for email, draw, level in zip(people.email, held, case, strict=True)
        ),
    )


def draw_names(rng: np.random.Generator, people: People, nameless_share: float) -> list[str]:
    """Draw the name that one system holds of everybody; of a share of them it holds none."""
    nameless = (rng.random(people.count) < nameless_share).tolist()
    return [
        "" if is_nameless else name
        for name, is_nameless in zip(people.full_name, nameless, strict=True)
    ]


def _cased(email: str, level: float) -> str:
    if level < UPPER_CASE_SHARE:
        return email.upper()
    if level < UPPER_CASE_SHARE + CAPITALISED_SHARE:
        return email.title()
    return email


def zoho_phone(mobile: str) -> str:
    """Return `+86 138 1234 5678`."""
    return f"+86 {mobile[:3]} {mobile[3:7]} {mobile[7:]}"


def fxiaoke_phone(mobile: str) -> str:
    """Return `138-1234-5678`."""
    return f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}"


def masked_phone(mobile: str) -> str:
    """Return `138****5678`, from which the number cannot be recovered."""
    return f"{mobile[:3]}****{mobile[7:]}"


def shopify_phone(mobile: str) -> str:
    """Return `+8613812345678`."""
    return f"+86{mobile}"


def money(hundredths: int) -> str:
    """Return an amount with two decimals, such as `-12.50`."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"
