"""Copying a large file at the price of a small one, where the file system can.

Belongs here: how bytes are copied. Does not belong here: which, and when (building.py).
"""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO


def clone(source: Path, target: Path) -> None:
    """Write `target` anew with the bytes of `source`.

    On XFS and Btrfs the two share what is on disk until one of them is written, so that the copy
    takes no time and no room. Elsewhere, and where the kernel refuses, the bytes are copied.
    """
    with source.open("rb") as read, target.open("wb") as written:
        is_shared = hasattr(os, "copy_file_range") and _copy_in_kernel(read, written)
    if not is_shared:
        shutil.copyfile(source, target)


class CloneAhead:
    """A clone that is made while other work goes on, before it is known whether it is needed."""

    def __init__(self, source: Path, target: Path) -> None:
        """Begin to write `target`, in a thread of its own."""
        self._target = target
        pool = ThreadPoolExecutor(1)
        self._copying = pool.submit(clone, source, target)
        pool.shutdown(wait=False)

    def put(self, place: Path) -> None:
        """Move the clone to `place`, once it is whole."""
        self._copying.result()
        self._target.rename(place)

    def drop(self) -> None:
        """Remove the clone if it was put nowhere."""
        self._copying.exception()  # what went wrong is nothing to somebody who needs no clone
        self._target.unlink(missing_ok=True)


def _copy_in_kernel(read: BinaryIO, written: BinaryIO) -> bool:
    left = os.fstat(read.fileno()).st_size
    try:
        while left:
            copied = os.copy_file_range(read.fileno(), written.fileno(), left)
            if copied == 0:  # some virtual file systems copy nothing and call it done
                return False
            left -= copied
    except OSError:
        return False
    return True
