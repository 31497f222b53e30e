"""`strata explain` says of a published customer what the published tables say."""

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.building import connect_warehouse
from orchestration.cli import main
from orchestration.segments.evaluate import PROFILE, member_sql
from orchestration.segments.explain import CustomerError, explain, published_entries


@pytest.fixture(scope="module")
def warehouse(two_nights: Path) -> duckdb.DuckDBPyConnection:
    return connect_warehouse(two_nights / "current/warehouse.duckdb", read_only=True)


def test_every_segment_has_the_members_that_its_inlined_rule_selects(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    entries = published_entries(warehouse)
    assert any(entry.exclusions for entry in entries.values())
    assert any(entry.consent for entry in entries.values())
    for segment_id in entries:
        selected = warehouse.execute(
            f"select customer_id from {PROFILE} where {member_sql(segment_id, entries)}"
        ).fetchall()
        members = warehouse.execute(
            "select customer_id from marts.segment_members where segment_id = ?", [segment_id]
        ).fetchall()
        assert sorted(selected) == sorted(members), segment_id


def test_an_explanation_says_what_members_and_reasons_say(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    people = warehouse.execute(f"select customer_id from {PROFILE} order by 1 limit 12").fetchall()
    for (who,) in people:
        explained = {one.segment_id: one for one in explain(warehouse, who)}
        members = {name for name, one in explained.items() if one.is_member}
        assert members == {name for (name,) in warehouse.execute(
            "select segment_id from marts.segment_members where customer_id = ?", [who]
        ).fetchall()}  # fmt: skip
        reasons = warehouse.execute(
            "select segment_id, condition_number, is_met from marts.segment_reasons "
            "where customer_id = ?", [who],
        ).fetchall()  # fmt: skip
        assert reasons
        for segment_id, number, is_met in reasons:
            assert explained[segment_id].conditions[number - 1].is_met == is_met
        near = {name for name, one in explained.items()
                if len(one.lacking) == 1 and len(one.conditions) > 1}  # fmt: skip
        assert {segment_id for segment_id, *_ in reasons} == members | near


def test_the_command_says_value_limit_and_what_would_change(
    warehouse: duckdb.DuckDBPyConnection, two_nights: Path
) -> None:
    found = warehouse.execute(
        f"select customer_id from {PROFILE} where lifecycle_stage = 'silent' order by 1"
    ).fetchone()
    assert found
    run = CliRunner().invoke(
        main, ["explain", "--customer", found[0]], env={"STRATA_HOME": str(two_nights)}
    )
    assert run.exit_code == 0, run.output
    assert "member   silent_90d_wakeup  沉默唤醒客户" in run.output
    assert "yes lifecycle_stage = 'silent'  (lifecycle_stage = silent)" in run.output
    assert "enters once lifecycle_stage = 'churned'" in run.output
    one = CliRunner().invoke(
        main, ["explain", "--customer", found[0], "--segment", "no_such_sales"],
        env={"STRATA_HOME": str(two_nights)},
    )  # fmt: skip
    assert one.exit_code == 2
    assert "there are active_90d_sales" in one.output


def test_who_is_not_published_is_said_to_be_so(
    warehouse: duckdb.DuckDBPyConnection, two_nights: Path
) -> None:
    with pytest.raises(CustomerError, match="was ever published"):
        explain(warehouse, "nobody")
    run = CliRunner().invoke(
        main, ["explain", "--customer", "nobody"], env={"STRATA_HOME": str(two_nights)}
    )
    assert run.exit_code == 2
