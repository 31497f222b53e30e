"""The dbt process of a night: started before its command is known, and gone when it ends."""

import json
import os
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest
from homes import settings_of

from orchestration.dbt_process import DbtProcess
from orchestration.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "home")


def test_a_process_that_was_started_ahead_does_what_it_is_told_and_writes_only_results(
    settings: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "night" / "dbt"
    target.mkdir(parents=True)
    with closing(DbtProcess(settings)) as dbt:
        started = dbt.start()
        process = dbt.run(
            ["build", "--select", "age_bands", "--indirect-selection", "empty"], target
        )
        assert process is started
        events = [json.loads(line) for line in process.stdout]
        assert process.wait() == 0
    assert any(event["info"]["name"] == "LogSeedResult" for event in events)
    results = json.loads((target / "run_results.json").read_text("utf-8"))["results"]
    assert [result["status"] for result in results] == ["success"]
    assert not (target / "manifest.json").exists()
    # The profile names the warehouse by its name only: the process works in the night's folder.
    warehouse = tmp_path / "night" / "warehouse.duckdb"
    assert warehouse.stat().st_mode & 0o777 == 0o600
    assert not list(warehouse.parent.glob("*.wal"))


def test_a_command_that_dbt_does_not_know_fails_and_says_so(
    settings: Settings, tmp_path: Path
) -> None:
    with closing(DbtProcess(settings)) as dbt:
        process = dbt.run(["build", "--no-such-option"], tmp_path / "dbt")
        said = process.stdout.read().decode()
        assert process.wait() == 1
    assert "--no-such-option" in said


def test_a_process_that_nobody_told_anything_is_gone_when_its_night_is(settings: Settings) -> None:
    dbt = DbtProcess(settings)
    process = dbt.start()
    dbt.close()
    assert process.returncode == -signal.SIGKILL
    dbt.close()


def test_a_process_that_is_gone_too_early_is_told_in_vain_and_seen_to_have_failed(
    settings: Settings, tmp_path: Path
) -> None:
    with closing(DbtProcess(settings)) as dbt:
        dbt.start().kill()
        process = dbt.run(["build"], tmp_path / "dbt")
        assert process.stdout.read() == b""
        assert process.wait() != 0


def test_the_settings_of_the_night_reach_the_process_and_no_others(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRATA_HOME", "/nowhere")
    monkeypatch.setenv("DBT_TARGET_PATH", "/nowhere")
    with closing(DbtProcess(settings)) as dbt:
        process = dbt.start()
        found = Path(f"/proc/{process.pid}/environ")
        if not found.exists():
            pytest.skip("only Linux shows the environment of a process")
        while b"STRATA_HOME" not in (said := found.read_bytes()):
            time.sleep(0.01)  # the child has not become dbt yet
    seen = dict(entry.split("=", 1) for entry in os.fsdecode(said).split("\0") if entry)
    assert {name: seen[name] for name in settings.environment} == settings.environment
    assert "DBT_TARGET_PATH" not in seen
