"""Claims about the limits file and the values that pass to and from the validation."""

import dataclasses
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.checks import Check, Limit, ThresholdsError, load_limits

ENTRY: dict[str, Any] = {
    "layer": "landing",
    "min": 0,
    "max": 0.2,
    "unit": "share",
    "owner": "data engineering",
    "reason": "more than this has never been a good night",
}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "thresholds.yml"
    path.write_text(text, encoding="utf-8")
    return path


def with_entry(tmp_path: Path, **changes: Any) -> Path:
    """A file of one measure, its keys changed; a change to ``...`` takes the key out."""
    entry = {key: value for key, value in {**ENTRY, **changes}.items() if value is not ...}
    return written(tmp_path, yaml.safe_dump({"limits": {"null_share": entry}}))


def refusal(path: Path) -> str:
    with pytest.raises(ThresholdsError) as caught:
        load_limits(path)
    message = str(caught.value)
    assert str(path) in message
    assert ";" in message, "a refusal names its remedy"
    return message


def test_a_good_file_becomes_limits_keyed_by_measure_in_file_order(tmp_path: Path) -> None:
    text = yaml.safe_dump({"limits": {"zeta": ENTRY, "alpha": ENTRY}}, sort_keys=False)
    limits = load_limits(written(tmp_path, text))
    assert list(limits) == ["zeta", "alpha"]
    assert limits["zeta"] == Limit(
        measure="zeta",
        layer="landing",
        minimum=0.0,
        maximum=0.2,
        unit="share",
        owner="data engineering",
        reason="more than this has never been a good night",
    )


@pytest.mark.parametrize("layer", ["landing", "staging", "intermediate", "marts"])
def test_each_of_the_four_layers_is_accepted(tmp_path: Path, layer: str) -> None:
    assert load_limits(with_entry(tmp_path, layer=layer))["null_share"].layer == layer


def test_a_missing_bound_leaves_that_side_open(tmp_path: Path) -> None:
    assert load_limits(with_entry(tmp_path, min=...))["null_share"].minimum is None
    assert load_limits(with_entry(tmp_path, max=...))["null_share"].maximum is None


def test_equal_bounds_are_accepted(tmp_path: Path) -> None:
    limit = load_limits(with_entry(tmp_path, min=3, max=3))["null_share"]
    assert (limit.minimum, limit.maximum) == (3.0, 3.0)


@pytest.mark.parametrize("key", ["layer", "unit", "owner", "reason"])
def test_a_missing_key_is_refused_by_name(tmp_path: Path, key: str) -> None:
    message = refusal(with_entry(tmp_path, **{key: ...}))
    assert f"measure null_share: key {key}: is missing" in message


@pytest.mark.parametrize("key", ["unit", "owner", "reason"])
@pytest.mark.parametrize("value", ["", "  \n", None, 7, ["a"]])
def test_an_empty_or_untextual_text_is_refused(tmp_path: Path, key: str, value: Any) -> None:
    assert f"measure null_share: key {key}:" in refusal(with_entry(tmp_path, **{key: value}))


def test_an_unknown_key_is_refused_by_name(tmp_path: Path) -> None:
    message = refusal(with_entry(tmp_path, maximum=1))
    assert "measure null_share: key maximum: is unknown" in message
    assert "use only layer, min, max" in message


@pytest.mark.parametrize("layer", ["mart", "", None, ["marts"]])
def test_an_unknown_layer_is_refused(tmp_path: Path, layer: Any) -> None:
    assert "measure null_share: key layer: is not a layer" in refusal(
        with_entry(tmp_path, layer=layer)
    )


@pytest.mark.parametrize("key", ["min", "max"])
@pytest.mark.parametrize("value", ["0.1", "1e-3", True, False, None, [1]])
def test_a_bound_that_is_no_number_is_refused(tmp_path: Path, key: str, value: Any) -> None:
    message = refusal(with_entry(tmp_path, **{key: value}))
    assert f"measure null_share: key {key}: is not a number" in message


@pytest.mark.parametrize("key", ["min", "max"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400])
def test_a_bound_that_is_not_finite_is_refused(tmp_path: Path, key: str, value: float) -> None:
    message = refusal(with_entry(tmp_path, **{key: value}))
    assert f"measure null_share: key {key}: is not finite" in message


def test_a_minimum_above_the_maximum_is_refused(tmp_path: Path) -> None:
    assert "measure null_share: key min, max: min is above max" in refusal(
        with_entry(tmp_path, min=0.3)
    )


def test_a_limit_without_any_bound_is_refused(tmp_path: Path) -> None:
    assert "measure null_share: key min, max: are both missing" in refusal(
        with_entry(tmp_path, min=..., max=...)
    )


def test_a_key_written_twice_is_refused_though_yaml_would_keep_the_last(tmp_path: Path) -> None:
    path = with_entry(tmp_path)
    path.write_text(path.read_text().replace("    max: 0.2\n", "    max: 0.2\n    max: 0.9\n"))
    assert yaml.safe_load(path.read_text())["limits"]["null_share"]["max"] == 0.9
    message = refusal(path)
    assert "measure null_share: key max: appears again at line 5; keep one" in message


def test_a_measure_written_twice_is_refused(tmp_path: Path) -> None:
    entry = yaml.safe_dump({"null_share": ENTRY})
    body = "".join(f"  {line}\n" for line in (entry + entry).splitlines())
    assert "key null_share: appears again" in refusal(written(tmp_path, f"limits:\n{body}"))


def test_limits_written_twice_is_refused(tmp_path: Path) -> None:
    text = yaml.safe_dump({"limits": {"null_share": ENTRY}})
    assert "key limits: appears again" in refusal(written(tmp_path, text + text))


@pytest.mark.parametrize("name", ["Null Share", "0", "null-share", "''"])
def test_a_measure_with_a_name_outside_snake_case_is_refused(tmp_path: Path, name: str) -> None:
    body = yaml.safe_dump(ENTRY, default_flow_style=True, width=1000)
    message = refusal(written(tmp_path, f"limits:\n  {name}: {body}"))
    assert "is not a measure's name" in message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "limits:\n",
        "limits: {}\n",
        "limits: [1]\n",
        "- limits\n",
        "{}\n",
        "limits: {a: {min: 0}}\nmore: 1\n",
        "limits:\n  null_share:\n",
        "limits:\n  null_share: 5\n",
        "limits: {a: 1\n",
        "limits: {[a]: 1}\n",
        "--- 1\n--- 2\n",
        "limits: &all\n  null_share: *all\n",
    ],
)
def test_a_file_of_the_wrong_shape_is_refused(tmp_path: Path, text: str) -> None:
    refusal(written(tmp_path, text))


def test_a_file_that_is_absent_or_not_utf8_is_refused(tmp_path: Path) -> None:
    assert "FileNotFoundError" in refusal(tmp_path / "absent.yml")
    (tmp_path / "latin.yml").write_bytes(b"limits: \xe9\n")
    assert "UnicodeDecodeError" in refusal(tmp_path / "latin.yml")


def test_a_syntax_error_is_refused_with_its_line(tmp_path: Path) -> None:
    assert "at line 2" in refusal(written(tmp_path, "limits:\n  a: b: c\n"))


@pytest.mark.parametrize(
    ("minimum", "maximum", "text"),
    [
        (0.0, 0.2, "0 <= x <= 0.2 share"),
        (0.0, None, "0 <= x share"),
        (None, 1234567.0, "x <= 1234567 share"),
        (-0.5, -0.5, "-0.5 <= x <= -0.5 share"),
    ],
)
def test_a_limit_reads_as_its_range_and_unit(
    minimum: float | None, maximum: float | None, text: str
) -> None:
    assert Limit("m", "marts", minimum, maximum, "share", "o", "r").text == text


def test_the_values_are_frozen() -> None:
    limit = Limit("m", "marts", 0.0, 1.0, "share", "o", "r")
    check = Check("m__a", "marts.a", "a", limit)
    with pytest.raises(dataclasses.FrozenInstanceError):
        limit.maximum = 9.0  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        check.subject = "b"  # type: ignore[misc]


def test_importing_the_modules_imports_no_validation_library_and_no_orchestrator() -> None:
    code = (
        "import sys, expectations.checks, expectations.validate\n"
        "assert not {'great_expectations', 'dagster', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
