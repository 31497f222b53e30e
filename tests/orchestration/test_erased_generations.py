"""An erasure writes every database of a generation anew, and leaves the process as it was."""

import csv
from pathlib import Path
from types import SimpleNamespace

from orchestration.building import connect_warehouse
from orchestration.exporting import MARTS, export, inherit
from orchestration.manifest import PublishedTable
from orchestration.privacy.generations import rewrite_generation
from orchestration.privacy.person import Person
from orchestration.privacy.texts import files_rejected
from orchestration.privacy.warehouse import Removal
from orchestration.settings import load_settings

PEOPLE = PublishedTable("people", ("id",))
WENT = "somebody-who-went-before"
NOBODY = Removal(Person(None, (), frozenset(), ()), "erased-1", frozenset(), {})


def publish(folder: Path, base: Path | None, *statements: str) -> Path:
    folder.mkdir(parents=True)
    if base is not None:
        (folder / "warehouse.duckdb").write_bytes((base / "warehouse.duckdb").read_bytes())
        inherit(base, folder, (PEOPLE,))
    with connect_warehouse(folder / "warehouse.duckdb") as connection:
        for statement in statements:
            connection.execute(statement)
        export(connection, folder, (PEOPLE,))
    return folder


def test_bytes_of_rows_that_went_on_earlier_nights_are_gone_and_parquet_stays(
    tmp_path: Path,
) -> None:
    first = publish(
        tmp_path / "generations/one", None, "create schema marts",
        f"create table marts.people as select '{WENT}' as id union all select 'p' || range "
        "from range(50)",
    )  # fmt: skip
    second = publish(
        tmp_path / "generations/two", first, f"delete from marts.people where id = '{WENT}'"
    )
    assert WENT.encode() in (second / MARTS).read_bytes()
    parquet = (second / "parquet/people.parquet").read_bytes()

    settings = load_settings({"STRATA_HOME": str(tmp_path)})
    manifest = SimpleNamespace(published_tables=lambda: (PEOPLE,))
    assert rewrite_generation(settings, manifest, second, NOBODY) == 0

    for path in (second / MARTS, second / "warehouse.duckdb"):
        assert WENT.encode() not in path.read_bytes()
    assert (second / "parquet/people.parquet").read_bytes() == parquet
    with connect_warehouse(second / MARTS, read_only=True) as marts:
        assert marts.execute("select count(*) from marts.marts.people").fetchone() == (50,)


def test_reading_a_list_with_a_long_cell_leaves_the_limit_of_other_readers_alone(
    tmp_path: Path,
) -> None:
    settings, limit = load_settings({"STRATA_HOME": str(tmp_path)}), csv.field_size_limit()
    settings.rejected.mkdir(parents=True)
    (settings.rejected / "long.csv").write_text(f"a,b\n{'x' * (limit + 1)},nobody\n", "utf-8")
    files_rejected(settings, "somebody")
    assert csv.field_size_limit() == limit
