"""What typed_rows makes of landed rows, by what their source declares, through dbt itself.

Each source here is declared as in a `__sources.yml`, and its table holds literal rows.
"""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from typing_desk import Desk, Row, Table

LINEAGE = {
    "_file": "varchar", "_file_id": "varchar", "_row": "bigint", "_exported_at": "timestamp",
    "_landed_for": "date", "_file_number": "bigint", "_load": "varchar",
}  # fmt: skip
EXTRA = "_extra"
FIRST = "2026-11-19 00:00:00"
SECOND = "2026-11-20 00:00:00"
THIRD = "2026-11-21 00:00:00"
KEY = {"record_id": {"type": "id", "required": True}}


def declared(
    columns: dict[str, dict[str, Any]], rows: list[Row], load: str = "incremental", **landing: Any
) -> Table:
    """A declared table; a row that names no file is row n + 2 of the first file."""
    types = dict.fromkeys(columns, "varchar") | LINEAGE | {EXTRA: "varchar"}
    placed = [
        {"_file": "export.csv", "_file_id": f"f{row.get('_file_number', 1)}", "_row": place,
         "_exported_at": FIRST, "_file_number": 1} | dict(row)
        for place, row in enumerate(rows, 2)
    ]  # fmt: skip
    return Table(types, placed, {"load": load, "key": ["record_id"]} | landing, columns)


def exports(*rows: tuple[str, str, str | None]) -> list[Row]:
    """Rows of a record, the time of its export and its load; each time is a file of its own."""
    times = [FIRST, SECOND, THIRD]
    return [{"record_id": record, "_exported_at": exported, "_load": load,
             "_file_number": times.index(exported) + 1}
            for record, exported, load in rows]  # fmt: skip


FULL_EXPORTS = exports(
    ("in all", FIRST, "full"), ("in all", SECOND, "full"), ("in all", THIRD, "incremental"),
    ("in the first only", FIRST, "full"),
    ("in the second only", SECOND, "full"),
    ("changed before", FIRST, "incremental"),
    ("changed at the same moment", SECOND, "incremental"),
    ("changed after", THIRD, "window"),
)  # fmt: skip
NO_FULL_EXPORT = exports(
    ("in both", FIRST, "window"), ("in both", SECOND, "incremental"), ("in one", FIRST, "window")
)
BEFORE_LOADS_WERE_WRITTEN = exports(("old", FIRST, None), ("new", SECOND, None))

ORDER_LINES: list[Row] = [
    # The second file states the order anew: its second line is gone, and no other file counts.
    {"order_id": "restated", "line_id": "1", "_file_number": 1},
    {"order_id": "restated", "line_id": "2", "_file_number": 1},
    {"order_id": "restated", "line_id": "1", "_file_number": 2, "_exported_at": SECOND},
    {"order_id": "in the first only", "line_id": "3", "_file_number": 1},
    # An older export that came in later is still older.
    {"order_id": "brought late", "line_id": "4", "_file_number": 2, "_exported_at": SECOND},
    {"order_id": "brought late", "line_id": "5", "_file_number": 3, "_exported_at": FIRST},
    {"order_id": "exported twice at once", "line_id": "6", "_file_number": 1},
    {"order_id": "exported twice at once", "line_id": "7", "_file_number": 2},
    {"order_id": "twice in a file", "line_id": "8", "piece_count": "1"},
    {"order_id": "twice in a file", "line_id": "8", "piece_count": "2"},
    {"order_id": "last version", "line_id": "9", "modified_at": "2026-11-01"},
    {"order_id": "last version", "line_id": "9", "modified_at": "2026-11-02"},
    {"order_id": "last version", "line_id": "9", "modified_at": None},
    {"order_id": "good row second", "line_id": "10", "piece_count": "x"},
    {"order_id": "good row second", "line_id": "10", "piece_count": "1"},
    {"order_id": "newest is bad", "line_id": "11", "piece_count": "1"},
    {"order_id": "newest is bad", "line_id": "11", "piece_count": "x", "_file_number": 2,
     "_exported_at": SECOND},
    {"order_id": "cancelled line", "line_id": "12", "is_cancelled": "true"},
    {"order_id": "cancelled line", "line_id": "13", "is_cancelled": "false"},
]  # fmt: skip
ORDER_COLUMNS = {
    "order_id": {"required": True}, "line_id": {"type": "id", "required": True},
    "piece_count": {"type": "integer"}, "modified_at": {"type": "time"},
    "is_cancelled": {"type": "boolean"},
}  # fmt: skip

VERSIONS: list[Row] = [
    {"record_id": "changed later", "modified_at": "2026-11-01 10:00:00"},
    {"record_id": "changed later", "modified_at": "2026-11-01 10:00:01"},
    {"record_id": "changed later", "modified_at": None},
    {"record_id": "newer export", "modified_at": "2026-11-09"},
    {"record_id": "newer export", "modified_at": "2026-11-01", "_exported_at": SECOND},
    {"record_id": "later file", "_file_number": 2},
    {"record_id": "later file", "_file_number": 3},
    {"record_id": "first row"},
    {"record_id": "first row"},
    {"record_id": "newest is bad", "modified_at": "2026-11-01"},
    {"record_id": "newest is bad", "modified_at": "2026-11-31", "_exported_at": SECOND},
]

DELETED_ROWS: list[Row] = [
    {"record_id": "deleted", "is_deleted": "false"},
    {"record_id": "deleted", "is_deleted": "true", "_exported_at": SECOND},
    {"record_id": "back again", "is_deleted": "true"},
    {"record_id": "back again", "is_deleted": "false", "_exported_at": SECOND},
    {"record_id": "not said", "is_deleted": None},
    {"record_id": "unclear", "is_deleted": "perhaps"},
]

TOMBSTONES = [
    {"record_id": record, "deleted_at": deleted}
    for record, deleted in [
        ("deleted after", "2026-11-10 00:00:01"),
        ("deleted at the moment", "2026-11-10 00:00:00"),
        ("changed after", "2026-11-09 23:59:59"),
        ("deleted twice", "2026-11-01 00:00:00"),
        ("deleted twice", "2026-11-11 00:00:00"),
        ("no version, deleted after export", "2026-11-19 00:00:00"),
        ("no version, exported after", "2026-11-18 00:00:00"),
        ("superseded before", "2026-11-12 00:00:00"),
        ("unusable", "2026-11-12 00:00:00"),
        ("never seen", "2026-11-12 00:00:00"),
    ]
]
# Wall clock of Shanghai: 08:00 is midnight in UTC, in which lists of deletions are.
TOMBSTONED: list[Row] = [
    {"record_id": "deleted after", "modified_at": "2026-11-10 08:00:00"},
    {"record_id": "deleted at the moment", "modified_at": "2026-11-10 08:00:00"},
    {"record_id": "changed after", "modified_at": "2026-11-10 08:00:00"},
    {"record_id": "deleted twice", "modified_at": "2026-11-10 08:00:00"},
    {"record_id": "no version, deleted after export"},
    {"record_id": "no version, exported after"},
    {"record_id": "superseded before", "modified_at": "2026-11-10"},
    {"record_id": "superseded before", "modified_at": "2026-11-11"},
    {"record_id": "unusable", "modified_at": "yesterday"},
    {"record_id": "not deleted", "modified_at": "2026-11-10"},
]

# Each row says in its note what is wrong with it; a good one has none of the other columns.
JUDGED_COLUMNS = {
    "note": {}, "record_id": {"type": "id", "required": True},
    "region": {"required": True}, "place": {}, "amount": {"type": "amount"},
    "rate": {"type": "rate"}, "piece_count": {"type": "integer"}, "is_open": {"type": "boolean"},
    "parent_id": {"type": "id"}, "due_date": {"type": "date"},
    "happened_at": {"type": "time", "required": True}, "phone": {"type": "phone"},
    "email": {"type": "email"}, "document": {"type": "json"},
}  # fmt: skip
GOOD = {"record_id": "r", "region": "east", "happened_at": "2026-11-21 23:59:59"}
# What is different from a good row -> the column that is refused and why.
JUDGED: dict[str, tuple[dict[str, str | None], str | None, str | None]] = {
    "nothing": ({}, None, None),
    "no key": ({"record_id": None}, "record_id", "missing_value"),
    "an empty key": ({"record_id": "-"}, "record_id", "missing_value"),
    "no second part of the key": ({"region": ""}, "region", "missing_value"),
    "no part of the key that files may lack": ({"place": None}, None, None),
    "a damaged key": ({"record_id": "9.23E+11"}, "record_id", "damaged_by_excel"),
    "a damaged key with prefix": ({"record_id": "zcrm_5.1E+17"}, "record_id", "damaged_by_excel"),
    "a damaged id": ({"parent_id": "9.23E+11"}, "parent_id", "damaged_by_excel"),
    "no amount that is one": ({"amount": "12万"}, "amount", "not_a_number"),
    "no rate that is one": ({"rate": "0"}, "rate", "not_a_number"),
    "no number that is one": ({"piece_count": "1.5"}, "piece_count", "not_a_number"),
    "no boolean that is one": ({"is_open": "perhaps"}, "is_open", "not_a_boolean"),
    "no date that is one": ({"due_date": "2026-02-29"}, "due_date", "not_a_date"),
    "no time that is one": ({"happened_at": "yesterday"}, "happened_at", "not_a_date"),
    "no time": ({"happened_at": None}, "happened_at", "missing_value"),
    "the next day": ({"happened_at": "2026-11-22 00:00:00"}, "happened_at", "after_as_of_date"),
    # Half past midnight of the 22nd in Shanghai.
    "the next day by UTC": ({"happened_at": "1795278600"}, "happened_at", "after_as_of_date"),
    "a due date to come": ({"due_date": "2027-01-01"}, None, None),
    "a masked phone": ({"phone": "138****1234"}, None, None),
    "a broken address": ({"email": "li@"}, None, None),
    "a broken document": ({"document": "{"}, None, None),
    "two things, the key being one": (
        {"amount": "x", "region": None}, "region", "missing_value"
    ),
    "two things in the order of the columns": (
        {"parent_id": "1E+9", "due_date": "x", "is_open": "x"}, "is_open", "not_a_boolean"
    ),
    "a day to come and a bad amount": (
        {"happened_at": "2026-11-22", "amount": "x"}, "amount", "not_a_number"
    ),
}  # fmt: skip

LOOSE_COLUMNS = {"phone": {"type": "phone"}, "title": {}, "sent_at": {"type": "time"}}
LOOSE: list[Row] = [
    {"phone": "13812345678", "title": None},
    {"phone": None, "title": "Ann"},
    {"phone": None, "title": None},
    {"phone": "138****1234", "title": " "},
    {"phone": "13812345678", "title": "to come", "sent_at": "2026-12-01"},
]

TYPED_COLUMNS = {
    "record_id": {"type": "id", "required": True}, "title": {}, "paid_amount": {"type": "amount"},
    "piece_count": {"type": "integer"}, "unit_rate": {"type": "rate"},
    "is_open": {"type": "boolean"}, "opened_at": {"type": "time"}, "due_date": {"type": "date"},
    "phone": {"type": "phone"}, "email": {"type": "email"}, "document": {"type": "json"},
}  # fmt: skip
TYPED: Row = {
    "record_id": "zcrm_1", "title": " ＡＢＣ ", "paid_amount": "１７９．００元",
    "piece_count": "3.0", "unit_rate": "7.1", "is_open": "是", "opened_at": "2026-07-10 08:00",
    "due_date": "2026/12/1", "phone": "'13812345678", "email": "Li@Example.com",
    "document": ' {"a": "-"} ', EXTRA: '{"b": "c"}', "_load": "window",
    "_landed_for": "2026-11-21",
}  # fmt: skip


def shuffled(step: int) -> list[Row]:
    """Many rows of few keys that tie in all but their place, each `step` places apart."""
    rows = [
        {"record_id": f"k{place % 37}", "line_id": f"l{place % 11}", "_row": place,
         "modified_at": f"2026-11-{1 + place % 3:02}", "_file_number": 1 + place % 5}
        for place in range(6_000)
    ]  # fmt: skip
    return [rows[place * step % len(rows)] for place in range(len(rows))]


# Prime to the number of rows, so that every row comes once.
STEPS = (1, 2_309)
SHUFFLED_COLUMNS = {"record_id": {"required": True}, "line_id": {"required": True},
                    "modified_at": {"type": "time"}}  # fmt: skip


def tables() -> dict[str, Table]:
    judged = [GOOD | {"note": note, "place": note} | changes
              for note, (changes, _, _) in JUDGED.items()]  # fmt: skip
    versioned = KEY | {"modified_at": {"type": "time"}}
    return {
        "trial.full_exports": declared(KEY, FULL_EXPORTS, load="full"),
        "trial.no_full_export": declared(KEY, NO_FULL_EXPORT, load="window"),
        "trial.old_full": declared(KEY, BEFORE_LOADS_WERE_WRITTEN, load="full"),
        "trial.old_window": declared(KEY, BEFORE_LOADS_WERE_WRITTEN, load="window"),
        "trial.nothing": declared(TYPED_COLUMNS, []),
        "trial.order_lines": declared(
            ORDER_COLUMNS, ORDER_LINES, load="window", key=["order_id", "line_id"],
            statement="order_id", version="modified_at", deleted="is_cancelled",
        ),
        "trial.rows_without_key": declared(
            ORDER_COLUMNS, ORDER_LINES, load="window", key=["order_id", "_file_id", "_row"],
            statement=["order_id"],
        ),
        "trial.versions": declared(versioned, VERSIONS, version="modified_at"),
        "trial.deleted": declared(
            KEY | {"is_deleted": {"type": "boolean"}}, DELETED_ROWS, deleted="is_deleted"
        ),
        "trial.tombstoned": declared(versioned, TOMBSTONED, version="modified_at"),
        "trial.tombstones": Table(
            {"record_id": "varchar", "deleted_at": "timestamp"}, TOMBSTONES
        ),
        "trial.judged": declared(
            JUDGED_COLUMNS, judged, key=["record_id", "region", "place"], happened="happened_at"
        ),
        "trial.loose": declared(
            LOOSE_COLUMNS, LOOSE, key=["phone", "title"], happened="sent_at"
        ),
        "trial.typed": declared(TYPED_COLUMNS, [TYPED]),
        "trial.typed_in_new_york": declared(
            TYPED_COLUMNS, [TYPED], time_zone="America/New_York"
        ),
        **{f"trial.shuffled_{step}": declared(
            SHUFFLED_COLUMNS, shuffled(step), version="modified_at") for step in STEPS},
        **{f"trial.shuffled_lines_{step}": declared(
            SHUFFLED_COLUMNS, shuffled(step), key=["record_id", "line_id"],
            statement=["record_id"], version="modified_at") for step in STEPS},
    }  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Every source above as a base model, all of them built in one run."""
    desk = Desk(tmp_path_factory.mktemp("typed_rows") / "project", tables())
    for name in desk.tables.keys() - {"trial.tombstones", "trial.tombstoned"}:
        table = name.removeprefix("trial.")
        desk.models[table] = (
            f"{{{{ config(materialized='table') }}}}\n\n{{{{ typed_rows('trial', '{table}') }}}}\n"
        )
    desk.models["with_extra"] = "{{ typed_rows('trial', 'typed', with_extra=true) }}"
    desk.models["tombstones"] = "select * from {{ source('trial', 'tombstones') }}"
    desk.models["tombstoned"] = (
        "{{ typed_rows('trial', 'tombstoned', tombstones=ref('tombstones')) }}"
    )
    desk.build()
    return desk


def outcomes(desk: Desk, model: str, columns: str) -> list[tuple[Any, ...]]:
    """Chosen columns and the outcome of every row, as they stood in their files."""
    return desk.rows(f"select {columns}, outcome from {model} order by _row")


def test_what_an_older_export_says_ends_with_a_full_one(desk):
    assert outcomes(desk, "full_exports", "record_id, _file_number") == [
        ("in all", 2, "superseded"),
        ("in all", 3, "kept"),
        ("in the second only", 2, "kept"),
        ("changed at the same moment", 2, "kept"),
        ("changed after", 3, "kept"),
    ]


def test_without_a_full_export_everything_is_said(desk):
    assert outcomes(desk, "no_full_export", "record_id, _file_number") == [
        ("in both", 1, "superseded"), ("in both", 2, "kept"), ("in one", 1, "kept")
    ]  # fmt: skip


def test_rows_that_say_no_load_are_of_the_declared_one(desk):
    assert outcomes(desk, "old_full", "record_id") == [("new", "kept")]
    assert outcomes(desk, "old_window", "record_id") == [("old", "kept"), ("new", "kept")]


def test_a_source_without_a_row_has_all_its_columns(desk):
    names = [name for (name,) in desk.rows("select column_name from (describe nothing)")]
    assert names == [
        "record_id", "title", "paid_amount", "piece_count", "unit_rate", "is_open", "opened_at",
        "due_date", "phone", "phone_state", "email", "email_state", "document", *LINEAGE,
        "raw_text", "rejected_column", "rejected_reason", "outcome",
    ]  # fmt: skip
    assert desk.rows("select * from nothing") == []


def test_cells_that_no_column_declares_are_kept_where_a_model_asks_for_them(desk):
    assert desk.rows("select record_id, _extra from with_extra") == [("1", '{"b": "c"}')]
    columns = desk.rows("select column_name from (describe typed)")
    assert (EXTRA,) not in columns


def test_the_newest_file_that_states_an_order_states_all_its_lines(desk):
    found = outcomes(desk, "order_lines", "order_id, line_id, _file_number")
    assert found[:8] == [
        ("restated", "1", 1, "superseded"),
        ("restated", "2", 1, "superseded"),
        ("restated", "1", 2, "kept"),
        ("in the first only", "3", 1, "kept"),
        ("brought late", "4", 2, "kept"),
        ("brought late", "5", 3, "superseded"),
        ("exported twice at once", "6", 1, "superseded"),
        ("exported twice at once", "7", 2, "kept"),
    ]


def test_a_line_that_its_file_states_again_is_repeated(desk):
    found = outcomes(desk, "order_lines", "order_id, piece_count, cast(modified_at as date)")
    assert found[8:13] == [
        ("twice in a file", 1, None, "kept"),
        ("twice in a file", 2, None, "repeated"),
        ("last version", None, dt.date(2026, 10, 31), "repeated"),
        ("last version", None, dt.date(2026, 11, 1), "kept"),
        ("last version", None, None, "repeated"),
    ]


def test_a_rejected_line_neither_supersedes_nor_repeats(desk):
    found = outcomes(desk, "order_lines", "order_id, _file_number, piece_count")
    assert found[13:17] == [
        ("good row second", 1, None, "rejected"),
        ("good row second", 1, 1, "kept"),
        ("newest is bad", 1, 1, "kept"),
        ("newest is bad", 2, None, "rejected"),
    ]


def test_a_line_of_a_statement_may_be_deleted(desk):
    found = outcomes(desk, "order_lines", "line_id")
    assert found[17:] == [("12", "deleted"), ("13", "kept")]


def test_where_the_place_in_a_file_is_the_key_no_row_is_repeated(desk):
    found = Counter(outcome for _, outcome in outcomes(desk, "rows_without_key", "_row"))
    assert found == {"kept": 13, "superseded": 4, "rejected": 2}


def test_the_newest_export_counts_then_the_version_then_the_file_then_the_first_row(desk):
    found = outcomes(desk, "versions", "record_id, row_number() over (order by _row)")
    assert [(record, place) for record, place, outcome in found if outcome == "kept"] == [
        ("changed later", 2), ("newer export", 5), ("later file", 7), ("first row", 8),
        ("newest is bad", 10),
    ]  # fmt: skip
    assert found[10] == ("newest is bad", 11, "rejected")
    assert Counter(outcome for *_, outcome in found)["superseded"] == 5


def test_a_record_that_says_it_is_deleted_is_deleted(desk):
    assert outcomes(desk, "deleted", "record_id") == [
        ("deleted", "superseded"),
        ("deleted", "deleted"),
        ("back again", "superseded"),
        ("back again", "kept"),
        ("not said", "kept"),
        ("unclear", "rejected"),
    ]


def test_a_list_of_deletions_ends_what_was_not_changed_since(desk):
    assert outcomes(desk, "tombstoned", "record_id") == [
        ("deleted after", "deleted"),
        ("deleted at the moment", "deleted"),
        ("changed after", "kept"),
        ("deleted twice", "deleted"),
        ("no version, deleted after export", "deleted"),
        ("no version, exported after", "kept"),
        ("superseded before", "superseded"),
        ("superseded before", "deleted"),
        ("unusable", "rejected"),
        ("not deleted", "kept"),
    ]


@pytest.mark.parametrize("note", JUDGED)
def test_a_row_is_refused_for_the_first_thing_that_is_wrong_with_it(desk, note):
    _, column, reason = JUDGED[note]
    found = desk.rows(
        f"select rejected_column, rejected_reason, outcome from judged where note = '{note}'"
    )
    assert found == [(column, reason, "kept" if column is None else "rejected")]


def test_only_a_rejected_row_shows_its_raw_text_and_all_of_it(desk):
    found = dict(desk.rows("select note, raw_text from judged"))
    good = {note for note, (_, column, _) in JUDGED.items() if column is None}
    assert {note for note, text in found.items() if text is None} == good
    assert found["no amount that is one"] == (
        "no amount that is one,r,east,no amount that is one,12万,,,,,,2026-11-21 23:59:59,,,"
    )


def test_of_a_key_that_files_may_lack_one_part_is_enough(desk):
    assert outcomes(desk, "loose", "phone, phone_state, title, rejected_column") == [
        ("+8613812345678", "usable", None, None, "kept"),
        (None, "missing", "Ann", None, "kept"),
        (None, "missing", None, "phone", "rejected"),
        (None, "masked", None, "phone", "rejected"),
        ("+8613812345678", "usable", "to come", "sent_at", "rejected"),
    ]


def test_every_column_is_typed_as_declared(desk):
    (row,) = desk.rows("select columns(*)::varchar from typed")
    assert row == (
        "1", "ＡＢＣ", "179.0000", "3", "7.10000000", "true", "2026-07-10 00:00:00",
        "2026-12-01", "+8613812345678", "usable", "li@example.com", "usable", ' {"a": "-"} ',
        "export.csv", "f1", "2", FIRST, "2026-11-21", "1", "window",
        None, None, None, "kept",
    )  # fmt: skip


def test_wall_clock_is_that_of_the_declared_zone(desk):
    assert desk.rows("select opened_at, due_date from typed_in_new_york") == [
        (dt.datetime.fromisoformat("2026-07-10T12:00:00"), dt.date(2026, 12, 1))
    ]


@pytest.mark.parametrize("model", ["shuffled", "shuffled_lines"])
def test_the_order_of_the_rows_decides_nothing(desk, model):
    first, second = (
        desk.rows(f"select _row, outcome from {model}_{step} order by _row") for step in STEPS
    )
    assert first == second
    kept = Counter(outcome for _, outcome in first)
    # Of lines, those of the fifth file alone: a key of 37 meets each of 5 files and 11 lines.
    assert kept["kept"] == {"shuffled": 37, "shuffled_lines": 37 * 11}[model]


def test_a_source_without_a_key_is_refused_with_its_name(tmp_path):
    table = declared(KEY, [], key=[])
    desk = Desk(tmp_path / "project", {"trial.keyless": table},
                {"keyless": "{{ typed_rows('trial', 'keyless') }}"})  # fmt: skip
    done = desk.attempt()
    assert done.returncode != 0
    assert "trial.keyless is staged by typed_rows and must declare landing.key." in done.stdout
