"""Random nights: who states what on each, and what people decided by hand.

Belongs here: drawing histories, and telling one to a warehouse. Does not belong here: what has to
be true of them (test_histories.py).

Most histories have to be about somebody: values are few, so that records share them, and a crowd
that never changes stands beside them, so that not everybody is folded anew each night.
"""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st
from identity_desk import (
    CLUSTERED,
    Held,
    IdentityDesk,
    Override,
    Record,
    Row,
    accounts_of,
    clusters,
    contacts_of,
    records_of,
)

from orchestration import overrides as decided

Changes = Mapping[str, Record | None]
FIRST_NIGHT = dt.date(2026, 11, 1)
KEYS = ("zoho:a", "zoho:b", "fxiaoke:c", "shop:d", "shop:e", "youzan:f", "wecom:g", "loyalty:h",
        "segment:i", "segment:j")  # fmt: skip
KINDS = {"shop": "buyer", "youzan": "account", "wecom": "friend", "loyalty": "member",
         "segment": "device"}  # fmt: skip
NAMES = ("王伟", "王 伟先生", "李娜", "Wang Wei", "Li Na", "Robert Brown", "Robert Browm")
BIRTHS = (dt.date(1980, 1, 1), dt.date(1990, 5, 1))
# The last of each is blocked.
PHONES = ("13861742953", "+86 138-6174-2954", "+862165529988", "+862165529989", "13800138000")
EMAILS = ("li.na@gmail.com", "lina+shop@gmail.com", "wang@qq.com", "test@qq.com")
ACCOUNTS = (
    *((("unionid", value),) for value in ("u1", "u2", "u3", "unknown")),
    *((("login", value),) for value in ("member:7001", "member:7002", "member:0")),
    *((("device", value),) for value in ("segment:d1", "segment:d2")),
    (("record", "zoho:a"),),
)
CROWD = [
    Record(f"zoho:crowd{n:02}", name="赵敏", phones=(f"1396542{n // 2:02}71",)) for n in range(20)
]


@dataclass(frozen=True)
class Decision:
    """A decision to come; a side is a record, or the customer that the record belongs to then."""

    night: int
    action: str
    one: str
    other: str
    is_customer: bool
    is_other_customer: bool


@dataclass(frozen=True)
class History:
    """What changes on each night, and what is decided; hashable through its text."""

    nights: Sequence[Changes]
    decisions: Sequence[Decision]


@dataclass(frozen=True)
class Night:
    """One night as it was told: what went in, what it passed on, and what it said."""

    as_of: dt.date
    records: Sequence[Record]
    overrides: Sequence[Override]
    before: Held
    after: Held
    clusters: Mapping[str, str]
    rows: Mapping[str, frozenset[Row]]
    ids: Mapping[str, str]
    followed: Sequence[Row]
    touched: frozenset[str]
    uniques: Sequence[tuple[str, str, str]]
    merged: Sequence[tuple[str, str]]
    parted: Sequence[tuple[str, str, str]]


def statements(key: str) -> st.SearchStrategy[Record]:
    """Whatever the record may state."""
    kind = KINDS.get(key.split(":")[0], "contact")
    if kind == "device":
        devices = [account for account in ACCOUNTS if account[0][0] == "device"]
        return st.builds(
            Record, st.just(key), accounts=st.sampled_from(devices), kind=st.just(kind)
        )
    return st.builds(
        Record,
        key=st.just(key),
        name=st.none() | st.sampled_from(NAMES),
        born=st.none() | st.sampled_from(BIRTHS),
        phones=st.lists(st.sampled_from(PHONES), max_size=2, unique=True).map(tuple),
        emails=st.lists(st.sampled_from(EMAILS), max_size=1).map(tuple),
        accounts=st.just(()) | st.sampled_from(ACCOUNTS),
        kind=st.just(kind),
    )


def all_of(keys: Sequence[str]) -> st.SearchStrategy[Changes]:
    """A statement of each of these records."""
    return st.fixed_dictionaries({}, optional={key: statements(key) for key in keys})


def some_of(keys: Sequence[str]) -> st.SearchStrategy[Changes]:
    """A few records that state something else, come back or are gone."""
    change = st.sampled_from(keys).flatmap(
        lambda key: st.tuples(st.just(key), st.none() | statements(key))
    )
    return st.lists(change, max_size=4).map(dict)


DECISIONS = st.builds(
    Decision,
    night=st.integers(1, 3),
    action=st.sampled_from(decided.ACTIONS),
    one=st.sampled_from(KEYS),
    other=st.sampled_from(KEYS),
    is_customer=st.booleans(),
    is_other_customer=st.booleans(),
)
HISTORIES = st.builds(
    History,
    nights=st.builds(
        lambda first, later: [first, *later],
        all_of(KEYS),
        st.lists(some_of(KEYS), min_size=2, max_size=3),
    ),
    decisions=st.lists(DECISIONS, max_size=2),
)
# What few random histories hold: values that conflict, each kind of decision on people who share
# something, and somebody who is away for a night.
PINNED = History(
    nights=[
        {
            "zoho:a": Record("zoho:a", phones=PHONES[:1], accounts=ACCOUNTS[0]),
            "wecom:g": Record("wecom:g", phones=PHONES[:1], accounts=ACCOUNTS[1], kind="friend"),
            "zoho:b": Record("zoho:b", name=NAMES[0], emails=EMAILS[2:3]),
            "fxiaoke:c": Record("fxiaoke:c", name=NAMES[0], emails=EMAILS[2:3]),
            "shop:d": Record("shop:d", phones=PHONES[1:2], kind="buyer"),
            "shop:e": Record("shop:e", phones=PHONES[1:2], kind="buyer"),
        },
        {"shop:d": None},
        {"shop:d": Record("shop:d", kind="buyer")},
        {"youzan:f": Record("youzan:f", emails=EMAILS[2:3], kind="account")},
    ],
    decisions=[
        Decision(1, "keep_apart", "zoho:b", "fxiaoke:c", False, False),
        Decision(1, "merge", "zoho:a", "wecom:g", True, True),
        Decision(3, "split", "zoho:a", "wecom:g", True, False),
    ],
)


def tell(desk: IdentityDesk, history: History) -> list[Night]:
    """Build the nights one after another, each on what the one before passed on."""
    desk.hold()
    told: list[Night] = []
    stated: dict[str, Record] = {record.key: record for record in CROWD}
    overrides: list[Override] = []
    for number, changes in enumerate(history.nights):
        as_of = FIRST_NIGHT + dt.timedelta(days=number)
        stated |= {key: record for key, record in changes.items() if record}
        stated = {key: r for key, r in stated.items() if changes.get(key, r) is not None}
        ids = told[-1].ids if told else {}
        overrides = [*overrides, *taken(history.decisions, number, as_of, ids, overrides)]
        before = desk.held()
        desk.state(stated.values())
        desk.decide(overrides)
        desk.night(as_of)
        told.append(seen(desk, as_of, list(stated.values()), overrides, before))
    return told


def taken(
    decisions: Sequence[Decision], night: int, as_of: dt.date, ids: Mapping[str, str],
    before: Sequence[Override],
) -> Iterator[Override]:  # fmt: skip
    """What is decided on a night, as far as a night would follow it."""
    followed = list(before)
    for decision in decisions:
        if decision.night != night or not {decision.one, decision.other} <= ids.keys():
            continue
        one = ids[decision.one] if decision.is_customer else decision.one
        is_customer = decision.is_other_customer and decision.action != "split"
        other = ids[decision.other] if is_customer else decision.other
        override = Override(as_of, decision.action, one, other)
        if override not in followed and can_be_followed([*followed, override]):
            followed.append(override)
            yield override


def can_be_followed(overrides: Sequence[Override]) -> bool:
    """Whether a night would start with these decisions."""
    rows = [
        decided.Override(row, o.decided_date.isoformat(), *o[1:], "they said so", "tests")
        for row, o in enumerate(overrides, 2)
    ]
    return not [*decided.misplaced(rows), *decided.contradictions(rows)]


def seen(
    desk: IdentityDesk, as_of: dt.date, records: Sequence[Record],
    overrides: Sequence[Override], before: Held,
) -> Night:  # fmt: skip
    """What a night that was just built says."""
    rows: dict[str, set[Row]] = {}
    for row in desk.rows(f"select record_key, * from intermediate.{CLUSTERED}"):
        rows.setdefault(row[0], set()).add(row[1:])
    return Night(
        as_of, records, overrides, before, desk.held(), clusters(desk),
        {key: frozenset(found) for key, found in rows.items()},
        dict(desk.rows(
            "select record_key, customer_id from intermediate.int_customer_records_identified"
        )),
        desk.rows(
            "select customer_id, current_customer_id, state, superseded_date "
            "from intermediate.int_customer_ids_followed"
        ),
        frozenset(desk.column("select record_key from intermediate.int_records_touched")),
        desk.rows(
            "select identifiers.record_key, identifier_kind, identifier_value "
            "from intermediate.int_customer_identifiers_unioned as identifiers "
            "inner join seeds.identifier_kinds as kinds using (identifier_kind) "
            "left join intermediate.int_identifiers_counted as counted "
            "using (identifier_kind, identifier_value) "
            "where kinds.is_unique and counted.guard is null"
        ),
        desk.rows("select override_key, record_key from intermediate.int_records_merged"),
        desk.rows("select override_key, side, record_key from intermediate.int_records_parted"),
    )  # fmt: skip


def told_again(desk: IdentityDesk, night: Night, chance: random.Random) -> Night:
    """The same night with its rows in another order and in other batches."""
    desk.decide(sorted(night.overrides, key=lambda _: chance.random()))
    whole = [rows(night.records) for rows in (records_of, contacts_of, accounts_of)]
    desk.write(*[chance.sample(rows, len(rows)) for rows in whole])
    desk.night(night.as_of)
    return seen(desk, night.as_of, night.records, night.overrides, night.before)
