"""Fingerprints: a node's follows what it says and what stands behind it, and nothing else."""

import copy
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from homes import PARSED, settings_of

from orchestration import manifest
from orchestration.fingerprints import GRAPH, Prints
from orchestration.manifest import Manifest, prepare_manifest
from orchestration.settings import PROJECT_ROOT

BASE, EVENTS = "model.strata.base_shop__order_lines", "model.strata.base_segment__events"
STAGED, SEGMENTS = "model.strata.stg_shop__order_lines", "model.strata.dim_segments"
STATUSES = "seed.strata.order_statuses"
LINES = "source.strata.shop.order_lines"
Edit = Callable[[dict], None]


@pytest.fixture(scope="module")
def parsed() -> dict:
    return prepare_manifest(settings_of(PARSED)).content


@pytest.fixture
def changed_by(parsed: dict, tmp_path: Path) -> Callable[[Edit], set[str]]:
    """Return a function that edits the project and tells which nodes follow from the edit."""

    def prints_of(content: dict, name: str) -> dict[str, str]:
        (tmp_path / name).write_text(json.dumps(content))
        return Prints(Manifest(tmp_path / name)).nodes

    def changed(edit: Edit) -> set[str]:
        edited = copy.deepcopy(parsed)
        edit(edited)
        before, after = prints_of(parsed, "before.json"), prints_of(edited, "after.json")
        assert before.keys() == after.keys() == parsed["nodes"].keys()
        return {node for node in before if before[node] != after[node]}

    return changed


def behind(parsed: dict, node: str) -> set[str]:
    """Return a node and all nodes that read it, directly or not."""
    found, waiting = {node}, [node]
    while waiting:
        for child in parsed["child_map"][waiting.pop()]:
            if child in parsed["nodes"] and child not in found:
                found.add(child)
                waiting.append(child)
    return found


def test_words_for_people_change_nothing(changed_by: Callable[[Edit], set[str]]) -> None:
    def describe(content: dict) -> None:
        for node in (*content["nodes"].values(), *content["sources"].values()):
            node["description"] = "said in other words"
            node["created_at"] = 0
            for column in node.get("columns", {}).values():
                column["description"] = "said in other words"

    assert changed_by(describe) == set()


def test_an_edited_model_changes_itself_and_what_reads_it(
    changed_by: Callable[[Edit], set[str]], parsed: dict
) -> None:
    def edit(content: dict) -> None:
        content["nodes"][STAGED]["raw_code"] += "\nlimit 1"

    changed = changed_by(edit)
    assert changed >= behind(parsed, STAGED)
    assert not changed & {BASE, EVENTS, STATUSES}


def test_an_edited_segment_changes_segments_and_no_typed_row(
    changed_by: Callable[[Edit], set[str]], parsed: dict
) -> None:
    def edit(content: dict) -> None:
        segments = content["nodes"][SEGMENTS]["config"]["meta"]["segments"]
        segments[next(iter(segments))]["owner"] = "somebody else"

    changed = changed_by(edit)
    assert changed >= behind(parsed, "model.strata.int_segments_declared")
    assert not {node for node in changed if "base_" in node or node.startswith("seed.")}


def test_an_edited_seed_changes_all_that_reads_it(
    changed_by: Callable[[Edit], set[str]], parsed: dict
) -> None:
    def edit(content: dict) -> None:
        content["nodes"][STATUSES]["checksum"]["checksum"] = "of other rows"

    changed = changed_by(edit)
    assert changed >= behind(parsed, STATUSES)
    assert EVENTS not in changed


def test_an_edited_source_changes_every_model_that_reads_what_sources_declare(
    changed_by: Callable[[Edit], set[str]], parsed: dict
) -> None:
    def edit(content: dict) -> None:
        del content["sources"][LINES]["columns"]["order_id"]

    bases = {node for node in parsed["nodes"] if node.startswith("model.strata.base_")}
    assert changed_by(edit) >= bases | {"model.strata.sources_declared"}


def test_a_checkout_that_moves_changes_nothing_and_an_edited_macro_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fingerprint(root: Path, *parts: str) -> str:
        for name, folder in (("PROJECT_ROOT", "."), ("DBT_PROJECT", "dbt_project"),
                             ("PROFILES", "profiles")):  # fmt: skip
            monkeypatch.setattr(manifest, name, root / folder)
        return manifest.project_fingerprint(*([parts] if parts else []))

    here, there = tmp_path / "here", tmp_path / "there"
    for folder in ("dbt_project", "profiles"):
        shutil.copytree(PROJECT_ROOT / folder, here / folder)
        shutil.copytree(PROJECT_ROOT / folder, there / folder)
    assert fingerprint(here) == fingerprint(there)
    (there / "dbt_project/models/staging/shop/base_shop__order_lines.sql").write_text("select 1")
    assert fingerprint(here) != fingerprint(there)
    assert fingerprint(here, "macros") == fingerprint(there, "macros")
    (there / "dbt_project/macros/is_paid.sql").write_text("")
    assert fingerprint(here, "macros") != fingerprint(there, "macros")


def test_the_graph_is_read_in_no_other_way_than_fingerprints_look_for(parsed: dict) -> None:
    for part in ("macros", "nodes"):
        for name, said in parsed[part].items():
            if said["package_name"] != "strata":
                continue
            text = re.sub(
                r"\{#.*?#\}", "", said.get("macro_sql") or said.get("raw_code"), flags=re.S
            )
            for use in re.findall(r"\bgraph\b\s*(\S*)", text):
                assert use.startswith(tuple(f".{known}" for known in GRAPH)), name
