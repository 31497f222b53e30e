"""What kind of file an export is, told by its first bytes and then by its name.

Belongs here: the signs of each kind. Does not belong here: reading it.
"""

from collections.abc import Sequence
from pathlib import Path

# A zip, which .xlsx is, and the compound file of the older .xls.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
JSON_STARTS = (b"{", b"[")
BLANKS = b" \t\r\n\xef\xbb\xbf"
SAMPLE = 64


def kind_of(path: Path, formats: Sequence[str]) -> str:
    """Name the kind of `path`: `excel`, `json` or `csv`; of `formats` where it could be several.

    A workbook is one whatever its name says, and text is none.
    """
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    if start.startswith(WORKBOOKS):
        return "excel"
    texts = [kind for kind in formats if kind != "excel"]
    if not texts:
        return "excel"  # refused there, as no whole workbook
    if len(texts) == 1:
        return texts[0]
    is_json = path.suffix.casefold() in JSON_SUFFIXES
    return "json" if is_json or start.lstrip(BLANKS).startswith(JSON_STARTS) else "csv"
