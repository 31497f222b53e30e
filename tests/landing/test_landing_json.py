"""JSON exports: lines, documents and lists of documents, and what of each becomes a row."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_desk import Desk, Row, all_large, column, source

from orchestration.landing import json_documents, json_export, land, records
from orchestration.landing.register import FileRecord
from orchestration.landing.sources import SourceTable

Seen = tuple[str, list[Row], list[tuple[int, str, str]]]
COLUMNS = ("_row", "id", "name", "city", "_extra")


def json_source(*more: Any, **changes: Any) -> SourceTable:
    declared = more or (
        column("id"),
        column("name", "name", "user.name", required=False),
        column("city", "properties.$city", required=False),
    )
    return source(*declared, **{"files": ("*.json*",), "formats": ("json",), **changes})


def seen(desk: Desk, record: FileRecord) -> Seen:
    rows = desk.rows(record, *COLUMNS) if record.outcome == "landed" else []
    return record.outcome, rows, desk.reasons()


def both_ways(folder: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> Seen:
    """Land `content` as it comes, line by line, and as if it were large; all give the same."""
    as_it_comes = Desk(folder / "as_it_comes", json_source())
    record = as_it_comes.land_one("x.jsonl", content)
    with monkeypatch.context() as patch:
        patch.setattr(land, "is_sound", lambda *_: False)
        carefully = Desk(folder / "carefully", json_source())
        again = carefully.land_one("x.jsonl", content)
    with all_large():
        as_large = Desk(folder / "as_large", json_source())
        large = as_large.land_one("x.jsonl", content)
    assert seen(as_it_comes, record) == seen(carefully, again) == seen(as_large, large)
    for found in (record, again, large):
        assert found.records == found.landed_rows + found.rejected_rows
    return seen(as_it_comes, record)


# Line between two good ones -> name that lands, or the reason why none does.
SOUND_LINES = {
    "plain": ('{"id":2,"name":"x"}', "x"),
    "blanks around": ('  {"id":2,"name":"x"}\t ', "x"),
    "blanks within": ('{ "id" : 2 , "name" : "x" }', "x"),
    "carriage return": ('{"id":2,"name":"x"}\r', "x"),
    "the same key twice": ('{"id":2,"name":"x","name":"y"}', "x"),
    "keys within keys": ('{"id":2,"user":{"name":"x"}}', "x"),
    "a key with a dot": ('{"id":2,"user.name":"x"}', "x"),
    "null before another label": ('{"id":2,"name":null,"user":{"name":"x"}}', "x"),
    "number": ('{"id":2,"name":17}', "17"),
    "beyond 64 bits": ('{"id":2,"name":18446744073709551616}', "18446744073709551616"),
    "thirty digits": ('{"id":2,"name":123456789012345678901234567890}',
                      "123456789012345678901234567890"),
    "fraction": ('{"id":2,"name":0.1}', "0.1"),
    "negative": ('{"id":2,"name":-3.5}', "-3.5"),
    "true": ('{"id":2,"name":true}', "true"),
    "null": ('{"id":2,"name":null}', None),
    "list": ('{"id":2,"name":["x",{"y":1}]}', '["x",{"y":1}]'),
    "object": ('{"id":2,"name":{"y":1}}', '{"y":1}'),
    "escaped sign": ('{"id":2,"name":"\\u738b"}', "王"),
    "astral sign": ('{"id":2,"name":"😀"}', "😀"),
    "pair of halves": ('{"id":2,"name":"\\ud83d\\ude00"}', "😀"),
    "half a sign": ('{"id":2,"name":"x\\ud83d"}', "x\ufffd"),
    "second half alone": ('{"id":2,"name":"\\uDE00x"}', "\ufffdx"),
    "backslash before u": ('{"id":2,"name":"\\\\ud83d"}', "\\ud83d"),
    "quotes": ('{"id":2,"name":"say \\"x\\""}', 'say "x"'),
    "line break in a text": ('{"id":2,"name":"x\\ny"}', "x\ny"),
    "separators of Unicode": ('{"id":2,"name":"x\u2028y\u0085z"}', "x\u2028y\u0085z"),
    "deep": ('{"id":2,"deep":' + "[" * 3000 + "]" * 3000 + ',"name":"x"}', "x"),
}  # fmt: skip
BROKEN_LINES = {
    "cut": '{"id":2,"name":"x',
    "no JSON": "id=2",
    "list": '[{"id":2}]',
    "number": "2",
    "null": "null",
    "text": '"x"',
    "two in one line": '{"id":2}{"id":3}',
    "two with a comma": '{"id":2},{"id":3}',
    "comma behind": '{"id":2},',
    "comment": '{"id":2} // x',
    "single quotes": "{'id':2}",
    "bare tab in a text": '{"id":2,"name":"\t"}',
    "leading zero": '{"id":02}',
    "byte order mark": '\ufeff{"id":2}',
    "wide blank": '{"id":2}\u3000',
}


@pytest.mark.parametrize(("line", "name"), SOUND_LINES.values(), ids=SOUND_LINES.keys())
def test_both_paths_read_the_same_values_from_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, name: str | None
) -> None:
    content = f'{{"id":1,"name":"a"}}\n{line}\n{{"id":3,"properties":{{"$city":"上海"}}}}\n'
    outcome, rows, rejects = both_ways(tmp_path, monkeypatch, content)
    assert (outcome, rejects) == ("landed", [])
    assert [row[:4] for row in rows] == [
        (1, "1", "a", None), (2, "2", name, None), (3, "3", None, "上海"),
    ]  # fmt: skip
    assert rows[0][4] == '{"id":1,"name":"a"}'


@pytest.mark.parametrize("line", BROKEN_LINES.values(), ids=BROKEN_LINES.keys())
def test_a_broken_line_is_rejected_with_its_row_and_text_and_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    content = f'{{"id":1}}\n\n{line}\n{{"id":3}}\n'
    _, rows, rejects = both_ways(tmp_path, monkeypatch, content)
    assert [row[:2] for row in rows] == [(1, "1"), (3, "3")]
    assert rejects == [(2, "not_an_object", line)]


def test_a_nul_in_a_line_rejects_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = '{"id":1}\n{"id":2,"name":"\0"}\n'
    _, rows, rejects = both_ways(tmp_path, monkeypatch, content)
    assert [row[1] for row in rows] == ["1"]
    assert rejects == [(2, "nul_byte", '{"id":2,"name":"\\0"}')]


@pytest.mark.parametrize(
    "content",
    [
        '{"id":1}\n{"id":2}',
        '{"id":1}\r\n{"id":2}\r\n',
        '\n\n{"id":1}\n \n\t\n{"id":2}\n\n',
        '{"id":1}\n\v\n{"id":2}\f\n',
        '\ufeff{"id":1}\n{"id":2}\n',
    ],
)
def test_blank_lines_and_line_ends_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    _, rows, rejects = both_ways(tmp_path, monkeypatch, content)
    assert ([row[:2] for row in rows], rejects) == ([(1, "1"), (2, "2")], [])


PIECES = st.lists(
    st.sampled_from([
        '{"id":1}', '{"id":"2","name":"x"}', '{"id":null}', '{"user":{"name":1}}', "{", "}", "[",
        "]", "null", ",", '"', "\\", "\n", "\n", "\n", "\r\n", "\r", " ", "\t", "\f", "\ufeff",
        '{"name":"\\ud83d"}', '{"id":1,}', '{"id":NaN}', '{"id":1e400}', "王", "{}", "\u3000",
    ]),
    max_size=10,
).map("".join)  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(body=PIECES)
def test_whatever_the_lines_hold_both_paths_agree_and_count_them_all(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    content = '{"id":0}\n{"id":0}\n' + body
    _, rows, rejects = both_ways(tmp_path_factory.mktemp("lines"), monkeypatch, content)
    lines = [line for line in content.split("\n") if line.strip(" \t\r\n\v\f")]
    assert len(rows) + len(rejects) == len(lines)
    assert sorted([row[0] for row in rows] + [reject[0] for reject in rejects]) == [
        number for number, _ in enumerate(lines, start=1)
    ]


@pytest.mark.parametrize("size", [3_000_000, 40_000_000])
def test_a_line_of_megabytes_is_rejected_and_the_rest_lands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    content = f'{{"id":1}}\n{{"id":2,"name":"{"x" * size}"}}\n{{"id":3}}\n'
    _, rows, rejects = both_ways(tmp_path, monkeypatch, content)
    assert [row[:2] for row in rows] == [(1, "1"), (3, "3")]
    ((row, reason, raw),) = rejects
    assert (row, reason) == (2, "line_too_long")
    assert len(raw) == records.LONGEST_RAW_TEXT


def test_a_first_line_of_megabytes_does_not_hide_that_lines_follow(tmp_path: Path) -> None:
    content = f'{{"id":1,"name":"{"x" * 3_000_000}"}}\n{{"id":2}}\n{{"id":3}}\n'
    desk = Desk(tmp_path, json_source())
    record = desk.land_one("x.jsonl", content)
    assert (record.landed_rows, record.rejected_rows) == (2, 1)


def test_no_line_is_ever_held_in_memory_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_export, "LONGEST_LINE", 100)
    path = tmp_path / "x.jsonl"
    path.write_text(f'{{"id":1}}\n{{"id":2,"name":"{"x" * 10_000}"}}\n{{"id":3}}\n')
    lines = [line for _, line in json_documents.numbered_lines(path, 100)]
    assert [len(line) for line in lines] == [8, 101, 8]


def test_sound_lines_are_read_by_duckdb_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(land, "clean_text", lambda *_: pytest.fail("read line by line"))
    desk = Desk(tmp_path, json_source())
    lines = "".join(f'{{"id":{n},"user":{{"name":"王"}}}}\n' for n in range(1000))
    assert desk.land_one("x.jsonl", lines).landed_rows == 1000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_lines_in_another_encoding_land_alike(tmp_path: Path, encoding: str) -> None:
    desk = Desk(tmp_path, json_source())
    content = '{"id":1,"name":"王小明"}\n{"id":2,"name":"李四"}\nbroken\n'
    record = desk.land_one("x.jsonl", content.encode(encoding))
    assert desk.rows(record, "_row", "name") == [(1, "王小明"), (2, "李四")]
    assert desk.reasons() == [(3, "not_an_object", "broken")]


ONE = {"id": 1, "name": "a"}
TWO = {"id": 2, "user": {"name": "b"}}


@pytest.mark.parametrize(
    ("name", "content"),
    {
        "list on one line": json.dumps([ONE, TWO]),
        "list for people": json.dumps([ONE, TWO], indent=2),
        "list, one document per line": f"[\n{json.dumps(ONE)},\n{json.dumps(TWO)}\n]\n",
        "list that starts on its first line": f"[{json.dumps(ONE)},\n{json.dumps(TWO)}\n]\n",
        "lines": f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n",
        "byte order mark": "\ufeff" + json.dumps([ONE, TWO]),
    }.items(),
)
def test_lines_and_lists_of_documents_give_the_same_records(
    tmp_path: Path, name: str, content: str
) -> None:
    desk = Desk(tmp_path, json_source())
    record = desk.land_one("x.json", content)
    assert desk.rows(record, "_row", "id", "name") == [(1, "1", "a"), (2, "2", "b")], name
    extras = [json.loads(text) for (text,) in desk.rows(record, "_extra")]
    assert extras == [ONE, TWO]


def test_a_document_alone_is_one_record_however_it_is_laid_out(tmp_path: Path) -> None:
    for indent in (None, 2):
        desk = Desk(tmp_path / str(indent), json_source())
        record = desk.land_one("x.json", json.dumps(TWO, indent=indent))
        assert desk.rows(record, "id", "name") == [("2", "b")]


def test_an_element_that_is_no_object_is_rejected(tmp_path: Path) -> None:
    desk = Desk(tmp_path, json_source())
    record = desk.land_one("x.json", '[{"id":1}, 7, "x", null, [1], {"id":2}]')
    assert desk.rows(record, "_row", "id") == [(1, "1"), (6, "2")]
    assert [reject[:2] for reject in desk.reasons()] == [
        (row, "not_an_object") for row in (2, 3, 4, 5)
    ]


def test_numbers_in_a_document_keep_their_digits(tmp_path: Path) -> None:
    desk = Desk(tmp_path, json_source())
    content = '[{"id":18446744073709551617,"name":123456789012345678901234567890}]'
    assert desk.rows(desk.land_one("x.json", content), "id", "name") == [
        ("18446744073709551617", "123456789012345678901234567890")
    ]


def test_half_a_sign_in_a_document_costs_no_record(tmp_path: Path) -> None:
    desk = Desk(tmp_path, json_source())
    content = '[{"id":1,"name":"x\\ud83d"},{"id":2,"name":"\\ud83d\\ude00"}]'
    record = desk.land_one("x.json", content)
    assert desk.rows(record, "name") == [("x\ufffd",), ("😀",)]


@pytest.mark.parametrize("depth", [60, 900, 100_000])
def test_a_document_that_nests_too_deep_is_no_crash(tmp_path: Path, depth: int) -> None:
    deep: str = '{"a":' * depth + "1" + "}" * depth
    desk = Desk(tmp_path, json_source())
    record = desk.land_one("x.json", f'[{{"id":1}},\n{{"id":2,"deep":{deep}}}]')
    assert record.outcome in ("landed", "refused")
    assert record.outcome == "landed" or (record.reason or "").startswith("not_json: ")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("id,name\n1,a\n", "not_json"),
        ('[{"id":1},', "not_json"),
        ('[{"id":1},\n{"id":2}', "not_json"),
        ('{"id":1', "not_json"),
        ("[]", "no_records"),
        ("\n\n", "not_json"),
        ('{"other":1}\n{"other":2}\n', "missing_columns"),
        ('{"id":null}\n{"id":null}\n', "missing_columns"),
        ('[{"other":1}]', "missing_columns"),
    ],
)
def test_what_holds_no_such_record_is_refused(tmp_path: Path, content: str, code: str) -> None:
    record = Desk(tmp_path, json_source()).land_one("x.json", content)
    assert record.outcome == "refused"
    assert record.reason is not None and record.reason.startswith(f"{code}: ")


def test_a_missing_field_is_refused_with_the_fields_that_are_there(tmp_path: Path) -> None:
    record = Desk(tmp_path, json_source()).land_one("x.json", '[{"nr":1,"user":{"name":"a"}}]')
    assert record.reason is not None
    assert "till.lines needs id; the file has nr, user, user.name." in record.reason


def test_a_document_too_large_for_memory_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_documents, "LARGEST_DOCUMENT", 10)
    record = Desk(tmp_path, json_source()).land_one("x.json", '[{"id":1},\n{"id":2}]')
    assert record.reason is not None
    assert record.reason.startswith("too_large: ") and "JSON Lines" in record.reason


def listed(*paths: str, labels: tuple[str, ...] = ("list.id",), **more: Any) -> SourceTable:
    columns = (column("id", *labels), column("owner", "owner.name", required=False))
    return json_source(*columns, records=paths, **more)


@pytest.mark.parametrize(
    ("paths", "labels", "document", "ids"),
    [
        (("list[]",), ("list.id",), {"list": [{"id": 1}, {"id": 2}]}, ["1", "2"]),
        (("list[]",), ("list.id",), {"list": {"id": 1}}, ["1"]),
        (("list[]",), ("list",), {"list": ["x", 7]}, ["x", "7"]),
        (("list[]",), ("list",), {"list": "x"}, ["x"]),
        (("list[]",), ("list.id",), {"list": [None, {"id": 2}]}, ["2"]),
        (("a.list[]",), ("a.list.id",), {"a": {"list": [{"id": 1}]}}, ["1"]),
        (("a[].b[]",), ("a.b.id",), {"a": [{"b": [{"id": 1}]}, {"b": {"id": 2}}]}, ["1", "2"]),
        (("a[].b[]",), ("a.b.id",), {"a": [{"b": None}, {}, {"b": [{"id": 2}]}]}, ["2"]),
        (("a[].b[]",), ("a.id",), {"a": {"id": 9, "b": [{}, {}]}}, ["9", "9"]),
        (("x[]", "y[]"), ("x.id", "y.id"), {"y": [{"id": 2}]}, ["2"]),
        (("x[]", "y[]"), ("x.id", "y.id"), {"x": [{"id": 1}], "y": [{"id": 2}]}, ["1", "2"]),
        (("list[]",), ("id",), {"id": 5, "list": [{}, {}]}, ["5", "5"]),
    ],
)
def test_records_lie_where_the_path_leads(
    tmp_path: Path,
    paths: tuple[str, ...],
    labels: tuple[str, ...],
    document: dict[str, Any],
    ids: list[str],
) -> None:
    desk = Desk(tmp_path, listed(*paths, labels=labels))
    record = desk.land_one("x.json", json.dumps(document))
    assert desk.rows(record, "_row", "id") == list(enumerate(ids, start=1))
    assert (record.records, record.rejected_rows) == (len(ids), 0)


def test_a_record_sees_the_fields_of_the_objects_around_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, listed("list[]"))
    document = {"owner": {"name": "王"}, "list": [{"id": 1, "more": 2}, {"id": 3}]}
    record = desk.land_one("x.json", json.dumps(document))
    assert desk.rows(record, "id", "owner") == [("1", "王"), ("3", "王")]
    extra = json.loads(desk.rows(record, "_extra")[0][0])
    assert extra == {"owner.name": "王", "list.id": 1, "list.more": 2}


def test_a_long_list_beside_the_records_is_not_repeated_with_each_of_them(tmp_path: Path) -> None:
    desk = Desk(tmp_path, listed("list[]"))
    document = {"list": [{"id": n, "own": [n] * 30} for n in range(9)], "other": [0] * 500}
    record = desk.land_one("x.json", json.dumps(document))
    extra = json.loads(desk.rows(record, "_extra")[0][0])
    assert extra == {"list.id": 0, "list.own": [0] * 30}


@pytest.mark.parametrize("empty", [{"list": []}, {"list": None}, {"errcode": 0}, []])
def test_a_file_without_a_record_is_refused_and_says_what_was_looked_for(
    tmp_path: Path, empty: object
) -> None:
    record = Desk(tmp_path, listed("list[]")).land_one("x.json", json.dumps(empty))
    assert record.reason is not None
    assert record.reason.startswith("no_records: till.lines looks for list[]")


def test_documents_on_lines_give_their_records_and_broken_lines_are_rejected(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, listed("list[]"))
    content = '{"list":[{"id":1},{"id":2}]}\nbroken\n{"errcode":40001}\n{"list":[{"id":3}]}\n'
    record = desk.land_one("x.jsonl", content)
    assert desk.rows(record, "_row", "id") == [(1, "1"), (2, "2"), (4, "3")]
    assert desk.reasons() == [(3, "not_an_object", "broken")]


def test_a_long_line_that_holds_many_records_is_no_long_record(tmp_path: Path) -> None:
    desk = Desk(tmp_path, listed("list[]"))
    page = json.dumps({"list": [{"id": n, "text": "x" * 1000} for n in range(3000)]})
    record = desk.land_one("x.jsonl", f"{page}\n{page}\n")
    assert (record.landed_rows, record.rejected_rows) == (6000, 0)


def test_a_record_of_megabytes_within_a_document_is_rejected_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path, listed("list[]"))
    document = {"list": [{"id": 1, "text": "x" * 3_000_000}, {"id": 2}]}
    record = desk.land_one("x.json", json.dumps(document))
    assert desk.rows(record, "_row", "id") == [(2, "2")]
    assert [reject[:2] for reject in desk.reasons()] == [(1, "line_too_long")]


def test_fields_that_nobody_declares_are_kept_and_named_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, json_source())
    desk.land_one("1.jsonl", '{"id":1,"new":1,"user":{"name":"a","age":7}}\n')
    desk.land_one("2.jsonl", '{"id":2,"new":1,"user":{"name":"a"}}\n')
    named = [line for line in desk.said if "_extra" in line]
    assert named == [
        "  till/1.jsonl: kept in _extra, for no column of till.lines declares them: new, user.age"
    ]


def test_the_newest_time_in_the_lines_tells_when_they_were_exported(tmp_path: Path) -> None:
    times = column("at", "event.at", required=False)
    for way, broken in (("sound", ""), ("broken", "x\n")):
        declared = json_source(column("id"), times, exported_at_content="at")
        desk = Desk(tmp_path / way, declared)
        lines = '{"id":1,"event":{"at":"2026-11-17 08:00:00"}}\n{"id":2,"event":{"at":null}}\n'
        record = desk.land_one("x.jsonl", lines + broken)
        assert record.exported_at_from == "content"
        assert record.exported_at.isoformat() == "2026-11-17T00:00:00"
