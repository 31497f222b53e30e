"""A table that is amended holds what it would if it were built anew, and keeps what stayed.

Tests of its keys ask of the rows that came.
"""

import random
import shutil
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult

from orchestration.settings import DBT_PROJECT

PROJECT = """
name: amended
profile: amended
models:
  amended:
    +materialized: table
    +meta: {is_amended: true}
"""
PROFILE = """
amended:
  target: night
  outputs:
    night: {type: duckdb, path: %s, attach: [{path: ":memory:", alias: tonight}]}
    plain: {type: duckdb, path: %s}
"""
KEYS = """
models:
  - name: shown
    data_tests: [{unique_together: {arguments: {columns: [id, kind], required: [amount]}}}]
    columns: [{name: id, data_tests: [primary_key]}]
"""
KEYS_OF_SOME = """
models:
  - name: shown
    data_tests:
      - unique_together: {arguments: {columns: [id, kind]}, config: {where: "id > 5"}}
    columns: [{name: id, data_tests: [{primary_key: {config: {where: "id > 5"}}}]}]
"""
MACROS = (
    "macros/engine/amended_table.sql", "macros/engine/replaced_in_place.sql",
    "macros/engine/row_changes.sql", "macros/engine/rows_that_came.sql",
    "tests/generic/primary_key.sql", "tests/generic/unique_together.sql",
)  # fmt: skip
# How dbt calls the tests of these keys.
ONE_KEY, TWO_KEYS = "primary_key_shown_id", "unique_together_shown_id__kind__amount"
FEW, MANY = 3, 3000
COLUMNS = "id integer, kind varchar, amount decimal(18, 2), day date, words varchar[]"


class Desk:
    """A project of one model that shows what stands in `raw`, and the warehouse that it fills."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = folder / "warehouse.duckdb"
        for part in ("models", "macros"):
            (folder / part).mkdir()
        (folder / "dbt_project.yml").write_text(PROJECT, "utf-8")
        (folder / "profiles.yml").write_text(PROFILE % (self.warehouse, self.warehouse), "utf-8")
        (folder / "models" / "shown.yml").write_text(KEYS, "utf-8")
        for name in MACROS:
            shutil.copy(DBT_PROJECT / name, folder / "macros")
        self.says("select * from main.raw")

    def says(self, query: str) -> None:
        """Give the model a query."""
        (self.folder / "models" / "shown.sql").write_text(query, "utf-8")

    def run(self, statement: str) -> list[tuple]:
        """Run a statement in the warehouse."""
        with duckdb.connect(str(self.warehouse)) as connection:
            return connection.execute(statement).fetchall()

    def build(self, *options: str) -> None:
        """Build the model, as a night does."""
        done = self.dbt("run", *options)
        assert done.success, done.exception or done.result

    def failures(self, *options: str) -> set[str]:
        """Build the model and test its keys, as a night does; return the tests that failed."""
        done = self.dbt("build", *options)
        assert done.exception is None
        results = {result.node.name: str(result.status) for result in done.result.results}
        assert results.pop("shown") == "success"
        assert len(results) == 2
        return {name for name, status in results.items() if status != "pass"}

    def dbt(self, command: str, *options: str) -> dbtRunnerResult:
        folder = str(self.folder)
        asked = ["--quiet", command, "--project-dir", folder, "--profiles-dir", folder, *options]
        try:
            return dbtRunner().invoke(asked)
        finally:
            DuckDBConnectionManager.close_all_connections()

    def holds_what_it_says(self) -> bool:
        """Tell whether the table has the rows of `raw`, each as often."""
        shown, raw = (self.run(f"from main.{table}") for table in ("shown", "raw"))
        return Counter(map(repr, shown)) == Counter(map(repr, raw))

    def places(self) -> dict[int, int]:
        """Where in the table the row of each id is stored."""
        return dict(self.run("select id, rowid from main.shown"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.run(f"create table raw ({COLUMNS})")
    made.run(
        "insert into raw select range, 'kind ' || range % 7, range / 3, "
        f"date '2026-11-01' + (range % 30)::integer, ['a', range::varchar] from range({MANY})"
    )
    made.build()
    return made


def test_rows_that_changed_came_or_went_are_written_and_the_others_stay(desk: Desk) -> None:
    before = desk.places()
    desk.run("update raw set amount = amount + 1 where id = 1")
    desk.run("delete from raw where id = 2")
    desk.run(f"insert into raw values ({MANY}, null, null, null, null)")
    desk.build()
    assert desk.holds_what_it_says()
    after = desk.places()
    moved = {i for i in before.keys() | after.keys() if before.get(i) != after.get(i)}
    assert moved == {1, 2, MANY}


@pytest.mark.parametrize("changed", ["id < 0", "true", f"id > {FEW}"])
def test_nothing_everything_and_nearly_everything_may_change(desk: Desk, changed: str) -> None:
    desk.run(f"update raw set kind = 'other' where {changed}")
    desk.build()
    assert desk.holds_what_it_says()


def test_random_changes_night_after_night_leave_what_a_new_table_would_hold(desk: Desk) -> None:
    chance = random.Random(3)  # noqa: S311
    for _ in range(FEW):
        for column in ("kind", "amount", "day", "words"):
            some = f"id % 97 = {chance.randrange(97)}"
            desk.run(f"update raw set {column} = null where {some}")
            desk.run(f"delete from raw where id % 211 = {chance.randrange(211)}")
        desk.run(f"insert into raw select id + 5000, * exclude (id) from raw where {some}")
        desk.build()
        assert desk.holds_what_it_says()


def test_values_that_change_columns_are_another_row(desk: Desk) -> None:
    desk.says("select id, a, b from main.raw cross join (values ('x', null)) as t (a, b)")
    desk.build()
    desk.says("select id, a, b from main.raw cross join (values (null, 'x')) as t (a, b)")
    desk.build()
    assert desk.run("select distinct a, b from main.shown") == [(None, "x")]


def test_rows_that_come_twice_are_there_twice_so_that_the_test_of_their_key_fails(
    desk: Desk,
) -> None:
    desk.run(f"insert into raw from raw where id < {FEW}")
    desk.run(f"insert into raw select {MANY}, null, null, null, null from range(2)")
    desk.build()
    assert desk.holds_what_it_says()


@pytest.mark.parametrize(
    "query",
    [
        "select *, 1 as more from main.raw",
        "select * exclude (kind) from main.raw",
        "select * replace (amount::double as amount) from main.raw",
        "select kind, * exclude (kind) from main.raw",
    ],
)
def test_other_columns_make_another_table(desk: Desk, query: str) -> None:
    desk.says(query)
    desk.build()
    told, asked = desk.run("describe main.shown"), desk.run(f"describe {query}")
    assert [column[:2] for column in told] == [column[:2] for column in asked]


def test_a_table_with_many_places_of_rows_that_went_is_written_as_a_whole(desk: Desk) -> None:
    for night in range(FEW + 1):
        desk.run(f"update raw set day = day + 1 where id % 3 = {night % 3}")
        desk.build()
        assert desk.holds_what_it_says()
        (rows, places) = desk.run("select count(*), max(rowid) + 1 from main.shown")[0]
        assert places <= rows * 2
    assert set(desk.places().values()) == set(range(MANY))


def test_a_full_refresh_writes_everything(desk: Desk) -> None:
    desk.run(f"delete from raw where id < {FEW}")
    desk.build("--full-refresh")
    assert desk.holds_what_it_says()
    assert set(desk.places().values()) == set(range(MANY - FEW))


@pytest.mark.parametrize(
    ("row", "failing"),
    [
        (f"{FEW}, 'another kind', 1, null, null", {ONE_KEY}),
        ("null, 'a kind', 1, null, null", {ONE_KEY, TWO_KEYS}),
        (f"{MANY}, null, 1, null, null", {TWO_KEYS}),
        (f"{MANY}, 'a kind', null, null, null", {TWO_KEYS}),
        (f"{MANY}, 'a kind', 1, null, null", set()),
    ],
)  # fmt: skip
def test_a_row_that_came_is_held_against_all_others(desk: Desk, row: str, failing: set) -> None:
    desk.run(f"insert into raw values ({row})")
    assert desk.failures() == failing


def broken_before(desk: Desk) -> None:
    """Let a table hold a key twice as if the night before had let it through."""
    desk.run(f"update raw set id = {FEW + 1} where id = {FEW}")
    desk.build()
    desk.run(f"insert into raw values ({MANY}, 'a kind', 1, null, null)")


def test_what_the_night_before_proved_is_not_asked_again(desk: Desk) -> None:
    broken_before(desk)
    assert desk.failures() == set()


@pytest.mark.parametrize("options", [("--full-refresh",), ("--target", "plain")])
def test_a_table_that_is_written_whole_or_outside_of_a_night_is_tested_whole(
    desk: Desk, options: tuple[str, ...]
) -> None:
    broken_before(desk)
    assert desk.failures(*options) == {ONE_KEY}


def test_a_table_of_which_much_came_is_tested_whole(desk: Desk) -> None:
    broken_before(desk)
    desk.run("update raw set day = day + 1 where id % 5 = 0")
    assert desk.failures() == {ONE_KEY}


@pytest.mark.parametrize(("id_", "is_failing"), [(FEW, False), (MANY - 1, True)])
def test_a_test_of_some_rows_asks_of_those(desk: Desk, id_: int, is_failing: bool) -> None:
    (desk.folder / "models" / "shown.yml").write_text(KEYS_OF_SOME, "utf-8")
    desk.run(f"insert into raw select * replace (1 as amount) from raw where id = {id_}")
    desk.run(f"update raw set day = null where id = {id_} and amount = 1")
    assert bool(desk.failures()) == is_failing
