"""Erasing one person from everything that an installation keeps.

Belongs here: the order of the steps, and what was done. Does not belong here: how a file, a
database or a text is rewritten (the modules beside this one).

The order makes a run that was killed repeatable: what is to go is written to the ledger first, as
keyed hashes, and the current warehouse, in which the person is found, is rewritten last.
"""

import datetime as dt
import shutil
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from orchestration.building import WAREHOUSE, connect_warehouse
from orchestration.engine import clear_spill
from orchestration.generations import current_generation, published_runs
from orchestration.hash_key import confirm_key, key_id
from orchestration.landing import ledger, register
from orchestration.landing.forgetting import Forgotten, keeps_rows
from orchestration.landing.ledger import Entry, Erased
from orchestration.landing.marks import marks_in, marks_of_value
from orchestration.landing.parquet import connect
from orchestration.landing.sources import SourceTable
from orchestration.manifest import Manifest
from orchestration.night import take_lock
from orchestration.privacy.generations import in_order, rewrite_generation
from orchestration.privacy.inbox import remove_erased
from orchestration.privacy.landed import Holdings, find_holdings, forget, rows_of
from orchestration.privacy.modes import private_files
from orchestration.privacy.person import UNKNOWN, UNPUBLISHED, Person, PersonError, find_person
from orchestration.privacy.texts import files_rejected, scrub
from orchestration.privacy.warehouse import NAMES_OF_MODELS, Removal
from orchestration.settings import Settings

# Copies of a warehouse that nobody publishes.
COPIES = ("building", "replaying", "erasing", "dev")


@dataclass
class Report:
    """What an erasure did; it names nobody."""

    token: str = ""
    rows: dict[str, Forgotten] = field(default_factory=dict)
    files: int = 0
    generations: dict[str, int] = field(default_factory=dict)
    inbox: tuple[str, ...] = ()
    texts: int = 0
    was_done_on: str | None = None


@dataclass(frozen=True)
class Plan:
    """Whom to erase, and what of them was found in landing."""

    person: Person
    holdings: Holdings
    token: str


@dataclass(frozen=True)
class Erasure:
    """One erasure of one installation, under the lock of its nights."""

    settings: Settings
    manifest: Manifest
    sources: Sequence[SourceTable]
    say: Callable[[str], None]

    def run(
        self, identifier: str, reason: str, today: dt.date, confirm: Callable[[Plan], bool]
    ) -> Report | None:
        """Erase whom `identifier` names; None where `confirm` said no.

        Raises:
            PersonError: nobody or several are meant, or the reason names somebody.
            LockedError: a night is running.

        """
        with closing(take_lock(self.settings.home / ".lock")), private_files():
            key = confirm_key(self.settings)
            ledger.erased(self.settings.landing, key)
            refuse_telling_reason(reason, identifier)
            plan, begun = self._plan(key, identifier)
            if plan is None:
                return self._finish(key, begun)
            if _names(reason, plan.person):
                raise PersonError("--reason names the person; say why without saying who")
            if not confirm(plan):
                return None
            return self._erase(key, plan, reason, today, begun)

    def _plan(self, key: str, identifier: str) -> tuple[Plan | None, Entry | None]:
        """Return whom to erase, or None and the entry of the ledger that tells it was done."""
        current = current_generation(self.settings)
        if current is None:
            raise PersonError(UNPUBLISHED)
        register.discard_unpublished(self.settings.landing, published_runs(self.settings))
        with connect_warehouse(current / WAREHOUSE, read_only=True) as warehouse:
            person = find_person(warehouse, identifier)
            given = marks_of_value(warehouse, identifier)
        entry = ledger.known_to(
            ledger.read(self.settings.landing), key, [*given, f"customer:{identifier.strip()}"]
        )
        begun = entry if entry and entry.state == ledger.BEGUN else None
        hashes = frozenset(value for _, value in begun.marks) if begun else frozenset()
        wanted = Erased(key, hashes, frozenset()) if begun else None
        holdings = find_holdings(self.settings, self.sources, person.marks, wanted)
        if person.record_keys or holdings.files:
            return Plan(
                person, holdings, begun.token if begun else f"erased-{uuid.uuid4().hex}"
            ), begun
        if entry is None:
            raise PersonError(UNKNOWN)
        return None, entry

    def _finish(self, key: str, entry: Entry | None) -> Report:
        """End an erasure that was interrupted at its last step, or say when it was done."""
        if entry is None:
            raise RuntimeError("an erasure without a person must be known to the ledger")
        erased = ledger.erased(self.settings.landing, key)
        inbox = remove_erased(self.settings, erased.files if erased else frozenset())
        ledger.put(self.settings.landing, replace(entry, state=ledger.DONE))
        return Report(entry.token, inbox=inbox, was_done_on=entry.erased_on)

    def _erase(
        self, key: str, plan: Plan, reason: str, today: dt.date, begun: Entry | None
    ) -> Report:
        settings, report = self.settings, Report(plan.token)
        entry = self._intention(key, plan, reason, today, begun)
        ledger.put(settings.landing, entry)
        for name in COPIES:
            shutil.rmtree(settings.home / name, ignore_errors=True)
        clear_spill(settings)
        removal = self._removal(plan)
        *older, current = in_order(settings)
        for folder in older:
            report.generations[folder.name] = self._rewrite(folder, removal)
        report.texts = len(list(scrub(settings, plan.person.pattern, _places(plan.holdings))))
        report.inbox = remove_erased(settings, frozenset(entry.files))
        for source, done in forget(settings, plan.holdings):
            report.rows[source.name] = report.rows.get(source.name, Forgotten()) + done
            report.files += 1
        report.generations[current.name] = self._rewrite(current, removal)
        ledger.put(settings.landing, replace(entry, state=ledger.DONE))
        return report

    def _intention(
        self, key: str, plan: Plan, reason: str, today: dt.date, begun: Entry | None
    ) -> Entry:
        person, holdings = plan.person, plan.holdings
        told = {*person.marks, *holdings.orders, *(f"record:{k}" for k in person.record_keys)}
        if person.customer_id:
            told.add(f"customer:{person.customer_id}")
        files = holdings.hashes | self._rejected_files(person)
        marks = set(ledger.hashed_marks(key, told))
        if begun is not None:
            marks |= set(begun.marks)
            files |= set(begun.files)
        return Entry(
            plan.token, today.isoformat(), reason, key_id(key), ledger.BEGUN,
            tuple(sorted(marks)), tuple(sorted(files)),
        )  # fmt: skip

    def _rejected_files(self, person: Person) -> frozenset[str]:
        """Return the sha256 of files of which a row was rejected that is about the person."""
        named = files_rejected(self.settings, person.pattern)
        return frozenset(
            record.sha256
            for path in (self.settings.landing / "_files").glob("*.parquet")
            for record in register.read_part(path)
            if (record.system, record.table_name, record.file_name) in named
        )

    def _removal(self, plan: Plan) -> Removal:
        personal = {c.name for s in self.sources for c in s.columns if c.is_personal}
        rows: dict[str, list[tuple[int, int]]] = {}
        for held in plan.holdings.files:
            found = [(held.record.file_number, row["_row"]) for row in rows_of(held)]
            rows.setdefault(f"base_{held.source.relation}", []).extend(found)
        emptied = frozenset(f"base_{s.relation}" for s in self.sources if keeps_rows(s))
        columns = frozenset(personal) | NAMES_OF_MODELS
        return Removal(plan.person, plan.token, columns, rows, emptied)

    def _rewrite(self, folder: Path, removal: Removal) -> int:
        self.say(f"rewriting {folder.name}")
        return rewrite_generation(self.settings, self.manifest, folder, removal)


def refuse_telling_reason(reason: str, identifier: str) -> None:
    """Refuse a reason that says who is erased: it is kept.

    Raises:
        PersonError: it is empty, or holds the identifier, a phone or an e-mail.

    """
    if not reason.strip():
        raise PersonError("--reason is empty; say why, for the ledger")
    with connect() as connection:
        marks = [mark for _, mark in marks_in(connection, [reason], "")]
    if marks or identifier.strip().casefold() in reason.casefold():
        raise PersonError(
            "--reason holds the identifier, or a phone, e-mail or long id; it is kept, so say why "
            "without saying who, for example with the number of the request"
        )


def _names(reason: str, person: Person) -> bool:
    return any(text.casefold() in reason.casefold() for text in person.literals)


def _places(holdings: Holdings) -> frozenset[tuple[str, str, str, str]]:
    return frozenset(
        (held.source.system, held.source.table, held.record.file_name, str(row["_row"]))
        for held in holdings.files
        for row in rows_of(held)
    )
