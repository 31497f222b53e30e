"""The rules of the dbt project: its unit tests on an empty warehouse, the seed of RFM cells, and
what holds of every history of tags."""

import csv
import datetime as dt
import json
from collections import Counter
from itertools import product

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_dbt import Dbt, opened
from tag_nights import GROUPED, MODELS, Interval, Statement, TagNights

from orchestration.settings import DBT_PROJECT

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


@pytest.fixture(scope="module")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """The dbt of a warehouse that holds every table, typed and without a row, and the seeds."""
    home = tmp_path_factory.mktemp("home")
    run, _, _ = opened(home, AS_OF)
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


# Two customers, two sellers, every tag; a day that is stated, or none.
STATEMENTS = tuple(
    (f"{customer}:{tag}:{seller}", customer, tag)
    for customer in ("c1", "c2")
    for tag in (*GROUPED, "b", "drafted")
    for seller in ("s1", "s2")
)


@st.composite
def tag_nights(draw: st.DrawFn) -> list[list[Statement]]:
    """Nights of statements, which sellers give, take back and give again at will."""
    stated = draw(st.lists(st.integers(0, 4), min_size=len(STATEMENTS), max_size=len(STATEMENTS)))
    days = [AS_OF - dt.timedelta(days=ago) if ago else None for ago in stated]
    pool = [(*statement, day) for statement, day in zip(STATEMENTS, days, strict=True)]
    nights = st.lists(st.sampled_from(pool), unique=True, max_size=6)
    return draw(st.lists(nights, min_size=2, max_size=6))


@pytest.fixture(scope="module")
def tag_models(dbt: Dbt) -> dict[str, str]:
    """The SQL of the models behind the history of tags, as of a later night."""
    done = dbt("compile", "--select", *MODELS)
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((dbt.target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {r["unique_id"].removeprefix("model.strata."): r["compiled_code"] for r in results}


def held(history: list[Interval], night: dt.date) -> set[tuple[str, str]]:
    """Customer and tag of the intervals that hold on a night."""
    return {
        (customer, tag) for customer, tag, start, end in history
        if start <= night and (end is None or end > night)
    }  # fmt: skip


@given(nights=tag_nights())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_history_of_tags_is_of_moves_without_overlap(
    tag_models: dict[str, str], nights: list[list[Statement]]
) -> None:
    tags = TagNights(tag_models, "warehouse")
    dates = [AS_OF + dt.timedelta(days=number) for number in range(len(nights))]
    assigned: dict[dt.date, set[tuple[str, str]]] = {}
    since: dict[str, dt.date] = {}
    for date, statements in zip(dates, nights, strict=True):
        tags.build(date, statements)
        since = {key: since.get(key, date) for key, *_ in statements}
        assigned[date] = tags.assigned()
        wanted = {(customer, tag) for _, customer, tag, _ in statements if tag in (*GROUPED, "b")}
        # Nothing is invented, and whoever is given a tag of a group has exactly one of it.
        assert assigned[date] <= wanted
        grouped = {customer for customer, tag in wanted if tag in GROUPED}
        found = Counter(customer for customer, tag in assigned[date] if tag in GROUPED)
        assert found == dict.fromkeys(grouped, 1)
        said = sorted((day or since[key], customer, tag) for key, customer, tag, day in statements
                      if tag in GROUPED)  # fmt: skip
        newest = {(customer, tag): day for day, customer, tag in said}
        latest = {customer: day for day, customer, _ in said}
        assert all(newest[pair] == latest[pair[0]] for pair in assigned[date] if pair[1] != "b")
        assert {p for p in wanted if p[1] == "b"} == {p for p in assigned[date] if p[1] == "b"}
    history = tags.history()
    assert {date: held(history, date) for date in dates} == assigned
    for (one, tag, _, end), (other, other_tag, start, _) in zip(history, history[1:], strict=False):
        # An interval that follows without a gap would be one that was cut in two.
        assert (one, tag) != (other, other_tag) or (end is not None and end < start)
    assert_moves(history, dates, assigned)
    tags.build(dates[-1], nights[-1])
    assert tags.history() == history


def assert_moves(
    history: list[Interval], dates: list[dt.date], assigned: dict[dt.date, set[tuple[str, str]]]
) -> None:
    """A move within the group closes one interval and opens another one, on the same night."""
    for before, after in zip(dates, dates[1:], strict=False):
        for customer in ("c1", "c2"):
            old, new = ({tag for who, tag in assigned[date] if who == customer and tag in GROUPED}
                        for date in (before, after))  # fmt: skip
            changes = [interval for interval in history if interval[:2] in
                       {(customer, tag) for tag in GROUPED}]  # fmt: skip
            closed = [tag for _, tag, _, end in changes if end == after]
            opened = [tag for _, tag, start, _ in changes if start == after]
            assert (closed, opened) == (sorted(old - new), sorted(new - old))
