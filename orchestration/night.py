"""One run of one night: its lock, its build, and what came of it.

Belongs here: the state that the assets of one run share, and the record that a run leaves.
Does not belong here: Dagster (nightly.py and the asset modules) and any business rule.
"""

import datetime as dt
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from expectations.checks import CheckResult
from orchestration import overrides
from orchestration.building import WAREHOUSE, Build, open_build
from orchestration.clone import CloneAhead
from orchestration.engine import clear_spill
from orchestration.gate import GateRefusedError
from orchestration.generations import (
    current_generation,
    generation_date,
    mark_published,
    published_runs,
)
from orchestration.hash_key import confirm_key, key_id, record_key
from orchestration.landing import ledger, register
from orchestration.landing.inbox import InboxScan, scan_inbox
from orchestration.landing.land import LandingRun, land_source
from orchestration.landing.listings import Listings
from orchestration.landing.register import FileRecord
from orchestration.landing.routing import route
from orchestration.landing.sources import SourceTable
from orchestration.privacy.inbox import remove_erased
from orchestration.privacy.modes import keep_private, let_in
from orchestration.privacy.patterns import hidden
from orchestration.segments import refusals as segments
from orchestration.settings import Settings, SettingsError
from orchestration.settled import Unchanged

# Characters of Dagster's run id that name a generation: enough to tell the runs of one night apart.
RUN_ID_LENGTH = 8
# Sources that land at the same time: one large file leaves the others a way past it.
LANDING_THREADS = 4
PUBLISHED, BUILT, REFUSED, FAULT = "published", "built", "refused", "fault"


class LockedError(RuntimeError):
    """Another night is running. The message names its process."""


def silent(_: str) -> None:
    """Say nothing: runs that the scheduler starts have their log in Dagster."""


@dataclass
class Night:
    """The state of one run. `base` and `is_published` differ only in a replay.

    `rebuilds`: every model is built, also where nothing behind it has changed.
    """

    settings: Settings
    sources: tuple[SourceTable, ...]
    say: Callable[[str], None] = silent
    reads_inbox: bool = True
    is_published: bool = True
    rebuilds: bool = False
    base: Path | None = None
    started_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    build: Build | None = None
    scan: InboxScan | None = None
    landed: list[FileRecord] = field(default_factory=list)
    checks: list[CheckResult] = field(default_factory=list)
    lock: IO[str] | None = None
    record: dict[str, Any] = field(default_factory=dict)
    erased: ledger.Erased | None = None
    key_id: str = ""
    ahead: CloneAhead | None = None
    unchanged: Unchanged = field(default_factory=Unchanged)
    settled: frozenset[str] = frozenset()
    # Of the steps that ended, by name.
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def opened(self) -> Build:
        """The build of this run, once it is open."""
        if self.build is None:
            raise RuntimeError("the night has not been opened")
        return self.build

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Add the seconds that the block takes to those of `step`."""
        start = time.monotonic()
        try:
            yield
        finally:
            spent = self.seconds.get(step, 0.0) + time.monotonic() - start
            self.seconds[step] = round(spent, 2)

    def begin(self, as_of: dt.date, run_id: str) -> None:
        """Take the lock, put away what failed nights left, and look at the inbox.

        Raises:
            LockedError: another night holds the lock.
            GateRefusedError: the key is not the one that files landed under, or the night lies
                before the published one.

        """
        self.build = Build(self.settings.home / "building" / run_id, as_of, run_id)
        for folder in (self.settings.home, self.settings.inbox):
            let_in(folder)
        self.lock = take_lock(self.settings.home / ".lock")
        self._confirm_key()
        shutil.rmtree(self.settings.home / "building", ignore_errors=True)
        clear_spill(self.settings)
        if not self.reads_inbox:
            return
        self._refuse_wrong_date(as_of)
        current = current_generation(self.settings)
        if current is not None:
            mark_published(self.settings, current.name)
        register.discard_unpublished(self.settings.landing, published_runs(self.settings))
        self.forget_inbox()
        self.base = current
        settled = register.settled_files(self.settings.landing)
        archives = Listings(self.settings.landing / "_archives.json")
        self.scan = scan_inbox(self.settings.inbox, self.sources, settled, route, archives)
        archives.keep()

    def _confirm_key(self) -> None:
        try:
            key = confirm_key(self.settings)
            self.erased = ledger.erased(self.settings.landing, key)
        except (SettingsError, ledger.LedgerError) as error:
            raise GateRefusedError([str(error)]) from error
        self.key_id = key_id(key)

    def forget_inbox(self) -> None:
        """Take files out of the inbox that landed with people who were erased."""
        if self.reads_inbox and self.erased is not None:
            for name in remove_erased(self.settings, self.erased.files):
                self.say(f"{name}: removed from the inbox, it held somebody who was erased")

    def land(self) -> dict[str, tuple[FileRecord, ...]]:
        """Land the files of every source, several sources at a time; return what each recorded.

        Sources with little to read go first, so that a large file holds nobody up.
        """
        self._copy_ahead()
        matched = self.scan.matched if self.scan else {}
        waiting = sorted(
            self.sources,
            key=lambda s: sum(file.size_bytes for file in matched.get(s.relation, ())),
        )
        with ThreadPoolExecutor(LANDING_THREADS) as pool:
            landed = dict(zip(waiting, pool.map(self._land_source, waiting), strict=True))
        records = {source.relation: landed[source] for source in self.sources}
        self.landed = [record for found in records.values() for record in found]
        if self.landed:
            record_key(self.settings)
        return records

    def _copy_ahead(self) -> None:
        """Begin to copy what the night starts from: it takes as long as landing does."""
        if self.base is not None:
            place = keep_private(self.settings.home / "building") / f"{self.opened.run_id}.base"
            self.ahead = CloneAhead(self.base / WAREHOUSE, place)

    def _land_source(self, source: SourceTable) -> tuple[FileRecord, ...]:
        files = self.scan.matched[source.relation] if self.scan else ()
        build = self.opened
        return land_source(
            LandingRun(self.settings, source, build.as_of, build.run_id, self.say, self.erased),
            files,
        )

    def _refuse_wrong_date(self, as_of: dt.date) -> None:
        current = current_generation(self.settings)
        if current is not None and generation_date(current) > as_of:
            reason = (
                f"{as_of} lies before the published night {generation_date(current)}; "
                f"use strata replay --from {as_of}, or strata rollback first"
            )
            raise GateRefusedError([reason])

    def open(self) -> None:
        """Set up the warehouse of the night, once every source has landed.

        Raises:
            GateRefusedError: a file of the inbox belongs to no source, or was refused, or a
                decision about customers, or a segment, cannot be followed.

        """
        unmatched = self.scan.unmatched if self.scan else ()
        reasons = [f"{item.file.name}: {item.reason}" for item in unmatched]
        refused = [item for item in self.landed if item.outcome == register.REFUSED]
        reasons += [f"{item.file_name}: {item.reason}" for item in refused]
        reasons += overrides.refusals(self.opened.as_of, self.base)
        reasons += segments.refusals(base=self.base)
        if reasons:
            raise GateRefusedError(reasons)
        self.unchanged = open_build(
            self.settings, self.opened, self.base, self.sources,
            rebuilds=self.rebuilds, ahead=self.ahead,
        )  # fmt: skip

    def summary(
        self, outcome: str, reasons: tuple[str, ...] = (), **more: object
    ) -> dict[str, Any]:
        """Return what is to be recorded of this run."""
        build = self.opened
        return {
            "run_id": build.run_id,
            "as_of_date": build.as_of.isoformat(),
            "outcome": outcome,
            "key_id": self.key_id,
            "reasons": list(reasons),
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "finished_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "rows_landed": sum(item.landed_rows for item in self.landed),
            "rows_rejected": sum(item.rejected_rows for item in self.landed),
            "rows_erased": sum(item.erased_rows for item in self.landed),
            "files": [_file_entry(item) for item in self.landed],
            "seconds": dict(self.seconds),
            "checks_failed": [result.name for result in self.checks if not result.passed],
            **more,
        }

    def conclude(self, summary: dict[str, Any]) -> None:
        """Write the record of this run. The first conclusion counts.

        Messages of other software may hold a value: phones and e-mails in them are hidden.
        """
        if self.record:
            return
        self.record = {**summary, "reasons": [hidden(reason) for reason in summary["reasons"]]}
        keep_private(self.settings.runs)
        write_json(self.settings.runs / f"{self.opened.run_id}.json", self.record)

    def release(self) -> None:
        """Let go of what the run holds; where the process is killed, the next night puts it away.

        The kernel lets go of the lock by itself.
        """
        if self.ahead is not None:
            self.ahead.drop()
        if self.lock is not None:
            self.lock.close()
            self.lock = None


def _file_entry(record: FileRecord) -> dict[str, object]:
    return {
        "file": record.file_name,
        "outcome": record.outcome,
        "landed_rows": record.landed_rows,
        "rejected_rows": record.rejected_rows,
        "reason": record.reason,
    }


def take_lock(path: Path) -> IO[str]:
    """Lock `path` for this process, without waiting.

    Raises:
        LockedError: another process holds it.

    """
    path.touch(mode=0o600)
    lock = path.open("r+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise LockedError(
            f"another night is running (process {holder}); wait for it to end"
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write `content` to `path`, whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(path)
