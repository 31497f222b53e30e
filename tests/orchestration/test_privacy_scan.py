"""The scan before publishing: what it must find, what it must let be, and that it fails closed."""

from pathlib import Path

import duckdb
import pytest

from orchestration.gate import GateRefusedError
from orchestration.manifest import PublishedTable
from orchestration.privacy.patterns import hidden
from orchestration.privacy.private_gate import (
    LOGS,
    RECORD,
    names_of,
    prove_private,
    scan_published,
)
from orchestration.privacy.rules import Rules, RulesError, load_rules
from orchestration.privacy.scan import Found, scan_texts

RULES = Rules(("Sentinel Marker",), frozenset({"order_id"}))
TABLE = PublishedTable("dim_things", ("thing_id",))
QUIET = [Found(RECORD, 1, {}), Found(LOGS, 1, {})]
KNOWN_ID = "oUnionIdOfSomebody0123456789"


def id_card(first_17: str) -> str:
    """Return a valid number by GB 11643-1999, computed apart from the scan."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first_17))
    return first_17 + "10X98765432"[total % 11]


@pytest.fixture
def warehouse(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """A private warehouse that knows one person."""
    connection = duckdb.connect(str(tmp_path / "warehouse.duckdb"))
    connection.execute(f"""
        create schema intermediate;
        create table intermediate.int_customer_contacts_unioned as
            select 'crm:1' as record_key, '+8613900139000' as phone, 'a.b@example.org' as email;
        create table intermediate.int_customer_identifiers_unioned as
            select 'crm:1' as record_key, 'unionid' as identifier_kind,
                '{KNOWN_ID}' as identifier_value;
        create table intermediate.int_customer_records_unioned as
            select 'wecom' as source_system, 'wmExternalUserId00000001' as source_customer_id;
    """)
    return connection


def publish(
    warehouse: duckdb.DuckDBPyConnection, folder: Path, text: str, column: str = "remark"
) -> Path:
    """Write a published table with one text in it, and its Parquet."""
    marts = folder / "marts.duckdb"
    (folder / "parquet").mkdir()
    warehouse.execute(f"attach '{marts}' as published; create schema published.marts")
    warehouse.execute(
        f"create table published.marts.dim_things as select 1 as thing_id, ?::varchar as {column}",
        [text],
    )
    parquet = folder / "parquet" / "dim_things.parquet"
    warehouse.execute(f"copy published.marts.dim_things to '{parquet}' (format parquet)")
    warehouse.execute("detach published")
    return marts


LEAKS = {
    "a mobile": ("call 13800138000", "phone"),
    "a mobile with country and spaces": ("+86 138 0013 8000", "phone"),
    "a mobile in full width": ("１３８００１３８０００", "phone"),
    "a mobile behind an underscore": ("zoho_13800138000", "phone"),
    "a phone of another country": ("tel +4915112345678", "phone"),
    "an e-mail": ("sent to Some.Body+x@Example.co.uk", "e-mail"),
    "an ID card": (f"({id_card('11010519491231002')})", "ID card"),
    "an ID card that ends in X": (id_card("44052418800101001"), None),
    "a marker in another case": ("for SENTINEL MARKER only", "marker"),
    "a unionid": (KNOWN_ID, "known identifier"),
    "an external id behind its system": ("wecom:wmExternalUserId00000001", "known identifier"),
}


@pytest.mark.parametrize("leak", [name for name, (_, kind) in LEAKS.items() if kind])
def test_a_leak_refuses_and_is_named_by_table_column_kind_and_count_never_by_value(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, leak: str
) -> None:
    text, kind = LEAKS[leak]
    found = scan_published(warehouse, publish(warehouse, tmp_path, text), [TABLE], RULES)
    with pytest.raises(GateRefusedError) as refused:
        prove_private([TABLE], [*found, *QUIET])
    (reason,) = refused.value.reasons
    assert "dim_things" in reason
    assert f"1 of kind {kind} in remark" in reason
    assert text not in reason


INNOCENT = {
    "an order of Taobao": "2403223374848145270",
    "an order of eighteen digits with a wrong check sign": "110105194912310021",
    "a hash": "a5fa4771896a140ad551704eb435d1aab685af603d0e8a0400ff97a2c502c17f",
    "a barcode": "6901234567892",
    "a duration": "it took 33102.16056399804 ms",
    "a time in milliseconds": "1774972800123",
    "a mention": "@home",
    "a price": "13800138000.5元"[:4],
}


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT)
def test_numbers_that_only_look_long_are_let_be(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, text: str
) -> None:
    found = scan_published(warehouse, publish(warehouse, tmp_path, text), [TABLE], RULES)
    assert [one.hits for one in found] == [{}]
    assert prove_private([TABLE], [*found, *QUIET])


def test_a_column_of_ids_of_shops_may_hold_a_number_like_a_mobile_and_no_e_mail(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    marts = publish(warehouse, tmp_path, "jd:13800138000", "order_id")
    assert scan_published(warehouse, marts, [TABLE], RULES)[0].hits == {}
    known = tmp_path / "known"
    known.mkdir()
    marts = publish(warehouse, known, "jd:+8613900139000", "order_id")
    assert scan_published(warehouse, marts, [TABLE], RULES)[0].hits == {
        ("order_id", "known identifier"): 1
    }
    address = tmp_path / "address"
    address.mkdir()
    marts = publish(warehouse, address, "jd:a@example.org", "order_id")
    assert scan_published(warehouse, marts, [TABLE], RULES)[0].hits[("order_id", "e-mail")] == 1


def test_a_text_that_stands_in_many_places_is_counted_in_each_of_them(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    marts = tmp_path / "marts.duckdb"
    (tmp_path / "parquet").mkdir()
    mobile = "13800138000"
    rows = {
        # An order id may look like a mobile, and a text that is no id may not.
        "dim_things": f"1, '{mobile}', '{mobile}', ['x']), (2, null, '{mobile}', ['a@b.cn'])",
        "dim_more": f"1, '{KNOWN_ID}', '{KNOWN_ID} a@b.cn', null), (2, 'a@b.cn', 'a@b.cn', null)",
    }
    warehouse.execute(f"attach '{marts}' as published; create schema published.marts")
    for name, values in rows.items():
        warehouse.execute(
            f"create table published.marts.{name} as select * "
            f"from (values ({values}) as told (thing_id, order_id, remark, words)"
        )
        file = tmp_path / "parquet" / f"{name}.parquet"
        warehouse.execute(f"copy published.marts.{name} to '{file}' (format parquet)")
    warehouse.execute("detach published")
    tables = [PublishedTable(name, ("thing_id",)) for name in rows]
    things, more = scan_published(warehouse, marts, tables, RULES)
    assert (things.place, things.texts, things.problem) == ("dim_things", 5, None)
    assert things.hits == {("remark", "phone"): 2, ("words", "e-mail"): 1}
    assert (more.place, more.texts, more.problem) == ("dim_more", 4, None)
    assert more.hits == {
        ("order_id", "known identifier"): 1,
        ("order_id", "e-mail"): 1,
        ("remark", "e-mail"): 2,
    }


def test_parquet_that_says_something_else_than_the_table_refuses(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    marts = publish(warehouse, tmp_path, "plain")
    parquet = tmp_path / "parquet" / "dim_things.parquet"
    warehouse.execute(f"copy (select 1 as thing_id, 'else' as remark) to '{parquet}'")
    found = scan_published(warehouse, marts, [TABLE], RULES)
    with pytest.raises(GateRefusedError, match=r"dim_things\.parquet holds something else"):
        prove_private([TABLE], [*found, *QUIET])


NOT_PROVED = {
    "a table that was not looked through": QUIET,
    "a record that was not looked through": [Found("dim_things", 1, {}), QUIET[1]],
    "a log in which nothing was to be seen": [
        Found("dim_things", 1, {}), QUIET[0], Found(LOGS, 0, {}),
    ],
    "tables in which nothing was to be seen": [Found("dim_things", 0, {}), *QUIET],
    "a table that was looked through twice": [Found("dim_things", 1, {})] * 2 + QUIET,
}  # fmt: skip


@pytest.mark.parametrize("found", NOT_PROVED.values(), ids=NOT_PROVED)
def test_a_scan_that_proves_nothing_refuses(found: list[Found]) -> None:
    with pytest.raises(GateRefusedError):
        prove_private([TABLE], found)


def test_a_clean_scan_is_one_passed_check_per_place() -> None:
    results = prove_private([TABLE], [Found("dim_things", 1, {}), *QUIET])
    assert [result.name for result in results] == names_of([TABLE])
    assert all(result.passed and result.observed == 0 for result in results)


def test_records_and_logs_are_looked_through_line_by_line(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    warehouse.execute("create temp table known_identifiers (value varchar)")
    found = scan_texts(warehouse, LOGS, ["fine\n13800138000 failed\n", "a@example.org"], RULES)
    assert found.texts == 3
    assert found.hits == {("line", "phone"): 1, ("line", "e-mail"): 1}


def test_messages_are_kept_without_phones_and_e_mails() -> None:
    said = "Could not convert '+86 13800138000' of a.b@example.org in row 12"
    assert hidden(said) == "Could not convert '(phone)' of (e-mail) in row 12"


def test_the_rules_that_people_own_can_be_read_and_name_the_planted_person() -> None:
    from orchestration.sample.people import MARKER

    rules = load_rules()
    assert {MARKER.full, MARKER.latin} <= set(rules.markers)


BAD_RULES = {
    "an unknown key": "markers: []\nsource_ids: []\nmore: []\n",
    "no marker": "markers: []\nsource_ids: []\n",
    "a marker without a reason": "markers: [{text: abc}]\nsource_ids: []\n",
    "a marker that is found within words": "markers: [{text: ab, reason: x}]\nsource_ids: []\n",
    "a list that is none": "markers: abc\nsource_ids: []\n",
    "no YAML": "markers: [\n",
}


@pytest.mark.parametrize("text", BAD_RULES.values(), ids=BAD_RULES)
def test_a_mistake_in_the_rules_is_named_with_its_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "privacy.yml"
    path.write_text(text)
    with pytest.raises(RulesError, match=r"privacy\.yml: key"):
        load_rules(path)
