"""The parsed dbt project: making it, and asking it which checks and tables must exist.

Belongs here: reading `manifest.json`. Does not belong here: running models.
"""

import fcntl
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.engine import engine_of
from orchestration.privacy.modes import keep_private, let_in, private_files
from orchestration.settings import DBT_PROJECT, PROFILES, PROJECT_ROOT, Settings

# What dbt keeps of a parse for the next one.
PARSED = "partial_parse.msgpack"
PARTS = ("models", "seeds", "macros", "tests")


class ProjectError(RuntimeError):
    """The dbt project cannot be parsed. The message holds what dbt said."""


@dataclass(frozen=True)
class PublishedTable:
    """One mart: its name and the columns of its grain, which also order its rows."""

    name: str
    grain: tuple[str, ...]


@dataclass(frozen=True)
class DbtTest:
    """One data test: its unique id, name, and the model it guards."""

    unique_id: str
    name: str
    layer: str
    table: str


@dataclass(frozen=True)
class Manifest:
    """The parsed project in one file."""

    path: Path

    @cached_property
    def content(self) -> dict[str, Any]:
        """The manifest as parsed JSON."""
        loaded: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        return loaded

    def _nodes(self, kind: str) -> Iterator[dict[str, Any]]:
        return (n for n in self.content["nodes"].values() if n["resource_type"] == kind)

    def published_tables(self) -> tuple[PublishedTable, ...]:
        """Every model under `marts/`, ordered by name."""
        marts = (node for node in self._nodes("model") if node["fqn"][1] == "marts")
        tables = (PublishedTable(n["name"], tuple(n["config"]["meta"]["grain"])) for n in marts)
        return tuple(sorted(tables, key=lambda table: table.name))

    def tables(self) -> frozenset[str]:
        """Return the unique ids of all seeds and models."""
        return frozenset(n["unique_id"] for kind in ("seed", "model") for n in self._nodes(kind))

    def texts_of(self, node: Mapping[str, Any]) -> list[str]:
        """Return the text of a node, its arguments if it is a test, and all macros that it uses."""
        macros, waiting = set(), set(node["depends_on"]["macros"])
        while waiting:
            macros |= waiting
            used = (self.content["macros"][name]["depends_on"]["macros"] for name in waiting)
            waiting = {name for names in used for name in names} - macros
        texts = [self.content["macros"][name]["macro_sql"] for name in sorted(macros)]
        return [node["raw_code"], str(node.get("test_metadata")), *texts]

    def data_tests(self) -> tuple[DbtTest, ...]:
        """Every data test of the project, ordered by name. Unit tests are not among them."""
        tests = (self._test(node) for node in self._nodes("test"))
        return tuple(sorted(tests, key=lambda test: test.unique_id))

    def _test(self, node: dict[str, Any]) -> DbtTest:
        guarded = node.get("attached_node") or node["depends_on"]["nodes"][0]
        target = self.content["nodes"].get(guarded) or self.content["sources"][guarded]
        layer = "seeds" if target["resource_type"] == "seed" else target["fqn"][1]
        return DbtTest(node["unique_id"], node["name"], layer, target["name"])


def manifest_folder(settings: Settings) -> Path:
    """Where the parsed project of one installation is kept."""
    return settings.home / "dbt"


def prepare_manifest(settings: Settings) -> Manifest:
    """Parse the project unless it was parsed as it stands now.

    Raises:
        ProjectError: dbt cannot parse it.

    """
    let_in(settings.home)
    folder = keep_private(manifest_folder(settings))
    with private_files(), (folder / "lock").open("w", encoding="ascii") as lock:
        # Pages and a night may ask at the same moment; the second one finds the work done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _parse_if_stale(settings, folder)


def _parse_if_stale(settings: Settings, folder: Path) -> Manifest:
    mark = folder / "fingerprint"
    fingerprint = project_fingerprint()
    manifest = Manifest(folder / "manifest.json")
    if mark.exists() and mark.read_text(encoding="ascii") == fingerprint and manifest.path.exists():
        return manifest
    mark.unlink(missing_ok=True)
    command = [
        str(dbt_executable()), "--quiet", "--no-partial-parse", "parse",
        *dbt_options(settings), "--target-path", str(folder), "--log-path", str(folder),
    ]  # fmt: skip
    done = subprocess.run(
        command, env=dbt_environment(settings), capture_output=True, text=True, check=False
    )
    if done.returncode or not manifest.path.exists():
        raise ProjectError(f"dbt cannot parse {DBT_PROJECT}:\n{done.stdout}{done.stderr}")
    mark.write_text(fingerprint, encoding="ascii")
    return Manifest(manifest.path)


def dbt_executable() -> Path:
    """Return the dbt that was installed beside this interpreter."""
    return Path(sys.executable).parent / "strata-dbt"


def dbt_options(settings: Settings) -> list[str]:
    """Return the options that tell dbt the project, its profiles, the target and its threads."""
    return [
        "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(PROFILES),
        "--target", settings.target, "--threads", str(engine_of(settings).at_once),
    ]  # fmt: skip


def dbt_environment(settings: Settings) -> dict[str, str]:
    """Return an environment in which dbt reads these settings, and no others.

    It reads the key of the published ids from it: one that was given in another way would be passed
    over for a file's.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    return kept | settings.environment


def project_fingerprint(parts: tuple[str, ...] = PARTS) -> str:
    """Hash of what every node follows from, and of everything in the folders `parts`.

    All of them are what the manifest follows from. Where the checkout lies is no part of it.
    """
    digest = hashlib.sha256(importlib.metadata.version("dbt-core").encode())
    files = [DBT_PROJECT / "dbt_project.yml", PROFILES / "profiles.yml"]
    for part in parts:
        files += sorted(path for path in (DBT_PROJECT / part).rglob("*") if path.is_file())
    for path in files:
        name = path.relative_to(PROJECT_ROOT).as_posix()
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
