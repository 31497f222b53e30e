"""What the rules by themselves are worth on a small population with traps, against the truth."""

import pytest
from identity_desk import Compiled, IdentityDesk
from population.draws import Chance
from population.people import GROUP_SHARES, draw_people
from population.records import write_records
from population.score import Score, score, table

# With this one, every trap is set in so few people.
PEOPLE, SEED = 3_000, 3
LEAST_RIGHT, LEAST_FOUND = 0.999, 0.97
# Nothing tells that a record without a name, which states the phone of the family, is not that of
# the one person who states it by name. Pairs of such records are all that is wrong.
LEAST_RIGHT_OF_ALL = 0.99
RIGHT_OF_NAMED = """
select avg(cast(pairs.is_true as integer)), count(*)
from pairs
inner join intermediate.int_customer_records_unioned as one on pairs.one_key = one.record_key
inner join intermediate.int_customer_records_unioned as other on pairs.other_key = other.record_key
where pairs.is_folded and one.name_key not like '_*' and other.name_key not like '_*'
"""


@pytest.fixture(scope="module")
def population(compiled: Compiled) -> IdentityDesk:
    """The population, folded on a first night."""
    chance = Chance(SEED)
    book = write_records(draw_people(PEOPLE, chance), chance)
    desk = IdentityDesk(compiled, is_small=False)
    desk.write(book.records, book.contacts, book.accounts)
    desk.refill("landing.traps", sorted(book.traps))
    desk.night()
    return desk


@pytest.fixture(scope="module")
def scored(population: IdentityDesk) -> Score:
    return score(population.warehouse)


def test_almost_no_records_of_two_people_who_state_names_are_made_one(
    population: IdentityDesk, scored: Score
) -> None:
    [(right, pairs)] = population.rows(RIGHT_OF_NAMED)
    assert pairs > PEOPLE / 2
    assert right >= LEAST_RIGHT, table(scored)


def test_few_records_of_two_people_are_made_one(scored: Score) -> None:
    assert scored.overall.folded_pairs > PEOPLE
    assert scored.overall.precision >= LEAST_RIGHT_OF_ALL, table(scored)


def test_almost_all_that_can_be_found_is_found(scored: Score) -> None:
    assert scored.overall.findable_pairs > PEOPLE
    assert scored.overall.recall >= LEAST_FOUND, table(scored)


def test_every_trap_of_shared_values_was_set(population: IdentityDesk) -> None:
    # Else the shares above would say nothing of it.
    assert set(GROUP_SHARES) <= set(population.column("select trap from landing.traps"))
