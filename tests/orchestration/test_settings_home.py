"""Settings that decide where everything lies."""

import pytest

from orchestration.settings import PROJECT_ROOT, SettingsError, load_settings


def test_the_home_is_data_beside_the_project_unless_named() -> None:
    assert load_settings({}).home == PROJECT_ROOT / "data"
    assert load_settings({"STRATA_HOME": ""}).home == PROJECT_ROOT / "data"


@pytest.mark.parametrize("home", ["/srv/a*b", "/srv/what?", "/srv/list[1]"])
def test_a_home_that_reads_as_a_pattern_is_refused(home: str) -> None:
    with pytest.raises(SettingsError, match="use a plain path"):
        load_settings({"STRATA_HOME": home})
