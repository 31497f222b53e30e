"""What is published from one night to the next: the rows that differ are written, and all shown."""

from pathlib import Path

import duckdb
import pytest

from orchestration.amending import amend, can_be_amended
from orchestration.building import connect_warehouse
from orchestration.exporting import MARTS, export, inherit
from orchestration.manifest import PublishedTable

PEOPLE = PublishedTable("people", ("id",))
MOVES = PublishedTable("moves", ("day", "id"))
BOTH = (PEOPLE, MOVES)
ROWS = 5000


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    say(
        path,
        "create schema marts",
        "create table marts.people as "
        f"select 'p' || (range * 7919 % {ROWS}) as id, range % 5 as score from range({ROWS})",
        "create table marts.moves as "
        f"select date '2026-11-01' as day, range as id from range({ROWS})",
    )
    return path


def say(database: Path, *statements: str) -> list[tuple]:
    """Run statements in a database, and return the rows of the last one."""
    with connect_warehouse(database) as connection:
        for statement in statements:
            done = connection.execute(statement)
        return done.fetchall()


def publish(warehouse: Path, base: Path | None, *tables: PublishedTable) -> Path:
    """Export a night beside the others, and return its folder."""
    folder = warehouse.parent / f"night {len(list(warehouse.parent.glob('night*')))}"
    folder.mkdir()
    if base is not None:
        inherit(base, folder, tables)
    with connect_warehouse(warehouse) as connection:
        export(connection, folder, tables)
    return folder


def parquet_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "parquet").iterdir()}


def places(folder: Path) -> dict[str, int]:
    """Where in the published table each person is stored."""
    return dict(say(folder / MARTS, "select id, rowid from marts.marts.people"))


def test_a_night_that_goes_on_from_another_publishes_what_one_from_the_ground_does(
    warehouse: Path,
) -> None:
    first = publish(warehouse, None, *BOTH)
    say(
        warehouse,
        "update marts.people set score = null where id in ('p1', 'p77')",
        "delete from marts.people where id = 'p5'",
        "insert into marts.people values ('p00', 3)",
        "insert into marts.moves values ('2026-10-01', 0)",
    )
    second, alone = publish(warehouse, first, *BOTH), publish(warehouse, None, *BOTH)
    assert parquet_of(second) == parquet_of(alone)
    for table in ("people", "moves"):
        asked = f"from marts.marts.{table} order by all"
        assert say(second / MARTS, asked) == say(alone / MARTS, asked)
    before, after = places(first), places(second)
    moved = {i for i in before.keys() | after.keys() if before.get(i) != after.get(i)}
    assert moved == {"p1", "p77", "p5", "p00"}


def test_the_night_before_stays_as_it_was_published(warehouse: Path) -> None:
    first = publish(warehouse, None, *BOTH)
    was = (first / MARTS).read_bytes(), parquet_of(first)
    say(warehouse, "delete from marts.people where score = 1")
    publish(warehouse, first, *BOTH)
    assert ((first / MARTS).read_bytes(), parquet_of(first)) == was


def test_a_table_with_other_columns_is_written_anew(warehouse: Path) -> None:
    first = publish(warehouse, None, *BOTH)
    say(warehouse, "alter table marts.people add column city varchar default 'Hangzhou'")
    second = publish(warehouse, first, *BOTH)
    assert parquet_of(second) == parquet_of(publish(warehouse, None, *BOTH))
    assert say(second / MARTS, "select distinct city from marts.marts.people") == [("Hangzhou",)]


def test_what_is_no_longer_published_is_not_shown_any_more(warehouse: Path) -> None:
    first = publish(warehouse, None, *BOTH)
    second = publish(warehouse, first, PEOPLE)
    shown = say(second / MARTS, "select table_name from duckdb_tables()")
    assert shown == [("people",)]


def test_a_table_of_which_everything_changes_every_night_does_not_grow_without_end(
    warehouse: Path,
) -> None:
    folder = publish(warehouse, None, PEOPLE)
    sizes = []
    for _ in range(6):
        say(warehouse, "update marts.people set score = score + 1, id = 'p' || uuid()")
        folder = publish(warehouse, folder, PEOPLE)
        sizes.append((folder / MARTS).stat().st_size)
        stored = say(folder / MARTS, "select max(rowid) + 1 from marts.marts.people")[0][0]
        assert stored <= 2 * ROWS
    assert sizes[-1] <= sizes[1]


def test_an_inner_night_of_a_replay_leaves_nothing_to_go_on_from(warehouse: Path) -> None:
    unpublished = warehouse.parent / "inner"
    unpublished.mkdir()
    folder = publish(warehouse, unpublished, *BOTH)
    assert len(places(folder)) == ROWS


def test_rows_that_come_twice_cannot_be_told_apart_and_nothing_is_written() -> None:
    connection = duckdb.connect()
    connection.execute("create table shown as select range as id from range(3)")
    twice = "select * from (values (0), (0), (4)) as t (id)"
    assert not amend(connection, "shown", f"select id::bigint as id from ({twice})")
    assert connection.execute("from shown order by id").fetchall() == [(0,), (1,), (2,)]


@pytest.mark.parametrize(
    "query",
    [
        "select id from shown",
        "select score, id from shown",
        "select id::text as id, score from shown",
    ],
)
def test_only_a_table_with_the_same_columns_can_be_amended(query: str) -> None:
    connection = duckdb.connect()
    connection.execute("create table shown as select range as id, 1 as score from range(3)")
    assert can_be_amended(connection, "shown", "select * from shown")
    assert not can_be_amended(connection, "shown", query)
    assert not can_be_amended(connection, "absent", query)
