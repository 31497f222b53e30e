"""Opening an export: from any accepted format to UTF-8 records with a matched header.

Belongs here: everything that refuses a whole file. Does not belong here: lineage and the register.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orchestration.landing.decode import RawFile, detect_encoding, read_raw, utf8_text
from orchestration.landing.excel import WorkbookError, read_sheet
from orchestration.landing.header import HeaderMatch, match_header
from orchestration.landing.parquet import CsvText, write_numbered
from orchestration.landing.records import Kept, Reject, read_header, read_records
from orchestration.landing.sources import SourceTable

CUT_SHORT = ("too_few_fields", "broken_quote")
# A message shows labels, and never the data that a file without a header has in their place.
PRIVATE = re.compile(r"@|\d{6}")
LABELS_SHOWN = 100
LABEL_LENGTH = 40


class RefusedFileError(ValueError):
    """A whole file cannot land. The message starts with a reason code and ends with a remedy."""


@dataclass(frozen=True)
class Opened:
    """An export that can be read. `rejects` are the records that were left out on the way.

    `kept` is how many were not; None where nobody counted yet.
    """

    text: CsvText
    match: HeaderMatch
    header: tuple[str, ...]
    encoding: str | None
    rejects: tuple[Reject, ...]
    kept: int | None
    line_breaks: int


def open_export(source: SourceTable, path: Path, raw: RawFile, scratch: Path) -> Opened:
    """Open `path` as `source` declares it.

    Raises:
        RefusedFileError: the file is empty, has no rows, cannot be decoded, or lacks a column.

    """
    if raw.size == 0:
        raise RefusedFileError("empty_file: it has no bytes; export it again")
    if source.format == "excel":
        return _open_workbook(source, path, scratch)
    encoding = detect_encoding(path, source.encodings)
    if encoding is None:
        tried = ", ".join(source.encodings)
        raise RefusedFileError(
            f"undecodable: it is none of {tried}, or it is cut; export it again as UTF-8"
        )
    text = utf8_text(path, encoding, scratch / "decoded.csv")
    facts = raw if text == path else read_raw(text)
    candidates = [_delimited(source, text, delimiter) for delimiter in source.delimiters]
    match, header, delimiter, skip = min(
        candidates, key=lambda c: (len(c[0].missing), -len(c[0].positions), -c[0].width)
    )
    _require(source, match, header)
    opened = Opened(
        CsvText(text, delimiter, match.width, skip, numbered=False),
        match, tuple(header), encoding, (), None, facts.line_breaks,
    )  # fmt: skip
    # DuckDB miscounts the lines of a header that spans some, and takes blank lines for cells.
    needs_care = facts.needs_care or _header_spans_lines(header) or match.width == 1
    return clean_text(opened, scratch) if needs_care else opened


def _delimited(
    source: SourceTable, text: Path, delimiter: str
) -> tuple[HeaderMatch, list[str], str, int]:
    header, skip = read_header(text, delimiter)
    return match_header(source, header), header, delimiter, skip


def _header_spans_lines(header: Sequence[str]) -> bool:
    return any("\n" in label for label in header)


def _require(source: SourceTable, match: HeaderMatch, header: Sequence[str]) -> None:
    if not match.missing:
        return
    wanted = "; ".join(" or ".join(column.labels) for column in match.missing)
    shown = [_shown(label) for label in header if label.strip()]
    more = f" and {len(shown) - LABELS_SHOWN} more" if len(shown) > LABELS_SHOWN else ""
    has = f"the file has {', '.join(shown[:LABELS_SHOWN])}{more}" if shown else "it has no header"
    raise RefusedFileError(
        f"missing_columns: {source.name} needs {wanted}; {has}. Export these columns too; where a "
        "label was renamed, add it to the labels of its column in "
        f"dbt_project/models/staging/{source.system}/_{source.system}__sources.yml"
    )


def _shown(label: str) -> str:
    if PRIVATE.search(label):
        return "(not a label)"
    text = " ".join(label.split())
    return text if len(text) <= LABEL_LENGTH else text[:LABEL_LENGTH] + "…"


def clean_text(opened: Opened, scratch: Path) -> Opened:
    """Read the records one by one, keep the sound ones as clean CSV and collect the others.

    Raises:
        RefusedFileError: the file ends in the middle of a record.

    """
    rejects: list[Reject] = []
    text = opened.text
    target = scratch / "clean.csv"

    def kept() -> Iterator[Kept]:
        for record in read_records(text.path, text.delimiter, opened.header, text.skip_lines):
            if isinstance(record, Kept):
                yield record
            else:
                rejects.append(record)

    count = write_numbered(kept(), target)
    if rejects and rejects[-1].row == 1 + count + len(rejects):
        _refuse_cut(text.path, rejects[-1])
    clean = CsvText(target, ",", text.width, 0, numbered=True)
    return replace(opened, text=clean, rejects=tuple(rejects), kept=count)


def _refuse_cut(path: Path, last: Reject) -> None:
    with path.open("rb") as file:
        file.seek(-1, 2)
        ends_with_line_break = file.read(1) in b"\r\n"
    if last.reason in CUT_SHORT and not ends_with_line_break:
        raise RefusedFileError(
            f"cut_short: it ends in the middle of row {last.row}; export it again"
        )


def _open_workbook(source: SourceTable, path: Path, scratch: Path) -> Opened:
    target = scratch / "sheet.csv"
    try:
        rows = read_sheet(path, source.sheet)
        _, header = next(rows, (0, []))
        match = match_header(source, header)
        _require(source, match, header)
        kept = write_numbered((Kept(number, cells) for number, cells in rows), target)
    except WorkbookError as error:
        raise RefusedFileError(f"unreadable_workbook: {error}; export it again") from error
    text = CsvText(target, ",", match.width, 0, numbered=True)
    return Opened(text, match, tuple(header), None, (), kept, 0)
