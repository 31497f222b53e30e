"""Every model can be rewritten for Spark: what only DuckDB has stands behind adapter.dispatch.

Belongs here: the compiled SQL of models. Does not belong here: running it on another engine.
"""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from orchestration.building import Build, open_build
from orchestration.landing.sources import load_sources
from orchestration.manifest import dbt_executable
from orchestration.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "dbt_project"
ENGINE = PROJECT / "macros" / "engine"
MODELS = sorted(path.stem for path in (PROJECT / "models").rglob("*.sql"))

# Functions that the rewriting does not carry over. Each is called in macros/engine only, behind
# adapter.dispatch, so that another engine brings its own implementation.
DISPATCHED = {
    "getvariable": "keyed_hash: the key is a variable of the DuckDB session, stored nowhere",
    "timezone": "utc_to_local, local_to_utc: engines differ in name and order of arguments",
    "damerau_levenshtein": "edit_distance: Spark's own does not count a swap of two letters as one",
    "percentile_cont": "exact_quantile: rewritten, it would become Spark's approximation",
}
# Parsed, and written out again for Spark without a word, although Spark has no such thing.
DUCKDB_JOINS = {"ASOF", "POSITIONAL"}

Compiled = dict[str, dict[str, str]]


def functions_without_counterpart(tree: exp.Expr) -> set[str]:
    """Names of the functions that Spark lacks, or answers differently under the same name."""
    unknown = {call.name.lower() for call in tree.find_all(exp.Anonymous)}
    quantiles = {call.sql_name().lower() for call in tree.find_all(exp.PercentileCont)}
    return unknown | quantiles


def first_match_only(call: exp.RegexpReplace) -> bool:
    """Whether DuckDB replaces one match where Spark replaces all: no `g`, and no anchor."""
    pattern = call.expression.name
    is_anchored = pattern.startswith("^") or pattern.endswith("$")
    return "g" not in call.text("modifiers") and not is_anchored


def obstacles(sql: str) -> list[str]:
    """Why a query cannot be rewritten for Spark; empty if it can."""
    try:
        sqlglot.transpile(
            sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
        )
    except sqlglot.errors.SqlglotError as error:
        return [str(error)]
    tree = sqlglot.parse_one(sql, read="duckdb")
    missing = functions_without_counterpart(tree) - DISPATCHED.keys()
    found = [f"{name}() has no counterpart in Spark" for name in sorted(missing)]
    found += [f"{join.method} join" for join in tree.find_all(exp.Join)
              if join.method in DUCKDB_JOINS]  # fmt: skip
    found += [f"{call.sql()} replaces one match here, all of them in Spark"
              for call in tree.find_all(exp.RegexpReplace) if first_match_only(call)]  # fmt: skip
    return found


# One base model of each kind.
BUILT = ["+base_zoho__contacts", "+base_jd__order_lines", "+base_shop__order_lines"]


def compile_models(
    home: Path, target: str, *options: str, command: str = "compile"
) -> dict[str, str]:
    """Compile models with dbt against the warehouse in `home`; returns the SQL of each."""
    folder = home / target
    command = [dbt_executable(), "--log-path", home / "logs", command,
               "--project-dir", PROJECT, "--profiles-dir", ROOT / "profiles", "--target", "dev",
               "--target-path", folder, *options]  # fmt: skip
    environment = {**os.environ, "STRATA_HOME": str(home)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=PROJECT)
    assert run.returncode == 0, run.stdout[-3000:]
    nodes = json.loads((folder / "manifest.json").read_text("utf-8"))["nodes"].values()
    return {node["name"]: node["compiled_code"] for node in nodes
            if node["resource_type"] == "model" and node.get("compiled_code")}  # fmt: skip


def pretend_that_a_night_was_built(home: Path, target: str) -> None:
    """Put an empty table in place of every incremental model: only then is it incremental.

    Base models ask theirs and landing what they hold, so some of each kind are built.
    """
    manifest = home / target / "manifest.json"
    settings = load_settings({"STRATA_HOME": str(home)})
    shutil.rmtree(home / "dev")
    build = Build(home / "dev", dt.date(2026, 11, 21), "transpiled")
    open_build(settings, build, None, load_sources(manifest))
    nodes = json.loads(manifest.read_text("utf-8"))["nodes"].values()
    with duckdb.connect(str(home / "dev" / "warehouse.duckdb")) as warehouse:
        for node in nodes:
            is_base = node["name"].startswith("base_")
            if node["config"].get("materialized") == "incremental" and not is_base:
                warehouse.execute(f'create schema if not exists "{node["schema"]}"')
                warehouse.execute(f'create table "{node["schema"]}"."{node["name"]}" (x integer)')


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """The SQL of every model by form: as of the first night, and of a later one."""
    home = tmp_path_factory.mktemp("transpiled")
    (home / "dev").mkdir()
    first = compile_models(home, "first")
    pretend_that_a_night_was_built(home, "first")
    # The same project again: what was parsed once need not be parsed twice.
    (home / "later").mkdir()
    shutil.copy(home / "first" / "partial_parse.msgpack", home / "later")
    base = ["--select", *BUILT, "--exclude-resource-type", "test", "unit_test"]
    compile_models(home, "later", *base, command="build")
    later = compile_models(home, "later", "--select", "config.materialized:incremental")
    forms = {name: {"first night": sql} for name, sql in first.items()}
    for name, sql in later.items():
        forms[name]["later night"] = sql
    return forms


@pytest.mark.parametrize("model", MODELS)
def test_a_model_can_be_rewritten_for_spark(compiled: Compiled, model: str) -> None:
    found = [f"{form}: {reason}" for form, sql in compiled[model].items()
             for reason in obstacles(sql)]  # fmt: skip
    assert not found, f"{model}:\n" + "\n".join(found)


def test_every_compiled_model_is_checked(compiled: Compiled) -> None:
    assert sorted(compiled) == MODELS


def test_incremental_models_are_checked_in_both_of_their_forms(compiled: Compiled) -> None:
    for model in ("int_customer_ids_logged", "base_zoho__contacts", "base_shop__order_lines"):
        both = compiled[model]
        assert both["first night"] != both["later night"]


@pytest.mark.parametrize("function", sorted(DISPATCHED))
def test_an_allowed_function_is_used_and_only_behind_dispatch(
    compiled: Compiled, function: str
) -> None:
    call = re.compile(rf"\b{function}\s*\(", re.IGNORECASE)
    folders = [PROJECT / "models", PROJECT / "macros", PROJECT / "tests"]
    texts = {path: path.read_text("utf-8") for folder in folders for path in folder.rglob("*.sql")}
    callers = [path for path, text in texts.items() if call.search(text)]
    assert callers, f"{function} is allowed but nobody calls it"
    for path in callers:
        assert path.is_relative_to(ENGINE), f"{path} calls {function}"
        definition = texts[path]
        assert "adapter.dispatch(" in definition
        assert call.search(definition[: definition.index("macro duckdb__")]) is None
    assert any(call.search(sql) for forms in compiled.values() for sql in forms.values())


REFUSED: dict[str, str] = {
    "a function of DuckDB": "select epoch_ns(ordered_at) from orders",
    "an argument that Spark lacks": "select arg_max(city, ordered_at, 3) from orders",
    "a join of DuckDB": "select a.x from a asof join b on a.at >= b.at",
    "one replacement of many": "select regexp_replace(phone, '[^0-9]', '') from orders",
    "a text that is no SQL": "select from where",
}


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED.keys())
def test_what_only_duckdb_has_is_refused(sql: str) -> None:
    assert obstacles(sql)


def test_what_is_only_allowed_behind_dispatch_would_be_refused(
    monkeypatch: pytest.MonkeyPatch, compiled: Compiled
) -> None:
    monkeypatch.setattr(f"{__name__}.DISPATCHED", {})
    assert obstacles(compiled["int_rfm_quantiles_found"]["first night"])
    assert obstacles(compiled["int_customer_ids_logged"]["first night"])
