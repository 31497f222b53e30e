"""Finding one person by anything that names them.

Belongs here: from an identifier to the records of one customer, and from these to everything that
tells rows and texts about that person. Does not belong here: looking for rows (landed.py), and
doing anything to them. Nothing of it is ever printed or logged.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from orchestration.landing.marks import LONG_ID, VALUE, marks_of_value

# Shorter texts stand in too many other things to be looked for letter by letter.
SHORTEST_LITERAL = 8
MAINLAND = "+86"
# Identifier kinds whose value stands behind the system that gave it.
PREFIXED = ("device", "login")

# Every record that was ever given to a customer, with the customer who has it now. One that is away
# may have left its id to others, and is theirs all the same.
RECORDS = """
    select record_key, customer_id
    from intermediate.int_customer_ids_logged
    where customer_id is not null
        or record_key in (select record_key from intermediate.int_customer_records_unioned)
    qualify row_number() over (partition by record_key order by as_of_date desc) = 1
"""
CONTACTS = """
    select record_key, 'phone:' || phone as mark
    from intermediate.int_customer_contacts_unioned where phone is not null
    union
    select record_key, 'email:' || email
    from intermediate.int_customer_contacts_unioned where email is not null
"""
IDENTIFIERS = """
    select record_key, identifier_kind, identifier_value
    from intermediate.int_customer_identifiers_unioned
    where identifier_kind not in ('record', 'merge', 'apart', 'landline')
"""


UNPUBLISHED = "nothing is published yet, so nobody is known; run strata night first"
UNKNOWN = (
    "nobody is known by this identifier; give a phone, an e-mail, a customer_id, or system:id of a "
    "record, as the system spells it"
)


class PersonError(RuntimeError):
    """Nobody, or more than one person, is meant. The message says how to say it."""


@dataclass(frozen=True)
class Person:
    """Everything by which a person is recognized; in memory only.

    `marks` are those of landed rows (see landing/marks.py), `literals` texts that name the person
    wherever they stand. Whoever is in no customer has no `customer_id`; `former_ids` are those of
    customers who became this one.
    """

    customer_id: str | None
    record_keys: tuple[str, ...]
    marks: frozenset[str]
    literals: tuple[str, ...] = field(repr=False)
    former_ids: tuple[str, ...] = ()

    @property
    def pattern(self) -> str:
        """A regular expression, for RE2 and Python, that finds any of the literals in a text."""
        parts = [_literal(text) for text in sorted(self.literals)]
        return f"(?i)(?:{'|'.join(parts)})"


def _literal(text: str) -> str:
    escaped = re.escape(text)
    return rf"(?:^|[^0-9])(?:[+]|00)?(?:86)?{escaped}(?:[^0-9]|$)" if text.isdigit() else escaped


def find_person(warehouse: duckdb.DuckDBPyConnection, identifier: str) -> Person:
    """Return whom `identifier` names: a phone or e-mail in any spelling, or an id of any system.

    Raises:
        PersonError: several customers carry it.

    """
    given = marks_of_value(warehouse, identifier)
    named = _records_of(warehouse, identifier.strip(), given)
    customers = sorted({customer for _, customer in named if customer})
    if len(customers) > 1:
        raise PersonError(
            f"{len(customers)} customers carry this identifier; say which one is meant by one of "
            f"these: {', '.join(customers)}"
        )
    if not customers:
        keys = tuple(sorted(key for key, _ in named))
        return _person(warehouse, None, keys, given)
    query = f"select record_key from ({RECORDS}) where customer_id = ? order by 1"
    keys = tuple(str(key) for (key,) in warehouse.execute(query, customers).fetchall())
    return _person(warehouse, customers[0], keys, given)


def _records_of(
    warehouse: duckdb.DuckDBPyConnection, identifier: str, given: Sequence[str]
) -> list[tuple[str, str | None]]:
    query = f"""
        with named as (
            select record_key from ({CONTACTS}) where list_contains($given, mark)
            union
            select record_key from ({IDENTIFIERS})
            where identifier_value = $text
                or (identifier_kind in {PREFIXED}
                    and substr(identifier_value, strpos(identifier_value, ':') + 1) = $text)
                or list_contains($given, identifier_kind || ':' || identifier_value)
            union
            select record_key from intermediate.int_customer_records_unioned
            where record_key = $text or source_customer_id = $text
                or source_system || ':' || source_customer_id = $text
            union
            select record_key from ({RECORDS}) where customer_id = $text or record_key = $text
        )
        select named.record_key, records.customer_id
        from named left join ({RECORDS}) as records on named.record_key = records.record_key
        order by 1
    """
    found = warehouse.execute(query, {"given": list(given), "text": identifier})
    return [(str(key), customer) for key, customer in found.fetchall()]


def _person(
    warehouse: duckdb.DuckDBPyConnection,
    customer_id: str | None,
    keys: tuple[str, ...],
    given: Sequence[str],
) -> Person:
    if not keys:
        return Person(None, (), frozenset(given), _literals((), given))
    carried = {mark for key in keys for mark in _marks_of_key(warehouse, key)}
    others = _carried(warehouse, keys, is_other=True)
    marks = carried | _carried(warehouse, keys, is_other=False)
    # What others carry as well tells nobody apart: their rows must stay.
    kept = frozenset(marks - others)
    former = _former_ids(warehouse, keys, customer_id)
    ids = (*former, customer_id) if customer_id else former
    return Person(customer_id, keys, kept, _literals((*keys, *ids), kept), former)


def _former_ids(
    warehouse: duckdb.DuckDBPyConnection, keys: Sequence[str], customer_id: str | None
) -> tuple[str, ...]:
    """Return ids that these records had before, unless another record has them now."""
    query = f"""
        select distinct customer_id from intermediate.int_customer_ids_logged
        where list_contains($keys, record_key) and customer_id is distinct from $id
            and customer_id is not null
            and customer_id not in (select coalesce(customer_id, '') from ({RECORDS}))
        order by 1
    """
    found = warehouse.execute(query, {"keys": list(keys), "id": customer_id}).fetchall()
    return tuple(str(former) for (former,) in found)


def _marks_of_key(warehouse: duckdb.DuckDBPyConnection, record_key: str) -> set[str]:
    """Return the marks of a record key, `<system>:<id>` or `<system>.<kind>:<id>`."""
    place, _, own_id = record_key.partition(":")
    system = place.partition(".")[0]
    return {f"{VALUE}:{system}:{own_id}", *marks_of_value(warehouse, own_id)}


def _carried(
    warehouse: duckdb.DuckDBPyConnection, keys: Sequence[str], *, is_other: bool
) -> set[str]:
    """Return the marks that records with these keys carry, or those of everybody else."""
    chosen = (
        "not list_contains($keys, record_key)" if is_other else "list_contains($keys, record_key)"
    )
    query = f"""
        with own as (
            select mark from ({CONTACTS}) where list_contains($keys, record_key)
        ),
        own_values as (
            select identifier_kind, identifier_value from ({IDENTIFIERS})
            where list_contains($keys, record_key)
        )
        select distinct mark from ({CONTACTS}) semi join own using (mark) where {chosen}
        union
        select distinct case
            when identifier_kind in ('phone', 'email')
                then identifier_kind || ':' || identifier_value
            when identifier_kind in {PREFIXED} then '{VALUE}:' || identifier_value
            else '{VALUE}::' || identifier_value
        end
        from ({IDENTIFIERS}) semi join own_values using (identifier_kind, identifier_value)
        where {chosen}
    """
    return {str(mark) for (mark,) in warehouse.execute(query, {"keys": list(keys)}).fetchall()}


def _literals(keys: Sequence[str], marks: Sequence[str] | frozenset[str]) -> tuple[str, ...]:
    """Return the texts of keys and marks that are long enough to be looked for as they are."""
    texts = set(keys)
    for mark in marks:
        kind, _, value = mark.partition(":")
        if kind == VALUE:
            value = value.partition(":")[2]
            if len(value) < LONG_ID and value.isdigit():
                continue  # a number of some system; another system counts with it too
        texts.add(value.removeprefix(MAINLAND) if kind == "phone" else value)
    return tuple(sorted(text for text in texts if len(text) >= SHORTEST_LITERAL))
