"""Settings are refused by name, and the key of published ids is made once and never replaced."""

import hashlib
import hmac
import re
import stat
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.hash_key import ensure_key, hmac_pads, key_file
from orchestration.landing.register import write_part
from orchestration.settings import DBT_PROJECT, Settings, SettingsError, load_settings

MACRO = DBT_PROJECT / "macros" / "engine" / "keyed_hash.sql"


def settings_in(home: Path, **more: str) -> Settings:
    return load_settings({"STRATA_HOME": str(home), **more})


def test_the_defaults_are_those_of_the_documentation() -> None:
    settings = load_settings({"PATH": "/bin"})
    assert (settings.target, settings.timezone, settings.currency) == (
        "local",
        "Asia/Shanghai",
        "CNY",
    )
    assert settings.hash_key == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRATA_TIMEZON", "Asia/Shanghai"),
        ("STRATA_", "x"),
        ("STRATA_TIMEZONE", "Shanghai"),
        ("STRATA_TIMEZONE", "../../etc/passwd"),
        ("STRATA_TIMEZONE", "UTC+8"),
        ("STRATA_CURRENCY", "RMB "),
        ("STRATA_CURRENCY", "cny"),
        ("STRATA_CURRENCY", "CN\n"),
        ("STRATA_CURRENCY", "CNY\n"),
        ("STRATA_TARGET", "prod"),
        ("STRATA_TARGET", "LOCAL"),
        ("STRATA_HASH_KEY", "k" * 31),
        ("STRATA_KEEP_GENERATIONS", "0"),
        ("STRATA_KEEP_GENERATIONS", "many"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"\b{name}\b"):
        settings_in(tmp_path, **{name: value})


def test_a_refusal_never_repeats_the_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_in(tmp_path, STRATA_HASH_KEY="secret")
    assert "secret" not in str(refused.value)


def test_an_empty_variable_is_one_that_is_not_set(tmp_path: Path) -> None:
    assert settings_in(tmp_path, STRATA_CURRENCY="").currency == "CNY"


def test_the_key_file_is_made_once_readable_by_its_owner_only_and_used_again(
    tmp_path: Path,
) -> None:
    settings = settings_in(tmp_path)
    key = ensure_key(settings)
    path = key_file(settings)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    before = path.stat().st_mtime_ns
    assert ensure_key(settings) == key == path.read_text().strip()
    assert path.stat().st_mtime_ns == before
    assert ensure_key(settings_in(tmp_path / "other")) != key


def test_a_key_of_the_environment_makes_no_file(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, STRATA_HASH_KEY="k" * 32)
    assert ensure_key(settings) == "k" * 32
    assert not key_file(settings).exists()


def test_a_lost_key_is_refused_once_files_have_landed(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    ensure_key(settings)
    write_part(settings.landing / "_files" / "till__lines.parquet", [])
    key_file(settings).unlink()
    with pytest.raises(SettingsError, match=r"hash\.key is lost"):
        ensure_key(settings)
    assert not key_file(settings).exists()


@pytest.mark.parametrize("content", ["", "abc\n", "0" * 63 + "\n", "0" * 65 + "\n"])
def test_a_damaged_key_is_refused_and_kept_for_inspection(tmp_path: Path, content: str) -> None:
    settings = settings_in(tmp_path)
    settings.landing.mkdir()
    key_file(settings).write_text(content)
    with pytest.raises(SettingsError, match="damaged"):
        ensure_key(settings)
    assert key_file(settings).read_text() == content


def sql_of_the_macro() -> str:
    macro = MACRO.read_text(encoding="utf-8")
    found = re.search(r"macro duckdb__keyed_hash\(text\) -%}(.*?){%- endmacro", macro, re.DOTALL)
    assert found is not None
    return found[1].replace("{{ text }}", "$text")


@given(key=st.text(min_size=32, max_size=90), text=st.text(max_size=80))
def test_the_hash_in_sql_is_the_hmac_of_the_standard_library(key: str, text: str) -> None:
    expected = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    inner, outer = hmac_pads(key)
    with duckdb.connect() as connection:
        connection.execute("set variable strata_inner_pad = $pad", {"pad": inner})
        connection.execute("set variable strata_outer_pad = $pad", {"pad": outer})
        found = connection.execute(f"select {sql_of_the_macro()}", {"text": text}).fetchone()
    assert found == (expected,)


@pytest.mark.parametrize("length", [32, 63, 64, 65, 200])
def test_the_pads_are_those_of_rfc_2104_for_keys_of_any_length(length: int) -> None:
    key = "k" * length
    inner, outer = hmac_pads(key)
    digest = hashlib.sha256(outer + hashlib.sha256(inner + b"text").digest()).hexdigest()
    assert digest == hmac.new(key.encode(), b"text", hashlib.sha256).hexdigest()
    assert (len(inner), len(outer)) == (64, 64)
