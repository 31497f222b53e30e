"""The sample as a whole: its bytes, its nights, its truth.

Belongs here: claims about all four systems together. Does not belong here: one system's columns.
"""

import csv
import datetime
import time
from itertools import pairwise
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from orchestration.sample.write import SampleFile, SampleSpec, write_sample

LAST_NIGHT = datetime.date(2026, 11, 19)


def spec_of(customers: int, nights: int, seed: int = 7) -> SampleSpec:
    return SampleSpec(customers, nights, seed, LAST_NIGHT, "CNY", "Asia/Shanghai")


def bytes_under(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def written(folder: Path, spec: SampleSpec) -> list[SampleFile]:
    return write_sample(spec, folder / "inbox", folder / "truth.csv")


def records(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".xlsx":
        header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        return [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_truth(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    truth = {(row["source_system"], row["record_id"]): row for row in rows}
    assert len(truth) == len(rows), "a record is in the truth twice"
    return truth


def identity_of(system: str, row: dict[str, str]) -> tuple[str, str, str]:
    """Return record id, phone and e-mail of one row of an export."""
    if system == "zoho":
        return row["Record Id"], row["Mobile"], row["Email"]
    if system == "fxiaoke":
        return row["唯一性ID（必填）"], row["电话"], row["邮件"]
    if system == "shopify":
        return row["Name"], row["Phone"], row["Email"]
    return row["customer_id"] or row["order_id"], row["phone"], row["email"]


def test_the_same_spec_gives_the_same_bytes_at_any_time(tmp_path: Path) -> None:
    written(tmp_path / "a", spec_of(60, 3))
    # A file's own clock counts in seconds, and a zip's in pairs of seconds.
    time.sleep(2.1)
    written(tmp_path / "b", spec_of(60, 3))
    first, second = bytes_under(tmp_path / "a"), bytes_under(tmp_path / "b")
    assert len(first) == 3 * 4 + 3 + 1
    assert first == second


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    written(tmp_path / "a", spec_of(60, 1, seed=1))
    written(tmp_path / "b", spec_of(60, 1, seed=2))
    first, second = bytes_under(tmp_path / "a"), bytes_under(tmp_path / "b")
    assert not [name for name in first if not name.endswith("_at") and first[name] == second[name]]


def test_nights_cut_the_timeline_and_change_nobody(tmp_path: Path) -> None:
    written(tmp_path / "few", spec_of(300, 2))
    written(tmp_path / "many", spec_of(300, 9))
    few, many = bytes_under(tmp_path / "few"), bytes_under(tmp_path / "many")
    dated = [name for name in few if "shopify" not in name and name != "truth.csv"]
    # The first night's order file holds the whole history, so only the last one compares.
    dated.remove("inbox/shop/order_lines_2026-11-18.csv")
    assert len(dated) == 5
    assert {name: few[name] for name in dated} == {name: many[name] for name in dated}


@pytest.mark.parametrize("customers", [1, 40, 300])
def test_shopify_orders_read_the_same_on_a_night_whatever_the_nights_before(
    tmp_path: Path, customers: int
) -> None:
    written(tmp_path / "few", spec_of(customers, 2))
    written(tmp_path / "many", spec_of(customers, 9))
    few = records(tmp_path / "few" / "inbox" / "shopify" / "orders_export_2.csv")
    many = records(tmp_path / "many" / "inbox" / "shopify" / "orders_export_9.csv")
    names = {row["Name"] for row in few}
    # Further nights may add anonymous walk-ins, and nothing else.
    assert all(row["Name"].startswith("D-") for row in many if row["Name"] not in names)
    assert [row for row in many if row["Name"] in names] == few


@pytest.mark.parametrize(("customers", "nights"), [(1, 5), (50, 24), (50, 40), (400, 4)])
def test_every_night_differs_from_the_one_before(
    tmp_path: Path, customers: int, nights: int
) -> None:
    files = written(tmp_path, spec_of(customers, nights))
    for before, after in pairwise(files):
        if before.system == after.system:
            assert records(before.path) != records(after.path), after.path.name


@pytest.mark.parametrize("customers", [50, 400])
def test_every_night_brings_a_new_contact_and_a_new_order(tmp_path: Path, customers: int) -> None:
    seen: dict[str, set[str]] = {}
    for file in written(tmp_path, spec_of(customers, 20)):
        ids = {identity_of(file.system, row)[0] for row in records(file.path)}
        if file.system == "shop":
            ids = {row["order_id"] for row in records(file.path) if row["order_id"][0] != "C"}
        assert ids - seen.get(file.system, set()), file.path.name
        seen.setdefault(file.system, set()).update(ids)


@pytest.mark.parametrize("customers", [1, 250])
def test_the_truth_covers_every_record_as_it_is_written(tmp_path: Path, customers: int) -> None:
    files = written(tmp_path, spec_of(customers, 3))
    truth = read_truth(tmp_path)
    found = set()
    for file in files:
        for row in records(file.path):
            record_id, phone, email = identity_of(file.system, row)
            known = truth[file.system, record_id]
            assert (known["phone"], known["email"]) == (phone, email)
            assert phone or email or record_id.startswith("D-") or not row.get("customer_id", "x")
            found.add((file.system, record_id))
    assert found == set(truth)


def test_everybody_is_in_the_truth_with_one_way_to_reach_them(tmp_path: Path) -> None:
    written(tmp_path, spec_of(500, 1))
    people: dict[str, set[str]] = {}
    for (system, _), row in read_truth(tmp_path).items():
        if row["phone"] or row["email"]:
            people.setdefault(row["person_id"], set()).add(system)
    assert len(people) == 500
    assert {len(systems) for systems in people.values()} == {1, 2, 3, 4}


def test_results_name_the_files_their_nights_and_their_rows(tmp_path: Path) -> None:
    messages: list[str] = []
    files = write_sample(
        spec_of(40, 3), tmp_path / "inbox", tmp_path / "deep" / "truth.csv", messages.append
    )
    assert [(file.system, file.night.day) for file in files] == [
        (system, day) for system in ("zoho", "fxiaoke", "shopify", "shop") for day in (17, 18, 19)
    ]
    assert [len(records(file.path)) for file in files] == [file.rows for file in files]
    assert len(messages) == len(files)
    assert {file.path.parent for file in files} == {
        tmp_path / "inbox" / system for system in ("zoho", "fxiaoke", "shopify", "shop")
    }


def test_one_customer_is_enough_for_every_file(tmp_path: Path) -> None:
    assert all(file.rows >= 1 for file in written(tmp_path, spec_of(1, 6)))


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"customers": 0}, "customers"),
        ({"nights": 0}, "nights"),
        ({"nights": 541}, "nights"),
        ({"seed": -1}, "seed"),
        ({"currency": "yuan"}, "currency"),
        ({"timezone": "Asia/Nowhere"}, "time zone"),
    ],
)
def test_an_impossible_spec_says_what_is_wrong(changed: dict[str, object], word: str) -> None:
    asked: dict[str, object] = {
        "customers": 1,
        "nights": 1,
        "seed": 0,
        "last_night": LAST_NIGHT,
        "currency": "CNY",
        "timezone": "Asia/Shanghai",
    }
    with pytest.raises(ValueError, match=word):
        SampleSpec(**(asked | changed))  # type: ignore[arg-type]
