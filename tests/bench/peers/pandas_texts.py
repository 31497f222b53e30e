"""How a pandas notebook reads texts: amounts, times, phones, addresses, statuses."""

from collections.abc import Callable

import pandas as pd


def bare(texts: pd.Series) -> pd.Series:
    """Take guards against Excel and blanks off; nothing, or a dash for it, is missing."""
    stripped = texts.str.strip(" \t=\"'")
    return stripped.mask(stripped.isin(["", "-"]))


def once(texts: pd.Series, clean: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Clean each different text once."""
    codes, different = pd.factorize(texts)
    cleaned = clean(pd.Series(different, dtype="str"))
    return pd.Series(cleaned.array.take(codes, allow_fill=True), index=texts.index)


def amount(texts: pd.Series) -> pd.Series:
    """Read numbers, also with a currency or commas."""
    found = pd.to_numeric(texts, errors="coerce").astype("float64")
    odd = found.isna() & texts.notna()
    if odd.any():
        digits = texts[odd].str.replace(r"[^0-9.-]", "", regex=True)
        found[odd] = pd.to_numeric(digits, errors="coerce")
    return found


def moment(texts: pd.Series) -> pd.Series:
    """Read wall clock."""
    iso = texts.str.strip(" \t=\"'").str.replace("/", "-")
    return pd.to_datetime(iso, format="ISO8601", errors="coerce")


def visible(texts: pd.Series) -> pd.Series:
    """Drop what a platform has masked."""
    return texts.mask(texts.str.contains(r"\*|##|\$\$", na=True))


def email(texts: pd.Series) -> pd.Series:
    """Read addresses in lower case."""
    found = bare(visible(texts)).str.lower()
    return found.where(found.str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", na=False))


def _phone(texts: pd.Series) -> pd.Series:
    digits = visible(texts).str.replace(r"[^0-9+]", "", regex=True)
    digits = digits.str.replace(r"^00", "+", regex=True)
    mobile = digits.str.extract(r"^(?:\+?86)?(1[3-9][0-9]{9})$", expand=False)
    found = digits.where(mobile.isna(), "+86" + mobile)
    return found.where(found.str.contains(r"^\+[1-9][0-9]{7,14}$", na=False))


def phone(*columns: pd.Series) -> pd.Series:
    """Read international numbers; the first column that has one counts."""
    found = once(columns[0], _phone)
    for column in columns[1:]:
        found = found.fillna(once(column, _phone))
    return found


def status(texts: pd.Series) -> pd.Series:
    """Fold how platforms spell a status."""
    table = str.maketrans("，（）", ",()", " \t")
    return once(texts, lambda different: different.map(lambda t: t.translate(table)))


def paid(payment: pd.Series, paid_at: pd.Series) -> pd.Series:
    """Tell who paid, by the status or else by the time of payment."""
    by_status = payment.map({"paid": True, "unpaid": False})
    return by_status.where(by_status.notna(), paid_at.notna()).astype(bool)


def first_of(*columns: pd.Series) -> pd.Series:
    """Take the first value that is there."""
    found = columns[0]
    for column in columns[1:]:
        found = found.fillna(column)
    return found
