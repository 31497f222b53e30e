"""Who may read what an installation writes: its owner, and readers only what is published.

Belongs here: modes of files and folders. Does not belong here: what is published (publish.py).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Nothing for the group and for others.
PRIVATE_UMASK = 0o077
READABLE_FILE = 0o644


@contextmanager
def private_files() -> Iterator[None]:
    """Make every file and folder that this process and its children write private to its owner."""
    before = os.umask(PRIVATE_UMASK)
    try:
        yield
    finally:
        os.umask(before)


def let_in(folder: Path) -> None:
    """Make a folder that readers pass through, if it is not there; one that is keeps its mode."""
    # Two processes may begin in one home: the one that comes second finds the folder made.
    with suppress(FileExistsError):
        folder.mkdir(parents=True)
        folder.chmod(0o755)


def keep_private(folder: Path) -> Path:
    """Make a folder that only its owner enters, and close one that an older version left open."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


def publish_files(folder: Path) -> None:
    """Let readers to a file, or into a folder and to everything in it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else READABLE_FILE)
