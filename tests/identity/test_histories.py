"""What is true of identity over any nights: each test draws histories and tells them.

All tests draw the same histories, so that each is told once.
"""

import random
from collections.abc import Callable

import pytest
from histories import HISTORIES, PINNED, History, Night, tell, told_again
from hypothesis import HealthCheck, Phase, example, given, seed, settings
from identity_desk import (
    CLUSTERED,
    LOGGED,
    Compiled,
    IdentityDesk,
    Record,
    clusters,
    groups,
    with_rounds,
)

from orchestration.privacy.person import RECORDS

Tell = Callable[[History], list[Night]]
TOLD = settings(
    max_examples=10,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def desk(compiled: Compiled) -> IdentityDesk:
    """A warehouse for chains as short as those of histories."""
    return IdentityDesk(with_rounds(compiled, 3))


@pytest.fixture(scope="module")
def told(desk: IdentityDesk) -> Tell:
    """Tells a history, once."""
    kept: dict[str, list[Night]] = {}

    def told(history: History) -> list[Night]:
        text = repr(history)
        if text not in kept:
            kept[text] = tell(desk, history)
        return kept[text]

    return told


def histories(test: Callable[..., None]) -> Callable[..., None]:
    """Let the test see every history."""
    return seed(1)(TOLD(example(history=PINNED)(given(history=HISTORIES)(test))))


@histories
def test_other_orders_and_batches_of_the_rows_give_the_same_ids_and_clusters(
    desk: IdentityDesk, told: Tell, history: History
) -> None:
    nights = told(history)
    chance = random.Random(1)  # noqa: S311  # an order is no secret
    desk.hold()
    for night in nights:
        again = told_again(desk, night, chance)
        assert again.rows == night.rows
        assert again.ids == night.ids
        assert sorted(again.followed, key=str) == sorted(night.followed, key=str)


@histories
def test_a_night_that_is_built_again_on_itself_says_the_same(
    desk: IdentityDesk, told: Tell, history: History
) -> None:
    night = told(history)[-1]
    desk.hold(night.after)
    again = told_again(desk, night, random.Random(2))  # noqa: S311
    assert again.clusters == night.clusters
    assert again.ids == night.ids
    assert sorted(again.after[LOGGED], key=str) == sorted(night.after[LOGGED], key=str)


@histories
def test_folding_only_touched_records_gives_what_folding_everybody_gives(
    desk: IdentityDesk, told: Tell, history: History
) -> None:
    for night in told(history)[1:]:
        desk.hold({LOGGED: night.before[LOGGED]})
        desk.state(night.records)
        desk.decide(night.overrides)
        desk.night(night.as_of, last=CLUSTERED)
        assert groups(clusters(desk)) == groups(night.clusters)


@histories
def test_records_that_are_not_touched_keep_their_rows_and_ids(told: Tell, history: History) -> None:
    nights = told(history)
    for before, night in zip(nights, nights[1:], strict=False):
        for key in {record.key for record in night.records} - night.touched:
            assert night.rows.get(key) == before.rows[key]
            assert night.ids.get(key) == before.ids.get(key)


@histories
def test_a_night_reaches_only_records_that_a_chain_of_values_connects_with_a_change(
    told: Tell, history: History
) -> None:
    nights = told(history)
    for before, night in zip(nights, nights[1:], strict=False):
        changed = {
            record.key
            for record in {*before.records, *night.records}
            if (record in before.records) != (record in night.records)
        }
        # Where decisions change, so do identifiers.
        if len(changed) * 2 <= len(night.records) and before.overrides == night.overrides:
            assert not any("crowd" in key for key in night.touched)
        if not changed and before.overrides == night.overrides:
            assert not night.touched


@histories
def test_everybody_has_one_id_and_no_two_people_have_the_same(told: Tell, history: History) -> None:
    for night in told(history):
        assert groups(night.ids) == {
            keys for keys in groups(night.clusters) if keys & night.ids.keys()
        }
        assert {r.key for r in night.records if r.kind != "device"} <= night.ids.keys()


@histories
def test_an_id_goes_only_to_people_who_had_it_and_never_comes_back(
    told: Tell, history: History
) -> None:
    merged: set[str] = set()
    latest: dict[str, str] = {}
    before: dict[str, str] = {}
    for night in told(history):
        tonight = dict(night.ids)
        for customer_id in {*tonight.values()} & {*latest.values()}:
            # Of those who had it last night, if any did; else of those who had it when they left.
            had = before if customer_id in before.values() else latest
            assert {(k, i) for k, i in tonight.items() if i == customer_id} & had.items()
        assert not merged & {*tonight.values()}
        merged |= {customer_id for customer_id, _, state, _ in night.followed if state == "merged"}
        latest |= tonight
        before = tonight


@histories
def test_every_id_ever_given_leads_to_one_id_of_today_or_is_gone(
    told: Tell, history: History
) -> None:
    given: set[str] = set()
    for night in told(history):
        current = set(night.ids.values())
        given |= current
        assert sorted(row[0] for row in night.followed) == sorted(given)
        for customer_id, current_id, state, _ in night.followed:
            assert (state == "gone") == (current_id is None)
            assert (state == "current") == (current_id == customer_id) == (customer_id in current)
            assert current_id is None or current_id in current


@histories
def test_no_person_has_two_unionids_that_nobody_merged_by_hand(
    told: Tell, history: History
) -> None:
    for night in told(history):
        by_hand = merged_by_hand(night)
        for keys in groups(night.clusters):
            held = {(kind, v) for key, kind, v in night.uniques if key in keys}
            hands = [{(kind, v) for key, kind, v in night.uniques if key in hand}
                     for hand in by_hand if hand <= keys]  # fmt: skip
            assert len(held) <= 1 or held in hands


@histories
def test_two_that_are_kept_apart_are_never_one(told: Tell, history: History) -> None:
    for night in told(history):
        by_hand = merged_by_hand(night)
        for override_key, side, key in night.parted:
            for other_override, other_side, other in night.parted:
                if override_key == other_override and side != other_side and key != other:
                    is_by_hand = any({key, other} <= hand for hand in by_hand)
                    assert is_by_hand or night.clusters.get(key) != night.clusters.get(other, "")


def merged_by_hand(night: Night) -> list[set[str]]:
    """Records that decisions alone make one."""
    found: list[set[str]] = []
    for keys in groups({key: override for override, key in night.merged}):
        joint = [hand for hand in found if hand & keys]
        found = [hand for hand in found if not hand & keys] + [set(keys).union(*joint)]
    return found


LI = Record("zoho:a", name="李娜", phones=("13861742953",))
SISTER = LI._replace(key="zoho:b")
ELSEWHERE = LI._replace(phones=("13861742900",))


def ids_of(nights: list[Night], key: str) -> list[str | None]:
    """The id that a record had on each night."""
    return [night.ids.get(key) for night in nights]


def test_who_comes_back_does_not_take_the_id_of_those_who_stayed(told: Tell) -> None:
    changes = [{LI.key: LI}, {SISTER.key: SISTER}, {LI.key: None}, {LI.key: ELSEWHERE}]
    nights = told(History(changes, []))
    first, _, _, last = ids_of(nights, LI.key)
    assert ids_of(nights, SISTER.key)[1:] == [first] * 3
    assert last != first


def test_a_record_that_is_away_is_still_known_as_that_of_its_person(desk: IdentityDesk) -> None:
    # Else what landed of it would outlast an erasure.
    changes = [{LI.key: LI}, {SISTER.key: SISTER}, {LI.key: None}]
    nights = tell(desk, History(changes, []))
    assert (None, LI.key) in [row[1:] for row in nights[-1].after[LOGGED]]
    assert dict(desk.rows(RECORDS))[LI.key] == ids_of(nights, LI.key)[0]


def test_who_comes_back_alone_has_the_id_of_before(told: Tell) -> None:
    nights = told(History([{LI.key: LI}, {LI.key: None}, {}, {LI.key: ELSEWHERE}], []))
    first, *away, last = ids_of(nights, LI.key)
    assert away == [None, None]
    assert last == first


def test_an_id_that_others_took_elsewhere_does_not_come_back_with_who_was_away(told: Tell) -> None:
    older = Record("zoho:older", emails=("li.na@qq.com",))
    sister = SISTER._replace(emails=older.emails)
    changes = [
        {older.key: older}, {LI.key: LI}, {SISTER.key: SISTER}, {LI.key: None},
        {SISTER.key: sister}, {LI.key: ELSEWHERE},
    ]  # fmt: skip
    nights = told(History(changes, []))
    lost = ids_of(nights, LI.key)[1]
    kept = ids_of(nights, older.key)[0]
    assert ids_of(nights, SISTER.key)[2:] == [lost, lost, kept, kept]
    assert ids_of(nights, LI.key)[-1] not in (lost, kept)
    for night in nights[-2:]:
        assert [row[1:3] for row in night.followed if row[0] == lost] == [(kept, "merged")]
