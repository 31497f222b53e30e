"""What an installation finds on this machine, what it takes of it, and what stands in its way.

Belongs here: findings, one line each. Does not belong here: printing them (cli.py), and deriving
what the engine takes (engine.py).
"""

import importlib.metadata
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.engine import engine_of, machine_memory, machine_threads
from orchestration.generations import kept_generations
from orchestration.settings import GIB, Settings

PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "dagster", "great-expectations")
# The parsed project, the validation library and Dagster take one, the smallest engine the other.
LEAST_MEMORY = 2 * GIB
# While a night is built its copy of the warehouse, what it publishes and what it spills lie beside
# the generation that it started from.
ROOM_OF_A_NIGHT = 2


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what was found, and what to do where that will not do."""

    subject: str
    found: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at machine, engine, home and disk; nothing is changed."""
    return [*_machine(), *_engine(settings), *_home(settings), *_disk(settings)]


def _machine() -> Iterator[Finding]:
    memory = machine_memory()
    lacking = f"give it {LEAST_MEMORY / GIB:.0f} GiB or more" if memory < LEAST_MEMORY else ""
    yield Finding("memory", f"{memory / GIB:.1f} GiB", lacking)
    yield Finding("processors", f"{machine_threads()}")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    yield Finding("software", f"Python {platform.python_version()}, {versions}")


def _engine(settings: Settings) -> Iterator[Finding]:
    engine = engine_of(settings)
    takes = engine.memory_limit
    too_much = "lower STRATA_MEMORY_LIMIT below what there is" if takes > machine_memory() else ""
    yield Finding(
        "memory limit", f"{takes / GIB:.1f} GiB, {_said(settings.memory_limit, 'MEMORY_LIMIT')}",
        too_much,
    )  # fmt: skip
    yield Finding("threads", f"{engine.threads}, {_said(settings.threads, 'THREADS')}")
    yield Finding("models at once", f"{engine.at_once}, a thread and a GiB of the engine for each")
    spill = engine.spill
    free = shutil.disk_usage(_there(spill)).free
    yield Finding(
        "spill folder",
        f"{spill}, {free / GIB:.0f} GiB free; STRATA_SPILL moves it",
        _refused(spill, "STRATA_SPILL"),
    )


def _said(value: int, name: str) -> str:
    return f"as STRATA_{name} says" if value else f"derived; STRATA_{name} sets it"


def _home(settings: Settings) -> Iterator[Finding]:
    yield Finding("home", str(settings.home), _refused(settings.home, "STRATA_HOME"))
    yield Finding("time zone, currency", f"{settings.timezone}, {settings.currency}")


def _refused(folder: Path, name: str) -> str:
    there = _there(folder)
    return "" if os.access(there, os.W_OK | os.X_OK) else f"{there} is not writable: move {name}"


def _disk(settings: Settings) -> Iterator[Finding]:
    landing = size_of(settings.landing)
    yield Finding("landing", f"{landing / GIB:.2f} GiB")
    kept = [size_of(folder) for folder in kept_generations(settings)]
    newest = kept[-1] if kept else 0
    yield Finding(
        "generations",
        f"{len(kept)} kept, {sum(kept) / GIB:.2f} GiB; STRATA_KEEP_GENERATIONS="
        f"{settings.keep_generations} comes to {settings.keep_generations * newest / GIB:.2f} GiB",
    )
    free, needs = shutil.disk_usage(_there(settings.home)).free, ROOM_OF_A_NIGHT * newest
    yield Finding(
        "free disk",
        f"{free / GIB:.0f} GiB; a night needs about {needs / GIB:.2f} GiB beside what is kept",
        "make room, or lower STRATA_KEEP_GENERATIONS" if free < needs else "",
    )


def _there(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder; 0 where there is none."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
