"""Opening an export: from any accepted format to a text that DuckDB reads, its columns matched.

Belongs here: everything that refuses a whole file. Does not belong here: lineage and the register.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from orchestration.landing import json_export
from orchestration.landing.care import Look
from orchestration.landing.decode import Reading, Utf8Text, as_utf8
from orchestration.landing.header import HEADER_ROWS, HeaderMatch, find_top
from orchestration.landing.kinds import kind_of
from orchestration.landing.records import (
    Kept,
    Layout,
    Reject,
    read_first_records,
    read_records,
)
from orchestration.landing.refusals import RefusedFileError, empty_file, missing_columns
from orchestration.landing.sheets import choose_sheet
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import CsvText, ExportText, write_numbered

__all__ = ["Opened", "RefusedFileError", "check_export", "clean_text", "open_export"]

CUT_SHORT = ("too_few_fields", "broken_quote")
NO_ALIASES: Mapping[str, str] = {}
Result = TypeVar("Result")


@dataclass(frozen=True)
class Opened:
    """An export that can be read. `rejects` are the records that were left out on the way.

    `kept` is how many were not; None where nobody counted yet. `undeclared` and `absent` name the
    labels that no column declares, and the optional columns that are not there. `facts` are those
    of the text, and `is_sampled` is as of `decode.Utf8Text`.
    """

    source: SourceTable
    text: ExportText
    header: tuple[str, ...]
    encoding: str | None
    rejects: tuple[Reject, ...] = ()
    kept: int | None = None
    facts: Reading | Look | None = None
    undeclared: tuple[str, ...] = field(default=())
    absent: tuple[str, ...] = field(default=())
    is_sampled: bool = False


def open_export(
    source: SourceTable,
    path: Path,
    raw: Reading,
    scratch: Path,
    aliases: Mapping[str, str] = NO_ALIASES,
) -> Opened:
    """Open `path` as `source` declares it; `aliases` tells other names of its labels.

    Raises:
        RefusedFileError: the file is empty, has no rows, cannot be decoded, or lacks a column.

    """
    if raw.size == 0:
        raise empty_file()
    kind = kind_of(path, source.formats)
    if kind == "excel":
        return _open_workbook(source, path, scratch, aliases)

    def opened(utf8: Utf8Text) -> Opened:
        if kind == "json":
            return _open_json(source, utf8, raw, scratch)
        return _open_csv(source, utf8, raw, aliases, scratch)

    return _read_as_utf8(source, path, scratch, opened)


def check_export(source: SourceTable, path: Path, scratch: Path) -> None:
    """Look whether `path` is an export of `source`, without reading more of it than needed.

    Raises:
        RefusedFileError: as `open_export`, for anything but broken records.

    """
    kind = kind_of(path, source.formats)
    if kind == "excel":
        choose_sheet(source, path, NO_ALIASES)
        return

    def check(utf8: Utf8Text) -> None:
        if kind == "json":
            json_export.check_json(source, utf8.path)
        else:
            _choose_delimiter(source, utf8.path, NO_ALIASES)

    _read_as_utf8(source, path, scratch, check)


def _read_as_utf8(
    source: SourceTable, path: Path, scratch: Path, read: Callable[[Utf8Text], Result]
) -> Result:
    """Read a file in the encoding of its top; where that does not last, in the one of all."""
    try:
        return read(_decoded(source, path, scratch, is_sampled=True))
    except UnicodeDecodeError:
        return read(_decoded(source, path, scratch))


def _decoded(
    source: SourceTable, path: Path, scratch: Path, *, is_sampled: bool = False
) -> Utf8Text:
    target = scratch / f"{'_'.join(source.encodings)}.txt"
    return as_utf8(path, source.encodings, target, is_sampled=is_sampled)


def _open_json(source: SourceTable, utf8: Utf8Text, raw: Reading, scratch: Path) -> Opened:
    opened = json_export.open_json(source, utf8.path, utf8.encoding, scratch)
    return Opened(
        source,
        opened.text,
        (),
        utf8.encoding,
        opened.rejects,
        opened.kept,
        raw,
        opened.undeclared,
        opened.absent,
        utf8.is_sampled and not opened.text.numbered,
    )


def _choose_delimiter(
    source: SourceTable, path: Path, aliases: Mapping[str, str]
) -> tuple[CsvText, list[str]]:
    text, header = min(
        (_delimited(source, path, delimiter, aliases) for delimiter in source.delimiters),
        key=lambda c: (len(c[0].match.missing), -len(c[0].match.positions), -c[0].match.width),
    )
    if text.match.missing:
        raise missing_columns(source, text.match.missing, header)
    return text, header


def _open_csv(
    source: SourceTable,
    utf8: Utf8Text,
    raw: Reading,
    aliases: Mapping[str, str],
    scratch: Path,
) -> Opened:
    text, header = _choose_delimiter(source, utf8.path, aliases)
    facts = utf8.look or raw
    opened = Opened(
        source,
        text,
        tuple(header),
        utf8.encoding,
        facts=facts,
        undeclared=tuple(text.match.extras),
        absent=_absent(source, text.match),
        is_sampled=utf8.is_sampled,
    )
    # DuckDB miscounts the lines of a header that spans some, and takes blank lines for cells.
    spans_lines = text.first_row > 2 or any("\n" in label for label in header)
    needs_care = spans_lines or text.match.width == 1
    # What is not known yet is asked for once DuckDB has read the text.
    if isinstance(facts, Look) or facts.is_done:
        needs_care = needs_care or facts.needs_care
    return clean_text(opened, scratch) if needs_care else opened


def _delimited(
    source: SourceTable, path: Path, delimiter: str, aliases: Mapping[str, str]
) -> tuple[CsvText, list[str]]:
    rows = read_first_records(path, delimiter, HEADER_ROWS + 1)
    top = find_top(source, [cells for cells, _ in rows], aliases)
    header = rows[top.header][0][: top.match.width] if rows else []
    skip = rows[top.first - 1][1] if rows else 0
    return CsvText(path, delimiter, top.match, skip, top.first + 1), header


def _absent(source: SourceTable, match: HeaderMatch) -> tuple[str, ...]:
    return tuple(c.name for c in source.columns if c.name not in match.positions)


def clean_text(opened: Opened, scratch: Path) -> Opened:
    """Read the records one by one, keep the sound ones as clean CSV and collect the others.

    Raises:
        RefusedFileError: the file ends in the middle of a record, or cannot be decoded.

    """
    if opened.is_sampled:
        utf8 = _decoded(opened.source, opened.text.path, scratch)
        text = replace(opened.text, path=utf8.path)
        opened = replace(opened, text=text, encoding=utf8.encoding, is_sampled=False)
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

    def kept() -> Iterator[tuple[int, Sequence[str]]]:
        for record in read_records(text.path, layout):
            if isinstance(record, Kept):
                yield record.row, record.cells
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


def _open_workbook(
    source: SourceTable, path: Path, scratch: Path, aliases: Mapping[str, str]
) -> Opened:
    target = scratch / "sheet.csv"
    sheet = choose_sheet(source, path, aliases)
    kept = write_numbered(sheet.rows, target)
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
