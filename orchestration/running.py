"""Running nights from a command: the same job as the schedule's, in this process.

Belongs here: starting the job, one night or several. Does not belong here: printing (cli.py).
"""

import contextlib
import datetime as dt
import json
import os
import shutil
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from dagster import DagsterInstance, DagsterUnknownPartitionError, Definitions

from expectations.validate import validate
from orchestration.audit import Judge
from orchestration.building import Build
from orchestration.dbt_process import DbtProcess
from orchestration.definitions import build_defs
from orchestration.generations import (
    current_generation,
    generation_date,
    kept_generations,
    published_nights,
)
from orchestration.landing.exported_at import exported_at_of
from orchestration.landing.inbox import scan_inbox
from orchestration.landing.sources import SourceTable, load_sources
from orchestration.manifest import prepare_manifest
from orchestration.night import BUILT, FAULT, PUBLISHED, REFUSED, RUN_ID_LENGTH, Night
from orchestration.nightly import FIRST_NIGHT, JOB
from orchestration.privacy.modes import keep_private, private_files
from orchestration.settings import Settings
from orchestration.warehouse import BUILD, Command

# Pages that show names of files and tables are for this machine only.
LOOPBACK = "127.0.0.1"
DAGSTER_YAML = """\
telemetry:
  enabled: false
nux:
  enabled: false
event_log_storage:
  module: orchestration.run_storage
  class: OpenEventLogStorage
  config:
    base_dir: {events}
"""
# Dagster repeats every event on the console; what a person needs is said by the night itself.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class ReplayError(RuntimeError):
    """A replay cannot start or go on. The message says what is missing."""


def dagster_home(settings: Settings) -> Path:
    """Folder of Dagster's own storage, made on first use with telemetry off."""
    folder = keep_private(settings.home / "dagster")
    config = folder / "dagster.yaml"
    if not config.exists():
        events = json.dumps(str(folder / "history" / "runs"))
        config.write_text(DAGSTER_YAML.format(events=events), encoding="utf-8")
        config.chmod(0o600)
    return folder


def run_night(
    night: Night,
    as_of: dt.date,
    judge: Judge = validate,
    command: Command = BUILD,
    dbt: DbtProcess | None = None,
) -> dict[str, Any]:
    """Run one night through the job and return the record that it left.

    `dbt` may have been started already; at the end of the night it is gone.
    """
    settings = night.settings
    log = settings.home / "dagster" / "console.log"
    with contextlib.closing(dbt or DbtProcess(settings)) as ahead:
        ahead.start()
        home = dagster_home(settings)
        definitions = build_defs(settings, night, judge, command, ahead)
        with private_files(), quiet(log), DagsterInstance.from_config(str(home)) as instance:
            _execute(definitions, night, as_of, instance)
    if not night.record:
        night.conclude(night.summary(FAULT, (f"the run left no record; see {log}",)))
    return night.record


def _execute(
    definitions: Definitions, night: Night, as_of: dt.date, instance: DagsterInstance
) -> None:
    try:
        definitions.resolve_job_def(JOB).execute_in_process(
            partition_key=as_of.isoformat(),
            instance=instance,
            run_config=QUIET,
            raise_on_error=False,
        )
    except DagsterUnknownPartitionError:
        night.build = Build(
            night.settings.home / "building", as_of, uuid.uuid4().hex[:RUN_ID_LENGTH]
        )
        reason = f"{as_of} is in the future, or before {FIRST_NIGHT}"
        night.conclude(night.summary(REFUSED, (reason,)))
    finally:
        night.release()


@contextlib.contextmanager
def quiet(log: Path) -> Iterator[None]:
    """Send what Dagster and dbt print to a log file, which holds the last run."""
    with (
        log.open("w", encoding="utf-8") as sink,
        contextlib.redirect_stdout(sink),
        contextlib.redirect_stderr(sink),
    ):
        yield


def new_night(settings: Settings, say: Callable[[str], None]) -> Night:
    """Return a night of this installation, not yet begun."""
    return Night(settings, load_sources(prepare_manifest(settings).path), say)


def waiting_nights(settings: Settings, last: dt.date) -> list[dt.date]:
    """Nights that exports in the inbox wait for: after the published one, up to `last`."""
    sources = load_sources(prepare_manifest(settings).path)
    current = current_generation(settings)
    published = generation_date(current) if current else dt.date.min
    found = {date for date in _export_dates(settings, sources) if published < date <= last}
    return sorted(found)


def _export_dates(settings: Settings, sources: tuple[SourceTable, ...]) -> Iterator[dt.date]:
    for files in scan_inbox(settings.inbox, sources).matched.values():
        for file in files:
            exported = exported_at_of(file, settings.zone)
            yield exported.at.astimezone(settings.zone).date()


def replay(
    settings: Settings, first: dt.date, last: dt.date | None, say: Callable[[str], None]
) -> dict[str, Any]:
    """Build the published nights from `first` to `last` again, from landing alone.

    The nights before `first` are not built again: their last kept generation is the base.

    Raises:
        ReplayError: there is no such night, or no generation to start from.

    """
    nights = sorted(published_nights(settings))
    chosen = [night for night in nights if night >= first and (last is None or night <= last)]
    if not chosen:
        raise ReplayError(f"no published night from {first} to {last or 'today'} in landing")
    base = _replay_base(settings, nights, chosen[0])
    for as_of in chosen:
        night = replace(
            new_night(settings, say),
            reads_inbox=False,
            base=base,
            is_published=as_of == chosen[-1],
        )
        record = run_night(night, as_of)
        if record["outcome"] not in (PUBLISHED, BUILT):
            return record
        base = _set_aside(settings, night, as_of == chosen[-1])
    shutil.rmtree(settings.home / "replaying", ignore_errors=True)
    return record


def _replay_base(settings: Settings, nights: list[dt.date], first: dt.date) -> Path | None:
    before = [night for night in nights if night < first]
    if not before:
        return None
    kept = [f for f in kept_generations(settings) if generation_date(f) == before[-1]]
    if not kept:
        raise ReplayError(
            f"the generation of {before[-1]} is not kept, so a replay cannot start from {first}; "
            f"start from {nights[0]}"
        )
    return kept[-1]


def _set_aside(settings: Settings, night: Night, is_last: bool) -> Path | None:
    if is_last:
        return None
    aside = settings.home / "replaying"
    shutil.rmtree(aside, ignore_errors=True)
    night.opened.folder.rename(aside)
    return aside


def last_run(settings: Settings) -> dict[str, Any] | None:
    """Record of the run that ended last; None before the first."""
    records = [json.loads(path.read_text("utf-8")) for path in settings.runs.glob("*.json")]
    return max(records, key=lambda record: record["finished_at"], default=None)


def ui_command(settings: Settings, port: int) -> tuple[list[str], dict[str, str]]:
    """Return the command line and the environment of Dagster's pages, bound to loopback."""
    prepare_manifest(settings)
    dagster = Path(sys.executable).parent / "dagster"
    command = [str(dagster), "dev", "--module-name", "orchestration.definitions"]
    command += ["--attribute", "defs", "--host", LOOPBACK, "--port", str(port)]
    home = {"DAGSTER_HOME": str(dagster_home(settings)), "STRATA_HOME": str(settings.home)}
    return command, {**os.environ, **home}
