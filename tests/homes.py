"""Homes for tests: their settings, the nights that they hold, and publishing one more.

Belongs here: what tests import by name. Does not belong here: fixtures (conftest.py).
"""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from orchestration.running import new_night, run_night
from orchestration.settings import Settings, load_settings

LAST_NIGHT = dt.date(2026, 3, 31)
FIRST_NIGHT, SECOND_NIGHT = (LAST_NIGHT - dt.timedelta(days=back) for back in (2, 1))
KEY = "a key for tests, long enough to be one"
# A home that is kept between runs for its parsed project: parsing takes seconds.
PARSED = Path(__file__).resolve().parents[1] / ".pytest_cache" / "parsed"


def settings_of(home: Path, **more: str) -> Settings:
    """Settings of a home of its own, with a fixed key."""
    return load_settings({"STRATA_HOME": str(home), "STRATA_HASH_KEY": KEY, **more})


def publish_night(
    settings: Settings, as_of: dt.date, *, rebuilds: bool = False, **overrides: object
) -> dict:
    """Run one night and return its record."""
    night = replace(new_night(settings, lambda line: None), rebuilds=rebuilds)
    return run_night(night, as_of, **overrides)
