"""Dagster's own record of runs: written without waiting for the disk.

Belongs here: how fast those records are written. Does not belong here: what a night records of
itself (night.py), which waits for the disk.
"""

import sqlite3
from typing import Any

from sqlalchemy import Engine, event


def write_without_waiting() -> None:
    """Let SQLite hand Dagster's events to the system and go on.

    A night has thousands of events, each a transaction of its own, and waiting for the disk after
    each took longer than building the night. What a power cut would lose of them is shown in
    Dagster's pages only; published data and the record of a run never depend on it.
    """
    if not event.contains(Engine, "connect", _go_on):
        event.listen(Engine, "connect", _go_on)


def _go_on(connection: Any, _record: object) -> None:  # noqa: ANN401  # of any database
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")
