"""Values as a screen may show them: their shape tells what is wrong, and nobody who they are of.

Belongs here: masking. Does not belong here: the raw values, which land in private folders only.
"""

import re
import unicodedata

LONGEST_SHOWN = 48
# Chinese, Japanese and Korean signs start here; alphabets lie below.
FIRST_IDEOGRAPH = 0x2E80
# An E between digits and an exponent is damage, not a letter of anybody's name.
EXPONENT = re.compile(r"(?<=\d)[eE](?=[+-]?\d)")


def masked(value: str) -> str:
    """Return `value` with every digit as 0, letter as x and ideograph as 某, cut to a line."""
    exponents = {found.start() for found in EXPONENT.finditer(value)}
    signs = (
        sign if place in exponents else _masked_sign(sign)
        for place, sign in enumerate(value[: LONGEST_SHOWN + 1])
    )
    text = "".join(signs)
    return text if len(value) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def _masked_sign(sign: str) -> str:
    kind = unicodedata.category(sign)[0]
    if kind == "L":
        return "x" if ord(sign) < FIRST_IDEOGRAPH else "某"
    if kind == "N":
        return "0"
    if kind in ("C", "M"):
        return sign.encode("unicode_escape").decode("ascii") if kind == "C" else ""
    return sign
