"""Opening an export: from any accepted format to a text that DuckDB reads, its columns matched.

Belongs here: everything that refuses a whole file. Does not belong here: lineage and the register.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from orchestration.landing import json_export
from orchestration.landing.decode import RawFile, UndecodableError, detect_encoding, utf8_text
from orchestration.landing.decode import read_raw as look_at
from orchestration.landing.excel import WorkbookError, read_sheet, visible_sheets
from orchestration.landing.header import HEADER_ROWS, HeaderMatch, find_header, is_note
from orchestration.landing.kinds import kind_of
from orchestration.landing.records import (
    Kept,
    Layout,
    Reject,
    read_first_records,
    read_records,
)
from orchestration.landing.refusals import RefusedFileError, missing_columns
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import CsvText, ExportText, write_numbered

__all__ = ["Opened", "RefusedFileError", "check_export", "clean_text", "open_export"]

CUT_SHORT = ("too_few_fields", "broken_quote")
NO_ALIASES: Mapping[str, str] = {}


@dataclass(frozen=True)
class Opened:
    """An export that can be read. `rejects` are the records that were left out on the way.

    `kept` is how many were not; None where nobody counted yet. `undeclared` and `absent` name the
    labels that no column declares, and the optional columns that are not there.
    """

    source: SourceTable
    text: ExportText
    header: tuple[str, ...]
    encoding: str | None
    rejects: tuple[Reject, ...] = ()
    kept: int | None = None
    line_breaks: int = 0
    undeclared: tuple[str, ...] = field(default=())
    absent: tuple[str, ...] = field(default=())


def open_export(
    source: SourceTable,
    path: Path,
    raw: RawFile,
    scratch: Path,
    aliases: Mapping[str, str] = NO_ALIASES,
) -> Opened:
    """Open `path` as `source` declares it; `aliases` tells other names of its labels.

    Raises:
        RefusedFileError: the file is empty, has no rows, cannot be decoded, or lacks a column.

    """
    if raw.size == 0:
        raise RefusedFileError("empty_file: it has no bytes; export it again")
    kind = kind_of(path, source.formats)
    if kind == "excel":
        return _open_workbook(source, path, scratch, aliases)
    text, encoding = _as_utf8(source, path, scratch)
    if kind == "json":
        opened = json_export.open_json(source, text, encoding, scratch)
        return Opened(
            source,
            opened.text,
            (),
            encoding,
            opened.rejects,
            opened.kept,
            raw.line_breaks,
            undeclared=opened.undeclared,
            absent=opened.absent,
        )
    facts = raw if text == path else look_at(text)
    return _open_csv(source, text, encoding, facts, aliases, scratch)


def check_export(source: SourceTable, path: Path, scratch: Path) -> None:
    """Look whether `path` is an export of `source`, without reading more of it than needed.

    Raises:
        RefusedFileError: as `open_export`, for anything but broken records.

    """
    kind = kind_of(path, source.formats)
    if kind == "excel":
        with _readable_workbook():
            _choose_sheet(source, path, NO_ALIASES)
        return
    text, _ = _as_utf8(source, path, scratch)
    if kind == "json":
        json_export.check_json(source, text)
    else:
        _choose_delimiter(source, text, NO_ALIASES)


def _as_utf8(source: SourceTable, path: Path, scratch: Path) -> tuple[Path, str]:
    try:
        encoding = detect_encoding(path, source.encodings)
    except UndecodableError as error:
        raise RefusedFileError(f"undecodable: {error}; export it again as UTF-8") from error
    return utf8_text(path, encoding, scratch / "decoded.txt"), encoding


def _choose_delimiter(
    source: SourceTable, path: Path, aliases: Mapping[str, str]
) -> tuple[CsvText, list[str]]:
    text, header = min(
        (_delimited(source, path, delimiter, aliases) for delimiter in source.delimiters),
        key=lambda c: (len(c[0].match.missing), -len(c[0].match.positions), -c[0].match.width),
    )
    _require(source, text.match, header)
    return text, header


def _open_csv(
    source: SourceTable,
    path: Path,
    encoding: str,
    facts: RawFile,
    aliases: Mapping[str, str],
    scratch: Path,
) -> Opened:
    text, header = _choose_delimiter(source, path, aliases)
    opened = Opened(
        source,
        text,
        tuple(header),
        encoding,
        line_breaks=facts.line_breaks,
        undeclared=tuple(text.match.extras),
        absent=_absent(source, text.match),
    )
    # DuckDB miscounts the lines of a header that spans some, and takes blank lines for cells.
    spans_lines = text.first_row > 2 or any("\n" in label for label in header)
    needs_care = facts.needs_care or spans_lines or text.match.width == 1
    return clean_text(opened, scratch) if needs_care else opened


def _delimited(
    source: SourceTable, path: Path, delimiter: str, aliases: Mapping[str, str]
) -> tuple[CsvText, list[str]]:
    rows = read_first_records(path, delimiter, HEADER_ROWS + 1)
    place, match = find_header(source, [cells for cells, _ in rows[:HEADER_ROWS]], aliases)
    header, skip = rows[place] if rows else ([], 0)
    below = place + 1
    if below < len(rows) and is_note(source, rows[below][0]):
        skip, below = rows[below][1], below + 1
    return CsvText(path, delimiter, match, skip, below + 1), header[: match.width]


def _absent(source: SourceTable, match: HeaderMatch) -> tuple[str, ...]:
    return tuple(c.name for c in source.columns if c.name not in match.positions)


def _require(source: SourceTable, match: HeaderMatch, header: Iterable[str]) -> None:
    if match.missing:
        raise missing_columns(source, match.missing, header)


def clean_text(opened: Opened, scratch: Path) -> Opened:
    """Read the records one by one, keep the sound ones as clean CSV and collect the others.

    Raises:
        RefusedFileError: the file ends in the middle of a record.

    """
    text = opened.text
    if not isinstance(text, CsvText):
        found = json_export.clean_lines(opened.source, text.path, scratch)
        return replace(opened, text=found.text, rejects=found.rejects, kept=found.kept)
    rejects: list[Reject] = []
    target = scratch / "clean.csv"
    layout = Layout(
        text.delimiter, opened.header, text.skip_lines, text.first_row,
        opened.source.pads_short_rows,
    )  # fmt: skip

    def kept() -> Iterator[list[object]]:
        for record in read_records(text.path, layout):
            if isinstance(record, Kept):
                yield [record.row, *record.cells]
            else:
                rejects.append(record)

    count = write_numbered(kept(), target)
    if rejects and rejects[-1].row == text.first_row - 1 + count + len(rejects):
        _refuse_cut(text.path, rejects[-1])
    clean = CsvText(target, ",", text.match, numbered=True)
    return replace(opened, text=clean, rejects=tuple(rejects), kept=count)


def _refuse_cut(path: Path, last: Reject) -> None:
    with path.open("rb") as file:
        file.seek(-1, 2)
        ends_with_line_break = file.read(1) in b"\r\n"
    if last.reason in CUT_SHORT and not ends_with_line_break:
        raise RefusedFileError(
            f"cut_short: it ends in the middle of row {last.row}; export it again"
        )


@contextmanager
def _readable_workbook() -> Iterator[None]:
    try:
        yield
    except WorkbookError as error:
        raise RefusedFileError(f"unreadable_workbook: {error}; export it again") from error


def _open_workbook(
    source: SourceTable, path: Path, scratch: Path, aliases: Mapping[str, str]
) -> Opened:
    target = scratch / "sheet.csv"
    with _readable_workbook():
        sheet = _choose_sheet(source, path, aliases)
        kept = write_numbered(([number, *row] for number, row in sheet.rows), target)
    text = CsvText(target, ",", sheet.match, numbered=True)
    return Opened(
        source,
        text,
        tuple(sheet.header),
        None,
        kept=kept,
        undeclared=tuple(text.match.extras),
        absent=_absent(source, text.match),
    )


def _choose_sheet(source: SourceTable, path: Path, aliases: Mapping[str, str]) -> "_Sheet":
    """Return the first sheet with the required columns, of those with the declared name if any."""
    sheets = visible_sheets(path)
    named = [name for name in sheets if source.sheet and name.endswith(source.sheet)] or sheets
    first = _sheet(source, path, named[0], aliases)
    chosen = first
    for name in named[1:] if first.match.missing else ():
        other = _sheet(source, path, name, aliases)
        if not other.match.missing:
            chosen = other
            break
    _require(source, chosen.match, chosen.header)
    return chosen


@dataclass(frozen=True)
class _Sheet:
    header: list[str]
    match: HeaderMatch
    rows: Iterator[tuple[int, Sequence[str]]]


def _sheet(source: SourceTable, path: Path, name: str, aliases: Mapping[str, str]) -> _Sheet:
    rows = read_sheet(path, name)
    top = list(islice(rows, HEADER_ROWS + 1))
    rows_above = [list(row) for _, row in top[:HEADER_ROWS]]
    # A sheet is as wide as its widest row: a cell beyond the last label holds something.
    place, match = find_header(source, rows_above, aliases, trims=False)
    header = list(top[place][1]) if top else []
    below = place + 1
    if below < len(top) and is_note(source, top[below][1]):
        below += 1
    return _Sheet(header, match, chain(top[below:], rows))
