"""Encodings under doubt: damage and foreign code pages are refused, never landed as nonsense."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_desk import Desk, column, source

from orchestration.landing import decode
from orchestration.landing.decode import as_utf8
from orchestration.landing.refusals import RefusedFileError

ENCODINGS = ("utf-8", "gb18030")
HEADER = "客户名称,电话\n"
CHINESE = HEADER + "".join(
    f"王小明{n},1380013{n:04d}，第一次购买于上海市一般\n" for n in range(2_000)
)


def found(tmp_path: Path, content: bytes) -> str | None:
    """Name the encoding of `content`; None where it is refused."""
    path = tmp_path / "x"
    path.write_bytes(content)
    try:
        return as_utf8(path, ENCODINGS, tmp_path / "copy").encoding
    except RefusedFileError:
        return None


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
def test_chinese_is_told_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    assert found(tmp_path, CHINESE.encode(encoding)) == encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "name,city\nMüller,Köln\n",
        "编号,姓名\n1,王一一\n2,李一\n",
        "编号,姓名\n1,王　一\n",
        "id,name\n" + "1,一\n" * 3_000,
    ],
)
def test_utf16_without_a_mark_is_told_by_its_nuls(tmp_path: Path, encoding: str, text: str) -> None:
    assert found(tmp_path, text.encode(encoding)) == encoding


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,\0\n2,\0\n3,\0\n",
        b"a,b\n1,t\0\n",
        b"a,b\n\0\0\0\0\n",
        "a,b\n王\0,1\0\n".encode(),
    ],
)
def test_utf8_with_nul_bytes_is_not_taken_for_utf16(tmp_path: Path, content: bytes) -> None:
    assert found(tmp_path, content) == "utf-8"
    record = Desk(tmp_path, source()).land_one("x.csv", content + b"7,8\n")
    assert (record.encoding, record.landed_rows) == ("utf-8", 1)


@pytest.mark.parametrize("byte", [0x20, 0x41, 0x80, 0xA1, 0xE4, 0xFE, 0xFF])
@pytest.mark.parametrize("place", [0.001, 0.4, 0.5, 0.999])
def test_one_damaged_byte_in_much_chinese_refuses_the_file(
    tmp_path: Path, byte: int, place: float
) -> None:
    content = bytearray(CHINESE.encode())
    at = content.index("王".encode(), int(len(content) * place) - 40) + 1
    content[at] = byte
    if byte in (0x80, 0xA1):  # another sign of UTF-8, which no reader can tell from the first
        assert found(tmp_path, bytes(content)) == "utf-8"
    else:
        assert found(tmp_path, bytes(content)) is None


def test_damaged_utf8_that_gb18030_would_take_byte_for_byte_does_not_land_as_nonsense(
    tmp_path: Path,
) -> None:
    content = bytearray(("a,b\n" + "上海,北京\n" * 500).encode())
    content[content.index("上海".encode(), 3_000) + 2] = 0xE4
    bytes(content).decode("gb18030", errors="strict")  # that is the danger
    assert found(tmp_path, bytes(content)) is None


def test_damage_far_down_in_a_large_file_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "CHUNK_BYTES", 4096)
    content = bytearray(b"a,b\n" + b"1,2\n" * 10_000 + CHINESE.encode())
    content[-200] = 0xFF
    assert found(tmp_path, bytes(content)) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
@pytest.mark.parametrize("cut", range(1, 4))
def test_a_text_that_is_cut_within_a_sign_is_refused(
    tmp_path: Path, encoding: str, cut: int
) -> None:
    content = (HEADER + "王小明,上海").encode(encoding)
    sign = len("海".encode(encoding)) if encoding != "utf-16" else 2
    expected = encoding if cut % sign == 0 else None
    assert found(tmp_path, content[:-cut]) == expected


WESTERN = (
    "Zoë,Köln", "Müller,München", "François Désirée,Orléans", "José,Málaga", "Björn,Århus",
    "créée,Besançon", "Größe,Süß", "Übermäßig,Straße", "Þórður,Ísafjörður", "naïve,façade",
)  # fmt: skip


@pytest.mark.parametrize("line", WESTERN)
@pytest.mark.parametrize("encoding", ["cp1252", "cp850"])
def test_a_western_code_page_is_refused_even_with_one_line_of_it(
    tmp_path: Path, line: str, encoding: str
) -> None:
    assert found(tmp_path, f"name,city\n{line}\n".encode(encoding)) is None


@pytest.mark.parametrize("word", ["größe", "Süß", "créée", "Þórður", "Übermäßig"])
def test_letters_with_marks_side_by_side_are_no_chinese(tmp_path: Path, word: str) -> None:
    content = f"name,city\n{word},x\n".encode("cp1252")
    content.decode("gb18030", errors="strict")  # that is the danger
    assert found(tmp_path, content) is None


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", "姓名,地址\n陳龍鳳,臺灣臺北市信義區\n"),
        ("shift_jis", "名前,住所\n山田太郎,東京都新宿区\n"),
        ("cp1251", "имя,город\nИван,Москва\nОльга,Тверь\n"),
    ],
)
def test_other_code_pages_are_refused(tmp_path: Path, encoding: str, text: str) -> None:
    assert found(tmp_path, text.encode(encoding)) is None


@pytest.mark.parametrize(
    "text",
    ["姓名,地址\n陳龍鳳,臺灣臺北市信義區\n", "a,b\n1,联通\n", "a,b\n1,，\n", "a,b\n𠮷野家,好\n"],
)
def test_chinese_with_rare_signs_or_little_of_it_is_still_gb18030(
    tmp_path: Path, text: str
) -> None:
    assert found(tmp_path, text.encode("gb18030")) == "gb18030"


def test_the_first_sign_above_ascii_decides_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "CHUNK_BYTES", 1024)
    plain = b"a,b\n" + b"1,2\n" * 1_000
    assert found(tmp_path, plain + "王,李\n".encode("gb18030")) == "gb18030"
    assert found(tmp_path, plain + "Zoë,Désirée\n".encode("cp1252")) is None


SIGNS = st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n",'), min_size=1, max_size=6)
COMMON = st.text(
    st.sampled_from("客户订单商品上海北京王李张刘数据一二三，。"), min_size=2, max_size=6
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    cells=st.lists(st.tuples(COMMON, SIGNS), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
def test_whatever_lands_lands_as_the_text_that_was_written(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], encoding: str
) -> None:
    text = "名称,b\n" + "".join(f'"{a}","{b}"\n' for a, b in cells)
    desk = Desk(tmp_path_factory.mktemp("encoded"), source(column("a", "名称"), "b"))
    record = desk.land_one("x.csv", text.encode(encoding))
    if record.outcome == "landed":
        assert desk.rows(record) == cells
        assert record.landed_rows == len(cells)
    else:
        assert record.reason is not None and record.reason.startswith("undecodable: ")
        assert encoding == "gb18030"
