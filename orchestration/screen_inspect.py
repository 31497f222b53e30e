"""What a person reads about a file that was inspected.

Belongs here: sentences and tables of one report; every value in them is masked already. Does not
belong here: finding anything out (inspecting.py).
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

from orchestration.inspecting import Proposal, Report, Trial
from orchestration.landing import register
from orchestration.landing.example_name import example_name
from orchestration.landing.fitting import Fit, seeming_types
from orchestration.landing.inspect import MISNAMED, NEAR, UNREADABLE, Inspection
from orchestration.landing.refusals import LABEL_LENGTH, missing_columns, shown_label
from orchestration.landing.register import FileRecord
from orchestration.landing.renaming import renamings
from orchestration.landing.trial import Rejects
from orchestration.settings import Settings

# Kinds of rejects, and names in one line, that a report shows.
MOST_REJECTS, MOST_NAMES = 12, 20
SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
TOLD_BY = {
    "name": "its name", "sidecar": "its sidecar", "content": "the newest time in it",
    "mtime": "when it was last written",
}  # fmt: skip
WIDTH = 11


def print_report(console: Console, report: Report, settings: Settings) -> None:
    """Print everything that was found out about one file."""
    console.print(report.inspection.lying.file.name, style="bold", markup=False, soft_wrap=True)
    for word, text in _lines(report, settings):
        console.print(f"  {word:<{WIDTH}}{text}", markup=False, soft_wrap=True)
    if report.proposal is not None:
        _print_proposal(console, report.proposal)


def _print_proposal(console: Console, proposal: Proposal) -> None:
    for path, text in (
        (proposal.yaml_path, proposal.yaml), (proposal.model_path, proposal.model),
    ):  # fmt: skip
        console.print(f"\n# {path}", markup=False, soft_wrap=True)
        console.print(text, markup=False, soft_wrap=True)


def _lines(report: Report, settings: Settings) -> Iterator[tuple[str, str]]:
    inspection = report.inspection
    if inspection.verdict == UNREADABLE:
        yield "refused", inspection.reason or ""
    elif not inspection.fits:
        yield "no source", _no_source(inspection)
    for trial in report.trials:
        yield from _of_trial(inspection, trial, settings)
    if inspection.verdict == NEAR:
        yield from _of_near(inspection.fits[0])
    for other in inspection.others:
        yield "or", f"{other.source.name}: {_why(other)}"
    if report.no_proposal:
        yield "", report.no_proposal
    if report.proposal:
        yield "", "a declaration to start from; correct it, then inspect the file again:"


def _no_source(inspection: Inspection) -> str:
    if inspection.lying.system is not None and inspection.named > 1:
        return f"{inspection.named} sources take its name, and none its content"
    if inspection.is_passed_over:
        return "a night passes over it: no declared source has such a name, or enough columns of it"
    return "no declared source has such a name, or enough of its columns"


def _shown(label: str) -> str:
    """Return a label as it may be shown; of a path into JSON its end, which tells it apart."""
    shown = shown_label(label)
    is_cut_path = shown.endswith("…") and "." in label and " " not in label
    return "…" + label[-LABEL_LENGTH:] if is_cut_path else shown


def _of_trial(
    inspection: Inspection, trial: Trial, settings: Settings
) -> Iterator[tuple[str, str]]:
    fit, record = trial.fit, trial.record
    if record is None:
        yield "unsettled", f"it changed while {fit.source.name} read it; inspect it again"
        return
    if record.outcome == register.REFUSED:
        yield "refused by", f"{fit.source.name}: {record.reason}"
        yield "because", _why(fit)
        yield from _remedies(fit)
        return
    place = f"inbox/{fit.source.system}/"
    lies_there = inspection.lying.system == fit.source.system
    if inspection.verdict == MISNAMED:
        yield "content of", fit.source.name
        name = example_name(fit.source, Path(record.file_name).suffix, record.landed_for)
        yield "so", f"name it like {name}, and put it under {place}"
    else:
        yield "lands in", fit.source.name + ("" if lies_there else f", once it lies under {place}")
    yield "because", _why(fit)
    if record.outcome == register.DUPLICATE:
        yield "but", f"it is {record.reason}, and would not land twice"
        return
    if trial.before is not None:
        yield "but", f"its content has landed before, for {trial.before.landed_for}"
    yield from _as_read(fit, record, settings)
    yield from _columns(fit)
    yield from _rejected("rejected", "no record is left out by landing", record, trial.rejects)
    yield from _typed(trial, record)


def _why(fit: Fit) -> str:
    name = f"its name matches {fit.pattern}" if fit.pattern else "its name matches no pattern of it"
    if fit.problem:
        return name
    optional = len(fit.source.columns) - fit.required
    has = "all" if not fit.missing else f"{fit.found} of"
    return (
        f"{name}; it has {has} {fit.required} required columns and "
        f"{len(fit.mapped) - fit.found} of {optional} others"
    )


def _of_near(fit: Fit) -> Iterator[tuple[str, str]]:
    yield "nearest to", f"{fit.source.name}: {_why(fit)}"
    labels = [*fit.mapped.values(), *fit.unmapped]
    if fit.missing:
        yield "but", str(missing_columns(fit.source, fit.missing, labels))
    yield from _remedies(fit)


def _remedies(fit: Fit) -> Iterator[tuple[str, str]]:
    """Say which line of YAML would make the file land, where one would."""
    if fit.is_foreign and fit.delimiter:
        sign = SIGNS.get(fit.delimiter, repr(fit.delimiter))
        declared = " or ".join(SIGNS.get(d, repr(d)) for d in fit.source.delimiters)
        wanted = ", ".join(f'"{d}"' for d in (*fit.source.delimiters, fit.delimiter))
        wanted = wanted.replace("\t", r"\t")
        yield "remedy", f"its cells are parted by {sign}: export it with {declared}, or declare"
        yield "", f"    delimiters: [{wanted}]"
        yield "", f"in {fit.source.declared_in}, {fit.source.name}"
        return
    types = seeming_types(fit.unmapped, fit.values)
    for renaming in renamings(fit):
        label, *others = map(shown_label, renaming.labels)
        also = f" (or {', '.join(others)})" if others else ""
        yield (
            "remedy",
            (
                f"{renaming.column.name} may now be called {label}{also}, which holds "
                f"{types[renaming.labels[0]]}; if so, declare"
            ),
        )
        yield "", f"    {renaming.yaml}"
        yield "", f"in {fit.source.declared_in}, {fit.source.name}, {renaming.column.name}"


def _as_read(fit: Fit, record: FileRecord, settings: Settings) -> Iterator[tuple[str, str]]:
    kind = "a workbook"
    if record.encoding:
        sign = SIGNS.get(fit.delimiter or "", repr(fit.delimiter))
        kind = record.encoding + (f", cells parted by {sign}" if fit.delimiter else ", JSON")
    yield "read as", f"{kind}, {record.landed_rows:,} rows; the file states {record.load_kind}"
    at = record.exported_at.replace(tzinfo=dt.UTC).astimezone(settings.zone)
    told = TOLD_BY.get(record.exported_at_from, record.exported_at_from)
    yield "exported", f"{at:%Y-%m-%d %H:%M} {settings.timezone}, told by {told}"


def _columns(fit: Fit) -> Iterator[tuple[str, str]]:
    types = seeming_types([*fit.mapped.values(), *fit.unmapped], fit.values)
    names = {label: _shown(label) for label in types}
    widths = (
        max(map(cell_len, names.values()), default=0),
        max(map(len, fit.mapped), default=0),
    )
    declared = {column.name: column for column in fit.source.columns}
    yield "columns", "label in the file -> column, its declared type, what the values look like"
    for name, label in fit.mapped.items():
        shown = names[label] + " " * (widths[0] - cell_len(names[label]))
        yield "", f"  {shown} -> {name:<{widths[1]}}  {declared[name].type:<8} {types[label]}"
    if fit.unmapped:
        unmapped = [f"{names[label]} ({types[label]})" for label in fit.unmapped]
        yield "unmapped", f"{_listed(unmapped)}; kept in _extra"
    if fit.absent:
        absent = [f"{c.name} ({c.labels[0]})" for c in fit.absent]
        yield "absent", _listed(absent)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _rejected(
    word: str, nothing: str, record: FileRecord, rejects: Sequence[Rejects]
) -> Iterator[tuple[str, str]]:
    total = sum(item.count for item in rejects)
    if not total:
        yield word, nothing
        return
    yield word, f"{total:,} of {record.records:,} records"
    for item in rejects[:MOST_REJECTS]:
        column = f"{shown_label(item.column)}: " if item.column else ""
        examples = "; ".join(f"row {e.row} {e.value}".rstrip() for e in item.examples)
        yield "", f"  {column}{item.reason} {item.count:,}, like {examples}"
    if len(rejects) > MOST_REJECTS:
        yield "", f"  and {len(rejects) - MOST_REJECTS} more kinds"


def _typed(trial: Trial, record: FileRecord) -> Iterator[tuple[str, str]]:
    if trial.untyped:
        yield "typing", f"could not be tried: {trial.untyped}"
    if trial.typed is None:
        return
    typed = trial.typed
    nothing = "every row can be typed"
    yield from _rejected("typing", nothing, record, typed.rejects)
    told = [f"{count:,} {word}" for word, count in typed.outcomes.items()]
    yield "staged", ", ".join(told)
    for column, states in typed.unusable.items():
        counts = ", ".join(f"{count:,} {state}" for state, count in states.items())
        yield "", f"  {column}: {counts}; such values name nobody, and reject no row"
