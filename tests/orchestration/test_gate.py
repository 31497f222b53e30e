"""The gate demands positive proof: exactly the declared checks, each passed."""

import json
from pathlib import Path

import pytest

from expectations.checks import Check, CheckResult, Limit
from orchestration.gate import (
    GateRefusedError,
    carried_results,
    dbt_results,
    demand_built,
    prove,
)
from orchestration.manifest import Manifest

LIMIT = Limit("row_count", "marts", 1, None, "rows", "data engineering", "a test")
CHECK = Check("row_count__dim", "dim", "dim", LIMIT)
PASSED = CheckResult("row_count__dim", "dim", "marts", True, 3.0, LIMIT.text, None)
TESTS = ("unique_dim_id", "not_null_dim_id")


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    model = {"resource_type": "model", "name": "dim", "fqn": ["strata", "marts", "dim"]}
    nodes = {"model.strata.dim": {**model, "unique_id": "model.strata.dim"}}
    for name in TESTS:
        test = {"resource_type": "test", "name": name, "unique_id": f"test.strata.{name}"}
        nodes[f"test.strata.{name}"] = {**test, "attached_node": "model.strata.dim"}
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"nodes": nodes, "sources": {}}))
    return Manifest(path)


def run_results(folder: Path, **status: str) -> Path:
    results = [
        {"unique_id": f"test.strata.{name}", "status": word, "failures": int(word != "pass")}
        for name, word in status.items()
    ]
    results.append({"unique_id": "model.strata.dim", "status": "success", "failures": None})
    path = folder / "run_results.json"
    path.write_text(json.dumps({"results": results}))
    return path


def test_a_night_with_every_check_passed_is_proved(manifest: Manifest, tmp_path: Path) -> None:
    tests = dbt_results(run_results(tmp_path, **dict.fromkeys(TESTS, "pass")), manifest)
    assert len(prove(manifest, tests, [CHECK], [PASSED]).results) == len(TESTS) + 1


@pytest.mark.parametrize("status", ["fail", "warn", "error", "skipped", "runtime error", ""])
def test_only_pass_is_a_pass(manifest: Manifest, tmp_path: Path, status: str) -> None:
    path = run_results(tmp_path, unique_dim_id="pass", not_null_dim_id=status)
    with pytest.raises(GateRefusedError, match="not_null_dim_id"):
        prove(manifest, dbt_results(path, manifest), [CHECK], [PASSED])


def test_a_missing_dbt_test_is_named(manifest: Manifest, tmp_path: Path) -> None:
    tests = dbt_results(run_results(tmp_path, unique_dim_id="pass"), manifest)
    with pytest.raises(GateRefusedError) as refused:
        prove(manifest, tests, [CHECK], [PASSED])
    assert refused.value.reasons == ("not_null_dim_id is declared but did not run",)


def test_what_passed_the_night_before_on_unchanged_data_is_proof(
    manifest: Manifest, tmp_path: Path
) -> None:
    ran = dbt_results(run_results(tmp_path, unique_dim_id="pass"), manifest)
    carried = carried_results(manifest, frozenset({"test.strata.not_null_dim_id"}))
    assert len(prove(manifest, carried | ran, [CHECK], [PASSED]).results) == len(TESTS) + 1


def test_a_test_that_failed_tonight_is_not_outweighed_by_the_night_before(
    manifest: Manifest, tmp_path: Path
) -> None:
    ran = dbt_results(run_results(tmp_path, unique_dim_id="fail", not_null_dim_id="pass"), manifest)
    carried = carried_results(manifest, frozenset({"test.strata.unique_dim_id"}))
    with pytest.raises(GateRefusedError, match="unique_dim_id"):
        prove(manifest, carried | ran, [CHECK], [PASSED])


def test_a_model_that_was_neither_built_nor_settled_is_named(
    manifest: Manifest, tmp_path: Path
) -> None:
    path = tmp_path / "run_results.json"
    path.write_text(json.dumps({"results": []}))
    demand_built(path, manifest, frozenset({"model.strata.dim"}))
    with pytest.raises(GateRefusedError) as refused:
        demand_built(path, manifest, frozenset())
    assert refused.value.reasons == ("model.strata.dim is declared but was not built",)


def test_a_test_that_nobody_declared_is_named(manifest: Manifest, tmp_path: Path) -> None:
    status = {**dict.fromkeys(TESTS, "pass"), "stranger": "pass"}
    tests = dbt_results(run_results(tmp_path, **status), manifest)
    with pytest.raises(GateRefusedError, match=r"test\.strata\.stranger ran but is not declared"):
        prove(manifest, tests, [CHECK], [PASSED])


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([], "row_count__dim is declared but did not run"),
        ([PASSED, PASSED], "row_count__dim ran twice"),
        ([PASSED, CheckResult("x", "t", "marts", True, 1.0, "", None)], "x ran but"),
        ([CheckResult("row_count__dim", "dim", "marts", False, 0.0, "1 <= x", None)], "0 observed"),
        ([CheckResult("row_count__dim", "dim", "marts", False, None, "", "it raised")], "raised"),
    ],
)
def test_an_expectation_must_have_run_once_and_passed(
    manifest: Manifest, tmp_path: Path, results: list[CheckResult], reason: str
) -> None:
    tests = dbt_results(run_results(tmp_path, **dict.fromkeys(TESTS, "pass")), manifest)
    with pytest.raises(GateRefusedError, match=reason):
        prove(manifest, tests, [CHECK], results)


def test_nothing_checked_is_no_proof(manifest: Manifest, tmp_path: Path) -> None:
    tests = dbt_results(run_results(tmp_path, **dict.fromkeys(TESTS, "pass")), manifest)
    with pytest.raises(GateRefusedError, match="there is no expectation"):
        prove(manifest, tests, [], [])
    empty = tmp_path / "empty.json"
    empty.write_text(json.dumps({"nodes": {}, "sources": {}}))
    with pytest.raises(GateRefusedError, match="declares no data test"):
        prove(Manifest(empty), {}, [CHECK], [PASSED])


def test_a_dbt_run_without_results_is_no_proof(manifest: Manifest, tmp_path: Path) -> None:
    with pytest.raises(GateRefusedError, match="dbt left no"):
        dbt_results(tmp_path / "run_results.json", manifest)
