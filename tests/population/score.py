"""What clusters are worth against the truth: precision and recall of pairs of records, and causes.

Belongs here: counting. Does not belong here: what counts as good enough (the tests, the bench).

A pair is two records. It is true where both are one person's, and folded where both are in one
cluster. It is findable where a chain of values that the records of that person state connects the
two; values that are blocked, or that more people hold than one person's values can be held by,
connect nothing. A pair belongs to the traps of either record.
"""

from dataclasses import dataclass

import duckdb

FOLDED = """
create or replace temp table folded as
select
    records.record_key,
    records.person,
    clustered.cluster_label
from landing.records as records
inner join intermediate.int_customer_records_clustered as clustered
    on records.record_key = clustered.record_key
where clustered.identifier_kind = 'record' and clustered.identifier_value = records.record_key
"""
# Values of which some rule says that they tell nothing of who somebody is.
TELLING = """
create or replace temp table telling as
with held as (
    select
        identifiers.*,
        folded.person,
        kinds.max_people
    from intermediate.int_customer_identifiers_unioned as identifiers
    inner join folded on identifiers.record_key = folded.record_key
    inner join seeds.identifier_kinds as kinds
        on identifiers.identifier_kind = kinds.identifier_kind
    left join intermediate.int_identifiers_counted as counted
        on
            identifiers.identifier_kind = counted.identifier_kind
            and identifiers.identifier_value = counted.identifier_value
    where counted.blocked_reason is null
)

select
    person,
    identifier_kind || ':' || identifier_value as identifier,
    list(record_key) as record_keys,
    any_value(max_people) as max_people
from held
group by person, identifier_kind, identifier_value
having count(*) > 1
"""
CROWDED = """
select identifiers.identifier_kind || ':' || identifiers.identifier_value
from intermediate.int_customer_identifiers_unioned as identifiers
inner join folded on identifiers.record_key = folded.record_key
inner join seeds.identifier_kinds as kinds
    on identifiers.identifier_kind = kinds.identifier_kind
where folded.person >= 0
group by identifiers.identifier_kind, identifiers.identifier_value
having count(distinct folded.person) > max(kinds.max_people)
"""
PAIRS = """
create or replace temp table pairs as
with candidates as (
    select one.record_key as one_key, other.record_key as other_key
    from folded as one
    inner join folded as other
        on one.person = other.person and one.record_key < other.record_key
    union
    select one.record_key as one_key, other.record_key as other_key
    from folded as one
    inner join folded as other
        on one.cluster_label = other.cluster_label and one.record_key < other.record_key
)

select
    candidates.*,
    one.person,
    other.person as other_person,
    one.person = other.person as is_true,
    one.cluster_label = other.cluster_label as is_folded,
    coalesce(one_part.part = other_part.part, false) and one.person = other.person as is_findable
from candidates
inner join folded as one on candidates.one_key = one.record_key
inner join folded as other on candidates.other_key = other.record_key
left join parts as one_part on candidates.one_key = one_part.record_key
left join parts as other_part on candidates.other_key = other_part.record_key
"""
TALLY = """
count(*) filter (is_true) as true_pairs,
count(*) filter (is_findable) as findable_pairs,
count(*) filter (is_folded) as folded_pairs,
count(*) filter (is_folded and is_true) as right_pairs,
count(*) filter (is_folded and is_findable) as found_pairs
"""
BY_TRAP = f"""
with trapped as (
    select pairs.*, traps.trap
    from pairs inner join landing.traps as traps on pairs.one_key = traps.record_key
    union
    select pairs.*, traps.trap
    from pairs inner join landing.traps as traps on pairs.other_key = traps.record_key
)

select trap, {TALLY} from trapped group by trap order by trap
"""
# Traps that make two people share a value; how a value is spelt makes nobody share it.
CAUSES = """
with telling_traps as (
    select record_key, trap
    from landing.traps
    where
        trap in (
            'family_phone', 'family_email', 'twins', 'father_and_son', 'shared_tablet',
            'recycled_number', 'small_office', 'switchboard', 'phone_blocked', 'email_blocked',
            'phone_masked', 'phone_damaged', 'email_masked', 'email_typo', 'nameless'
        )
),

wrong as (
    select
        least(person, other_person) as one_person,
        greatest(person, other_person) as other_person,
        one_key,
        other_key
    from pairs
    where is_folded and not is_true
),

shared as (
    select
        wrong.one_person,
        wrong.other_person,
        wrong.one_key,
        wrong.other_key,
        one.identifier_kind,
        one.identifier_value
    from wrong
    inner join intermediate.int_customer_identifiers_unioned as one
        on wrong.one_key = one.record_key
    inner join intermediate.int_customer_identifiers_unioned as other
        on
            wrong.other_key = other.record_key
            and one.identifier_kind = other.identifier_kind
            and one.identifier_value = other.identifier_value
),

trapped as (
    select shared.*, traps.trap
    from shared left join telling_traps as traps on shared.one_key = traps.record_key
    union
    select shared.*, traps.trap
    from shared left join telling_traps as traps on shared.other_key = traps.record_key
),

causes as (
    select
        one_person,
        other_person,
        coalesce(string_agg(distinct trap, '+' order by trap), 'no trap')
        || ' by ' || string_agg(distinct identifier_kind, '+' order by identifier_kind) as cause
    from trapped
    group by one_person, other_person
)

select
    coalesce(causes.cause, 'a chain over others') as cause,
    count(*) as merges
from (select distinct one_person, other_person from wrong) as merges
left join causes
    on
        merges.one_person = causes.one_person
        and merges.other_person = causes.other_person
group by all
order by merges desc, cause
"""


@dataclass(frozen=True)
class Tally:
    """Pairs of records: true ones, findable ones, folded ones, and those folded rightly."""

    true_pairs: int
    findable_pairs: int
    folded_pairs: int
    right_pairs: int
    found_pairs: int

    @property
    def precision(self) -> float:
        """Share of folded pairs that are true; 1 where none is folded."""
        return self.right_pairs / self.folded_pairs if self.folded_pairs else 1.0

    @property
    def recall(self) -> float:
        """Share of findable pairs that are folded; 1 where none is findable."""
        return self.found_pairs / self.findable_pairs if self.findable_pairs else 1.0

    @property
    def recall_of_all(self) -> float:
        """Share of true pairs that are folded; 1 where there is none."""
        return self.right_pairs / self.true_pairs if self.true_pairs else 1.0


@dataclass(frozen=True)
class Score:
    """What clusters are worth: overall, by trap, and wrong merges of two people by cause."""

    overall: Tally
    by_trap: dict[str, Tally]
    causes: dict[str, int]


def score(warehouse: duckdb.DuckDBPyConnection) -> Score:
    """Compare the clusters of a population with the truth; leaves the table `pairs` behind."""
    warehouse.execute(FOLDED)
    warehouse.execute(TELLING)
    find_parts(warehouse)
    warehouse.execute(PAIRS)
    overall = warehouse.execute(f"select {TALLY} from pairs").fetchone()
    by_trap = {trap: Tally(*rest) for trap, *rest in warehouse.execute(BY_TRAP).fetchall()}
    causes = dict(warehouse.execute(CAUSES).fetchall())
    return Score(Tally(*(overall or ())), by_trap, causes)


def find_parts(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Write the table `parts`: records that telling values of one person connect have one part."""
    parents: dict[str, str] = {}

    def root(key: str) -> str:
        while (parent := parents.setdefault(key, key)) != key:
            parents[key] = key = parents[parent]
        return key

    crowded = {value for (value,) in warehouse.execute(CROWDED).fetchall()}
    telling = warehouse.execute("select identifier, record_keys from telling").fetchall()
    for identifier, keys in telling:
        if identifier not in crowded:
            for key in keys[1:]:
                parents[root(key)] = root(keys[0])
    rows = [(key, root(key)) for key in list(parents)]
    warehouse.execute(
        "create or replace temp table parts as "
        "select unnest(cast(? as varchar[])) as record_key, unnest(cast(? as varchar[])) as part",
        [[key for key, _ in rows], [part for _, part in rows]],
    )


def table(found: Score) -> str:
    """The score as a table of text."""
    head = f"{'trap':22}{'true':>10}{'findable':>10}{'folded':>10}{'wrong':>8}"
    lines = [head + f"{'precision':>11}{'recall':>9}{'of all':>9}"]
    for trap, tally in {"overall": found.overall, **found.by_trap}.items():
        lines.append(
            f"{trap:22}{tally.true_pairs:10,}{tally.findable_pairs:10,}{tally.folded_pairs:10,}"
            f"{tally.folded_pairs - tally.right_pairs:8,}{tally.precision:11.5f}"
            f"{tally.recall:9.4f}{tally.recall_of_all:9.4f}"
        )
    lines.append(
        f"people merged wrongly, by cause ({sum(found.causes.values()):,} pairs of people)"
    )
    lines += [f"{merges:10,}  {cause}" for cause, merges in found.causes.items()]
    return "\n".join(lines)
