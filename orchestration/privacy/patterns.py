"""What personal data looks like, as SQL conditions on a text.

Belongs here: markers, e-mails, phones, mainland ID cards, and equality with what the private
warehouse holds. Does not belong here: where to look (scan.py).
"""

import re
from collections.abc import Sequence

from orchestration.landing.texts import quoted
from orchestration.typing_sql import typed

MARKER, EMAIL, PHONE, ID_CARD, KNOWN = "marker", "e-mail", "phone", "ID card", "known identifier"
KINDS = (MARKER, EMAIL, PHONE, ID_CARD, KNOWN)
# Columns of ids that shops give hold numbers that look like a phone or an ID card.
KINDS_OF_IDS = (MARKER, EMAIL, KNOWN)
# What stands around a number; behind the point of a decimal it is part of one.
START, END = "(?:^|[^0-9A-Za-z.]|[^0-9][.])", "(?:$|[^0-9A-Za-z])"
EMAIL_PATTERN = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:[.][A-Za-z0-9-]+)*[.][A-Za-z]{2,}"
MOBILE = rf"{START}(?:[+]|00)?(?:86)?[ -]?1[3-9][0-9][ -]?[0-9]{{4}}[ -]?[0-9]{{4}}{END}"
INTERNATIONAL = rf"[+][1-9][0-9]{{7,14}}{END}"
# GB 11643-1999: region, date of birth, sequence, and a check sign by ISO 7064 MOD 11-2.
ID_CANDIDATE = rf"{START}([1-9][0-9]{{16}}[0-9Xx]){END}"
REGION = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_SIGNS = "10X98765432"
OLDEST_YEAR, YOUNGEST_YEAR = 1900, 2099
BIRTH_DATE, CHECK_PLACE = (7, 8), 18


# The same in Python, where what stands around a number is looked at and kept.
SHOWN = re.compile(
    rf"(?P<email>{EMAIL_PATTERN})"
    r"|(?<![0-9A-Za-z])(?:[+]|00)?(?:86)?[ -]?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9A-Za-z])"
)


def hidden(text: str) -> str:
    """Return a text with every phone and e-mail in it replaced by what it is."""
    return SHOWN.sub(lambda found: f"({EMAIL if found['email'] else PHONE})", text)


def condition(kind: str, text: str, markers: Sequence[str]) -> str:
    """Return the SQL condition that a text holds what `kind` names.

    Known identifiers are those of the table `known_identifiers`, in their column `value`.
    """
    if kind == MARKER:
        pattern = "(?i)" + "|".join(re.escape(marker) for marker in markers)
        return f"regexp_matches({text}, {quoted(pattern)})"
    half = typed("to_half_width", text)
    if kind == EMAIL:
        return f"(contains({half}, '@') and regexp_matches({half}, {quoted(EMAIL_PATTERN)}))"
    if kind == PHONE:
        return f"regexp_matches({half}, {quoted(f'{MOBILE}|{INTERNATIONAL}')})"
    if kind == ID_CARD:
        found = f"regexp_extract_all({half}, {quoted(ID_CANDIDATE)}, 1)"
        shown = f"len(list_filter({found}, lambda card: {_is_id_card('card')})) > 0"
        # Taking candidates apart costs more than seeing that there is none.
        return f"(regexp_matches({half}, {quoted(ID_CANDIDATE)}) and {shown})"
    known = "(select value from known_identifiers)"
    return f"({text} in {known} or substr({text}, strpos({text}, ':') + 1) in {known})"


def _is_id_card(card: str) -> str:
    born = f"try_strptime(substr({card}, {BIRTH_DATE[0]}, {BIRTH_DATE[1]}), '%Y%m%d')"
    total = " + ".join(
        f"cast(substr({card}, {place}, 1) as integer) * {weight}"
        for place, weight in enumerate(WEIGHTS, start=1)
    )
    check = f"substr({quoted(CHECK_SIGNS)}, ({total}) % {len(CHECK_SIGNS)} + 1, 1)"
    return (
        f"regexp_matches({card}, '^({REGION})') "
        f"and coalesce(year({born}) between {OLDEST_YEAR} and {YOUNGEST_YEAR}, false) "
        f"and {check} = upper(substr({card}, {CHECK_PLACE}, 1))"
    )
