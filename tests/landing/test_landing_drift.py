"""Columns that come, go and move: kept, reported once, refused where they are required."""

import json
from pathlib import Path

import pytest
from landing_desk import Desk, Row, column, source

OPTIONAL = column("note", "Note", required=False)


def desk_of(tmp_path: Path, **changes: object) -> Desk:
    return Desk(tmp_path, source("a", "b", OPTIONAL, **changes))


def drift(desk: Desk) -> list[str]:
    """What was said of columns since the last time."""
    lines = [line.strip() for line in desk.said if line.startswith("  ")]
    desk.said.clear()
    return lines


def test_columns_that_nobody_declares_are_kept_by_label_and_reported_once(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    record = desk.land_one("1.csv", "a,b,Note,New,客户等级\n1,2,3,4,高\n5,6,7,,\n")
    extras = [json.loads(text) for (text,) in desk.rows(record, "_extra")]
    assert extras == [{"New": "4", "客户等级": "高"}, {"New": None, "客户等级": None}]
    assert drift(desk) == [
        "till/1.csv: kept in _extra, for no column of till.lines declares them: New, 客户等级"
    ]
    desk.land_one("2.csv", "a,b,Note,客户等级,New\n1,2,3,4,5\n")
    assert drift(desk) == []
    desk.land_one("3.csv", "a,b,Note,Newer,New\n1,2,3,4,5\n")
    assert drift(desk) == [
        "till/3.csv: kept in _extra, for no column of till.lines declares them: Newer"
    ]


def test_what_was_reported_in_one_night_is_not_reported_again_in_it(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    for number in range(3):
        desk.put(f"{number}.csv", f"a,b,Note,New\n1,2,3,{number}\n")
    desk.land()
    assert len(drift(desk)) == 1


def test_an_optional_column_that_was_renamed_is_reported_with_its_labels_and_kept(
    tmp_path: Path,
) -> None:
    desk = desk_of(tmp_path)
    desk.land_one("1.csv", "a,b,Note\n1,2,3\n")
    assert drift(desk) == []
    record = desk.land_one("2.csv", "a,b,Remark\n1,2,x\n")
    assert desk.rows(record, "note", "_extra") == [(None, '{"Remark":"x"}')]
    assert drift(desk) == [
        "till/2.csv: kept in _extra, for no column of till.lines declares them: Remark",
        (
            "till/2.csv: optional columns that the export before had are gone: note (Note); if one "
            "was renamed, add its label in dbt_project/models/staging/till/_till__sources.yml"
        ),
    ]
    desk.land_one("3.csv", "a,b,Remark\n1,2,y\n")
    assert drift(desk) == []


def test_an_optional_column_that_was_never_there_is_not_missed(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.land_one("1.csv", "a,b\n1,2\n")
    desk.land_one("2.csv", "a,b\n3,4\n")
    assert drift(desk) == []


def test_a_required_column_that_was_renamed_refuses_the_file_with_the_labels_it_has(
    tmp_path: Path,
) -> None:
    desk = desk_of(tmp_path)
    desk.land_one("1.csv", "a,b,Note\n1,2,3\n")
    record = desk.land_one("2.csv", "a,B1,Note,x@example.com,13800138000\n1,2,3,4,5\n")
    assert record.outcome == "refused"
    assert record.reason == (
        "missing_columns: till.lines needs b; the file has a, B1, Note, (not a label), "
        "(not a label). Export these columns too; where a label was renamed, add it to the "
        "labels of its column in dbt_project/models/staging/till/_till__sources.yml"
    )
    assert drift(desk) == []


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("a,b,Note", "1,2,3"), ("Note,b,a", "3,2,1"), ("b,x,a,y,Note", "2,9,1,9,3"),
        ("Ａ,B,NOTE", "1,2,3"), ('"a","b","Note"', '"1","2","3"'), (" a , b ,Note ", "1,2,3"),
        ("a（必填）,b,note", "1,2,3"), ("\ufeffa,b,Note", "1,2,3"), ("'a,'b,'Note", "1,2,3"),
    ],
)  # fmt: skip
def test_columns_land_by_label_wherever_they_stand_and_however_they_are_written(
    tmp_path: Path, header: str, row: str
) -> None:
    desk = desk_of(tmp_path)
    record = desk.land_one("x.csv", f"{header}\n{row}\n")
    assert desk.rows(record, "a", "b", "note") == [("1", "2", "3")]


WRONG: dict[str, str] = {
    "semicolons": "a;b;Note\n1;2;3\n",
    "tabs": "a\tb\tNote\n1\t2\t3\n",
    "bars": "a|b|Note\n1|2|3\n",
    "no delimiter": "abNote\n123\n",
    "quoted as a whole": '"a,b,Note"\n"1,2,3"\n',
    "data only": "1,2,3\n4,5,6\n",
    "a page": "<html><body><table><tr><td>a</td><td>b</td></tr></table></body></html>\n",
    "one column only": "a\n1\n2\n",
    "ragged": "a\nb\nNote\n1,2,3\n",
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG.keys())
def test_a_wrongly_delimited_file_is_never_read_as_one_column(tmp_path: Path, content: str) -> None:
    record = desk_of(tmp_path).land_one("x.csv", content)
    assert record.outcome == "refused"
    assert record.reason is not None and record.reason.startswith("missing_columns: ")


def test_the_delimiter_is_that_of_the_declared_ones_with_which_the_columns_are_there(
    tmp_path: Path,
) -> None:
    for sign in ",;\t|":
        desk = desk_of(tmp_path / str(ord(sign)), delimiters=(",", ";", "\t", "|"))
        content = 'a;b;Note\n1;"x,y";3\n'.replace(";", "\0").replace(
            ",", "|" if sign == "," else ","
        )
        record = desk.land_one("x.csv", content.replace("\0", sign))
        assert [row[0] for row in desk.rows(record)] == ["1"]


EQUAL: list[tuple[str, str, Row, dict[str, str | None]]] = [
    ("a,b,Note,Note", "1,2,3,4", ("1", "2", "3"), {"Note_1": "4"}),
    ("a,b,分销员,分销员,分销员", "1,2,3,4,5", ("1", "2", None),
     {"分销员": "3", "分销员_1": "4", "分销员_2": "5"}),
    ("a,a,b", "1,9,2", ("1", "2", None), {"a_1": "9"}),
    ("a,,b", "1,9,2", ("1", "2", None), {"column_2": "9"}),
    ("a,b,,x", "1,2,8,9", ("1", "2", None), {"column_3": "8", "x": "9"}),
    ("a,b,x,X", "1,2,8,9", ("1", "2", None), {"x": "8", "X_1": "9"}),
    ("a,b,x_1,x,x", "1,2,7,8,9", ("1", "2", None), {"x_1": "7", "x": "8", "x_2": "9"}),
]  # fmt: skip


@pytest.mark.parametrize(("header", "row", "cells", "extra"), EQUAL)
def test_equal_and_empty_labels_lose_no_cell(
    tmp_path: Path, header: str, row: str, cells: Row, extra: dict[str, str | None]
) -> None:
    desk = desk_of(tmp_path)
    record = desk.land_one("x.csv", f"{header}\n{row}\n")
    assert desk.rows(record, "a", "b", "note") == [cells]
    assert json.loads(desk.rows(record, "_extra")[0][0]) == extra
