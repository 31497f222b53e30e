"""The dbt process of a night: `strata-dbt`, started in place of `dbt`.

Belongs here: what has to be true of that process. Does not belong here: what dbt is told to do.
"""

import atexit
import ctypes
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.collecting import collect_seldom
from orchestration.dbt_overhead import spare_work
from orchestration.dbt_process import AHEAD

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PR_SET_PDEATHSIG = 1  # linux/prctl.h
FAILED = 1


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies, so that no orphan goes on writing.

    Only Linux can; elsewhere an orphan keeps writing in a folder that nobody reads.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Run dbt, at once or as soon as it is told what to do."""
    die_with_parent()
    # Whoever started this reads its stdout. Spelling every event once more for a file, and every
    # statement, which the target folder holds already, costs a tenth of the time.
    os.environ.setdefault("DBT_LOG_LEVEL_FILE", "none")
    collect_seldom()
    if sys.argv[1:2] == [AHEAD]:
        outcome: list[int] = []
        atexit.register(leave, outcome)  # registered before any other, so it runs after them
        outcome.append(work_ahead(sys.argv[2:]))
        return
    enter(os.environ.get("DBT_TARGET_PATH"))
    from dbt.cli.main import cli  # costs seconds, and only a started child needs it

    spare_work()
    cli()


def enter(target: str | None) -> None:
    """Make the folder that `target` lies in the working directory.

    The profile names the warehouse by a relative path that never changes, because a profile that
    changes every night costs a full parse every night.
    """
    if target:
        os.chdir(Path(target).parent)


def work_ahead(parse: Sequence[str]) -> int:
    """Read the project by the arguments `parse`, do what one line of stdin then says.

    The line holds a target folder and arguments as JSON. Without one there was nothing to do.
    """
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    spare_work()
    read = dbtRunner().invoke(list(parse))
    line = sys.stdin.readline()
    if not line:
        return 0
    if not isinstance(read.result, Manifest):
        sys.stderr.write(f"{read.exception}\n")
        return FAILED
    target, arguments = json.loads(line)
    enter(target)
    done = dbtRunner(unwritten(read.result)).invoke(arguments)
    if done.exception:
        sys.stderr.write(f"{done.exception}\n")
    return 0 if done.success else FAILED


def leave(outcome: Sequence[int]) -> None:
    """End this process, for the night waits for its end.

    Whatever dbt has to close at exit is closed by then; taking apart one by one what it has made
    takes a second.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(outcome[0] if outcome else FAILED)


def unwritten(manifest: "Manifest") -> "Manifest":
    """Keep dbt from writing this manifest beside its results, which nobody reads there."""

    def write(path: str) -> None:
        """Write nothing."""

    manifest.write = write  # type: ignore[method-assign]
    return manifest
