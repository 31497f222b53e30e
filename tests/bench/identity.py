"""Whether the identity rules fold rightly: precision and recall against people who were made up.

Belongs here: populations and the printed score. Does not belong here: the population itself, and
how it is scored (population/), or what folding costs (identity_scale.py).
"""

import sys
from pathlib import Path

from population.draws import Chance
from population.people import draw_people
from population.project import LAST, IdentityProject
from population.records import write_records
from population.score import TALLY, Score, Tally, score, table

PEOPLE = 200_000
SEED = 7
# Of the shares of people in groups that are easily taken for one another.
HOSTILITIES = {"ordinary": 1.0, "hostile": 3.0}
GOAL_PRECISION, GOAL_RECALL = 0.999, 0.97
# Nothing tells that a record without a name, which states the phone of the family, is not that of
# the one person who states it by name.
NAMED = f"""
select {TALLY}
from pairs
inner join intermediate.int_customer_records_unioned as one on pairs.one_key = one.record_key
inner join intermediate.int_customer_records_unioned as other on pairs.other_key = other.record_key
where one.name_key not like '_*' and other.name_key not like '_*'
"""


def bench_population(folder: Path, people: int = PEOPLE) -> None:
    """Fold an ordinary and a hostile population, and print what came of each by trap."""
    folder.mkdir()
    for name, hostility in HOSTILITIES.items():
        found, named = fold(folder / name, people, hostility)
        overall = found.overall
        sys.stdout.write(
            f"{people:,} people, {name}: precision {overall.precision:.5f}, aim "
            f"{GOAL_PRECISION}; recall {overall.recall:.4f}, aim {GOAL_RECALL}; precision of "
            f"{named.folded_pairs:,} pairs in which both state a name {named.precision:.5f}\n"
            f"{table(found)}\n"
        )
        sys.stdout.flush()


def fold(folder: Path, people: int, hostility: float) -> tuple[Score, Tally]:
    """Draw a population, fold it with the rules alone, and score all pairs and named ones."""
    chance = Chance(SEED)
    book = write_records(draw_people(people, chance, hostility), chance)
    folder.mkdir()
    project = IdentityProject(folder)
    project.write()
    project.fill(book)
    project.dbt("seed")
    project.dbt("run", "--select", LAST)
    with project.connect() as warehouse:
        found = score(warehouse)
        return found, Tally(*warehouse.execute(NAMED).fetchall()[0])
