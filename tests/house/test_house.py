"""The house: layers, names, grain sentences, one clock, no stray numbers, budgets, README."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from homes import PARSED, settings_of

from orchestration.manifest import prepare_manifest

ROOT = Path(__file__).resolve().parents[2]
DBT = ROOT / "dbt_project"
PYTHON = [*(ROOT / "orchestration").rglob("*.py"), *(ROOT / "expectations").rglob("*.py")]
SQL = [path for part in ("models", "macros", "tests") for path in (DBT / part).rglob("*.sql")]

# Layer of a model -> the kinds of parents it may have.
MAY_READ = {
    "staging": {"source", "seeds", "staging"},
    "intermediate": {"staging", "intermediate", "seeds"},
    "marts": {"staging", "intermediate", "seeds"},
    "audit": {"staging", "intermediate", "marts", "audit"},
}
NAMES = {
    "staging": r"(stg|base)_[a-z][a-z0-9]*__[a-z_]+",
    "intermediate": r"int_[a-z_]+_(unioned|clustered|logged|identified|folded|measured|found|"
    r"scored|staged|assigned|joined|declared|selected|priced|cleaned|judged|cut|counted|changed|"
    r"touched|scoped|hashed|linked|paired|resolved|split|merged|parted|labelled|stopped|followed|"
    r"proposed|sighted|decided|won|matched|compared|tagged)(_[0-4])?",
    "marts": r"(dim|fct|customers?|identity|segment|rfm|lifecycle|tag)_[a-z_]+|"
    r"nights|quality_checks",
    "audit": r"[a-z_]+",
}
CLOCKS = (
    r"\b(current_date|current_timestamp|now\(|today\(|getdate|sysdate|run_started_at|localtime)"
)
# Where the wall clock may be read: run records, and which night a person means by default.
CLOCK_READERS = {"night.py", "publish.py", "cli.py", "cli_privacy.py"}
# Numbers of arithmetic, not of business: nothing, one, a pair, places of money, digits of a date.
PLAIN_NUMBERS = {"0", "1", "2", "1.0", "0.0"}
MODES = {0o600, 0o700, 0o755}


@cache
def manifest() -> dict[str, Any]:
    return prepare_manifest(settings_of(PARSED)).content


def models() -> list[dict[str, Any]]:
    return [node for node in manifest()["nodes"].values() if node["resource_type"] == "model"]


def layer(unique_id: str) -> str:
    kind = unique_id.split(".", 1)[0]
    if kind == "source":
        return "source"
    return "seeds" if kind == "seed" else manifest()["nodes"][unique_id]["fqn"][1]


def test_each_layer_reads_only_the_layers_above_it() -> None:
    wrong = [
        f"{node['name']} reads {parent}"
        for node in models()
        for parent in node["depends_on"]["nodes"]
        if layer(parent) not in MAY_READ[node["fqn"][1]]
    ]
    assert wrong == []


def test_only_staging_of_the_same_system_reads_an_untyped_model() -> None:
    wrong = [
        f"{node['name']} reads {parent}"
        for node in models()
        for parent in node["depends_on"]["nodes"]
        if parent.split(".")[-1].startswith("base_")
        and node["fqn"][1] != "audit"
        and node["fqn"][2] != manifest()["nodes"][parent]["fqn"][2]
    ]
    assert wrong == []


def test_every_model_is_named_as_its_layer_names_things() -> None:
    wrong = [n["name"] for n in models() if not re.fullmatch(NAMES[n["fqn"][1]], n["name"])]
    assert wrong == []


def test_every_model_and_seed_says_its_grain_first() -> None:
    nodes = manifest()["nodes"].values()
    wrong = [
        node["name"]
        for node in nodes
        if node["resource_type"] in ("model", "seed")
        and not re.match(r"One row per [^.]+\.", node["description"])
    ]
    assert wrong == []


def proved_keys(unique_id: str) -> list[list[str]]:
    """Columns of a model that a test holds to be unique together."""
    tests = [
        test["test_metadata"]
        for test in manifest()["nodes"].values()
        if test["resource_type"] == "test"
        and test.get("attached_node") == unique_id
        and test.get("test_metadata")
    ]
    keys = [test["kwargs"].get("columns") for test in tests if test["name"] == "unique_together"]
    single = [test for test in tests if test["name"] in ("unique", "primary_key")]
    return keys + [[test["kwargs"]["column_name"]] for test in single]


@pytest.mark.parametrize("mart", [n["name"] for n in models() if n["fqn"][1] == "marts"])
def test_a_mart_has_contract_key_test_descriptions_and_a_reader(mart: str) -> None:
    node = next(n for n in models() if n["name"] == mart)
    assert node["contract"]["enforced"]
    assert node["config"]["meta"]["grain"] in proved_keys(node["unique_id"])
    assert all(c["description"] and c["data_type"] for c in node["columns"].values())
    readers = [e["depends_on"]["nodes"] for e in manifest()["exposures"].values()]
    assert any(node["unique_id"] in read for read in readers)


def test_a_table_that_is_amended_has_its_key_tested_for_equal_rows_cannot_be_told_apart() -> None:
    amended = [n for n in models() if n["config"]["meta"].get("is_amended")]
    wrong = [
        node["name"]
        for node in amended
        if node["config"]["materialized"] != "table"
        or node["config"]["meta"]["grain"] not in proved_keys(node["unique_id"])
    ]
    assert amended
    assert wrong == []


def test_the_audit_counts_every_source_that_declares_how_it_lands() -> None:
    landing = {
        f"{node['source_name']}.{node['name']}"
        for node in manifest()["sources"].values()
        if "landing" in node["config"]["meta"]
    }
    listed = (DBT / "macros" / "staged_sources.sql").read_text(encoding="utf-8")
    assert re.findall(r"'([a-z0-9_]+\.[a-z0-9_]+)'", listed) == sorted(landing)


def test_every_column_that_can_name_a_person_says_so() -> None:
    # Of people; accounts, campaigns, products and staff have names too.
    names = (
        r"(first|last|full|contact|customer|lead|receiver|member|account|billing)_name|.*nick.*|"
        r"remark.*"
    )
    kinds = r"(.*_)?(phone|mobile|email|unionid|external_userid|receiver|birth_date)(_\d)?"
    companies = {"zoho"}
    wrong = [
        f"{node['source_name']}.{node['name']}.{name}"
        for node in manifest()["sources"].values()
        if "landing" in node["config"]["meta"]
        for name, column in node["columns"].items()
        if not column["config"]["meta"].get("personal")
        and (
            column["config"]["meta"].get("type") in ("phone", "email")
            or re.fullmatch(kinds, name)
            or re.fullmatch(names, name)
        )
        and not (name == "account_name" and node["source_name"] in companies)
        and not name.startswith("accepts_")
        and name != "remark_corp_name"
    ]
    assert wrong == []


def test_every_test_is_an_error_and_shown_at_a_table() -> None:
    tests = [n for n in manifest()["nodes"].values() if n["resource_type"] == "test"]
    assert len(tests) > 100
    assert {test["config"]["severity"].lower() for test in tests} == {"error"}
    singular = [test for test in tests if not test.get("test_metadata")]
    assert all(test["config"]["meta"]["dagster"]["ref"]["name"] for test in singular)


def bare_sql(path: Path) -> str:
    """SQL without comments, texts, types and Jinja."""
    text = path.read_text("utf-8")
    for pattern in (r"\{#.*?#\}", r"--[^\n]*", r"'(?:[^']|'')*'", r"\{%.*?%\}", r"\{\{.*?\}\}"):
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    return re.sub(r"decimal\(\d+, ?\d+\)", "decimal", text)


def test_sql_has_one_clock() -> None:
    found = [p.name for p in SQL if re.search(CLOCKS, p.read_text("utf-8"), re.IGNORECASE)]
    assert found == []


def test_python_reads_the_wall_clock_only_for_records_and_defaults() -> None:
    pattern = re.compile(r"\b(datetime\.now|date\.today|utcnow|time\.time)\(")
    found = {path.name for path in PYTHON if pattern.search(path.read_text("utf-8"))}
    assert found <= CLOCK_READERS


def test_models_hold_no_stray_number() -> None:
    found = [
        f"{path.name}: {number}"
        for path in (DBT / "models").rglob("*.sql")
        for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", bare_sql(path))
        if number not in PLAIN_NUMBERS
    ]
    assert found == []


def stray_numbers(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    named = {
        id(inner)
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            plain = str(node.value) in PLAIN_NUMBERS or node.value in MODES
            if not plain and id(node) not in named:
                yield f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"


def test_python_names_its_numbers() -> None:
    found = [
        stray for path in PYTHON if "sample" not in path.parts for stray in stray_numbers(path)
    ]
    assert found == []


def test_nothing_grows_out_of_its_budget() -> None:
    over = [f"{p.name}: model" for p in (DBT / "models").rglob("*.sql") if lines(p) > 100]
    over += [f"{path.name}: module" for path in PYTHON if lines(path) > 300]
    over += [f"{path.name}: line" for path in [*PYTHON, *SQL] if widest(path) > 100]
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 40:
                over.append(f"{path.name}: {node.name}")
    over += ["README.md"] * (lines(ROOT / "README.md") > 150)
    over += ["definitions.py"] * (lines(ROOT / "orchestration/definitions.py") > 40)
    assert over == []


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def widest(path: Path) -> int:
    return max((len(line) for line in path.read_text("utf-8").splitlines()), default=0)


def test_every_path_that_the_readme_names_exists() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    ours = ("dbt_project/", "orchestration/", "expectations/", "profiles/", "tests/", ".ci/")
    named = [n for n in re.findall(r"`([^`\s]+)`", text) if n.startswith(ours) or n.endswith(".md")]
    assert len(named) > 10
    assert [name for name in named if "<" not in name and not (ROOT / name).exists()] == []


def test_every_command_that_the_readme_names_exists() -> None:
    from orchestration.cli import main

    text = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"\bstrata ([a-z][a-z-]+)", text))
    assert named
    assert named <= set(main.commands)
    targets = set(re.findall(r"\bmake ([a-z]+)", text))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_the_lock_has_hashes_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    packages = re.findall(r"^[a-z0-9-]+==", lock, re.MULTILINE)
    assert len(packages) > 50
    assert lock.count("--hash=sha256:") >= len(packages)
    assert not re.search(r"https?://|--index|--find-links", lock)


def test_limits_that_nobody_uses_do_not_stay() -> None:
    import yaml

    from orchestration.audit import declared_checks
    from orchestration.landing.sources import load_sources

    limits = yaml.safe_load((ROOT / "expectations/thresholds.yml").read_text("utf-8"))["limits"]
    manifest_path = PARSED / "dbt" / "manifest.json"
    manifest()
    used = {check.limit.measure for check in declared_checks(load_sources(manifest_path))}
    assert used == set(limits)
    names = [check.name for check in declared_checks(load_sources(manifest_path))]
    assert len(names) == len(set(names))


def test_vars_say_their_unit_and_range() -> None:
    text = (DBT / "dbt_project.yml").read_text("utf-8")
    block = text[text.index("\nvars:") :]
    blocks = re.findall(r"((?:^  #[^\n]*\n)+)  (\w+):", block, re.MULTILINE)
    declared = re.findall(r"^  (\w+):", block, re.MULTILINE)
    assert [name for _, name in blocks] == declared
    assert json.dumps(declared)
