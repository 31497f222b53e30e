"""What is settled: nodes that would come out as they did the night before, and no others."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from dbt.contracts.state import load_result_state

from orchestration.building import Build, connect_warehouse, make_room
from orchestration.fingerprints import CODE
from orchestration.manifest import Manifest
from orchestration.settled import (
    AMENDED,
    NIGHT_MODEL,
    Project,
    Unchanged,
    compare_inputs,
    exclusions,
)

CRM, SHOP = "source.strata.crm.people", "source.strata.shop.lines"
NIGHT = "source.strata.strata.night"


def node(kind: str, folder: str, name: str, behind: list[str], code: str = "", **more: object):
    unique_id = f"{kind}.strata.{name}"
    return unique_id, {
        "unique_id": unique_id,
        "resource_type": kind,
        "name": name,
        "schema": folder.split(".")[0],
        "fqn": ["strata", *folder.split("."), name],
        "original_file_path": f"models/{folder.replace('.', '/')}/{name}.sql",
        "raw_code": code,
        "config": {"materialized": kind if kind == "test" else "table", **more},
        "depends_on": {
            "nodes": behind,
            "macros": ["macro.strata.dated"] if "dated(" in code else [],
        },
    }


NODES = dict(
    [
        node("seed", "seeds", "regions", []),
        node("model", "staging.strata", "stg_strata__night", [NIGHT], "as_of_date, run_id"),
        node("model", "staging.crm", "base_crm__people", [CRM, NIGHT], "{{ dated() }}"),
        node("model", "staging.crm", "stg_crm__people", ["model.strata.base_crm__people"]),
        node("test", "staging.crm", "people_have_ids", ["model.strata.stg_crm__people"]),
        node("model", "staging.shop", "base_shop__lines", [SHOP]),
        node(
            "model", "marts", "zoned", ["model.strata.stg_crm__people", NIGHT_MODEL], "night.zone"
        ),
        node(
            "model", "marts", "aged", ["model.strata.stg_crm__people", NIGHT_MODEL], "{{ dated() }}"
        ),
        node("model", "marts", "after_aged", ["model.strata.aged"]),
        node("model", "marts", "both", ["model.strata.base_shop__lines", "model.strata.zoned"]),
        node("model", "marts", "logged", ["model.strata.zoned"], materialized="incremental"),
        node("test", "marts", "regions_are_known", ["seed.strata.regions"]),
    ]
)
PROVED = frozenset({"people_have_ids", "regions_are_known"})
BOTH_SOURCES = frozenset({"crm__people", "shop__lines"})


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    macro = {"macro_sql": "night.as_of_date", "depends_on": {"macros": []}}
    content = {
        "nodes": NODES,
        "sources": {name: {} for name in (CRM, SHOP, NIGHT)},
        "macros": {"macro.strata.dated": macro},
    }
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(content))
    return Manifest(path)


def but(*sources: str, edited: str = "") -> Unchanged:
    """What is unchanged where files came of no other sources, and one node was edited."""
    code = frozenset(name for name in NODES if not name.endswith(f".{edited}"))
    return Unchanged(code | frozenset(sources), PROVED)


def settled(manifest: Manifest, *sources: str, edited: str = "", **more: object) -> set[str]:
    unchanged = replace(but(*sources, edited=edited), **more)
    return {name.split(".")[-1] for name in Project(manifest, unchanged).settled}


def test_where_no_file_came_only_what_reads_the_date_or_logs_is_built(manifest: Manifest) -> None:
    rest = {"aged", "after_aged", "logged"}
    everything = {name.split(".")[-1] for name in NODES}
    assert settled(manifest, *BOTH_SOURCES) == everything - rest


def test_everything_behind_a_new_file_is_built(manifest: Manifest) -> None:
    found = settled(manifest, "crm__people")
    assert not found & {"base_shop__lines", "both"}
    assert found >= {"regions", "base_crm__people", "people_have_ids", "zoned"}


def test_everything_behind_an_edited_node_is_built_and_nothing_before_it(
    manifest: Manifest,
) -> None:
    untouched = settled(manifest, *BOTH_SOURCES)
    found = settled(manifest, *BOTH_SOURCES, edited="zoned")
    assert untouched - found == {"zoned", "both"}
    found = settled(manifest, *BOTH_SOURCES, edited="regions")
    assert untouched - found == {"regions", "regions_are_known"}


def test_a_base_model_that_rejected_a_date_yet_to_come_is_built_and_all_behind_it(
    manifest: Manifest,
) -> None:
    found = settled(manifest, *BOTH_SOURCES, hopeful=frozenset({"base_crm__people"}))
    assert found == {"regions", "stg_strata__night", "base_shop__lines", "regions_are_known"}


def test_a_test_that_did_not_pass_the_night_before_runs(manifest: Manifest) -> None:
    found = settled(manifest, *BOTH_SOURCES, proved=frozenset({"regions_are_known"}))
    assert "people_have_ids" not in found
    assert "stg_crm__people" in found


def test_without_a_night_before_nothing_is_settled(manifest: Manifest) -> None:
    assert not Project(manifest, Unchanged()).settled


def test_tables_are_replaced_that_are_neither_settled_nor_logs(manifest: Manifest) -> None:
    found = Project(manifest, but("crm__people")).replaced
    assert found == {
        ("staging", "base_shop__lines"), ("marts", "aged"), ("marts", "after_aged"),
        ("marts", "both"),
    }  # fmt: skip


def test_a_table_that_is_amended_stays_while_it_follows_the_same_rules(
    manifest: Manifest,
) -> None:
    aged = ("marts", "aged")
    manifest.content["nodes"]["model.strata.aged"]["config"]["meta"] = {AMENDED: True}
    assert aged not in Project(manifest, but("crm__people")).replaced
    assert aged in Project(manifest, but("crm__people", edited="aged")).replaced
    assert aged in Project(manifest, Unchanged()).replaced


@pytest.mark.parametrize(
    ("unproved", "edited", "is_replaced"),
    [(set(), "", False), ({"aged_has_a_key"}, "", True), (set(), "aged_has_a_key", True)],
)
def test_an_amended_table_is_written_whole_where_its_tests_have_not_proved_what_stood_there(
    manifest: Manifest, unproved: set[str], edited: str, is_replaced: bool
) -> None:
    nodes = manifest.content["nodes"]
    nodes["model.strata.aged"]["config"]["meta"] = {AMENDED: True}
    name, test = node("test", "marts", "aged_has_a_key", ["model.strata.aged"])
    nodes[name] = test | {"attached_node": "model.strata.aged"}
    inputs = {n for n in nodes if not edited or not n.endswith(edited)}
    unchanged = Unchanged(frozenset(inputs), PROVED | {"aged_has_a_key"} - unproved)
    assert (("marts", "aged") in Project(manifest, unchanged).replaced) == is_replaced


def test_a_table_that_is_replaced_leaves_no_free_space_in_the_file(tmp_path: Path) -> None:
    build = Build(tmp_path, dt.date(2026, 3, 31), "run")
    big = "create or replace table marts.aged as select uuid() as text from range(200000)"

    def size_after(*statements: str) -> int:
        with connect_warehouse(build.warehouse) as connection:
            for statement in statements:
                connection.execute(statement)
        return build.warehouse.stat().st_size

    before = size_after("create schema marts", "create table marts.log as select 1 as a", big)
    make_room(build, {("marts", "aged"), ("marts", "not_yet_there")})
    assert size_after("from marts.log", big) < 1.1 * before
    assert size_after(big) > 1.5 * before


def test_dbt_is_told_to_leave_out_what_is_settled_by_results_that_it_looks_up(
    manifest: Manifest, tmp_path: Path
) -> None:
    found = Project(manifest, but("crm__people")).settled
    state = tmp_path / "settled"
    told = exclusions(found, state)
    assert told == [
        "--indirect-selection", "empty", "--state", str(state), "--exclude", "result:skipped",
    ]  # fmt: skip
    # What dbt's own reader makes of them.
    results = load_result_state(state / "run_results.json").results
    assert {result.unique_id for result in results} == found
    assert {str(result.status) for result in results} == {"skipped"}
    assert exclusions(frozenset(), tmp_path / "none") == []


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema landing")
    connection.execute("create schema staging")
    connection.execute(
        "create table landing.check_results as "
        "select date '2026-03-30' as as_of_date, 'old' as check_name, true as passed "
        "union all values (date '2026-03-31', 'good', true), (date '2026-03-31', 'bad', false)"
    )
    return connection


def test_a_source_is_unchanged_while_its_files_and_the_code_are(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert compare_inputs(warehouse, {CODE: "1", "crm__people": "a"}) == Unchanged()
    tonight = {CODE: "1", "crm__people": "a", "shop__lines": "b"}
    unchanged = compare_inputs(warehouse, tonight)
    assert unchanged.inputs == {CODE, "crm__people"}
    assert unchanged.proved == {"good"}
    assert compare_inputs(warehouse, {**tonight, "crm__people": "c"}).inputs == {
        CODE, "shop__lines"
    }  # fmt: skip
    assert compare_inputs(warehouse, {**tonight, CODE: "2"}) == Unchanged()


@pytest.mark.parametrize(
    ("rows", "is_hopeful"),
    [
        ("null as rejected_column, null as rejected_reason", False),
        ("'amount' as rejected_column, 'not_a_number' as rejected_reason", False),
        ("'ordered_at' as rejected_column, 'after_as_of_date' as rejected_reason", True),
        ("null as rejected_column", False),
        ("'ordered_at' as rejected_column", True),
    ],
)
def test_rows_rejected_for_their_date_keep_a_base_model_from_being_settled(
    warehouse: duckdb.DuckDBPyConnection, rows: str, is_hopeful: bool
) -> None:
    warehouse.execute(f"create table staging.base_crm__people as select {rows}")
    compare_inputs(warehouse, {CODE: "1"})
    hopeful = {"base_crm__people"} if is_hopeful else set()
    assert compare_inputs(warehouse, {CODE: "1"}).hopeful == hopeful
