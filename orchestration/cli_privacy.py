"""The `strata` commands about one person: what is held, and erasing it.

Belongs here: arguments, exit statuses and what is printed. Does not belong here: doing the work.
Nothing that is printed names the person.
"""

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from orchestration.privacy.erasing import Erasure, Plan, Report

REFUSED = 2
Result = TypeVar("Result")
IDENTIFIER = click.option(
    "--identifier",
    required=True,
    help="A phone or e-mail in any spelling, a customer_id, or system:id of a record.",
)


class RefusedError(click.ClickException):
    """A request that names nobody, several people, or too much. Nothing has changed."""

    exit_code = REFUSED


@click.command()
@IDENTIFIER
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
def subject(identifier: str, out: Path | None) -> None:
    """Write what is held about one person to a JSON file that only you can read.

    Exit status: 0 written; 2 nobody, or several people, are meant; 1 a fault.
    """
    from orchestration.cli import settings
    from orchestration.landing.sources import load_sources
    from orchestration.manifest import prepare_manifest
    from orchestration.privacy.subject import write_subject

    home = settings()
    sources = load_sources(_guarded(lambda: prepare_manifest(home)).path)
    now = dt.datetime.now(dt.UTC)
    counts, path = _guarded(lambda: write_subject(home, sources, identifier, out, now))
    for table, rows in counts.items():
        click.echo(f"{rows:>7,}  {table}")
    click.echo(
        f"wrote what is held to {path}, readable by you alone; delete it once it was handed over"
    )


@click.command()
@IDENTIFIER
@click.option("--reason", required=True, help="Why, without saying who; kept in the ledger.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(identifier: str, reason: str, yes: bool) -> None:
    """Erase one person from landing, quarantine, every generation, logs and inbox, for good.

    A ledger of keyed hashes keeps old files from bringing the person back. Orders stay, without
    a buyer. Exit status: 0 erased; 2 nobody, or several people, are meant; 1 a fault.
    """
    from orchestration.cli import progress, settings
    from orchestration.landing.sources import load_sources
    from orchestration.manifest import prepare_manifest
    from orchestration.privacy.erasing import Erasure

    home = settings()
    manifest = _guarded(lambda: prepare_manifest(home))
    erasure = Erasure(home, manifest, load_sources(manifest.path), progress())
    report = _guarded(lambda: _run(erasure, identifier, reason, yes))
    if report is None:
        click.echo("nothing was changed")
        sys.exit(REFUSED)
    _print(report)


def _run(erasure: "Erasure", identifier: str, reason: str, yes: bool) -> "Report | None":
    today = dt.datetime.now(erasure.settings.zone).date()
    return erasure.run(identifier, reason, today, lambda plan: yes or _confirmed(plan))


def _confirmed(plan: "Plan") -> bool:
    rows = sum(len(held.places) for held in plan.holdings.files)
    systems = sorted({held.source.system for held in plan.holdings.files})
    click.echo(
        f"one person with {len(plan.person.record_keys)} records: {rows:,} rows in "
        f"{len(plan.holdings.files):,} landed files of {', '.join(systems) or 'no system'}"
    )
    return click.confirm("erase this person everywhere? It cannot be undone")


def _print(report: "Report") -> None:
    if report.was_done_on is not None:
        click.echo(f"this person was erased on {report.was_done_on}; nothing is held")
    for source, done in report.rows.items():
        click.echo(f"{source:<28} {done.removed:>6,} rows removed {done.emptied:>6,} emptied")
    for name, changed in report.generations.items():
        click.echo(f"generation {name:<28} rewritten, {changed:,} rows changed")
    for system, files in sorted(Counter(n.split("/")[0] for n in report.inbox).items()):
        click.echo(f"inbox/{system:<22} {files:>6,} files removed; what landed of them is kept")
    click.echo(
        f"{report.files:,} landed files rewritten, {len(report.inbox):,} removed from the inbox, "
        f"{report.texts:,} logs and lists cleaned"
    )
    click.echo("backups and copies outside of STRATA_HOME are yours to erase")


def _guarded(work: Callable[[], Result]) -> Result:
    from orchestration.cli import StrataError
    from orchestration.landing.ledger import LedgerError
    from orchestration.landing.sources import DeclarationError
    from orchestration.manifest import ProjectError
    from orchestration.night import LockedError
    from orchestration.privacy.person import PersonError
    from orchestration.settings import SettingsError

    known = (DeclarationError, LedgerError, LockedError, ProjectError, SettingsError, OSError)
    try:
        return work()
    except PersonError as error:
        raise RefusedError(str(error)) from error
    except known as error:
        raise StrataError(str(error)) from error
