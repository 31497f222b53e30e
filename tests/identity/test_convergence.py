"""The dbt test that refuses a night whose chains of links were not followed to their ends."""

import pytest
from identity_desk import CLUSTERED, Compiled, IdentityDesk, Record, people_of, with_rounds

CHAIN = [
    Record(
        f"zoho:{n:03}",
        accounts=(("login", f"member:7{n:03}"), ("login", f"member:7{n + 1:03}")),
    )
    for n in range(100)
]


def unconverged(desk: IdentityDesk) -> list[str]:
    """Identifiers that the test finds fault with."""
    return sorted(row[1] for row in desk.rows(desk.compiled.converged))


def test_a_chain_of_a_hundred_links_is_followed_to_its_end(desk: IdentityDesk) -> None:
    assert len(people_of(desk, *CHAIN)) == 1
    assert unconverged(desk) == []


def test_a_chain_that_is_longer_than_the_rounds_shorten_is_found(compiled: Compiled) -> None:
    hasty = IdentityDesk(with_rounds(compiled, 1))
    assert len(people_of(hasty, *CHAIN)) > 1
    assert unconverged(hasty)
    # A chain that one round does shorten is none of them.
    assert len(people_of(hasty, *CHAIN[:2])) == 1
    assert unconverged(hasty) == []


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("guard", "'shared'", []),
        ("guard", "null", ["member:7001"]),
        ("identifier_kind", "'apart'", []),
    ],
)
def test_only_what_no_guard_stopped_and_links_at_all_is_found(
    desk: IdentityDesk, column: str, value: str, found: list[str]
) -> None:
    people_of(desk, *CHAIN[:2])
    desk.warehouse.execute(
        f"update intermediate.{CLUSTERED} set cluster_label = record_key, {column} = {value} "
        "where identifier_value = 'member:7001'"
    )
    assert unconverged(desk) == found
