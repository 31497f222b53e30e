"""What each archive of the inbox held when it was opened, so that an old one stays closed.

Belongs here: remembering lists of members between nights. Does not belong here: making them
(archive.py), and what members mean (inbox.py).
"""

import dataclasses
import json
from pathlib import Path

from orchestration.landing.archive import Listing, list_members
from orchestration.landing.register import StatKey


class Listings:
    """The lists of members, by name, size and time of their archives.

    Kept in one file, which can be thrown away: then every archive is opened once more.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Take what an earlier night kept in `path`; without one, nothing is remembered."""
        self._path = path
        self._known = _read(path) if path else {}
        self._kept = dict(self._known)
        self._asked: dict[StatKey, Listing] = {}

    def of(self, archive: Path, key: StatKey) -> Listing:
        """Return what `archive` holds; it is opened only if `key` was never asked for before.

        Raises:
            ArchiveError: as `list_members`.

        """
        if key not in self._known:
            self._known[key] = list_members(archive)
        self._asked[key] = self._known[key]
        return self._known[key]

    def keep(self) -> None:
        """Remember what was asked for, and forget archives that were not."""
        if self._path is None or self._asked == self._kept:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        entries = [[*key, *dataclasses.astuple(found)] for key, found in self._asked.items()]
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(entries), encoding="utf-8")
        fresh.replace(self._path)


def _read(path: Path) -> dict[StatKey, Listing]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {
            (name, size, modified): Listing(tuple(members), newest)
            for name, size, modified, members, newest in entries
        }
    except (FileNotFoundError, ValueError, TypeError):
        return {}
