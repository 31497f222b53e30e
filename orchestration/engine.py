"""What the database engine may take of this machine: memory, threads, and where it spills.

Belongs here: deriving the three from the machine, and spelling them for DuckDB. Does not belong
here: reading the environment (settings.py), and printing (doctor.py).
"""

import os
from dataclasses import dataclass
from pathlib import Path

from orchestration.privacy.modes import keep_private
from orchestration.settings import GIB, MIB, Settings

# Python, Dagster, dbt and the validation library hold about this much beside the engine.
BESIDE_ENGINE = GIB
# Results on their way to a client, and buffers of Parquet and CSV, are not counted by the engine.
# What it leaves is theirs and the page cache's.
SHARE = 0.4
# A million customers need close to ENOUGH. Up to there the engine gets more of what there is, for
# a page cache is no use to a night that fails.
SHARE_OF_FEW = 0.65
ENOUGH = 2 * GIB
LEAST = GIB // 2
# With less than this for each, models of a million customers fail where one alone spills. One keeps
# a processor busy or more; beyond that, models side by side only take memory from each other.
MEMORY_OF_ONE = GIB
MOST_AT_ONCE = 4
# Files in which Linux tells what a container may use; "max", or a huge number, is no limit.
LIMIT_FILES = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True)
class Engine:
    """Sizes in bytes. `spill` takes what does not fit into memory; it holds personal data."""

    memory_limit: int
    threads: int
    spill: Path

    @property
    def at_once(self) -> int:
        """How many models or tables may be built side by side: they share memory and threads."""
        return max(1, min(MOST_AT_ONCE, self.threads, self.memory_limit // MEMORY_OF_ONE))

    @property
    def options(self) -> dict[str, str]:
        """The options of DuckDB, as it takes them when a file is opened."""
        return {
            "memory_limit": f"{self.memory_limit // MIB}MiB",
            "threads": str(self.threads),
            "temp_directory": str(self.spill),
        }


def engine_of(settings: Settings) -> Engine:
    """Return what the settings say, and for what they leave open what suits this machine."""
    return Engine(
        memory_limit=settings.memory_limit or derived_limit(machine_memory()),
        threads=settings.threads or machine_threads(),
        spill=settings.spill,
    )


def machine_memory() -> int:
    """Bytes that this process may use: what is built in, or less where a container says so."""
    built_in = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = (file.read_text("ascii").strip() for file in LIMIT_FILES if file.exists())
    return min([built_in, *(int(limit) for limit in limits if limit.isdigit())])


def machine_threads() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def derived_limit(memory: int) -> int:
    """Return the memory limit of the engine on a machine with `memory` bytes, in bytes."""
    left = memory - BESIDE_ENGINE
    return max(int(left * SHARE), min(int(left * SHARE_OF_FEW), ENOUGH), LEAST)


def clear_spill(settings: Settings) -> None:
    """Make the spill folder, private as what is spilled, and empty of what a killed night left."""
    for left in keep_private(settings.spill).glob("duckdb_temp*"):
        left.unlink(missing_ok=True)
