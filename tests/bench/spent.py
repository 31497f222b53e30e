"""What a process and its children cost: seconds, memory at the peak, and bytes written.

Belongs here: measuring from outside. Does not belong here: what is run (sizes.py).
"""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
# The kernel counts writes in blocks of this size, whatever the file system has.
BLOCK = 512
BETWEEN_LOOKS = 0.2
MEGABYTE = 10**6


@dataclass(frozen=True)
class Spent:
    """Wall and processor seconds, and megabytes held at the peak and written."""

    seconds: float
    processor: float
    peak: float
    written: float


def spend(command: Sequence[str | Path], environment: Mapping[str, str], folder: Path) -> Spent:
    """Run a command to its end, and stop where it fails; memory is that of the whole tree."""
    start, peak, done = time.perf_counter(), [0], threading.Event()
    with (folder / "said.txt").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        looking = threading.Thread(target=look, args=(process.pid, peak, done))
        looking.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        done.set()
        looking.join()
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{command}\n{said.read()}")
    processor = usage.ru_utime + usage.ru_stime
    return Spent(seconds, processor, peak[0] / MEGABYTE, usage.ru_oublock * BLOCK / MEGABYTE)


def look(root: int, peak: list[int], done: threading.Event) -> None:
    """Keep the largest memory of a process and all below it, until told to stop."""
    while not done.wait(BETWEEN_LOOKS):
        peak[0] = max(peak[0], sum(map(resident, tree(root))))


def tree(root: int) -> list[int]:
    """Return a process and all below it; those that end meanwhile are passed over."""
    found, left = [], [root]
    while left:
        one = left.pop()
        found.append(one)
        with contextlib.suppress(OSError):
            for thread in (PROC / str(one) / "task").iterdir():
                left += map(int, (thread / "children").read_text("ascii").split())
    return found


def resident(process: int) -> int:
    """Bytes that a process holds in memory and shares with no file."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = (PROC / str(process) / "statm").read_text("ascii").split()
        return (int(pages[1]) - int(pages[2])) * PAGE
    return 0
