"""Which of several sources takes a file, told by what the file holds.

Belongs here: looking into a file whose name fits several sources. Does not belong here: names
(inbox.py) and landing (land.py), which reads the file for good.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from orchestration.landing.archive import ArchiveError
from orchestration.landing.inbox import InboxFile
from orchestration.landing.opening import check_export
from orchestration.landing.refusals import RefusedFileError, empty_file
from orchestration.landing.sources import SourceTable

# Reasons that a message shows.
SHOWN = 3


def route(file: InboxFile, candidates: Sequence[SourceTable]) -> Sequence[SourceTable] | str:
    """Return the `candidates` that can read `file`, or why none of them can."""
    with tempfile.TemporaryDirectory(prefix="strata_route_") as folder:
        scratch = Path(folder)
        try:
            path = file.content(scratch)
            if not path.stat().st_size:
                return str(empty_file())
            reasons = {source: _why_not(source, path, scratch) for source in candidates}
        except ArchiveError as error:
            return str(error)
        except (FileNotFoundError, PermissionError) as error:
            return f"unreadable: {error.strerror or error}; let the night read this file"
    taken = [source for source, reason in reasons.items() if reason is None]
    if taken:
        return taken
    shown = "; ".join(f"as {s.name}: {reason}" for s, reason in list(reasons.items())[:SHOWN])
    return f"no_source: {len(reasons)} sources take this name, but none its content; {shown}"


def _why_not(source: SourceTable, path: Path, scratch: Path) -> str | None:
    """Why `source` does not take the file; None where it does."""
    try:
        check_export(source, path, scratch)
    except RefusedFileError as error:
        return str(error)
    return None
