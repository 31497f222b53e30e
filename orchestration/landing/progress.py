"""How far a long file has come, said every few seconds.

Belongs here: when to say it, and in which words. Does not belong here: reading.

What reads a file does not know which one it is or who listens; each thread has its own file.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TypeVar

# Seconds: most files are done before anybody wonders; and one line per glance at the screen.
SILENT_SECONDS, SECONDS_BETWEEN = 2.0, 4.0
# Records that are handed on between two looks at the clock: few enough for long ones to be held.
RECORDS_AT_ONCE = 100
MEGABYTE = 1_000_000
Record = TypeVar("Record")
# Bytes from which on DuckDB, which says nothing while it reads, takes seconds.
LARGE_TEXT = 50 * MEGABYTE


@dataclass
class Meter:
    """One file that is being read, and when the next line about it is due."""

    name: str
    say: Callable[[str], None]
    due: float = field(default_factory=lambda: time.monotonic() + SILENT_SECONDS)

    def tell(self, words: Callable[[], str]) -> None:
        """Say `words` if the last line was long enough ago."""
        if time.monotonic() >= self.due:
            self.say(f"{self.name}: {words()}")
            self.due = time.monotonic() + SECONDS_BETWEEN


METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def of_file(name: str, say: Callable[[str], None]) -> Iterator[None]:
    """Say how far the file `name` has come, until the end of the block, in this thread."""
    token = METER.set(Meter(name, say))
    try:
        yield
    finally:
        METER.reset(token)


def of_bytes(chunks: Iterable[bytes], total: int, done_word: str) -> Iterator[bytes]:
    """Hand on chunks of a file of `total` bytes; `done_word` says what is done with them."""
    meter, done = METER.get(), 0
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        if meter is not None:
            meter.tell(partial(_share, done, total, done_word))


def batches_of_records(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Hand on records many at a time, and say how many there are so far."""
    source, meter, count = iter(records), METER.get(), 0
    while batch := list(islice(source, RECORDS_AT_ONCE)):
        yield batch
        count += len(batch)
        if meter is not None and len(batch) == RECORDS_AT_ONCE:
            meter.tell(partial(_rows, count))


def of_large_text(size: int) -> None:
    """Say at once that DuckDB starts on a text of `size` bytes, where that takes long."""
    meter = METER.get()
    if meter is not None and size > LARGE_TEXT:
        meter.say(f"{meter.name}: reading the rows of {_megabytes(size)} MB")
        meter.due = time.monotonic() + SECONDS_BETWEEN


def _share(done: int, total: int, done_word: str) -> str:
    return f"{_megabytes(done)} of {_megabytes(total)} MB {done_word}"


def _rows(count: int) -> str:
    return f"{count:,} rows so far"


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.0f}"
