"""What a column seems to hold, told by some of its values.

Belongs here: guessing one of the types that a declaration may name. Does not belong here: typing,
which staging does with its own rules; a guess only saves a person the first draft.
"""

import re
from collections.abc import Iterable, Sequence

from orchestration.landing.labels import normal_label

# What exports write for nothing.
NOTHING = frozenset({"", "-", "--", "——", "null", "n/a", "na", "无"})
GUARD = re.compile(r'^="(.*)"$|^\'')
# Share of the values that must be phones or addresses: platforms mask some, and people mistype.
CONTACT_SHARE = 0.6
CONTACTS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.\w{2,}"),
    "phone": re.compile(
        r"(\+|00)?(86)?[ -]?1[3-9][\d*]{9}|\+\d{8,15}|1[*\d]{2,}\*[*\d]+|0\d{2,3}-\d{7,8}"
    ),
}
DAY = r"(19|20)\d\d([-/.]\d{1,2}[-/.]|年\d{1,2}月)\d{1,2}日?"
CLOCK = r"\d{1,2}:\d\d(:\d\d(\.\d+)?)?( ?[AP]M)?"
EPOCH = re.compile(r"1\d{9}(\d{3}|\d{6})?")
MONEY = r"[¥￥$€£]?"
SHAPES = {
    "time": re.compile(
        rf"{DAY}[T ]{CLOCK}(Z|[+-]\d\d:?\d\d)?|[A-Z][a-z]{{2}} \d+, \d{{4}} {CLOCK}"
    ),
    "date": re.compile(rf"{DAY}|(19|20)\d\d(0\d|1[0-2])[0-3]\d"),
    "boolean": re.compile(r"true|false|yes|no|y|n|是|否", re.IGNORECASE),
    "integer": re.compile(r"[+-]?\d+"),
    "amount": re.compile(rf"[+-]?{MONEY} ?-?(\d+|\d{{1,3}}(,\d{{3}})+)(\.\d+)? ?元?"),
    "json": re.compile(r"\{.*\}|\[.*\]", re.DOTALL),
}
LONG_NUMBER = re.compile(r"(zcrm_)?[\d-]{12,}|0\d+")
NAMES_ID = re.compile(r"(^|[ .])(u|gu|uu)?id$|号$|唯一性id$|(^| )no\.?$")
NAMES_TIME = re.compile(r"time|date|( |^)at$|时间|日期")


def bare(value: str | None) -> str:
    """Return a value without spaces and guards around it; empty where it says nothing."""
    text = (value or "").strip()
    text = GUARD.sub(lambda found: found[1] or "", text).strip()
    return "" if text.casefold() in NOTHING else text


def guess_type(values: Iterable[str | None], label: str = "") -> str:
    """Name the type that `values` of the column `label` seem to have; text where in doubt."""
    texts = [text for text in map(bare, values) if text]
    name = normal_label(label)
    if not texts:
        return "text"
    for kind, shape in CONTACTS.items():
        if sum(1 for text in texts if shape.fullmatch(text)) >= CONTACT_SHARE * len(texts):
            return kind
    if _all(texts, EPOCH) and NAMES_TIME.search(name):
        return "time"
    if NAMES_ID.search(name) or _all(texts, LONG_NUMBER):
        return "text" if any(" " in text for text in texts) else "id"
    return next((kind for kind, shape in SHAPES.items() if _all(texts, shape)), "text")


def _all(texts: Sequence[str], shape: re.Pattern[str]) -> bool:
    return all(shape.fullmatch(text) for text in texts)
