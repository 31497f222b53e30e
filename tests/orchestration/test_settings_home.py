"""Settings that decide where everything lies."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from orchestration.privacy.modes import let_in
from orchestration.settings import PROJECT_ROOT, SettingsError, load_settings


def test_the_home_is_data_beside_the_project_unless_named() -> None:
    assert load_settings({}).home == PROJECT_ROOT / "data"
    assert load_settings({"STRATA_HOME": ""}).home == PROJECT_ROOT / "data"


@pytest.mark.parametrize("home", ["/srv/a*b", "/srv/what?", "/srv/list[1]"])
def test_a_home_that_reads_as_a_pattern_is_refused(home: str) -> None:
    with pytest.raises(SettingsError, match="use a plain path"):
        load_settings({"STRATA_HOME": home})


def test_processes_that_begin_in_one_home_at_one_moment_all_find_it_made(tmp_path: Path) -> None:
    together, depth = 8, 30
    for attempt in range(20):
        home, barrier = tmp_path.joinpath(str(attempt), *"d" * depth), Barrier(together)
        with ThreadPoolExecutor(together) as threads:
            for made in [threads.submit(lambda b, h: (b.wait(), let_in(h)), barrier, home)
                         for _ in range(together)]:  # fmt: skip
                made.result()
        assert home.stat().st_mode & 0o777 == 0o755


def test_a_home_that_is_kept_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    let_in(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o750
