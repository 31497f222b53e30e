"""Copying a large file at the price of a small one, where the file system can.

Belongs here: how bytes are copied. Does not belong here: which, and when (building.py).
"""

import os
import shutil
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
