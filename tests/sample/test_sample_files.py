"""The sample as a whole: its bytes, its nights, its truth.

Belongs here: claims about all systems together, and what is in the files of the first four writers.
Does not belong here: one system's columns, and what is in the files of the other writers.
"""

import csv
import datetime
import fnmatch
import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from orchestration.landing.inbox import scan_inbox
from orchestration.landing.routing import route
from orchestration.landing.sources import SourceTable, load_sources
from orchestration.sample.write import SampleFile, SampleSpec, write_sample
from orchestration.settings import DBT_PROJECT

LAST_NIGHT = datetime.date(2026, 11, 19)
ZONE = "Asia/Shanghai"
SYSTEMS = (
    "zoho", "fxiaoke", "wecom", "shopify", "shop", "taobao", "jd", "youzan", "douyin", "segment",
    "sensors", "ga4", "wenjuanxing", "typeform", "loyalty", "campaigns", "reference",
)  # fmt: skip
# They name customers by the ids of other systems, and have none of their own.
WITHOUT_RECORDS = {"campaigns", "reference"}
# The first four writers: names of their files, and ids of their records among those of the system.
FIRST_FOUR = {
    "zoho": ("Contacts_*.csv", r"zcrm_5361160\d{11}"),
    "fxiaoke": ("客户对象导出结果_*.xlsx", "[0-9a-f]{14}0001[0-9a-f]{6}"),
    "shopify": ("orders_export*.csv", r"(#|D-)\d+"),
    "shop": ("order_lines_*.csv", ".+"),
}
# Neither people nor purchases: moments of export, staff, the catalogue, names of tags, and which
# visitors were deleted.
SAME_FOR_EVERY_SEED = {
    "shopify/orders_export_1.csv.exported_at",
    "shopify/customers_export_1.csv.exported_at",
    "wecom/get_follow_user_list_20261119.json",
    "fxiaoke/ProductObj_20261119_233000.jsonl",
    "fxiaoke/标签_20261119.xlsx",
    "zoho/deleted_20261119.json",
}
Truth = dict[tuple[str, str], dict[str, str]]


@dataclass(frozen=True)
class Sample:
    """One sample on disk, what writing it returned and what it said."""

    folder: Path
    files: list[SampleFile]
    said: list[str]

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    def of_first_four(self) -> list[SampleFile]:
        return [file for file in self.files if is_of_first_four(file)]

    def truth(self) -> Truth:
        with (self.folder / "deep" / "truth.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        truth = {(row["source_system"], row["record_id"]): row for row in rows}
        assert len(truth) == len(rows), "a record is in the truth twice"
        return truth

    def truth_of_first_four(self) -> Truth:
        return {
            (system, record_id): row
            for (system, record_id), row in self.truth().items()
            if system in FIRST_FOUR and re.fullmatch(FIRST_FOUR[system][1], record_id)
        }


SampleOf = Callable[[int, int], Sample]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleOf:
    """A sample of so many customers and nights, written once for all tests."""

    @cache
    def sample_of(customers: int, nights: int) -> Sample:
        return written(tmp_path_factory.mktemp("sample"), customers, nights)

    return sample_of


def written(folder: Path, customers: int, nights: int, seed: int = 7) -> Sample:
    spec = SampleSpec(customers, nights, seed, LAST_NIGHT, "CNY", ZONE)
    said: list[str] = []
    files = write_sample(spec, folder / "inbox", folder / "deep" / "truth.csv", said.append)
    return Sample(folder, files, said)


def is_of_first_four(file: SampleFile) -> bool:
    return file.system in FIRST_FOUR and fnmatch.fnmatchcase(
        file.path.name, FIRST_FOUR[file.system][0]
    )


def bytes_under(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def sidecar_of(file: SampleFile) -> Path:
    return file.path.with_name(f"{file.path.name}.exported_at")


def records(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".xlsx":
        header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        return [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def csv_rows(content: bytes) -> int:
    """Count the rows below the header; no export in GB18030 is UTF-8 as well."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return len(list(csv.reader(io.StringIO(text, newline="")))) - 1


def data_rows(path: Path) -> int:
    """Count the rows of a file that is a table, in whatever format."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.startswith("Data/")]
            return sum(csv_rows(archive.read(name)) for name in names)
    if path.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(path)
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible
        ]
        tables = [book.get_sheet_by_name(name).to_python() for name in shown]
        return sum(len(table) - 1 for table in tables if table)
    if path.suffix == ".jsonl":
        return len(path.read_text("utf-8").splitlines())
    return csv_rows(path.read_bytes())


def dates_of(file: SampleFile) -> Iterator[datetime.date]:
    """Yield every date that the name of an export states, or its sidecar where it has one."""
    if sidecar_of(file).exists():
        yield datetime.date.fromisoformat(sidecar_of(file).read_text("utf-8")[:10])
    elif file.system == "douyin":
        seconds = int(file.path.name.partition("_")[0])
        yield datetime.datetime.fromtimestamp(seconds, ZoneInfo(ZONE)).date()
    else:
        for year, month, day in re.findall(r"(20\d\d)[-_]?(\d\d)[-_]?(\d\d)", file.path.name):
            yield datetime.date(int(year), int(month), int(day))


def declared_sources(folder: Path) -> tuple[SourceTable, ...]:
    """Return what `load_sources` would, without waiting for dbt to parse the project."""
    nodes = {}
    for path in (DBT_PROJECT / "models" / "staging").glob("*/_*__sources.yml"):
        for source in yaml.safe_load(path.read_text("utf-8"))["sources"]:
            for table in source["tables"]:
                nodes[f"{source['name']}.{table['name']}"] = {
                    "source_name": source["name"],
                    "name": table["name"],
                    "config": {"meta": table.get("config", {}).get("meta", {})},
                    "columns": {column["name"]: column for column in table.get("columns", [])},
                }
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({"sources": nodes}), encoding="utf-8")
    return load_sources(manifest)


def identity_of(system: str, row: dict[str, str]) -> tuple[str, str, str]:
    """Return record id, phone and e-mail of one row of an export of the first four writers."""
    if system == "zoho":
        return row["Record Id"], row["Mobile"], row["Email"]
    if system == "fxiaoke":
        return row["唯一性ID（必填）"], row["电话"], row["邮件"]
    if system == "shopify":
        return row["Name"], row["Phone"], row["Email"]
    return row["customer_id"] or row["order_id"], row["phone"], row["email"]


def test_the_same_spec_gives_the_same_bytes_at_any_time(sample: SampleOf, tmp_path: Path) -> None:
    earlier = sample(60, 3)
    first = bytes_under(earlier.folder)
    # A file's own clock counts in seconds, and a zip's in pairs of seconds.
    time.sleep(2.1)
    written(tmp_path, 60, 3)
    assert first == bytes_under(tmp_path)
    sidecars = {sidecar_of(file) for file in earlier.files if file.system == "shopify"}
    exports = {file.path for file in earlier.files}
    assert {earlier.folder / name for name in first} == {
        *exports, *sidecars, earlier.folder / "deep" / "truth.csv"
    }  # fmt: skip
    assert len(exports) == len(earlier.files)


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    one, other = written(tmp_path / "a", 60, 1, seed=1), written(tmp_path / "b", 60, 1, seed=2)
    first, second = bytes_under(one.inbox), bytes_under(other.inbox)
    # A night without a deal has no file of deals, so the names may differ, too.
    shared = first.keys() & second.keys()
    assert {name.partition("/")[0] for name in shared} == set(SYSTEMS)
    assert {name for name in shared if first[name] == second[name]} <= SAME_FOR_EVERY_SEED
    assert one.truth() != other.truth()


def test_nights_cut_the_timeline_and_change_nobody(sample: SampleOf) -> None:
    few, many = sample(300, 2), sample(300, 9)
    dated = [file.path for file in few.of_first_four() if file.system != "shopify"]
    # The first night's order file holds the whole history, so only the last one compares.
    dated.remove(few.inbox / "shop" / "order_lines_2026-11-18.csv")
    assert len(dated) == 5
    for path in dated:
        same = many.inbox / path.relative_to(few.inbox)
        assert path.read_bytes() == same.read_bytes(), path.name


@pytest.mark.parametrize(("customers", "nights"), [(1, 9), (50, 32), (300, 9)])
def test_shopify_orders_read_the_same_on_a_night_whatever_the_nights_before(
    sample: SampleOf, customers: int, nights: int
) -> None:
    few = records(sample(customers, 2).inbox / "shopify" / "orders_export_2.csv")
    many = records(sample(customers, nights).inbox / "shopify" / f"orders_export_{nights}.csv")
    names = {row["Name"] for row in few}
    # Further nights may add anonymous walk-ins, and nothing else.
    assert all(row["Name"].startswith("D-") for row in many if row["Name"] not in names)
    assert [row for row in many if row["Name"] in names] == few


@pytest.mark.parametrize(("customers", "nights"), [(1, 9), (50, 32), (300, 9)])
def test_every_night_differs_from_the_one_before(
    sample: SampleOf, customers: int, nights: int
) -> None:
    for before, after in pairwise(sample(customers, nights).of_first_four()):
        if before.system == after.system:
            assert records(before.path) != records(after.path), after.path.name


@pytest.mark.parametrize(("customers", "nights"), [(50, 32), (300, 9)])
def test_every_night_brings_a_new_contact_and_a_new_order(
    sample: SampleOf, customers: int, nights: int
) -> None:
    # Only small samples that go back further have nights without anybody new.
    recently = LAST_NIGHT - datetime.timedelta(days=20)
    seen: dict[str, set[str]] = {}
    for file in sample(customers, nights).of_first_four():
        ids = {identity_of(file.system, row)[0] for row in records(file.path)}
        if file.system == "shop":
            ids = {row["order_id"] for row in records(file.path) if row["order_id"][0] != "C"}
        is_news = bool(ids - seen.get(file.system, set()))
        assert is_news or file.night <= recently, file.path.name
        seen.setdefault(file.system, set()).update(ids)
    assert seen.keys() == FIRST_FOUR.keys()


@pytest.mark.parametrize("customers", [1, 300])
def test_the_truth_covers_every_record_as_it_is_written(sample: SampleOf, customers: int) -> None:
    truth = sample(customers, 9).truth_of_first_four()
    found = set()
    for file in sample(customers, 9).of_first_four():
        for row in records(file.path):
            record_id, phone, email = identity_of(file.system, row)
            known = truth[file.system, record_id]
            assert (known["phone"], known["email"]) == (phone, email)
            assert phone or email or record_id.startswith("D-") or not row.get("customer_id", "x")
            found.add((file.system, record_id))
    assert found == set(truth)


def test_no_record_is_in_the_truth_twice_and_none_is_about_a_stranger(sample: SampleOf) -> None:
    truth = sample(300, 9).truth()
    assert {system for system, _ in truth} == set(SYSTEMS) - WITHOUT_RECORDS
    assert len({row["person_id"] for row in truth.values()} - {""}) == 300


def test_everybody_is_in_the_truth_with_one_way_to_reach_them(sample: SampleOf) -> None:
    people: dict[str, set[str]] = {}
    for (system, _), row in sample(300, 2).truth_of_first_four().items():
        if row["phone"] or row["email"]:
            people.setdefault(row["person_id"], set()).add(system)
    assert len(people) == 300
    assert {len(systems) for systems in people.values()} == {1, 2, 3, 4}


def test_results_name_the_files_their_nights_and_their_rows(sample: SampleOf) -> None:
    small = sample(60, 3)
    assert tuple(system for system, _ in groupby(file.system for file in small.files)) == SYSTEMS
    nights = {(file.system, file.night.day) for file in small.files}
    assert nights == {(system, day) for system in SYSTEMS for day in (17, 18, 19)}
    assert [(file.system, file.night.day) for file in small.of_first_four()] == [
        (system, day) for system in FIRST_FOUR for day in (17, 18, 19)
    ]
    others = [file for file in small.files if not is_of_first_four(file)]
    assert all(a.night <= b.night for a, b in pairwise(others) if a.system == b.system)
    assert small.said == [f"{x.system}: {x.path.name}, {x.rows} rows" for x in small.files]
    assert all(file.path.parent == small.inbox / file.system for file in small.files)
    # How many rows a document nests is a matter of its interface, and of the tests of its system.
    tables = [x for x in small.files if x.path.suffix != ".json" and x.system != "wecom"]
    assert [(x.path.name, data_rows(x.path)) for x in tables] == [
        (x.path.name, x.rows) for x in tables
    ]


def test_every_export_is_dated_on_its_night_and_never_after(sample: SampleOf) -> None:
    for file in sample(60, 3).files:
        assert max(dates_of(file)) == file.night, file.path.name


def test_every_declared_source_takes_a_file_and_every_file_has_a_source(
    sample: SampleOf, tmp_path: Path
) -> None:
    sources = declared_sources(tmp_path)
    assert {source.system for source in sources} == set(SYSTEMS)
    # Returns are rare, so a smaller sample may do without.
    scan = scan_inbox(sample(300, 2).inbox, sources, route=route)
    assert not [relation for relation, files in scan.matched.items() if not files]
    assert not scan.unmatched
    # Of a backup, the list of fields is for people.
    assert {file.file_name for file in scan.ignored} == {"Fields_001.csv"}


def test_one_customer_is_enough_for_every_file(sample: SampleOf) -> None:
    assert all(file.rows >= 1 for file in sample(1, 9).files)


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
        "timezone": ZONE,
    }
    with pytest.raises(ValueError, match=word):
        SampleSpec(**(asked | changed))  # type: ignore[arg-type]
