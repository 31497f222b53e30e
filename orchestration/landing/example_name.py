"""A name that a pattern takes, to show a person what to call a file.

Belongs here: filling in a pattern. Does not belong here: matching names (sources.py).
"""

import datetime as dt
import re
from pathlib import Path

from orchestration.landing.sources import FilePattern, SourceTable

DIGIT, REST = "[0-9]", "*"
# Digits of a date in a name.
DATE_DIGITS = 8


def example_name(source: SourceTable, suffix: str, day: dt.date) -> str:
    """Return a name for a file of `source` that was exported on `day`, with `suffix` if it can be.

    Where no name can be made up, the pattern is returned as it is.
    """
    fitting = [p for p in source.files if Path(p.name).suffix.casefold() == suffix.casefold()]
    candidates = [pattern for pattern in fitting or source.files if pattern.load == source.load]
    patterns = candidates or fitting or list(source.files)
    patterns.sort(key=lambda pattern: pattern.name.count(DIGIT) >= DATE_DIGITS, reverse=True)
    names = (_filled(pattern, day) for pattern in patterns)
    return next((name for name in names if name), patterns[0].name)


def _filled(pattern: FilePattern, day: dt.date) -> str | None:
    digits = f"{day:%Y%m%d}"
    has_date = pattern.name.count(DIGIT) >= DATE_DIGITS
    stem, suffix = Path(pattern.name).stem, Path(pattern.name).suffix
    if not has_date:
        # A date tells when the export was made; one star is enough of a place for it.
        stem = re.sub(r"(\[0-9\])*\*$", f"_{digits}" if stem != REST else digits, stem)
    for digit in digits:
        stem = stem.replace(DIGIT, digit, 1)
    name = stem.replace(REST, "").replace("?", "_").replace("__", "_") + suffix
    return name if pattern.takes(name) and not name.startswith(".") else None
