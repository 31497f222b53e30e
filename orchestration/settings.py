"""The settings of one installation, read once from the environment.

Belongs here: every environment variable that Strata understands, its default and its check.
Does not belong here: business limits (seeds, vars) and limits of data quality (thresholds.yml).
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT_ROOT / "dbt_project"
PROFILES = PROJECT_ROOT / "profiles"
PREFIX = "STRATA_"
DEFAULTS = {
    "STRATA_HOME": "",
    "STRATA_TARGET": "local",
    "STRATA_TIMEZONE": "Asia/Shanghai",
    "STRATA_CURRENCY": "CNY",
    "STRATA_HASH_KEY": "",
    # A week of rollbacks; `strata doctor` says what they take of the disk.
    "STRATA_KEEP_GENERATIONS": "7",
    # Empty: derived from the machine, by engine.py.
    "STRATA_MEMORY_LIMIT": "",
    "STRATA_THREADS": "",
    "STRATA_SPILL": "",
}
MIB, GIB = 2**20, 2**30
UNITS = {"MiB": MIB, "GiB": GIB}
TARGETS = ("local",)
# HMAC-SHA256 is only as strong as its key; RFC 2104 advises at least the length of the hash.
SHORTEST_KEY = 32


class SettingsError(ValueError):
    """A setting is unknown or malformed. The message names it and says what to do."""


@dataclass(frozen=True)
class Settings:
    """One installation: where it lives, its clock's zone, its currency, and what it may take.

    `memory_limit` is in bytes; it and `threads` are 0 where the machine decides.
    """

    home: Path
    target: str
    timezone: str
    currency: str
    hash_key: str
    keep_generations: int
    memory_limit: int
    threads: int
    spill: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables from which a child process reads these settings."""
        return {
            "STRATA_HOME": str(self.home),
            "STRATA_TARGET": self.target,
            "STRATA_TIMEZONE": self.timezone,
            "STRATA_CURRENCY": self.currency,
            "STRATA_HASH_KEY": self.hash_key,
            "STRATA_KEEP_GENERATIONS": str(self.keep_generations),
            "STRATA_MEMORY_LIMIT": f"{self.memory_limit // MIB}MiB" if self.memory_limit else "",
            "STRATA_THREADS": str(self.threads or ""),
            "STRATA_SPILL": str(self.spill.parent),
        }

    @property
    def zone(self) -> ZoneInfo:
        """The business time zone."""
        return ZoneInfo(self.timezone)

    @property
    def inbox(self) -> Path:
        """Where exports are dropped: `<system>/<file>`."""
        return self.home / "inbox"

    @property
    def landing(self) -> Path:
        """Immutable Parquet of every accepted file, and the register of files."""
        return self.home / "landing"

    @property
    def rejected(self) -> Path:
        """Every rejected row or file with its reason and raw text."""
        return self.home / "rejected"

    @property
    def generations(self) -> Path:
        """One folder per sealed night."""
        return self.home / "generations"

    @property
    def current(self) -> Path:
        """The symlink that readers follow to the published generation."""
        return self.home / "current"

    @property
    def runs(self) -> Path:
        """One JSON record per run, successful or not."""
        return self.home / "runs"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check every `STRATA_` variable.

    Raises:
        SettingsError: a variable is unknown or its value cannot be used.

    """
    source = os.environ if environment is None else environment
    given = {name: text for name, text in source.items() if name.startswith(PREFIX)}
    unknown = sorted(set(given) - set(DEFAULTS))
    if unknown:
        raise SettingsError(
            f"{unknown[0]} is not a setting of Strata; unset it. "
            f"The settings are {', '.join(DEFAULTS)}."
        )
    value = {name: given.get(name, "") or default for name, default in DEFAULTS.items()}
    home = _folder("STRATA_HOME", value["STRATA_HOME"], PROJECT_ROOT / "data")
    return Settings(
        home=home,
        target=_one_of("STRATA_TARGET", value["STRATA_TARGET"], TARGETS),
        timezone=_timezone(value["STRATA_TIMEZONE"]),
        currency=_matching("STRATA_CURRENCY", value["STRATA_CURRENCY"], r"[A-Z]{3}", "CNY"),
        hash_key=_hash_key(value["STRATA_HASH_KEY"]),
        keep_generations=int(
            _matching(
                "STRATA_KEEP_GENERATIONS", value["STRATA_KEEP_GENERATIONS"], r"[1-9]\d{0,3}", "7"
            )
        ),
        memory_limit=_size("STRATA_MEMORY_LIMIT", value["STRATA_MEMORY_LIMIT"]),
        threads=int(
            _matching("STRATA_THREADS", value["STRATA_THREADS"], r"|[1-9]\d{0,2}", "2") or 0
        ),
        # Below the named folder, which others may use, one that only the owner enters.
        spill=_folder("STRATA_SPILL", value["STRATA_SPILL"], home) / "spill",
    )


def _folder(name: str, value: str, default: Path) -> Path:
    # DuckDB reads these signs in a path as a pattern, or as the end of it.
    if set(value) & set("*?["):
        raise SettingsError(f"{name}={value!r} holds one of * ? [; use a plain path.")
    return Path(value or default).expanduser().resolve()


def _size(name: str, value: str) -> int:
    size = _matching(name, value, r"|[1-9]\d{0,5}(MiB|GiB)", "6GiB")
    found = (int(size.removesuffix(unit)) * UNITS[unit] for unit in UNITS if size.endswith(unit))
    return next(found, 0)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise SettingsError(f"{name}={value!r} is not one of: {', '.join(allowed)}.")
    return value


def _matching(name: str, value: str, pattern: str, example: str) -> str:
    if not re.fullmatch(pattern, value):
        raise SettingsError(f"{name}={value!r} is malformed; write it like {example}.")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(
            f"STRATA_TIMEZONE={value!r} is not a time zone; use an IANA name like Asia/Shanghai."
        ) from error
    return value


def _hash_key(value: str) -> str:
    if value and len(value) < SHORTEST_KEY:
        raise SettingsError(
            f"STRATA_HASH_KEY has {len(value)} characters; at least {SHORTEST_KEY} are needed. "
            "Leave it unset to have a key file made in STRATA_HOME."
        )
    return value
