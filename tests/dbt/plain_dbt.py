"""dbt on a scratch home whose warehouse is open for a night."""

import datetime as dt
import os
import subprocess
from pathlib import Path

from orchestration.building import Build, open_build
from orchestration.landing.sources import SourceTable, load_sources
from orchestration.manifest import Manifest, dbt_executable, prepare_manifest
from orchestration.settings import DBT_PROJECT, PROFILES, load_settings


class Dbt:
    """The dbt of a night, on a scratch home and with a target folder of its own."""

    def __init__(self, home: Path, target: Path) -> None:
        self.target = target
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "STRATA_"))}
        self.environment = inherited | {"STRATA_HOME": str(home)}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [
            str(dbt_executable()), "--quiet", "--no-use-colors", *arguments,
            "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(PROFILES), "--target", "dev",
            "--target-path", str(self.target), "--log-path", str(self.target / "logs"),
            "--threads", "2",
        ]  # fmt: skip
        return subprocess.run(
            command, env=self.environment, cwd=DBT_PROJECT, capture_output=True, text=True,
            check=False,
        )  # fmt: skip


def opened(home: Path, as_of: dt.date) -> tuple[Dbt, Manifest, tuple[SourceTable, ...]]:
    """Open the scratch warehouse of `home` without a file; return its dbt, project and sources."""
    settings = load_settings({"STRATA_HOME": str(home)})
    manifest = prepare_manifest(settings)
    sources = load_sources(manifest.path)
    open_build(settings, Build(folder=home / "dev", as_of=as_of, run_id="plain"), None, sources)
    # The parse of prepare_manifest lies in the target folder already.
    return Dbt(home, manifest.path.parent), manifest, sources
