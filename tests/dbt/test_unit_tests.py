"""The rules of the dbt project: its unit tests on an empty warehouse, and the seed of RFM cells."""

import csv
import datetime as dt
import json
import os
import subprocess
import sys
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
import yaml

from orchestration.building import Build, open_build
from orchestration.landing.sources import load_sources
from orchestration.manifest import prepare_manifest
from orchestration.settings import DBT_PROJECT, PROFILES, load_settings

AS_OF = dt.date(2026, 11, 21)
# The published list: every cell exactly once.
CELLS = {
    "champions": "555 554 544 545 454 455 445",
    "loyal": "543 444 435 355 354 345 344 335",
    "potential_loyalist": (
        "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 "
        "333 323"
    ),
    "new_customers": "512 511 422 421 412 411 311",
    "promising": "525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313",
    "need_attention": "535 534 443 434 343 334 325 324",
    "about_to_sleep": "331 321 312 221 213 231 241 251",
    "at_risk": (
        "255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124"
    ),
    "cannot_lose": "155 154 144 214 215 115 114 113",
    "hibernating": "332 322 233 232 223 222 132 123 122 212 211",
    "lost": "111 112 121 131 141 151",
}


def seed(name: str) -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_rfm_cell_has_exactly_one_segment() -> None:
    cells = [row["rfm_cell"] for row in seed("rfm_cells")]
    assert sorted(cells) == ["".join(scores) for scores in product("12345", repeat=3)]


def test_the_rfm_cells_are_the_published_ones() -> None:
    published = {cell: segment for segment, cells in CELLS.items() for cell in cells.split()}
    assert {row["rfm_cell"]: row["rfm_segment"] for row in seed("rfm_cells")} == published


def test_the_eleven_segments_hold_as_many_cells_as_published() -> None:
    counts = Counter(row["rfm_segment"] for row in seed("rfm_cells"))
    assert counts == {
        "champions": 7, "loyal": 8, "potential_loyalist": 24, "new_customers": 7, "promising": 16,
        "need_attention": 8, "about_to_sleep": 8, "at_risk": 22, "cannot_lose": 8,
        "hibernating": 11, "lost": 6,
    }  # fmt: skip


def declared_unit_tests() -> set[str]:
    """Names of the unit tests in every YAML file of the models, `model.name`."""
    files = (yaml.safe_load(path.read_bytes()) for path in (DBT_PROJECT / "models").rglob("*.yml"))
    declared = [test for content in files for test in content.get("unit_tests", [])]
    return {f"{test['model']}.{test['name']}" for test in declared}


class Dbt:
    """Plain dbt of this environment, on a scratch home and with a target folder of its own."""

    def __init__(self, home: Path, target: Path) -> None:
        self.target = target
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "STRATA_"))}
        self.environment = inherited | {"STRATA_HOME": str(home)}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [
            str(Path(sys.executable).parent / "dbt"), "--quiet", "--no-use-colors", *arguments,
            "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(PROFILES), "--target", "dev",
            "--target-path", str(self.target), "--log-path", str(self.target / "logs"),
        ]  # fmt: skip
        return subprocess.run(
            command, env=self.environment, cwd=DBT_PROJECT, capture_output=True, text=True,
            check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """The dbt of a warehouse that holds every table, typed and without a row, and the seeds."""
    home = tmp_path_factory.mktemp("home")
    settings = load_settings({"STRATA_HOME": str(home)})
    manifest = prepare_manifest(settings)
    build = Build(folder=home / "dev", as_of=AS_OF, run_id="unittest")
    open_build(settings, build, None, load_sources(manifest.path))
    # The parse of prepare_manifest lies in the target folder already.
    run = Dbt(home, manifest.path.parent)
    done = run("build", "--resource-type", "seed", "--resource-type", "model")
    assert done.returncode == 0, done.stdout + done.stderr
    return run


def test_all_dbt_unit_tests_pass(dbt: Dbt) -> None:
    done = dbt("test", "--select", "test_type:unit")
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((dbt.target / "run_results.json").read_text(encoding="utf-8"))["results"]
    passed = {r["unique_id"].removeprefix("unit_test.strata.") for r in results}
    assert {r["status"] for r in results} == {"pass"}
    assert passed >= declared_unit_tests()
    assert len(results) >= len(declared_unit_tests()) > 0
