"""Encodings: what a file is written in is found out, never guessed past a doubt."""

import hashlib
from pathlib import Path

import pytest
from landing_desk import Desk, Size, all_large, both_sizes, source

from orchestration.landing import care, decode

TEXT = "a,b\n王小明,é\n李四,数据\n"
ROWS = [("王小明", "é"), ("李四", "数据")]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.replace("é", "𠮷").encode("gb18030"), "gb18030"),
    ],
)
@both_sizes
def test_a_file_lands_as_the_same_text_in_every_encoding(
    tmp_path: Path, content: bytes, encoding: str, size: Size
) -> None:
    desk = Desk(tmp_path)
    with size():
        record = desk.land_one("x.csv", content)
    assert (record.outcome, record.encoding) == ("landed", encoding)
    assert [row[0] for row in desk.rows(record)] == ["王小明", "李四"]
    assert desk.rows(record)[1] == ROWS[1]


LATE = "a,b\n" + "1,2\n" * 100


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (LATE.encode() + "1,数据\n".encode("gb18030"), None),
        (LATE.encode() + b"1,caf\xe9, \xff\n", "undecodable: it is none of utf-8 (byte 409)"),
        (LATE.encode() + "1,中文".encode()[:-1], "undecodable: it is UTF-8 but ends inside a sign"),
        (LATE.encode() + b"1,\xe6\x95\xff\n", "undecodable: it is none of utf-8 (byte 406)"),
    ],
)
def test_what_only_the_end_of_a_large_file_tells_is_heeded(
    tmp_path: Path, content: bytes, reason: str | None
) -> None:
    desk = Desk(tmp_path)
    with all_large():
        record = desk.land_one("x.csv", content)
    if reason is None:
        assert (record.encoding, record.landed_rows) == ("gb18030", 101)
        assert desk.rows(record)[-1] == ("1", "数据")
    else:
        assert record.reason is not None and record.reason.startswith(reason)


def test_a_large_json_document_is_refused_for_its_bytes_and_not_for_its_brackets(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, source(files=("*.json",), formats=("json",)))
    with all_large():
        record = desk.land_one("x.json", b'[\n {"a": "1", "b": "2"},\n{"a": "\xff"}]')
    assert record.reason is not None and record.reason.startswith("undecodable")


def test_a_large_file_is_known_again_by_its_content(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with all_large():
        first = desk.land_one("x.csv", LATE)
        desk.put("y.csv", LATE)
        (again,) = desk.land()
    assert first.sha256 == hashlib.sha256(LATE.encode()).hexdigest()
    assert (again.outcome, again.sha256) == ("duplicate", first.sha256)
    assert set(desk.rows(first, "_file_id")) == {(first.sha256,)}


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_characters_on_the_border_of_two_chunks_survive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(decode, "CHUNK_BYTES", size)
    for name, content in {
        "gb.csv": TEXT.encode("gb18030"),
        "utf16.csv": TEXT.encode("utf-16"),
        "utf8.csv": TEXT.encode() + b"x,y\n",
    }.items():
        desk = Desk(tmp_path / name)
        assert desk.rows(desk.land_one(name, content))[:2] == ROWS


@pytest.mark.parametrize("size", [1, 2, 3, 1 << 20])
@pytest.mark.parametrize(
    ("content", "needs_care"),
    [
        (b'a,b\r\n1,"x"\r\n', False),
        (b'a,b\n1,"say ""x"" y"\n', False),
        (b"a,b\n1,\0\n", True),
        (b"a,b\r1,2\r", True),
        (b"a,b\n1,x\ry\n", True),
        (b'a,b\n1, "x"\n"y" ,2\n', False),
        (b'a,b\n1,"x, "\n', False),
        (b'a,b\n1,  "x"\n', True),
        (b'a,b\n1,"x"  "y"\n', True),
    ],
)
def test_what_duckdb_reads_in_its_own_way_is_seen_wherever_chunks_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, needs_care: bool, size: int
) -> None:
    monkeypatch.setattr(decode, "CHUNK_BYTES", size)
    monkeypatch.setattr(care, "OVERLAP", 8)
    path = tmp_path / "x"
    path.write_bytes(content)
    found = decode.read_raw(path)
    assert (found.needs_care, found.line_breaks) == (needs_care, content.count(b"\n"))


def test_utf16_without_care_is_read_by_duckdb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "orchestration.landing.opening.clean_text", lambda *_: pytest.fail("read slowly")
    )
    assert Desk(tmp_path).land_one("x.csv", TEXT.encode("utf-16")).landed_rows == 2


def test_an_undecodable_file_is_refused_with_what_was_tried(tmp_path: Path) -> None:
    record = Desk(tmp_path).land_one("x.csv", b"a,b\n1,caf\xe9, \xff\xff\n")
    assert record.outcome == "refused"
    assert record.reason is not None and record.reason.startswith(
        "undecodable: it is none of utf-8 (byte 9), gb18030 (byte 9)"
    )


def test_utf16_that_is_cut_in_a_character_is_refused(tmp_path: Path) -> None:
    record = Desk(tmp_path).land_one("x.csv", TEXT.encode("utf-16")[:-1])
    assert record.reason is not None and record.reason.startswith("undecodable")


def test_utf8_that_is_cut_in_a_character_does_not_land_as_nonsense(tmp_path: Path) -> None:
    content = "a,b\n1,中文".encode()[:-2]
    content.decode("gb18030", errors="strict")  # that is the danger
    record = Desk(tmp_path).land_one("x.csv", content)
    assert (record.outcome, record.encoding) == ("refused", None)


def test_only_declared_encodings_are_tried(tmp_path: Path) -> None:
    content = TEXT.replace("é", "e").encode("gb18030")
    record = Desk(tmp_path, source(encodings=("utf-8",))).land_one("x.csv", content)
    assert record.reason is not None and record.reason.startswith("undecodable")
