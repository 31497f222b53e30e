"""The installation's key: a night under a wrong one is refused by name and changes nothing."""

from pathlib import Path

import pytest
from homes import LAST_NIGHT, settings_of

from orchestration.gate import GateRefusedError
from orchestration.hash_key import ensure_key, key_file, key_id, record_key
from orchestration.night import Night
from orchestration.settings import Settings, SettingsError, load_settings

OTHER_KEY = "another key for tests, also long enough"


@pytest.fixture
def landed(tmp_path: Path) -> Settings:
    """A home whose key lies in landing, as after the first file has landed."""
    settings = settings_of(tmp_path, STRATA_HASH_KEY="")
    ensure_key(settings)
    record_key(settings)
    (settings.landing / "_files").mkdir()
    (settings.landing / "_files" / "till__lines.parquet").write_bytes(b"register")
    return settings


def everything(home: Path) -> dict[str, bytes]:
    ours = {".lock"}
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.name not in ours
    }


def refusal(settings: Settings) -> str:
    night = Night(settings, ())
    with pytest.raises(GateRefusedError) as refused:
        try:
            night.begin(LAST_NIGHT, "0a0a0a0a")
        finally:
            night.release()
    (reason,) = refused.value.reasons
    return reason


SPOILT = {
    "cut": (lambda text: text[:40], "holds 40 characters instead of 64"),
    "too long": (lambda text: text.strip() + "0", "holds 65 characters instead of 64"),
    "no digits": (lambda text: "z" * 64, "holds other signs"),
    "no ASCII": (lambda text: "钥" * 64, "characters instead of 64"),
    "empty": (lambda text: "", "holds 0 characters"),
}


@pytest.mark.parametrize("defect", SPOILT)
def test_a_damaged_key_file_is_refused_by_name_and_nothing_changes(
    landed: Settings, defect: str
) -> None:
    spoil, said = SPOILT[defect]
    path = key_file(landed)
    path.write_text(spoil(path.read_text()), encoding="utf-8")
    before = everything(landed.home)
    reason = refusal(landed)
    assert str(path) in reason and said in reason and "STRATA_HASH_KEY" in reason
    assert everything(landed.home) == before


def test_a_lost_key_file_is_refused_by_name_and_none_is_made(landed: Settings) -> None:
    key_file(landed).unlink()
    before = everything(landed.home)
    assert str(key_file(landed)) in refusal(landed)
    assert everything(landed.home) == before


def test_another_key_than_files_landed_under_is_refused_before_anything_changes(
    landed: Settings,
) -> None:
    known = key_id(ensure_key(landed))
    before = everything(landed.home)
    reason = refusal(settings_of(landed.home, STRATA_HASH_KEY=OTHER_KEY))
    assert "STRATA_HASH_KEY" in reason and known in reason and key_id(OTHER_KEY) in reason
    assert everything(landed.home) == before


def test_a_key_that_is_too_short_is_refused_by_its_setting() -> None:
    with pytest.raises(SettingsError, match="STRATA_HASH_KEY has 31 characters"):
        load_settings({"STRATA_HASH_KEY": "k" * 31})


def test_the_id_of_a_key_tells_keys_apart_and_is_no_part_of_it() -> None:
    assert key_id(OTHER_KEY) != key_id(OTHER_KEY + "x")
    assert len(key_id(OTHER_KEY)) == 8
    assert key_id("0" * 64) not in "0" * 64
