"""Which source a file is meant for, told before it is dropped; what to declare for a new one."""

import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

import pytest
import xlsxwriter
import yaml
from landing_desk import NIGHT, Desk, source

from orchestration.landing import inspect
from orchestration.landing.example_name import example_name
from orchestration.landing.fitting import Fit
from orchestration.landing.glance import Glance
from orchestration.landing.inspect import Inspection, find_files, inspect_file
from orchestration.landing.masking import LONGEST_SHOWN, masked
from orchestration.landing.propose import as_yaml, base_model, draft, read_table, with_key
from orchestration.landing.refusals import RefusedFileError
from orchestration.landing.renaming import renamings
from orchestration.landing.sources import SourceColumn, SourceTable, load_sources
from orchestration.landing.trial import grouped, land_on_trial, landing_rejects, unique_columns
from orchestration.landing.value_types import guess_type

MEMBERS = source(
    SourceColumn("member_id", ("Member Id", "会员号"), True, "id"),
    SourceColumn("phone", ("Mobile", "手机号"), True, "phone"),
    SourceColumn("joined_at", ("Joined", "注册时间"), True, "time"),
    SourceColumn("full_name", ("Name", "姓名"), False),
    SourceColumn("city", ("City",), False),
    system="club", table="members", files=("Members_[0-9]*.csv",),
)  # fmt: skip
ORDERS = source(
    SourceColumn("order_id", ("Order",), True, "id"),
    SourceColumn("paid", ("Paid",), True, "amount"),
    SourceColumn("bought_at", ("Bought",), True, "time"),
    system="till", table="orders", files=("*.csv",),
)  # fmt: skip
VISITS = source(
    SourceColumn("member_id", ("Member Id",), True, "id"),
    SourceColumn("visited_at", ("Visited",), True, "time"),
    SourceColumn("room", ("Room",), False),
    system="club", table="visits", files=("Visits_[0-9]*.csv",),
)  # fmt: skip
SOURCES = (MEMBERS, ORDERS, VISITS)
HEADER = "Member Id,Mobile,Joined,Name,Shoe Size"
ROWS = "m1,13812345678,2026-01-02 10:00:00,张三,42\nm2,13912345678,2026-01-03 10:00:00,李四,43\n"


def inspected(path: Path, sources: tuple[SourceTable, ...] = SOURCES) -> Inspection:
    (lying,) = find_files(path)
    scratch = path.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    return inspect_file(lying, sources, scratch)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def one(inspection: Inspection, verdict: str) -> Fit:
    assert inspection.verdict == verdict, inspection
    (found,) = inspection.fits
    return found


def test_a_file_with_name_and_columns_of_a_source_lands_in_it(tmp_path: Path) -> None:
    path = written(tmp_path, "Members_20261119.csv", f"{HEADER}\n{ROWS}")
    found = one(inspected(path), inspect.LANDS)
    assert (found.source.name, found.pattern) == ("club.members", "Members_[0-9]*.csv")
    assert (found.found, found.required) == (3, 3)
    assert found.mapped["full_name"] == "Name"
    assert found.unmapped == ("Shoe Size",)
    assert [column.name for column in found.absent] == ["city"]


def test_a_file_in_the_inbox_is_held_against_its_system_only(tmp_path: Path) -> None:
    content = "Order,Paid,Bought\no1,1.00,2026-01-01\n"
    elsewhere = written(tmp_path, "Members_1.csv", content)
    assert one(inspected(elsewhere), inspect.LANDS).source == ORDERS
    in_club = written(tmp_path, "inbox/club/Members_1.csv", content)
    assert one(inspected(in_club), inspect.REFUSED).source == MEMBERS
    in_till = written(tmp_path, "inbox/till/sub/Members_1.csv", content)
    assert one(inspected(in_till), inspect.LANDS).source == ORDERS


def test_a_folder_of_no_system_tells_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "inbox/nobody/Members_1.csv", f"{HEADER}\n{ROWS}")
    assert one(inspected(path), inspect.LANDS).source == MEMBERS


def test_a_file_under_another_name_is_known_by_its_columns(tmp_path: Path) -> None:
    path = written(tmp_path, "download (3).txt", f"{HEADER}\n{ROWS}")
    found = one(inspected(path), inspect.MISNAMED)
    assert found.source == MEMBERS
    name = example_name(found.source, ".txt", NIGHT)
    assert name == "Members_20261119.csv"
    assert found.source.pattern_of(name)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("Contacts_[0-9][0-9][0-9][0-9]_[0-9][0-9]_[0-9][0-9]*.csv", "Contacts_2026_11_19.csv"),
        ("*客户列表*.xlsx", "客户列表_20261119.xlsx"),
        ("orders_export*.csv", "orders_export_20261119.csv"),
        ("*.csv", "20261119.csv"),
        ("Tags_[0-9][0-9][0-9].csv", "Tags_202.csv"),
    ],
)
def test_a_name_is_made_up_that_the_pattern_takes(pattern: str, name: str) -> None:
    assert example_name(source(files=(pattern,)), Path(pattern).suffix, NIGHT) == name
    assert source(files=(pattern,)).pattern_of(name)


def test_a_label_like_that_of_the_missing_column_is_proposed(tmp_path: Path) -> None:
    content = f"{HEADER}\n{ROWS}".replace("Member Id", "Member Identifier")
    found = one(inspected(written(tmp_path, "Members_1.csv", content)), inspect.REFUSED)
    (renaming,) = renamings(found)
    assert renaming.column.name == "member_id"
    assert renaming.yaml == 'labels: ["Member Id", "会员号", "Member Identifier"]'


def test_a_label_whose_values_are_of_the_missing_type_is_proposed(tmp_path: Path) -> None:
    content = f"{HEADER}\n{ROWS}".replace("Mobile", "Rufnummer")
    found = one(inspected(written(tmp_path, "Members_1.csv", content)), inspect.REFUSED)
    assert [(r.column.name, r.labels) for r in renamings(found)] == [("phone", ("Rufnummer",))]


def test_a_label_that_has_nothing_in_common_is_not_proposed(tmp_path: Path) -> None:
    content = "Member Id,Joined,Name,Shoe Size,City,Remark\nm1,2026-01-01,x,42,y,z\n"
    found = one(inspected(written(tmp_path, "Members_1.csv", content)), inspect.REFUSED)
    assert [column.name for column in found.missing] == ["phone"]
    assert renamings(found) == []


def test_another_delimiter_is_recognised(tmp_path: Path) -> None:
    content = f"{HEADER}\n{ROWS}".replace(",", ";")
    found = one(inspected(written(tmp_path, "Members_1.csv", content)), inspect.REFUSED)
    assert (found.is_foreign, found.delimiter, found.missing) == (True, ";", ())


def test_a_header_below_a_title_and_an_encoding_are_found(tmp_path: Path) -> None:
    content = f"会员导出\n\n{HEADER}\n{ROWS}".encode("gb18030")
    assert one(inspected(written(tmp_path, "Members_1.csv", content)), inspect.LANDS)


def test_a_file_that_several_sources_of_a_system_take_lands_in_each(tmp_path: Path) -> None:
    def answers(table: str, path: str) -> SourceTable:
        id_column = SourceColumn("record_id", (f"{path}.id",), True, "id")
        return source(
            id_column, system="chat", table=table, files=("*.json",), formats=("json",),
            records=(f"{path}[]",),
        )  # fmt: skip

    people, groups, tags = (answers(name, name) for name in ("people", "groups", "tags"))
    document = {"people": [{"id": "1", "age": 3}], "groups": [{"id": "2"}]}
    found = inspected(written(tmp_path, "x.json", json.dumps(document)), (people, groups, tags))
    assert found.verdict == inspect.LANDS
    assert {fit.source.name for fit in found.fits} == {"chat.people", "chat.groups"}
    nothing = inspected(written(tmp_path, "y.json", '{"a": 1}'), (people, groups, tags))
    assert (nothing.verdict, nothing.named) == (inspect.UNKNOWN, 3)


def test_a_lone_id_does_not_make_a_stranger_a_record_of_a_source(tmp_path: Path) -> None:
    path = written(tmp_path, "x.txt", "Member Id,Visited,A,B,C\nm1,2026-01-01,1,2,3\n")
    assert inspected(path).verdict == inspect.UNKNOWN


def test_what_is_no_export_is_named_with_the_reason(tmp_path: Path) -> None:
    file = written(tmp_path, "real.csv", "a,b\n")
    (tmp_path / "link.csv").symlink_to(file)
    for name, reason in {
        "missing.csv": "no such file",
        ".": "it is a folder",
        "link.csv": "not_a_plain_file",
    }.items():
        (lying,) = find_files(tmp_path / name)
        assert (lying.problem or "").startswith(reason)
    for name in (".hidden.csv", "x.csv.part", "~$x.xlsx"):
        (lying,) = find_files(written(tmp_path, name, "a"))
        assert "passes over" in (lying.problem or "")
    (lying,) = find_files(written(tmp_path, "x.csv.exported_at", "2026-01-01"))
    assert "sidecar" in (lying.problem or "")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.csv", b"", "empty_file"),
        ("x.bin", bytes(range(256)) * 40, "undecodable"),
        ("x.xlsx", b"PK\x03\x04 and no more", "unreadable_workbook"),
        ("x.json", b'{"a": [', "not_json"),
    ],
)
def test_what_nobody_can_read_is_refused_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    found = inspected(written(tmp_path, name, content), (MEMBERS,))
    assert found.verdict == inspect.UNREADABLE
    assert (found.reason or "").startswith(reason)


def zipped(**members: str) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in members.items():
            entry = ZipInfo(f"Data/{name}.csv", (2026, 11, 18, 0, 0, 0))
            archive.writestr(entry, content)
    return packed.getvalue()


def test_each_member_of_an_archive_is_inspected(tmp_path: Path) -> None:
    packed = zipped(Members_001=f"{HEADER}\n{ROWS}", Hats_001="Hat,Colour\n1,red\n")
    path = written(tmp_path, "inbox/club/backup.zip", packed)
    verdicts = {}
    for number, lying in enumerate(find_files(path)):
        scratch = tmp_path / str(number)
        scratch.mkdir()
        found = inspect_file(lying, SOURCES, scratch)
        verdicts[lying.file.name] = (found.verdict, found.is_passed_over)
    assert verdicts == {
        "club/backup.zip/Data/Members_001.csv": (inspect.LANDS, False),
        "club/backup.zip/Data/Hats_001.csv": (inspect.UNKNOWN, True),
    }


def test_pictures_in_a_backup_are_not_looked_at(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("RecordImages/1.png", b"picture")
        archive.writestr("__MACOSX/._x.csv", b"rest")
    (lying,) = find_files(written(tmp_path, "x.zip", packed.getvalue()))
    assert lying.problem == "no file in it has the name of an export"


def test_a_damaged_archive_is_refused_with_the_reason(tmp_path: Path) -> None:
    (lying,) = find_files(written(tmp_path, "x.zip", zipped(a="b")[:-30]))
    assert (lying.problem or "").startswith("unreadable_archive")


def test_masking_keeps_the_shape_of_a_defect_and_nothing_of_a_person() -> None:
    assert masked("张三 Zoë <zoe@example.com>") == "某某 xxx <xxx@xxxxxxx.xxx>"
    assert masked("+86 138-1234-5678") == "+00 000-0000-0000"
    assert masked("1.38E+10") == "0.00E+00"
    assert masked("五 ١٢ a\tb\n") == r"某 00 x\tx\n"
    assert len(masked("x" * 1000)) == LONGEST_SHOWN + 1


def test_examples_of_rejects_are_counted_and_masked() -> None:
    rejected = [("Mobile", "too_few_fields", n, f"m{n},张三") for n in range(2, 9)]
    (found,) = grouped(rejected)
    assert (found.count, [example.row for example in found.examples]) == (7, [2, 3, 4])
    assert {example.value for example in found.examples} == {"x0,某某"}


def test_what_landing_would_leave_out_is_found_on_trial(tmp_path: Path) -> None:
    desk = Desk(tmp_path, MEMBERS)
    path = written(tmp_path, "Members_1.csv", f"{HEADER}\n{ROWS}m3,13812345678\n{ROWS}")
    (lying,) = find_files(path)
    records = land_on_trial(desk.settings, MEMBERS, [lying.file], desk.said.append)
    record = records[lying.file.name]
    assert (record.outcome, record.landed_rows, record.rejected_rows) == ("landed", 4, 1)
    (found,) = landing_rejects(desk.settings, MEMBERS, record)
    assert (found.column, found.reason, found.count) == ("Joined", "too_few_fields", 1)
    assert [(e.row, e.value) for e in found.examples] == [(4, "x0,00000000000")]


@pytest.mark.parametrize(
    ("values", "label", "kind"),
    [
        (["2026-01-02 10:00:00", "", "2026/1/2 9:05"], "", "time"),
        (["Oct 7, 2025 6:55 PM"], "", "time"),
        (["1700000000000"], "Created Time", "time"),
        (["1700000000000"], "Serial", "id"),
        (["2026-01-02", "2026年1月2日", "20260102"], "", "date"),
        (["13812345678", "138****5678", "+4791142723"], "", "phone"),
        (["a@example.com", "b.c@example.co.uk", "-"], "", "email"),
        (["true", "False"], "", "boolean"),
        (["是", "否"], "", "boolean"),
        (["1", "-20"], "", "integer"),
        (["¥1,200.50", "3"], "", "amount"),
        (["007", "042"], "", "id"),
        (["a1", "b2"], "Member Id", "id"),
        (['="169000000000000001"'], "", "id"),
        (["1", "2"], "订单编号", "id"),
        (['{"a": 1}', "[]"], "", "json"),
        (["1", "one"], "", "text"),
        (["", None, "null"], "", "text"),
        (["Paid"], "Paid", "text"),
    ],
)
def test_a_type_is_guessed_from_values(values: list[str | None], label: str, kind: str) -> None:
    assert guess_type(values, label) == kind


def proposal(path: Path, scratch: Path, system: str | None = None) -> tuple[SourceTable, str]:
    """Draft a declaration as `strata inspect` does, and return it with its YAML."""
    (lying,) = find_files(path)
    scratch.mkdir()
    drafted = draft(read_table(Glance(path, scratch)), path.name, system, ())
    desk = Desk(scratch / "home", drafted)
    record = land_on_trial(desk.settings, drafted, [lying.file], desk.said.append)[lying.file.name]
    assert record.outcome == "landed", record.reason
    drafted, key = with_key(drafted, unique_columns(desk.settings, drafted, record))
    return drafted, as_yaml(drafted, key, is_new_system=True)


def declared(text: str, folder: Path) -> tuple[SourceTable, dict[str, Any]]:
    """Read YAML as dbt and landing do; also return the landing part of it."""
    (system,) = yaml.safe_load(text)["sources"]
    (table,) = system["tables"]
    node = {
        "source_name": system["name"],
        "name": table["name"],
        "config": table["config"],
        "columns": {column["name"]: column for column in table["columns"]},
    }
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({"sources": {"1": node}}))
    (found,) = load_sources(manifest)
    return found, table["config"]["meta"]["landing"]


CSV = f"{HEADER},Member Id\n{ROWS}".replace("42\n", "42,x\n").replace("43\n", "43,y\n")
STRANGERS = {
    "会员_20261119.csv": CSV.replace(",", ";").replace("Name", "姓名"),
    "hats.csv": "Hat,Colour\n1,red\n1,red\n",
    "report 7.txt": ("会员导出\n\n" + CSV).encode("gb18030"),
    "odd [1].csv": 'Order,"Gro""up",order,Größe,a b\\c,#\n1,2,3,4,5,6\n',
    "answer_1.json": '{"code": 0, "data": {"list": [{"id": "a", "who": {"mail": "a@b.cn"}}]}}',
    "events.jsonl": '{"id": 1, "at": "2026-01-01T00:00:00Z"}\n{"id": 2, "x": [1]}\n',
}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_file_without_a_source_gets_a_declaration_that_lands_it(
    tmp_path: Path, name: str
) -> None:
    content = STRANGERS[name]
    drafted, text = proposal(written(tmp_path, name, content), tmp_path / "scratch")
    found, _ = declared(text, tmp_path)
    assert (found.columns, found.files) == (drafted.columns, drafted.files)
    desk = Desk(tmp_path / "home", found)
    record = desk.land_one(name, content)
    assert (record.outcome, record.reason, record.rejected_rows) == ("landed", None, 0)
    assert desk.scan().unmatched == ()
    rows = desk.rows(record)
    assert all(any(value is not None for value in row) for row in rows)


def test_a_workbook_without_a_source_gets_a_declaration_that_lands_it(tmp_path: Path) -> None:
    path = tmp_path / "门店_20261119.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write_row(0, 0, ["读我"])
        sheet = book.add_worksheet("数据")
        for number, row in enumerate([("门店", "Opened On"), ("一", "2026-01-01"), ("二", "")]):
            sheet.write_row(number, 0, row)
    _, text = proposal(path, tmp_path / "scratch", system="club")
    found, landing = declared(text, tmp_path)
    assert (found.system, landing["format"], landing["key"]) == ("club", "excel", ["column_1"])
    desk = Desk(tmp_path / "home", found)
    assert desk.land_one(path.name, path.read_bytes()).landed_rows == 2


def test_a_draft_names_columns_after_latin_labels_and_numbers_the_others(tmp_path: Path) -> None:
    path = written(tmp_path, "会员_20261119.csv", STRANGERS["会员_20261119.csv"])
    drafted, text = proposal(path, tmp_path / "scratch")
    assert [(c.name, c.labels[0], c.type, c.required) for c in drafted.columns] == [
        ("member_id", "Member Id", "id", True),
        ("mobile", "Mobile", "phone", False),
        ("joined", "Joined", "time", False),
        ("column_4", "姓名", "text", False),
        ("shoe_size", "Shoe Size", "integer", False),
    ]
    _, landing = declared(text, tmp_path)
    assert landing["files"] == ["会员_[0-9]*.csv"]
    assert (landing["key"], landing["delimiters"]) == (["member_id"], [";"])
    assert (landing["load"], landing["arrival"]) == ("full", "irregular")


def test_a_file_without_a_unique_column_has_its_rows_for_a_key(tmp_path: Path) -> None:
    _, text = proposal(written(tmp_path, "hats.csv", STRANGERS["hats.csv"]), tmp_path / "scratch")
    assert declared(text, tmp_path)[1]["key"] == ["_file_id", "_row"]


def test_a_folder_that_cannot_name_a_system_is_not_taken_for_one(tmp_path: Path) -> None:
    path = written(tmp_path, "hats.csv", STRANGERS["hats.csv"])
    drafted, _ = proposal(path, tmp_path / "scratch", system="My Shop")
    assert drafted.system == "newsystem"


def test_words_of_sql_are_no_names_of_columns(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", "order,Group,outcome,2nd\n1,2,3,4\n")
    drafted, _ = proposal(path, tmp_path / "scratch")
    names = [column.name for column in drafted.columns]
    assert names == ["order_value", "group_value", "outcome_value", "nd"]


def test_records_of_an_answer_are_found_in_it(tmp_path: Path) -> None:
    path = written(tmp_path, "answer_1.json", STRANGERS["answer_1.json"])
    drafted, text = proposal(path, tmp_path / "scratch")
    assert declared(text, tmp_path)[1]["records"] == "data.list[]"
    assert [(c.name, c.labels[0]) for c in drafted.columns] == [
        ("code", "code"), ("id", "data.list.id"), ("who_mail", "data.list.who.mail"),
    ]  # fmt: skip


def test_a_base_model_goes_with_the_draft() -> None:
    assert base_model(MEMBERS).splitlines() == [
        "{{ config(materialized='table') }}",
        "",
        "{{ typed_rows('club', 'members') }}",
    ]


def test_data_is_not_taken_for_a_header(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", ROWS)
    with pytest.raises(RefusedFileError, match="no_header") as refused:
        read_table(Glance(path, tmp_path))
    assert "张三" not in str(refused.value)
