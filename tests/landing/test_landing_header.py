"""Headers: columns are found by name, and a file without them is refused in one message."""

import json
from pathlib import Path

import pytest
from landing_desk import Desk, column, real_sources, source

from orchestration.landing.header import match_header
from orchestration.landing.labels import normal_label

ORDERS = column("order_id", "order no", "订单编号")
AMOUNT = column("amount", "Order Amount", "订单金额")
NOTE = column("note", "Note", "备注", required=False)


def test_the_order_of_columns_does_not_matter(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first = desk.land_one("1.csv", "a,b\n1,2\n")
    second = desk.land_one("2.csv", "b,a\n2,1\n")
    assert desk.rows(first) == desk.rows(second) == [("1", "2")]


@pytest.mark.parametrize(
    "header",
    [
        "order no,Order Amount",
        "订单编号,订单金额",
        "ORDER_NO,order amount",
        " Order  No ,order__amount",
        "订单编号（必填）,订单金额(必填)",
        "订单编号 （必填）,订单金额",
        "Ｏｒｄｅｒ　Ｎｏ,Order Amount (Required)",
        "'order no',\ufeffOrder Amount",
        "order\u200b no,Order Amount",
        '"order\nno",Order Amount',
    ],
)
def test_labels_match_by_any_synonym_whatever_their_width_case_and_blanks(
    tmp_path: Path, header: str
) -> None:
    desk = Desk(tmp_path, source(ORDERS, AMOUNT))
    record = desk.land_one("x.csv", f"{header}\n7,8\n")
    assert record.outcome == "landed", record.reason
    assert desk.rows(record) == [("7", "8")]


def test_labels_that_differ_in_more_than_spelling_do_not_match() -> None:
    assert normal_label("order no") != normal_label("orderno")
    assert normal_label("amount") != normal_label("amount 2")
    assert normal_label("(必填) amount") != normal_label("amount")


def test_the_first_declared_label_wins_where_a_file_has_two_synonyms(tmp_path: Path) -> None:
    desk = Desk(tmp_path, source(ORDERS))
    record = desk.land_one("x.csv", "订单编号,order no\nzh,en\n")
    assert desk.rows(record, "order_id", "_extra") == [("en", '{"订单编号":"zh"}')]


def test_of_duplicate_labels_the_first_counts_and_the_others_are_kept(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", "a,b,A,a\n1,2,3,4\n")
    ((first, extra),) = desk.rows(record, "a", "_extra")
    assert (first, json.loads(extra)) == ("1", {"A_1": "3", "a_1": "4"})


def test_unknown_columns_are_kept_with_their_labels(tmp_path: Path) -> None:
    desk = Desk(tmp_path, source("a", NOTE))
    record = desk.land_one("x.csv", 'a,it\'s "x",,客户 🙂\n1,2,3,\n')
    ((extra, note),) = desk.rows(record, "_extra", "note")
    assert json.loads(extra) == {'it\'s "x"': "2", "column_3": "3", "客户 🙂": None}
    assert note is None


def test_no_extra_column_is_lost_to_the_name_of_another(tmp_path: Path) -> None:
    desk = Desk(tmp_path, source("a"))
    record = desk.land_one("x.csv", "a,a,a_1,X,x,x_1,X_1,,column_8\n0,1,2,3,4,5,6,7,8\n")
    ((extra,),) = desk.rows(record, "_extra")
    assert sorted(json.loads(extra).values()) == list("12345678")
    assert json.loads(extra)["a_1"] == "2"


def test_a_file_with_no_extra_column_has_no_extra(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.rows(desk.land_one("x.csv", "a,b\n1,2\n"), "_extra") == [(None,)]


def test_a_missing_required_column_is_refused_with_its_labels_and_those_of_the_file(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, source(ORDERS, AMOUNT, NOTE))
    record = desk.land_one("x.csv", "Bestellnummer,Order Amount,Note\n1,2,3\n")
    assert (record.outcome, desk.landed_files()) == ("refused", [])
    (said,) = desk.said
    for part in (
        "till/x.csv",
        "order no or 订单编号;",
        "the file has Bestellnummer, Order Amount, Note",
        "dbt_project/models/staging/till/_till__sources.yml",
    ):
        assert part in said
    assert "订单金额" not in said


def test_a_missing_optional_column_lands_as_nulls(tmp_path: Path) -> None:
    desk = Desk(tmp_path, source("a", NOTE))
    assert desk.rows(desk.land_one("x.csv", "a\n1\n")) == [("1", None)]


def test_a_file_without_header_is_refused_and_its_data_is_not_repeated(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    record = desk.land_one("x.csv", f"li@example.com,13800138000,{'long ' * 99}\n1,2,3\n")
    assert record.reason is not None and record.reason.startswith("missing_columns")
    assert "li@" not in record.reason and "138" not in record.reason
    assert len(record.reason) < 500


def test_a_wrongly_delimited_file_is_refused_and_never_lands_as_one_column(tmp_path: Path) -> None:
    for delimiter in (";", "\t", "|"):
        desk = Desk(tmp_path / str(ord(delimiter)))
        record = desk.land_one("x.csv", f"a{delimiter}b\n1{delimiter}2\n")
        assert record.reason is not None and record.reason.startswith("missing_columns")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_generic_shop_takes_any_usual_delimiter(tmp_path: Path, delimiter: str) -> None:
    desk = Desk(tmp_path, real_sources()["shop.order_lines"])
    header = "Order No,下单时间,商品编码,Qty,单价,Description"
    row = 'S1,2026-11-19 10:00:00,"P,1;1",2,"3,50",mug'
    text = "\n".join(
        delimiter.join(f'"{cell}"' for cell in line)
        for line in (header.split(","), ["S1", "2026-11-19", "P,1;1", "2", "3,50", "mug"])
    )
    record = desk.land_one("x.csv", text + "\n")
    assert row.startswith("S1")
    names = ("order_id", "product_id", "quantity", "unit_price", "product_name")
    assert desk.rows(record, *names) == [("S1", "P,1;1", "2", "3,50", "mug")]


def test_a_file_of_another_delimiter_without_a_column_is_shown_label_by_label(
    tmp_path: Path,
) -> None:
    for header in ("a;b;Menge, Stück", "Nummer;Name;Menge, Stück"):
        desk = Desk(tmp_path / header[0], source("a", "b", "c", delimiters=(",", ";")))
        record = desk.land_one("x.csv", f"{header}\n1;2;3\n")
        assert record.reason is not None
        assert f"; the file has {header.replace(';', ', ')}. " in record.reason


def test_a_header_with_a_broken_quote_is_refused(tmp_path: Path) -> None:
    record = Desk(tmp_path).land_one("x.csv", 'a,"b\n1,2\n3,4\n')
    assert record.reason is not None and "it has no header" in record.reason


def test_every_real_declaration_finds_each_of_its_labels() -> None:
    for declared in real_sources().values():
        for wanted in declared.columns:
            for label in wanted.labels:
                match = match_header(declared, ["x", f"{label}（必填）"])
                assert match.positions == {wanted.name: 1}
