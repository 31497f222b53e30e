"""The dbt process of a night: `strata-dbt`, started by dagster-dbt in place of `dbt`.

Belongs here: what has to be true of that process. Does not belong here: what dbt is told to do.
"""

import ctypes
import gc
import os
import signal
import sys
from pathlib import Path

OBJECTS_BETWEEN_COLLECTIONS = 200_000
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies, so that no orphan goes on writing.

    Only Linux can; elsewhere an orphan keeps writing in a folder that nobody reads.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Run dbt with the night's folder as working directory.

    The profile names the warehouse by a relative path that never changes, because a profile that
    changes every night costs a full parse every night. dagster-dbt sets DBT_TARGET_PATH to a
    folder inside the night's folder.
    """
    die_with_parent()
    target = os.environ.get("DBT_TARGET_PATH")
    if target:
        os.chdir(Path(target).parent)
    # Every statement is in the target folder already; a log of each costs a tenth of the time.
    os.environ.setdefault("DBT_LOG_LEVEL_FILE", "info")
    # dbt makes millions of small objects that live as long as it does; looking for cycles among
    # them takes a tenth of its time.
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    from dbt.cli.main import cli  # costs seconds, and only a started child needs it

    drop_debug_events()
    cli()


def drop_debug_events() -> None:
    """Have dbt drop events that nobody reads, before it writes them out.

    Every node has some twenty events of level debug. dbt spells each as JSON for either of its
    logs, and only then looks at the level: a fifth of its time.
    """
    from dbt_common.events.base_types import BaseEvent, EventLevel
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.event_manager_client import ctx_set_event_manager

    class Listening(EventManager):
        """The manager of dbt, but for what is below the level of both logs."""

        def fire_event(
            self,
            e: BaseEvent,
            level: EventLevel | None = None,
            node: object = None,
            force_warn_or_error_handling: bool = False,  # as dbt calls it
        ) -> None:
            """Fire an event of level info and above."""
            if (level or e.level_tag()) not in (EventLevel.DEBUG, EventLevel.TEST):
                super().fire_event(e, level, node, force_warn_or_error_handling)

    ctx_set_event_manager(Listening())
