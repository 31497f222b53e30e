"""What the engine may take of a machine, and what the doctor says of it."""

import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration import doctor, engine
from orchestration.building import connect_warehouse
from orchestration.cli import main
from orchestration.dbt_session import Plugin
from orchestration.engine import clear_spill, derived_limit, engine_of
from orchestration.manifest import dbt_options
from orchestration.settings import GIB, MIB, SettingsError, load_settings


def test_what_the_settings_say_is_what_duckdb_is_given(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "STRATA_HOME": str(tmp_path / "home"),
            "STRATA_MEMORY_LIMIT": "1GiB",
            "STRATA_THREADS": "3",
            "STRATA_SPILL": str(tmp_path / "fast"),
        }
    )
    asked = "memory_limit", "threads", "temp_directory"
    with connect_warehouse(tmp_path / "w.duckdb", engine=engine_of(settings)) as connection:
        found = [
            connection.execute(f"select current_setting('{name}')").fetchone()[0] for name in asked
        ]
    assert found == ["1.0 GiB", 3, str(tmp_path / "fast" / "spill")]


def test_dbt_opens_the_warehouse_with_the_same_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATA_MEMORY_LIMIT", "700MiB")
    given: dict[str, str] = {}
    Plugin.update_connection_config(None, None, given)
    assert given == engine_of(load_settings()).options
    assert given["memory_limit"] == "700MiB"


def test_a_child_process_reads_the_same_settings(tmp_path: Path) -> None:
    given = {"STRATA_HOME": str(tmp_path), "STRATA_MEMORY_LIMIT": "2GiB", "STRATA_THREADS": "2"}
    settings = load_settings(given)
    assert load_settings(settings.environment) == settings
    assert load_settings(load_settings({}).environment) == load_settings({})


@pytest.mark.parametrize(
    ("memory", "limit"),
    [(24 * GIB, 9.2 * GIB), (6 * GIB, 2 * GIB), (4 * GIB, 1.95 * GIB), (GIB, GIB // 2)],
)
def test_a_machine_leaves_room_beside_the_engine(memory: int, limit: float) -> None:
    assert derived_limit(memory) == int(limit)


@pytest.mark.parametrize(
    ("memory", "threads", "at_once"),
    [(24, 16, 4), (24, 2, 2), (24, 1, 1), (8, 4, 2), (4, 4, 1), (1, 4, 1)],
)
def test_a_small_machine_builds_fewer_models_at_once(
    memory: int, threads: int, at_once: int
) -> None:
    limit = f"{derived_limit(memory * GIB) // MIB}MiB"
    settings = load_settings({"STRATA_MEMORY_LIMIT": limit, "STRATA_THREADS": str(threads)})
    assert engine_of(settings).at_once == at_once
    told = dbt_options(settings)
    assert told[told.index("--threads") + 1] == str(at_once)


def test_a_container_that_may_use_less_than_is_built_in_says_how_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_in = engine.machine_memory()
    limit, unlimited = tmp_path / "memory.max", tmp_path / "other"
    limit.write_text(f"{built_in // 2}\n")
    unlimited.write_text("max\n")
    monkeypatch.setattr(engine, "LIMIT_FILES", (unlimited, limit, tmp_path / "absent"))
    assert engine.machine_memory() == built_in // 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("STRATA_MEMORY_LIMIT", "6G"), ("STRATA_MEMORY_LIMIT", "lots"), ("STRATA_THREADS", "0"),
     ("STRATA_THREADS", "two"), ("STRATA_SPILL", "/fast/*")],
)  # fmt: skip
def test_a_malformed_setting_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value})


@pytest.mark.skipif(sys.platform == "win32", reason="no modes of files there")
def test_the_spill_folder_is_private_and_loses_only_what_the_engine_left(tmp_path: Path) -> None:
    settings = load_settings({"STRATA_HOME": str(tmp_path)})
    clear_spill(settings)
    (settings.spill / "duckdb_temp_storage_S32K-0.tmp").write_bytes(b"somebody")
    (settings.spill / "mine.txt").write_text("stays")
    clear_spill(settings)
    assert [path.name for path in settings.spill.iterdir()] == ["mine.txt"]
    assert settings.spill.stat().st_mode & 0o777 == 0o700


def test_what_exceeds_the_memory_limit_is_spilled_and_the_answer_is_right(tmp_path: Path) -> None:
    settings = load_settings({"STRATA_HOME": str(tmp_path), "STRATA_MEMORY_LIMIT": "200MiB"})
    clear_spill(settings)
    with connect_warehouse(tmp_path / "w.duckdb", engine=engine_of(settings)) as connection:
        connection.execute(
            "create table sorted as select hash(n) as h, n, repeat('x', 40) as filler "
            "from range(6000000) as numbers(n) order by h"
        )
        found = connection.execute("select count(*), sum(n) from sorted").fetchone()
    assert found == (6_000_000, 6_000_000 * 5_999_999 // 2)


def test_the_same_work_without_a_spill_folder_fails() -> None:
    options = {"memory_limit": "200MiB", "temp_directory": ""}
    with duckdb.connect(config=options) as c, pytest.raises(duckdb.OutOfMemoryException):
        c.execute(
            "create table sorted as select hash(n) as h, n, repeat('x', 40) as filler "
            "from range(6000000) as numbers(n) order by h"
        )


def test_the_doctor_says_what_is_taken_and_that_nothing_stands_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STRATA_THREADS", "1")
    monkeypatch.setattr(doctor, "LEAST_MEMORY", 0)
    said = CliRunner().invoke(main, ["doctor"])
    assert said.exit_code == 0, said.output
    assert "1, as STRATA_THREADS says" in said.output
    assert "derived; STRATA_MEMORY_LIMIT sets it" in said.output
    assert not (tmp_path / "home").exists()


def test_the_doctor_names_what_stands_in_the_way_and_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRATA_HOME", str(tmp_path))
    monkeypatch.setenv("STRATA_MEMORY_LIMIT", "90000GiB")
    said = CliRunner().invoke(main, ["doctor"])
    assert said.exit_code == 1
    assert "lower STRATA_MEMORY_LIMIT" in said.output
