"""Published nights on disk: which is current, which exist, which may go.

Belongs here: the symlink, the list of published nights, retention and rollback.
Does not belong here: what a generation holds (publish.py).
"""

import datetime as dt
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from orchestration.settings import Settings

NAME = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})T[0-9a-f-]+")
# What a folder must hold to be offered to readers.
WHOLE = ("run.json", "marts.duckdb", "warehouse.duckdb", "parquet")


class GenerationError(RuntimeError):
    """A generation that was asked for does not exist or is not whole."""


def generation_date(folder: Path) -> dt.date:
    """As-of date of a generation, from its name."""
    found = NAME.fullmatch(folder.name)
    if found is None:
        raise GenerationError(f"{folder.name} is not the name of a generation")
    return dt.date.fromisoformat(found["date"])


def current_generation(settings: Settings) -> Path | None:
    """Folder of the published generation; None before the first night."""
    return settings.current.resolve() if settings.current.is_symlink() else None


def read_run(folder: Path) -> dict[str, Any]:
    """Return the `run.json` of a generation."""
    loaded: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return loaded


def is_whole(folder: Path) -> bool:
    """Tell whether a folder holds everything that a generation must."""
    return (
        all((folder / part).exists() for part in WHOLE)
        and not list(folder.glob("*.wal"))
        and NAME.fullmatch(folder.name) is not None
    )


def kept_generations(settings: Settings) -> list[Path]:
    """Every whole generation, oldest publication first."""
    folders = [folder for folder in settings.generations.glob("*") if is_whole(folder)]
    return sorted(folders, key=lambda folder: (read_run(folder)["finished_at"], folder.name))


def point_current_at(settings: Settings, generation: Path) -> None:
    """Swap the symlink in one rename: readers see the old night or the new one, never neither."""
    fresh = settings.home / ".current.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(generation.relative_to(settings.home))
    fresh.replace(settings.current)
    sync(settings.home)


def sync(path: Path) -> None:
    """Flush a closed file, or the entries of a folder, to disk: it then survives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def roll_back(settings: Settings, name: str | None) -> Path:
    """Repoint `current` at generation `name`, or at the one published before the current one.

    Raises:
        GenerationError: there is no such generation.

    """
    current = current_generation(settings)
    kept = kept_generations(settings)
    if name is not None:
        found = [folder for folder in kept if folder.name == name]
    else:
        at = kept.index(current) if current in kept else len(kept)
        found = kept[:at][-1:]
    if not found:
        offered = ", ".join(folder.name for folder in kept) or "none"
        raise GenerationError(f"no generation {name or 'before the current one'}; kept: {offered}")
    point_current_at(settings, found[0])
    return found[0]


def prune(settings: Settings) -> None:
    """Delete the oldest generations beyond the number to keep, never the current one."""
    current = current_generation(settings)
    for folder in kept_generations(settings)[: -settings.keep_generations]:
        if folder != current:
            shutil.rmtree(folder)


def _nights_file(settings: Settings) -> Path:
    # Which nights were published is an input of every replay, so it lies in landing.
    return settings.landing / "_nights.txt"


def published_nights(settings: Settings) -> frozenset[dt.date]:
    """Every as-of date that was ever published."""
    return frozenset(dt.date.fromisoformat(name.partition("T")[0]) for name in _published(settings))


def published_runs(settings: Settings) -> frozenset[str]:
    """Every run that ever published a night."""
    return frozenset(name.partition("T")[2] for name in _published(settings))


def _published(settings: Settings) -> set[str]:
    path = _nights_file(settings)
    return set(path.read_text(encoding="ascii").split()) if path.exists() else set()


def mark_published(settings: Settings, generation: str) -> None:
    """Remember that a run published a night; what it landed is kept from now on."""
    nights = _published(settings) | {generation}
    path = _nights_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(f"{night}\n" for night in sorted(nights)), encoding="ascii")
    fresh.replace(path)
