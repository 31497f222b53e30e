"""How often a process looks for cycles among the objects that it has made."""

import gc

OBJECTS_BETWEEN_COLLECTIONS = 200_000


def collect_seldom() -> None:
    """Look for cycles seldom.

    dbt, Dagster and what they import make millions of small objects that live as long as the
    process; looking for cycles among them takes a tenth of its time.
    """
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
