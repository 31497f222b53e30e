"""Inspecting files before they are dropped: what a night would do with each, and why.

Belongs here: the order of the steps, in a temporary home that is thrown away; nothing is written to
the real one. Does not belong here: the steps themselves (landing/inspect.py and its neighbours).
"""

import fcntl
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from orchestration.landing import progress, register
from orchestration.landing.fitting import Fit
from orchestration.landing.glance import Glance
from orchestration.landing.inspect import (
    LANDS,
    MISNAMED,
    REFUSED,
    UNKNOWN,
    Inspection,
    Lying,
    find_files,
    inspect_file,
)
from orchestration.landing.propose import as_yaml, base_model, draft, read_table, with_key
from orchestration.landing.refusals import RefusedFileError
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import SourceTable, load_sources
from orchestration.landing.trial import Rejects, land_on_trial, landing_rejects, unique_columns
from orchestration.manifest import manifest_folder, prepare_manifest
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.typing_trial import Typed, TypingError, alone, type_on_trial

# An archive with more files that no source takes is a backup, of which a few tables are wanted.
MOST_PROPOSALS = 3


@dataclass
class Trial:
    """What came of landing one file in one source. `before` is the same content, if it landed."""

    fit: Fit
    record: FileRecord | None = None
    rejects: list[Rejects] = field(default_factory=list)
    typed: Typed | None = None
    untyped: str | None = None
    before: FileRecord | None = None


@dataclass(frozen=True)
class Proposal:
    """A source for a file that has none: what to paste, and where."""

    yaml: str
    yaml_path: str
    model: str
    model_path: str


@dataclass
class Report:
    """Everything that is said about one file."""

    inspection: Inspection
    trials: list[Trial] = field(default_factory=list)
    proposal: Proposal | None = None
    no_proposal: str | None = None

    @property
    def lands(self) -> bool:
        """Tell whether a night takes the file, by its name."""
        records = [trial.record for trial in self.trials]
        return self.inspection.verdict in (LANDS, REFUSED) and any(
            record is not None and record.outcome != register.REFUSED for record in records
        )


def would_publish(reports: Sequence[Report]) -> bool:
    """Tell whether a night would take every file; of an archive it may pass over some members."""
    left = [report for report in reports if not report.lands]
    landed = {report.inspection.lying.file.path for report in reports if report.lands}
    return all(
        report.inspection.is_passed_over and report.inspection.lying.file.path in landed
        for report in left
    )


def inspect_paths(
    settings: Settings, paths: Sequence[Path], say: Callable[[str], None], *, types: bool = True
) -> list[Report]:
    """Report on every file that `paths` name, in their order; `types` tries staging as well."""
    with _trial_home(settings) as home:
        say("looking up the declared sources")
        sources = load_sources(prepare_manifest(home).path)
        found = [lying for path in dict.fromkeys(paths) for lying in find_files(path)]
        reports = []
        for number, lying in enumerate(found):
            scratch = home.home / f"glance_{number}"
            scratch.mkdir()
            with progress.of_file(lying.file.name, say):
                reports.append(Report(inspect_file(lying, sources, scratch)))
            shutil.rmtree(scratch)
        _try_landing(settings, home, sources, reports, say, types=types)
        _propose(home, sources, reports, say)
    return reports


@contextmanager
def _trial_home(settings: Settings) -> Iterator[Settings]:
    """Yield a home that is thrown away, with the project as the real one has parsed it."""
    with tempfile.TemporaryDirectory(prefix="strata_inspect_") as folder:
        home = replace(settings, home=Path(folder), hash_key=secrets.token_hex())
        parsed = manifest_folder(settings)
        if (parsed / "lock").exists():
            with (parsed / "lock").open(encoding="ascii") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH)
                shutil.copytree(parsed, manifest_folder(home))
        yield home


def _try_landing(
    settings: Settings,
    home: Settings,
    sources: Sequence[SourceTable],
    reports: Sequence[Report],
    say: Callable[[str], None],
    *,
    types: bool,
) -> None:
    for report in reports:
        if report.inspection.verdict in (LANDS, REFUSED, MISNAMED):
            report.trials = [Trial(fit) for fit in report.inspection.fits]
    waiting = [(r.inspection.lying, trial) for r in reports for trial in r.trials]
    for number, chosen in enumerate(_rounds(waiting)):
        alone_home = alone(home, f"round_{number}")
        _land(settings, alone_home, chosen, say)
        if types:
            say("trying the types of staging, with dbt")
            _type(alone_home, home, sources, chosen)
        shutil.rmtree(alone_home.home)


def _rounds(
    waiting: Sequence[tuple[Lying, Trial]],
) -> Iterator[list[tuple[Lying, Trial]]]:
    """Part trials so that a newer file does not supersede an older one, as it would in a night.

    The parts of one dump stay together.
    """
    left = list(waiting)
    while left:
        dumps: dict[str, str] = {}
        chosen: list[tuple[Lying, Trial]] = []
        later: list[tuple[Lying, Trial]] = []
        for lying, trial in left:
            dump = register.dump_of(lying.file.name) or lying.file.name
            is_first = dumps.setdefault(trial.fit.source.relation, dump) == dump
            (chosen if is_first else later).append((lying, trial))
        yield chosen
        left = later


def _land(
    settings: Settings,
    home: Settings,
    chosen: Sequence[tuple[Lying, Trial]],
    say: Callable[[str], None],
) -> None:
    by_relation: dict[str, list[tuple[Lying, Trial]]] = {}
    for lying, trial in chosen:
        by_relation.setdefault(trial.fit.source.relation, []).append((lying, trial))
    for relation, tried in by_relation.items():
        source = tried[0][1].fit.source
        records = land_on_trial(home, source, [lying.file for lying, _ in tried], say)
        known = register.read_part(register.part(settings.landing, relation))
        for lying, trial in tried:
            trial.record = records.get(lying.file.name)
            if trial.record is not None:
                trial.rejects = landing_rejects(home, source, trial.record)
                trial.before = _landed_before(trial.record, known)


def _landed_before(record: FileRecord, known: Sequence[FileRecord]) -> FileRecord | None:
    landed = (k for k in known if k.outcome == register.LANDED)
    return next((k for k in landed if record.sha256 and k.sha256 == record.sha256), None)


def _type(
    home: Settings,
    parsed: Settings,
    sources: Sequence[SourceTable],
    chosen: Sequence[tuple[Lying, Trial]],
) -> None:
    tried = [(trial, trial.record) for _, trial in chosen if trial.record is not None]
    records = [(trial.fit.source, record) for trial, record in tried]
    try:
        typed = type_on_trial(home, parsed, sources, records)
    except TypingError as error:
        for trial, _ in tried:
            trial.untyped = str(error)
        return
    for trial, record in tried:
        trial.typed = typed.get((trial.fit.source.relation, record.file_name))


def _propose(
    home: Settings,
    sources: Sequence[SourceTable],
    reports: Sequence[Report],
    say: Callable[[str], None],
) -> None:
    """Draft a source for each file that none takes, and that has no label of any."""
    strangers = [
        report
        for report in reports
        if report.inspection.verdict == UNKNOWN
        or (report.inspection.verdict == REFUSED and _is_of_nobody(report.inspection.fits[0]))
    ]
    known = list(sources)
    for number, report in enumerate(strangers):
        is_crowd = len(strangers) > MOST_PROPOSALS and report.inspection.lying.file.member
        if is_crowd:
            report.no_proposal = "unpack it and inspect it alone for a declaration to start from"
            continue
        try:
            known.append(_propose_one(alone(home, f"proposal_{number}"), known, report, say))
        except RefusedFileError as error:
            report.no_proposal = str(error)


def _is_of_nobody(refusing: Fit) -> bool:
    return refusing.problem is None and not refusing.mapped and not refusing.is_foreign


def _propose_one(
    home: Settings, known: Sequence[SourceTable], report: Report, say: Callable[[str], None]
) -> SourceTable:
    """Draft a source that is none of those that are `known`."""
    lying = report.inspection.lying
    home.home.mkdir()
    table = read_table(Glance(lying.file.content(home.home), home.home))
    names = {source.name for source in known}
    drafted = draft(table, lying.file.file_name, lying.system, names)
    record = land_on_trial(home, drafted, [lying.file], say).get(lying.file.name)
    is_landed = record is not None and record.outcome == register.LANDED
    unique = unique_columns(home, drafted, record) if record and is_landed else []
    drafted, key = with_key(drafted, unique)
    is_new = drafted.system not in {source.system for source in known}
    folder = f"{DBT_PROJECT.name}/models/staging/{drafted.system}"
    report.proposal = Proposal(
        as_yaml(drafted, key, is_new_system=is_new),
        f"{folder}/_{drafted.system}__sources.yml",
        base_model(drafted),
        f"{folder}/base_{drafted.relation}.sql",
    )
    report.no_proposal = record.reason if record and not is_landed else None
    shutil.rmtree(home.home)
    return drafted
