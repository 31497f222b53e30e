"""Copies of large files: the same bytes, whether or not the file system lends its blocks."""

import os
from pathlib import Path

import pytest

from orchestration.clone import CloneAhead, clone

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


def test_a_clone_that_was_begun_ahead_is_whole_where_it_is_put(
    source: Path, tmp_path: Path
) -> None:
    ahead = CloneAhead(source, tmp_path / "ahead")
    ahead.put(tmp_path / "warehouse")
    assert (tmp_path / "warehouse").read_bytes() == CONTENT
    ahead.drop()
    assert (tmp_path / "warehouse").exists()
    assert not (tmp_path / "ahead").exists()


def test_a_clone_that_nobody_needs_leaves_nothing(source: Path, tmp_path: Path) -> None:
    CloneAhead(source, tmp_path / "ahead").drop()
    assert [path.name for path in tmp_path.iterdir()] == [source.name]


def test_a_clone_that_failed_says_so_to_who_needs_it_and_to_nobody_else(tmp_path: Path) -> None:
    ahead = CloneAhead(tmp_path / "gone", tmp_path / "ahead")
    ahead.drop()
    with pytest.raises(FileNotFoundError, match="gone"):
        ahead.put(tmp_path / "warehouse")
