"""Whether DuckDB read an export as it is meant, told from what it wrote.

Belongs here: what is asked of a landed file. Does not belong here: what is done where it is not
sound (land.py).
"""

from pathlib import Path

from orchestration.landing.opening import Opened
from orchestration.landing.parquet import connect
from orchestration.landing.records import LONGEST_RECORD_LINES
from orchestration.landing.refusals import missing_columns
from orchestration.landing.sources import SourceTable
from orchestration.landing.texts import JsonLines, identifier, quoted


def is_sound(source: SourceTable, opened: Opened, rows: int, landed: Path) -> bool:
    """Tell whether DuckDB took each physical record of an export for one row.

    Raises:
        RefusedFileError: no record holds a required field.

    """
    line_breaks = opened.facts.line_breaks if opened.facts else 0
    if not isinstance(opened.text, JsonLines):
        has_more_lines = line_breaks > rows + opened.text.skip_lines
        needs_care = opened.facts is not None and opened.facts.needs_care
        return not needs_care and not (has_more_lines and _swallows_lines(source, landed))
    if rows not in (line_breaks, line_breaks + 1) or _has_other_than_objects(source, landed):
        return False
    filled = _filled_columns(source, landed)
    missing = [c for c in source.columns if c.required and c.name not in filled]
    if missing:
        raise missing_columns(source, missing, [c.labels[0] for c in source.columns])
    return True


def _filled_columns(source: SourceTable, landed: Path) -> set[str]:
    """Names of the declared columns that hold anything in a landed file."""
    counts = ", ".join(f"count({identifier(column.name)})" for column in source.columns)
    with connect() as connection:
        found = connection.execute(
            f"select {counts} from read_parquet({quoted(str(landed))})"
        ).fetchone()
    filled = zip(source.columns, found or (), strict=False)
    return {column.name for column, count in filled if count}


def _has_other_than_objects(source: SourceTable, landed: Path) -> bool:
    """Tell whether some record that came as JSON is no object, and so has none of the fields."""
    nothing = " and ".join(f"{identifier(column.name)} is null" for column in source.columns)
    query = f"""
        select exists (
            select 1
            from read_parquet({quoted(str(landed))})
            where {nothing} and not starts_with(_extra, '{{')
        )
    """
    with connect() as connection:
        found = connection.execute(query).fetchone()
    return found is not None and bool(found[0])


def _swallows_lines(source: SourceTable, landed: Path) -> bool:
    """Tell whether some landed cell spans more lines than a record may.

    Then a broken quote was closed by another one far below, and what lies between is not a cell.
    """
    breaks = [
        f"len({name}) - len(replace({name}, {sign}, ''))"
        for name, sign in [
            *((identifier(column.name), "chr(10)") for column in source.columns),
            ("_extra", r"'\n'"),
        ]
    ]
    longest = ", ".join(f"coalesce(max({count}), 0)" for count in breaks)
    query = f"select greatest({longest}) from read_parquet({quoted(str(landed))})"
    with connect() as connection:
        found = connection.execute(query).fetchone()
    return found is not None and int(found[0]) >= LONGEST_RECORD_LINES
