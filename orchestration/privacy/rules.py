"""What the scan of published data looks for: the file that people own, read strictly.

Belongs here: the shape of `expectations/privacy.yml` and what is wrong with it. Does not belong
here: looking for it (scan.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import yaml

from orchestration.settings import PROJECT_ROOT

RULES = PROJECT_ROOT / "expectations" / "privacy.yml"
LISTS = {"markers": "text", "source_ids": "column"}
# A shorter text would be found within others.
SHORTEST_MARKER = 3


class RulesError(ValueError):
    """The file breaks a rule. The message names it, the key and the remedy."""


@dataclass(frozen=True)
class Rules:
    """Texts that must not be published, and columns that hold ids as shops give them."""

    markers: tuple[str, ...]
    source_ids: frozenset[str]


def load_rules(path: Path = RULES) -> Rules:
    """Read the file at `path`.

    Raises:
        RulesError: it cannot be read, or a key is missing, unknown or empty.

    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        _refuse(path, "-", f"cannot be read ({type(error).__name__}); put a UTF-8 YAML file there")
    if not isinstance(content, dict) or set(content) != set(LISTS):
        _refuse(path, ", ".join(LISTS), "are the keys it must hold, and no other")
    found = {key: _texts(path, key, name, content[key]) for key, name in LISTS.items()}
    short = [text for text in found["markers"] if len(text) < SHORTEST_MARKER]
    if short:
        _refuse(path, "markers", f"{short[0]!r} is too short; use {SHORTEST_MARKER} signs or more")
    if not found["markers"]:
        _refuse(path, "markers", "is empty; plant one in a source and list it")
    return Rules(found["markers"], frozenset(found["source_ids"]))


def _texts(path: Path, key: str, name: str, entries: object) -> tuple[str, ...]:
    if not isinstance(entries, list):
        _refuse(path, key, f"must be a list of {name} and reason")
    return tuple(_text(path, key, name, entry) for entry in entries)


def _text(path: Path, key: str, name: str, entry: object) -> str:
    if not isinstance(entry, Mapping) or set(entry) != {name, "reason"}:
        _refuse(path, key, f"each entry must have {name} and reason, and nothing else")
    if not all(isinstance(value, str) and value.strip() for value in entry.values()):
        _refuse(path, key, f"{name} and reason must be texts that are not empty")
    return str(entry[name]).strip()


def _refuse(path: Path, key: str, problem: str) -> NoReturn:
    raise RulesError(f"{path}: key {key}: {problem}")
