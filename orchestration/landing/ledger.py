"""The ledger of erasures: keyed hashes of what was erased, so that no old file brings it back.

Belongs here: reading, appending and asking it. Does not belong here: finding a person
(privacy/person.py), and taking rows away (forgetting.py). It never holds a value, only its
HMAC-SHA256 with the installation's key, so it can be kept and backed up with landing.
"""

import dataclasses
import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.hash_key import hmac_pads, key_id

NAME = "_erased.jsonl"
# Parts the hashes of the ledger from published ids, which are made with the same key.
LABEL = "erased:"
BEGUN, DONE = "begun", "done"


class LedgerError(RuntimeError):
    """The ledger cannot be used. The message says why and what to do."""


@dataclass(frozen=True)
class Entry:
    """One erasure. `marks` are kinds with hashes, `files` the sha256 of files that held them."""

    token: str
    erased_on: str
    reason: str
    key_id: str
    state: str
    marks: tuple[tuple[str, str], ...]
    files: tuple[str, ...]


def read(landing: Path) -> tuple[Entry, ...]:
    """Return every erasure, oldest first; none where nobody was ever erased.

    Raises:
        LedgerError: a line of it is damaged.

    """
    path = landing / NAME
    if not path.exists():
        return ()
    entries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            told = json.loads(line)
            marks = tuple((str(kind), str(value)) for kind, value in told.pop("marks"))
            entries.append(Entry(marks=marks, files=tuple(told.pop("files")), **told))
        except (ValueError, TypeError, KeyError) as error:
            raise LedgerError(
                f"{path}, line {number}, is no entry of the ledger; restore it from the backup of "
                "landing, or old files could bring back who was erased"
            ) from error
    return tuple(entries)


def put(landing: Path, entry: Entry) -> None:
    """Add an entry, or replace the one of the same token; the file is whole at any moment."""
    entries = {known.token: known for known in read(landing)} | {entry.token: entry}
    fresh = landing / f"{NAME}.new"
    lines = (json.dumps(dataclasses.asdict(e), ensure_ascii=False) for e in entries.values())
    with fresh.open("w", encoding="utf-8") as out:
        out.write("".join(f"{line}\n" for line in lines))
        out.flush()
        os.fsync(out.fileno())
    fresh.chmod(0o600)
    fresh.replace(landing / NAME)


def hashed(key: str, mark: str) -> str:
    """Return the keyed hash of a mark."""
    return hmac.new(key.encode(), (LABEL + mark).encode(), hashlib.sha256).hexdigest()


def hashed_marks(key: str, marks: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return kind and keyed hash of each mark, in an order that says nothing."""
    found = {(mark.partition(":")[0], hashed(key, mark)) for mark in marks}
    return tuple(sorted(found))


def known_to(entries: Iterable[Entry], key: str, marks: Iterable[str]) -> Entry | None:
    """Return the first entry that holds one of these marks."""
    wanted = {hashed(key, mark) for mark in marks}
    return next((e for e in entries if wanted & {value for _, value in e.marks}), None)


@dataclass(frozen=True)
class Erased:
    """What landing must not take in again: the hashes of the ledger, and their key.

    `files` are the sha256 of files that held an erased person.
    """

    key: str
    hashes: frozenset[str]
    files: frozenset[str]

    def ask(self, connection: duckdb.DuckDBPyConnection) -> str:
        """Prepare a connection and return the SQL condition that a column `mark` was erased."""
        inner, outer = hmac_pads(self.key)
        connection.execute(f"set variable strata_inner_pad = from_hex('{inner.hex()}')")
        connection.execute(f"set variable strata_outer_pad = from_hex('{outer.hex()}')")
        connection.execute("create or replace temp table erased_marks (hash varchar)")
        connection.execute(
            "insert into erased_marks select unnest(?::varchar[])", [sorted(self.hashes)]
        )
        return (
            "sha256(getvariable('strata_outer_pad') || unhex(sha256("
            f"getvariable('strata_inner_pad') || encode('{LABEL}' || mark)))) "
            "in (select hash from erased_marks)"
        )


def erased(landing: Path, key: str) -> Erased | None:
    """Return what landing must ask; None where nobody was ever erased.

    Raises:
        LedgerError: an entry was made with another key, so that it could not be recognized.

    """
    entries = read(landing)
    for entry in entries:
        if entry.key_id != key_id(key):
            raise LedgerError(
                f"the erasure of {entry.erased_on} was recorded with the key {entry.key_id}, not "
                f"with {key_id(key)}; give back the key of then with STRATA_HASH_KEY"
            )
    if not entries:
        return None
    return Erased(
        key,
        frozenset(value for entry in entries for _, value in entry.marks),
        frozenset(name for entry in entries for name in entry.files),
    )
