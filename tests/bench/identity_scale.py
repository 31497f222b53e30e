"""What it costs to fold millions of records, on a first night and on the next one.

Belongs here: running the identity models on a crowd and printing what that took. Does not belong
here: whether they fold rightly (identity.py).
"""

import datetime as dt
import sys
from pathlib import Path

import crowd
from population.project import LAST, NIGHT, IdentityProject, Ran

RECORDS = 5_000_000
SLOWEST = 10
GOAL_SECONDS, GOAL_MEGABYTES = 90, 8_000


def bench_scale(folder: Path, records: int = RECORDS) -> None:
    """Fold a crowd, and fold it again after a few in a thousand have another phone."""
    project = IdentityProject(folder)
    folder.mkdir()
    project.write()
    crowd.feed_directly(project)
    with project.connect() as warehouse:
        crowd.draw_crowd(warehouse, records)
        drawn, identifiers = crowd.count_crowd(warehouse)
    project.dbt("seed")
    first = project.dbt("run", "--select", LAST)
    say(f"{identifiers:,} identifiers in {drawn:,} records, first night", first)
    say_slowest(first)
    with project.connect() as warehouse:
        warehouse.execute(crowd.CHANGED)
    project.open_night(NIGHT + dt.timedelta(days=1))
    second = project.dbt("run", "--select", LAST)
    say(f"next night, {crowd.CHANGED_PER_MILLE / 1000:.1%} with another phone", second)
    say_slowest(second)
    share = second.processor_seconds / first.processor_seconds
    sys.stdout.write(f"share of the first night's work {share:.0%}\n")


def say(what: str, ran: Ran) -> None:
    """Print seconds and peak memory of one night beside the aims."""
    sys.stdout.write(
        f"{what}: {ran.seconds:.0f} s ({ran.processor_seconds:.0f} s of processors), "
        f"aim about {GOAL_SECONDS}; "
        f"peak memory {ran.peak:,.0f} MB, aim below {GOAL_MEGABYTES:,}\n"
    )
    sys.stdout.flush()


def say_slowest(ran: Ran) -> None:
    """Print seconds of the slowest models, and of all of them."""
    slowest = sorted(ran.nodes.items(), key=lambda node: -node[1])[:SLOWEST]
    for name, seconds in slowest:
        sys.stdout.write(f"{seconds:10.1f} s  {name}\n")
    sys.stdout.flush()
