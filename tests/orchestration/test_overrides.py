"""Decisions of people about customers are looked at before dbt starts; a bad one is named."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from homes import LAST_NIGHT, publish_night, settings_of

from orchestration import overrides

HEADER = "decided_date,action,customer_id,other_id,reason,decided_by"
TODAY = dt.date(2026, 3, 31)
Seed = Callable[..., None]


@pytest.fixture
def seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Seed:
    """Return a function that puts rows in place of the seed."""

    def write(*rows: str, header: str = HEADER) -> None:
        path = tmp_path / "identity_overrides.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        monkeypatch.setattr(overrides, "SEED", path)

    return write


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A generation that published the customers a, b and c."""
    folder = tmp_path / "generation"
    folder.mkdir()
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_customer_ids_logged as "
            "from (values (date '2026-03-01', 'zoho:1', 'a'), (date '2026-03-01', 'zoho:2', 'b'), "
            "(date '2026-03-01', 'zoho:3', 'c')) as log(as_of_date, record_key, customer_id)"
        )
    return folder


def test_the_seed_that_is_shipped_decides_nothing() -> None:
    assert overrides.read_overrides(overrides.SEED) == ()
    assert overrides.refusals(TODAY, None) == []


def test_decisions_about_published_customers_and_records_are_followed(
    seed: Seed, base: Path
) -> None:
    seed(
        "2026-03-02,merge,a,b,same person at the till,Ann",
        "2026-03-03,split,a,zoho:2,other person after all,Ann",
        "2026-03-04,keep_apart,a,c,twins,Ann",
    )
    assert overrides.refusals(TODAY, base) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-03-02,merge,a,nobody,because,Ann", "row 2: other_id 'nobody' is no customer id"),
        ("2026-03-02,merge,zoho:9,a,because,Ann", "row 2: customer_id 'zoho:9' is no customer id"),
        ("2026-03-02,fold,a,b,because,Ann", "row 2: action 'fold' is none of merge, split"),
        ("02.03.2026,merge,a,b,because,Ann", "row 2: decided_date '02.03.2026' is no date"),
        ("2026-03-02,merge,a,b,,Ann", "row 2: reason is empty"),
        ("2026-03-02,merge,a,b", "row 2: reason is empty"),
        ("2026-03-02,merge,a,a,because,Ann", "row 2: customer_id and other_id are the same"),
    ],
)
def test_a_decision_that_cannot_be_followed_is_refused_by_row_and_column(
    seed: Seed, base: Path, row: str, said: str
) -> None:
    seed(row)
    assert said in overrides.refusals(TODAY, base)[0]


def test_a_cycle_of_merges_is_refused_with_its_rows(seed: Seed, base: Path) -> None:
    seed(
        "2026-03-02,merge,a,b,because,Ann",
        "2026-03-02,keep_apart,a,zoho:3,twins,Ann",
        "2026-03-05,merge,b,c,because,Ann",
        "2026-03-06,merge,c,a,because,Ann",
    )
    (said,) = overrides.refusals(TODAY, base)
    assert "rows 2, 4, 5: the merges go round in a circle" in said


def test_merging_two_that_are_kept_apart_is_refused(seed: Seed, base: Path) -> None:
    seed("2026-03-02,merge,a,b,because,Ann", "2026-03-02,keep_apart,b,a,twins,Ann")
    assert "row 2: another row keeps the same two apart" in overrides.refusals(TODAY, base)[0]


def test_a_decision_of_tomorrow_may_name_a_customer_of_tomorrow(seed: Seed, base: Path) -> None:
    seed("2026-04-01,merge,a,not yet known,because,Ann")
    assert overrides.refusals(TODAY, base) == []
    assert overrides.refusals(dt.date(2026, 4, 1), base) != []


def test_columns_that_were_renamed_are_refused(seed: Seed, base: Path) -> None:
    seed("2026-03-02,merge,a,b,because,Ann", header=HEADER.replace("other_id", "other"))
    assert "row 1: the columns are decided_date, action" in overrides.refusals(TODAY, base)[0]


def test_a_list_that_is_wrong_throughout_is_cut_short(seed: Seed, base: Path) -> None:
    seed(*["2026-03-02,merge,x,y,because,Ann"] * overrides.SHOWN)
    said = overrides.refusals(TODAY, base)
    assert len(said) == overrides.SHOWN + 1
    assert said[-1].startswith(f"and {overrides.SHOWN} more")


def test_a_night_with_a_bad_decision_is_refused_and_nothing_changes(
    home: Path, seed: Seed, fingerprint: Callable[[Path], dict[str, bytes]]
) -> None:
    seed("2026-03-02,merge,nobody,no one,because,Ann")
    before = fingerprint(home)
    record = publish_night(settings_of(home), LAST_NIGHT)
    assert record["outcome"] == "refused"
    assert "row 2: customer_id 'nobody' is no customer id" in record["reasons"][0]
    assert fingerprint(home) == before
