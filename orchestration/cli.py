"""The `strata` commands.

Belongs here: arguments, exit statuses and what is printed. Does not belong here: doing the work.
"""

import datetime as dt
import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from orchestration.cli_privacy import erase, subject
from orchestration.cli_segments import explain, preview
from orchestration.cli_setup import DATE, doctor, sample
from orchestration.collecting import collect_seldom
from orchestration.settings import Settings, SettingsError, load_settings

PUBLISHED, FAULT, REFUSED, STALE = 0, 1, 2, 3
STATUS_OF = {"published": PUBLISHED, "fault": FAULT, "refused": REFUSED}
Result = TypeVar("Result")
# Ports that need no privilege; 3000 is Dagster's own default.
PORTS, UI_PORT = click.IntRange(1024, 65535), 3000


class StrataError(click.ClickException):
    """A message for the person at the terminal, without a traceback."""

    exit_code = FAULT


def settings() -> Settings:
    """Return the settings, or stop with what is wrong with them."""
    try:
        return load_settings()
    except SettingsError as error:
        raise StrataError(str(error)) from error


def progress() -> Callable[[str], None]:
    """Return a function that prints a line with the seconds since now in front."""
    start, out = time.monotonic(), sys.stderr

    def say(line: str) -> None:
        click.echo(f"{time.monotonic() - start:6.1f} s  {line}", file=out)

    return say


def yesterday(home: Settings) -> dt.date:
    """Return the last business day that has ended."""
    return (dt.datetime.now(home.zone) - dt.timedelta(days=1)).date()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="strata-warehouse")
def main() -> None:
    """Strata: exports in, customer tiers, stages and segments out, one night at a time."""
    collect_seldom()


main.add_command(subject)
main.add_command(erase)
main.add_command(explain)
main.add_command(preview)
main.add_command(sample)
main.add_command(doctor)


@main.command()
@click.option("--as-of", type=DATE, help="Business date to describe. Default: yesterday.")
@click.option("--rebuild", is_flag=True, help="Build also what nothing has changed behind.")
def night(as_of: dt.datetime | None, rebuild: bool) -> None:
    """Land the inbox, build, audit and publish one night.

    Exit status: 0 published; 2 a gate refused, nothing changed; 1 a fault, nothing changed.
    """
    home = settings()
    record = _run(home, as_of.date() if as_of else yesterday(home), rebuilds=rebuild)
    sys.exit(_finish(home, record))


@main.command("catch-up")
@click.option("--last", type=DATE, help="Last business date to publish. Default: yesterday.")
def catch_up(last: dt.datetime | None) -> None:
    """Publish every night that exports in the inbox wait for, oldest first.

    Stops at the first night that is not published. Exit status: as strata night.
    """
    from orchestration.running import waiting_nights

    home = settings()
    nights = _guarded(lambda: waiting_nights(home, last.date() if last else yesterday(home)))
    if not nights:
        click.echo("no export in the inbox waits for a night after the published one")
        _summary(home)
        return
    for as_of in nights:
        record = _run(home, as_of)
        status = _finish(home, record, with_summary=as_of == nights[-1])
        if status:
            sys.exit(status)


def _run(home: Settings, as_of: dt.date, *, rebuilds: bool = False) -> dict[str, Any]:
    from orchestration.dbt_process import DbtProcess

    say = progress()

    def run() -> dict[str, Any]:
        with closing(DbtProcess(home)) as dbt:
            # dbt imports and reads beside this process, which has seconds of its own imports left.
            dbt.start()
            from orchestration.running import new_night, run_night

            night = replace(new_night(home, say), rebuilds=rebuilds)
            return run_night(night, as_of, dbt=dbt)

    return _guarded(run)


def _guarded(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except Exception as error:
        if isinstance(error, _known_errors()):
            raise StrataError(str(error)) from error
        raise


def _known_errors() -> tuple[type[Exception], ...]:
    from expectations.checks import ThresholdsError
    from orchestration.generations import GenerationError
    from orchestration.landing.sources import DeclarationError
    from orchestration.manifest import ProjectError
    from orchestration.running import ReplayError

    known = (DeclarationError, GenerationError, ProjectError, ReplayError, SettingsError)
    return (*known, ThresholdsError, OSError)


def _finish(home: Settings, record: dict[str, Any], *, with_summary: bool = True) -> int:
    from orchestration.screen import outcome, screen

    outcome(screen(), record)
    status = STATUS_OF[record["outcome"]]
    if status == PUBLISHED and with_summary:
        _summary(home)
    return status


def _summary(home: Settings) -> None:
    from orchestration.generations import current_generation
    from orchestration.screen import screen, summary, where_to_look

    console, generation = screen(), current_generation(home)
    if generation is not None:
        console.print()
        summary(console, generation)
        console.print()
        where_to_look(console, home)


@main.command()
def status() -> None:
    """Say what is published, how fresh it is, and what the last gate said.

    Exit status: 0 fresh; 3 stale, or the last run failed.
    """
    from orchestration.generations import current_generation, generation_date
    from orchestration.running import last_run
    from orchestration.screen import screen, status_lines

    home = settings()
    last, generation = last_run(home), current_generation(home)
    status_lines(screen(), home, last)
    stale = generation is None or generation_date(generation) < yesterday(home)
    failed = last is not None and last["outcome"] in ("refused", "fault")
    if stale:
        click.echo(f"STALE      the published night is older than {yesterday(home)}")
    sys.exit(STALE if stale or failed else 0)


@main.command("inspect")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--no-types", is_flag=True, help="Do not try the types of staging, which takes dbt.")
def inspect_files(files: tuple[Path, ...], no_types: bool) -> None:
    """Say what a night would do with FILES and why, without touching anything.

    Exit status: 0 every file would land; 2 some would not; 1 a fault.
    """
    from orchestration.inspecting import inspect_paths, would_publish
    from orchestration.screen import screen
    from orchestration.screen_inspect import print_report

    home = settings()
    reports = _guarded(lambda: inspect_paths(home, files, progress(), types=not no_types))
    console = screen()
    for report in reports:
        print_report(console, report, home)
        console.print()
    sys.exit(PUBLISHED if would_publish(reports) else REFUSED)


@main.command("sources")
@click.option("--system", help="Show the sources of one system only.")
def list_sources(system: str | None) -> None:
    """List every declared source: its last export, how old it is, and when the next is due."""
    from orchestration.landing.arrivals import read_arrivals
    from orchestration.landing.sources import load_sources
    from orchestration.manifest import prepare_manifest
    from orchestration.screen import screen
    from orchestration.screen_sources import print_arrivals

    home = settings()
    declared = _guarded(lambda: load_sources(prepare_manifest(home).path))
    chosen = [source for source in declared if system in (None, source.system)]
    if not chosen:
        systems = ", ".join(sorted({source.system for source in declared}))
        raise StrataError(f"no source of {system} is declared; the systems are {systems}")
    today = yesterday(home) + dt.timedelta(days=1)
    print_arrivals(screen(), read_arrivals(home.landing, chosen, today, home.zone))


@main.command()
@click.option("--from", "first", type=DATE, required=True, help="First night to build again.")
@click.option("--to", "last", type=DATE, help="Last night. Default: the last published one.")
def replay(first: dt.datetime, last: dt.datetime | None) -> None:
    """Build published nights again from landing alone, and publish the last.

    Exit status: as strata night.
    """
    from orchestration.running import replay as replay_nights

    home = settings()
    to = last.date() if last else None
    record = _guarded(lambda: replay_nights(home, first.date(), to, progress()))
    sys.exit(_finish(home, record))


@main.command()
@click.option("--to", "name", help="Generation to publish again. Default: the one before.")
def rollback(name: str | None) -> None:
    """Repoint `current` at an older generation."""
    from orchestration.generations import roll_back

    home = settings()
    folder = _guarded(lambda: roll_back(home, name))
    click.echo(f"published {folder.name}")


@main.command()
@click.option("--port", type=PORTS, default=UI_PORT, show_default=True)
def ui(port: int) -> None:
    """Open Dagster's pages and its scheduler on this machine only, until interrupted."""
    from orchestration.privacy.modes import PRIVATE_UMASK
    from orchestration.running import LOOPBACK, ui_command

    home = settings()
    command, environment = _guarded(lambda: ui_command(home, port))
    os.umask(PRIVATE_UMASK)
    click.echo(f"http://{LOOPBACK}:{port} (stop with Ctrl-C)")
    os.execve(command[0], command, environment)


@main.command()
def dev() -> None:
    """Copy the published warehouse to a scratch file for plain dbt commands."""
    from orchestration.scratch import copy_to_scratch

    home = settings()
    path: Path = _guarded(lambda: copy_to_scratch(home))
    click.echo(f"copied the published warehouse to {path}")
    click.echo("now, in dbt_project/: dbt build --profiles-dir ../profiles --select <model>")
