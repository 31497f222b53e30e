"""How well a file fits a source: by its name, and by the columns that its top shows.

Belongs here: measuring one file against one source. Does not belong here: which source is meant
(inspect.py). The rules of reading are those of opening.py, which decides when a file lands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from orchestration.landing.glance import Glance, Rows
from orchestration.landing.header import HEADER_ROWS, HeaderMatch, find_header, is_note
from orchestration.landing.json_documents import as_text
from orchestration.landing.refusals import RefusedFileError, no_records
from orchestration.landing.sources import SourceColumn, SourceTable
from orchestration.landing.value_types import guess_type

# Signs that separate cells in exports; a source declares those it expects.
DELIMITERS = (",", ";", "\t", "|")
Values = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class Fit:
    """One file held against one source.

    `pattern` takes its name, `mapped` names the label of each column that is there, `values` some
    values of each label. `delimiter` separates the cells, and is `foreign` where the source does
    not declare it. `problem` says why the file cannot be read as the source declares it.
    """

    source: SourceTable
    pattern: str | None
    mapped: Mapping[str, str] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    missing: tuple[SourceColumn, ...] = ()
    values: Values = field(default_factory=dict)
    delimiter: str | None = None
    is_foreign: bool = False
    problem: str | None = None

    @property
    def is_complete(self) -> bool:
        """Tell whether the file can be read as it is, and has every required column."""
        return self.problem is None and not self.missing and not self.is_foreign

    @property
    def required(self) -> int:
        """How many columns the source requires."""
        return sum(1 for column in self.source.columns if column.required)

    @property
    def found(self) -> int:
        """How many of them are there."""
        return 0 if self.problem else self.required - len(self.missing)

    @property
    def absent(self) -> tuple[SourceColumn, ...]:
        """The optional columns that are not there."""
        columns = self.source.columns
        return tuple(c for c in columns if not c.required and c.name not in self.mapped)

    @property
    def labels(self) -> int:
        """How many labels the file has."""
        return len(self.mapped) + len(self.unmapped)


def fit(glance: Glance, source: SourceTable, file_name: str, aliases: Mapping[str, str]) -> Fit:
    """Hold a file against `source`; `aliases` tells other names of its labels."""
    pattern = source.pattern_of(file_name)
    name = pattern.name if pattern else None
    try:
        kind = glance.kind(source.formats)
        if kind == "excel":
            return _fit_workbook(glance, source, name, aliases)
        if kind == "json":
            return _fit_json(glance, source, name)
        return _fit_text(glance, source, name, aliases)
    except RefusedFileError as error:
        required = tuple(column for column in source.columns if column.required)
        return Fit(source, name, missing=required, problem=str(error))


def _fit_text(
    glance: Glance, source: SourceTable, pattern: str | None, aliases: Mapping[str, str]
) -> Fit:
    declared = [_separated(glance, source, pattern, d, aliases) for d in source.delimiters]
    best = min(declared, key=_distance)
    others = [d for d in DELIMITERS if d not in source.delimiters] if best.missing else []
    foreign = [_separated(glance, source, pattern, d, aliases) for d in others]
    return min([best, *(other for other in foreign if not other.missing)], key=_distance)


def _distance(found: Fit) -> tuple[int, int, int]:
    return len(found.missing), -len(found.mapped), -found.labels


def _separated(
    glance: Glance,
    source: SourceTable,
    pattern: str | None,
    delimiter: str,
    aliases: Mapping[str, str],
) -> Fit:
    rows = glance.rows(source.encodings, delimiter)
    place, match = find_header(source, rows[:HEADER_ROWS], aliases)
    is_foreign = delimiter not in source.delimiters
    return _of_rows(source, pattern, rows, place, match, delimiter, is_foreign)


def _fit_workbook(
    glance: Glance, source: SourceTable, pattern: str | None, aliases: Mapping[str, str]
) -> Fit:
    fits: list[Fit] = []
    for name in source.sheets_of(glance.sheets):
        rows = glance.sheet(name)
        place, match = find_header(source, rows[:HEADER_ROWS], aliases, trims=False)
        fits.append(_of_rows(source, pattern, rows, place, match))
    return next((found for found in fits if not found.missing), fits[0])


def _of_rows(
    source: SourceTable,
    pattern: str | None,
    rows: Rows,
    place: int,
    match: HeaderMatch,
    delimiter: str | None = None,
    is_foreign: bool = False,
) -> Fit:
    header = rows[place] if rows else []
    below = [row for row in rows[place + 1 :] if not is_note(source, row)]
    mapped = {name: header[index].strip() for name, index in match.positions.items()}
    places = match.extras | {mapped[name]: index for name, index in match.positions.items()}
    values = {
        label: [row[index] if index < len(row) else None for row in below]
        for label, index in places.items()
    }
    extras = tuple(sorted(match.extras, key=lambda label: match.extras[label]))
    return Fit(source, pattern, mapped, extras, match.missing, values, delimiter, is_foreign)


def _fit_json(glance: Glance, source: SourceTable, pattern: str | None) -> Fit:
    records = glance.records(source.encodings, source.records)
    if not records:
        raise no_records(source)
    labels = list(dict.fromkeys(label for record in records for label in record))
    mapped = {c.name: label for c in source.columns for label in c.labels[::-1] if label in labels}
    missing = tuple(c for c in source.columns if c.required and c.name not in mapped)
    declared = {label for column in source.columns for label in column.labels}
    unmapped = tuple(
        label
        for label in labels
        if label not in declared and not any(isinstance(r.get(label), dict) for r in records)
    )
    values = {
        label: [as_text(record.get(label)) for record in records]
        for label in (*mapped.values(), *unmapped)
    }
    return Fit(source, pattern, mapped, unmapped, missing, values)


def seeming_types(labels: Iterable[str], values: Values) -> dict[str, str]:
    """Return the type that the values of each label seem to have."""
    return {label: guess_type(values.get(label, ()), label) for label in labels}
