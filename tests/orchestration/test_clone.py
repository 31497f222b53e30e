"""Copies of large files: the same bytes, whether or not the file system lends its blocks."""

import os
from pathlib import Path

import pytest

from orchestration.clone import clone

CONTENT = os.urandom(300_000)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(CONTENT)
    return path


def test_a_clone_has_the_bytes_and_neither_follows_the_other(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.duckdb"
    target.write_bytes(b"what stood there before, and longer" * 20_000)
    clone(source, target)
    assert target.read_bytes() == CONTENT
    with target.open("r+b") as written:
        written.write(b"written")
    assert source.read_bytes() == CONTENT


def refuse(*_: int) -> int:
    raise OSError(18, "Invalid cross-device link")


def stop_half_way(read: int, written: int, left: int) -> int:
    if left < len(CONTENT):
        raise OSError(5, "Input/output error")
    return os.sendfile(written, read, None, left // 2)


@pytest.mark.parametrize("copies", [refuse, lambda *_: 0, stop_half_way])
def test_where_the_kernel_refuses_the_bytes_are_copied_all_the_same(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copies: object
) -> None:
    monkeypatch.setattr(os, "copy_file_range", copies, raising=False)
    clone(source, tmp_path / "copy.duckdb")
    assert (tmp_path / "copy.duckdb").read_bytes() == CONTENT


def test_a_system_without_the_call_copies(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "copy_file_range", raising=False)
    clone(source, tmp_path / "copy.duckdb")
    assert (tmp_path / "copy.duckdb").read_bytes() == CONTENT
