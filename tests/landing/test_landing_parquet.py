"""What stands in landing: plain data, the same bytes every time, and an inbox left alone."""

from pathlib import Path

import duckdb
import pytest
from landing_desk import Desk, source

from orchestration.landing.parquet import LINEAGE
from orchestration.landing.texts import identifier, quoted

HOSTILE = [
    "it's.csv",
    "'; drop table x; --.csv",
    '"quoted".csv',
    "orders (1) [2].csv",
    "*.csv",
    "{a,b}.csv",
    "k=v.csv",
    "100%s {{ env_var('HOME') }}.csv",
    "=HYPERLINK(1).csv",
    "导出　结果🙂.csv",
    "back\\slash.csv",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_name_is_plain_data(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path / "home 1 it's {x} k=v")
    desk.put("1.csv", "a,b\nother,file\n")
    desk.land()
    record = desk.land_one(name, "a,b\n1,2\n")
    assert record.outcome == "landed"
    assert desk.rows(record, "a", "_file") == [("1", f"till/{name}")]
    assert desk.register()[-1] == record


@pytest.mark.parametrize(
    "text", ["'; drop table x; --", 'x"y', "{{ x }}", "=1+1", "<script>", "\\N"]
)
def test_a_cell_and_a_label_are_plain_data(tmp_path: Path, text: str) -> None:
    desk = Desk(tmp_path, source("a"))
    label = text.replace('"', '""')
    record = desk.land_one("x.csv", f'a,"{label}"\n"{label}",1\n')
    assert desk.rows(record) == [(text,)]
    ((extra,),) = duckdb.execute(
        "select json_keys(_extra)[1] from read_parquet(?)", [str(desk.parquet(record))]
    ).fetchall()
    assert extra == text


def test_identifiers_and_literals_are_quoted() -> None:
    assert identifier('a"b') == '"a""b"'
    assert quoted("it's") == "'it''s'"


@pytest.mark.parametrize("bad_record", ["", "x\n"])
def test_the_same_file_gives_the_same_bytes_in_every_home(tmp_path: Path, bad_record: str) -> None:
    content = "a,b\n" + bad_record + "".join(f"{n},{n * n % 977}\n" for n in range(300_000))
    found = []
    for home in ("one", "two"):
        desk = Desk(tmp_path / home)
        record = desk.land_one("x.csv", content)
        assert record.rejected_rows == bool(bad_record)
        found.append(desk.parquet(record).read_bytes())
        numbers = [row[0] for row in desk.rows(record, "_row")]
        assert numbers == list(range(2 + bool(bad_record), 300_002 + bool(bad_record)))
        assert desk.rows(record, "a")[::50_000] == [(str(n),) for n in range(0, 300_000, 50_000)]
    assert found[0] == found[1]


def test_the_file_in_the_inbox_is_never_changed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for name, content in {
        "good.csv": b"a,b\n1,2\n",
        "bad.csv": b"\xff\xfea",
        "cut.csv": b'a,b\n"',
    }.items():
        path = desk.put(name, content)
        before = path.stat()
        desk.land()
        after = path.stat()
        assert path.read_bytes() == content
        assert (before.st_mtime_ns, before.st_mode) == (after.st_mtime_ns, after.st_mode)
    assert sorted(p.name for p in desk.settings.inbox.rglob("*.csv")) == [
        "bad.csv",
        "cut.csv",
        "good.csv",
    ]


def test_every_column_is_text_and_the_lineage_is_typed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", "a,b\n1,2026-11-19\n")
    described = duckdb.execute(
        "describe from read_parquet(?)", [str(desk.parquet(record))]
    ).fetchall()
    types = {row[0]: row[1].lower() for row in described}
    assert types == {"a": "varchar", "b": "varchar"} | LINEAGE


def test_landing_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", "a,b\n1\n2,3\n")
    folders = (
        desk.parquet(record).parent,
        desk.settings.landing / "_files",
        desk.settings.rejected / record.landed_for.isoformat(),
    )
    assert [oct(folder.stat().st_mode)[-3:] for folder in folders] == ["700"] * 3
