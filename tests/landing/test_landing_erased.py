"""Rows of people who were erased: they never land again, whatever file they come in."""

import dataclasses
from pathlib import Path

import duckdb
import pytest
from landing_desk import NIGHT, Desk, both_sizes, run_of, source

from orchestration.hash_key import key_id
from orchestration.landing import ledger
from orchestration.landing.land import LandingRun, land_source
from orchestration.landing.ledger import Entry, LedgerError
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import SourceColumn

KEY = "k" * 40
PHONE, EMAIL = "phone:+8613800138000", "email:x.y@example.org"


def personal(name: str, kind: str = "text", *, is_id: bool = False) -> SourceColumn:
    return SourceColumn(name, (name,), False, kind, is_personal=True, is_identifier=is_id)


PEOPLE = source("id", personal("phone", "phone"), personal("note"), personal("nick", is_id=True))
ORDERS = dataclasses.replace(PEOPLE, order=("id",))


def entry(*marks: str, key: str = KEY) -> Entry:
    return Entry(
        "erased-1", "2026-11-25", "request 1", key_id(key), ledger.DONE,
        ledger.hashed_marks(key, marks), (),
    )  # fmt: skip


def land(desk: Desk, content: str, *marks: str) -> FileRecord:
    desk.put("lines.csv", content)
    desk.settings.landing.mkdir(exist_ok=True)
    ledger.put(desk.settings.landing, entry(*marks))
    erased = ledger.erased(desk.settings.landing, KEY)
    run = LandingRun(desk.settings, desk.source, NIGHT, run_of(NIGHT), desk.said.append, erased)
    (record,) = land_source(run, desk.scan().matched[desk.source.relation])
    return record


SPELLINGS = {
    "a phone as it is": "2,13800138000,,",
    "a phone with spaces and country": "2,+86 138 0013 8000,,",
    "a phone in full width": "2,１３８００１３８０００,,",
    "a phone within a note": "2,,call 138-0013-8000 after six,",
    "an e-mail in another case": "2,,X.Y@Example.org,",
    "an e-mail within JSON": '2,,"{""mail"": ""x.y@example.org""}",',
    "an id of that system": "2,,,sunny",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_row_of_an_erased_person_never_lands_however_it_is_spelled(
    tmp_path: Path, spelling: str
) -> None:
    desk = Desk(tmp_path, PEOPLE)
    content = f"id,phone,note,nick\n1,13900139000,,cloudy\n{SPELLINGS[spelling]}\n3,,,\n"
    record = land(desk, content, PHONE, EMAIL, "value:till:sunny")
    assert desk.rows(record, "id", "_row") == [("1", 2), ("3", 4)]
    assert (record.records, record.landed_rows, record.erased_rows) == (3, 2, 1)


@both_sizes
def test_the_rows_that_stay_keep_their_numbers(tmp_path: Path, size) -> None:
    with size():
        desk = Desk(tmp_path, PEOPLE)
        content = "id,phone,note,nick\n1,13800138000,,\n2,,,\n3,13800138000,,\n4,,,\n"
        record = land(desk, content, PHONE)
        assert desk.rows(record, "id", "_row") == [("2", 3), ("4", 5)]


def test_what_nobody_declares_is_looked_at_as_well(tmp_path: Path) -> None:
    desk = Desk(tmp_path, PEOPLE)
    record = land(desk, "id,phone,remark\n1,,x.y@example.org\n2,,\n", EMAIL)
    assert desk.rows(record, "id") == [("2",)]


def test_an_id_of_another_system_is_somebody_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path, PEOPLE)
    record = land(desk, "id,phone,note,nick\n1,,,sunny\n2,,sunny,\n", "value:club:sunny")
    assert record.erased_rows == 0


def test_an_order_lands_whole_without_anything_personal(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ORDERS)
    content = (
        "id,phone,note,nick,street\nA1,13800138000,ring twice,sun,Hill 1\nA1,,for her,,Hill 1\n"
        "A2,,kept,,Hill 2\n"
    )
    record = land(desk, content, PHONE)
    assert (record.landed_rows, record.erased_rows, record.emptied_rows) == (3, 0, 2)
    assert desk.rows(record, "id", "phone", "note", "nick") == [
        ("A1", None, None, None), ("A1", None, None, None), ("A2", None, "kept", None),
    ]  # fmt: skip
    flags = f"select _erased, _extra from read_parquet('{desk.parquet(record)}')"
    assert duckdb.execute(flags).fetchall() == [
        ("erased", None), ("erased", None), (None, '{"street":"Hill 2"}'),
    ]  # fmt: skip


def test_a_rejected_row_of_an_erased_person_is_counted_without_its_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path, PEOPLE)
    record = land(desk, "id,phone,note,nick\n1,,,\n2,13800138000\n3,1\n", PHONE)
    assert record.rejected_rows == 2
    texts = [text for _, _, text in desk.reasons()]
    assert texts[0] == "erased"
    assert "erased" not in texts[1]


def test_the_ledger_holds_hashes_and_no_value(tmp_path: Path) -> None:
    ledger.put(tmp_path, entry(PHONE, EMAIL))
    text = (tmp_path / ledger.NAME).read_text()
    assert "13800138000" not in text
    assert "example" not in text
    assert (tmp_path / ledger.NAME).stat().st_mode & 0o077 == 0
    assert ledger.read(tmp_path) == (entry(PHONE, EMAIL),)


def test_hashes_of_the_ledger_are_not_published_ids(tmp_path: Path) -> None:
    import hashlib
    import hmac

    plain = hmac.new(KEY.encode(), PHONE.encode(), hashlib.sha256).hexdigest()
    assert ledger.hashed(KEY, PHONE) != plain


def test_a_ledger_of_another_key_or_a_damaged_one_is_refused_by_name(tmp_path: Path) -> None:
    ledger.put(tmp_path, entry(PHONE, key="another key that is long enough to be one"))
    with pytest.raises(LedgerError, match="STRATA_HASH_KEY"):
        ledger.erased(tmp_path, KEY)
    (tmp_path / ledger.NAME).write_text('{"token": 1}\n')
    with pytest.raises(LedgerError, match="line 1"):
        ledger.read(tmp_path)


def test_without_a_ledger_nothing_is_asked(tmp_path: Path) -> None:
    assert ledger.erased(tmp_path, KEY) is None
