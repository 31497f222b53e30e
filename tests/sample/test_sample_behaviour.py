"""The exports of trackers, surveys, the member programme, campaigns and reference tables.

Belongs here: the shape of their files, and that nothing in a file is later than its night.
Does not belong here: what staging makes of them.
"""

import csv
import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from orchestration.sample.behaviour import SegmentExports, SensorsExports
from orchestration.sample.behaviour_ga4 import Ga4Exports
from orchestration.sample.campaigns import CampaignsExports
from orchestration.sample.catalogue import load_catalogue
from orchestration.sample.files import Exports, SampleFile
from orchestration.sample.loyalty import LoyaltyExports
from orchestration.sample.orders import draw_orders, split_orders
from orchestration.sample.people import draw_people
from orchestration.sample.reference import ReferenceExports
from orchestration.sample.spec import SampleSpec
from orchestration.sample.surveys import TypeformExports, WenjuanxingExports

LAST_NIGHT = datetime.date(2026, 11, 19)
ZONE_OFFSET = datetime.timedelta(hours=8)
Record = dict[str, Any]


def spec_of(customers: int, nights: int, currency: str = "CNY") -> SampleSpec:
    return SampleSpec(customers, nights, 7, LAST_NIGHT, currency, "Asia/Shanghai")


def all_exports(spec: SampleSpec) -> dict[str, Exports]:
    people, catalogue = draw_people(spec), load_catalogue()
    _, to_shop = split_orders(spec, people, draw_orders(spec, people, catalogue))
    return {
        "segment": SegmentExports(spec, people, catalogue),
        "sensors": SensorsExports(spec, people, catalogue),
        "ga4": Ga4Exports(spec, people, catalogue),
        "wenjuanxing": WenjuanxingExports(spec, people),
        "typeform": TypeformExports(spec, people),
        "loyalty": LoyaltyExports(spec, people, to_shop, catalogue),
        "campaigns": CampaignsExports(spec, people),
        "reference": ReferenceExports(spec, people, catalogue),
    }


SYSTEMS = tuple(all_exports(spec_of(1, 1)))


def written(spec: SampleSpec, folder: Path) -> list[SampleFile]:
    files: list[SampleFile] = []
    for system, exports in all_exports(spec).items():
        (folder / system).mkdir(parents=True)
        files += exports.write(folder / system)
    return files


def records(path: Path) -> list[Record]:
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if path.suffix == ".xlsx":
        header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        return [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[SampleFile]]:
    folder = tmp_path_factory.mktemp("behaviour")
    return folder, written(spec_of(600, 3), folder)


Inbox = tuple[Path, list[SampleFile]]


def of(inbox: Inbox, pattern: str) -> list[Record]:
    """Records of the files of that name, in order of name."""
    return [row for path in sorted(inbox[0].glob(pattern)) for row in records(path)]


def day_of(moment: str) -> datetime.date:
    return datetime.date.fromisoformat(
        re.sub(r"/(\d)(?=\D)", r"/0\1", moment)[:10].replace("/", "-")
    )


def iso_day(moment: str) -> datetime.date:
    return (datetime.datetime.fromisoformat(moment) + ZONE_OFFSET).date()


def epoch_day(seconds: float) -> datetime.date:
    return (datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC) + ZONE_OFFSET).date()


HAPPENED: dict[str, Callable[[Record], datetime.date]] = {
    "segment_events": lambda row: iso_day(row["timestamp"]),
    "sensors_events": lambda row: epoch_day(row["time"] / 1000),
    "events": lambda row: epoch_day(int(row["event_timestamp"]) / 1_000_000),
    "会员推荐意愿调查": lambda row: day_of(row["提交答卷时间"]),
    "service_satisfaction": lambda row: iso_day(row["Start Date (UTC)"]),
    "points_ledger": lambda row: day_of(row["occurred_at"]),
    "会员等级": lambda row: max(day_of(row["等级生效日期"]), day_of(row["入会日期"])),
    "campaign_sends": lambda row: day_of(row["sent_at"]),
    "exchange_rates": lambda row: day_of(row["rate_date"]),
    "manual_tags": lambda row: day_of(row["valid_from"]),
    "manual_groups": lambda row: day_of(row["added_date"]),
    "商品目录": lambda row: day_of(row["上市日期"]),
}


def table_of(file: SampleFile) -> str:
    return re.sub(r"[_-]*\d.*$", "", file.path.stem)


def test_the_same_spec_gives_the_same_bytes(tmp_path: Path) -> None:
    first = [file.path.read_bytes() for file in written(spec_of(80, 2), tmp_path / "a")]
    second = [file.path.read_bytes() for file in written(spec_of(80, 2), tmp_path / "b")]
    assert first == second


def test_nothing_in_a_file_is_later_than_its_night(inbox: Inbox) -> None:
    assert {table_of(file) for file in inbox[1]} == set(HAPPENED)
    for file in inbox[1]:
        happened = HAPPENED[table_of(file)]
        assert max(map(happened, records(file.path))) <= file.night, file.path.name


def test_every_file_says_its_rows_and_has_some(inbox: Inbox, tmp_path: Path) -> None:
    for file in [*inbox[1], *written(spec_of(1, 3), tmp_path)]:
        assert len(records(file.path)) == file.rows >= 1, file.path.name


def test_nights_cut_the_timeline_and_change_nobody(tmp_path: Path) -> None:
    written(spec_of(200, 2), tmp_path / "few")
    written(spec_of(200, 6), tmp_path / "many")
    few = {path.relative_to(tmp_path / "few") for path in (tmp_path / "few").rglob("*.*")}
    # The first night's files hold history where there is one, so only the last night compares.
    last = [name for name in few if re.search("20261119|2026-11-19", name.name)]
    assert len(last) == 12
    for name in last:
        assert (tmp_path / "few" / name).read_bytes() == (tmp_path / "many" / name).read_bytes()


def test_a_night_after_the_first_is_small(inbox: Inbox) -> None:
    dumps = ("会员等级", "会员推荐意愿调查", "service_satisfaction", "manual")
    for file in inbox[1]:
        if file.night == LAST_NIGHT and not file.path.name.startswith(dumps):
            assert file.rows <= 600, file.path.name


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_record_is_in_the_truth_once(system: str) -> None:
    rows = list(all_exports(spec_of(200, 1))[system].truth())
    assert all(row.source_system == system and row.person_id for row in rows)
    assert len({row.record_id for row in rows}) == len(rows)
    assert bool(rows) == (system not in ("campaigns", "reference"))


def test_segment_numbers_its_calls_and_names_who_logs_in(inbox: Inbox) -> None:
    calls = of(inbox, "segment/*")
    assert len({call["messageId"] for call in calls}) == len(calls)
    assert {call["type"] for call in calls} == {"identify", "page", "track"}
    for call in calls:
        assert call["timestamp"].endswith("Z") and call["anonymousId"]
        assert call["type"] != "identify" or (call["userId"] and call["traits"]["email"])
        assert (call["type"] == "track") == ("event" in call)


def test_sensors_delivers_some_records_twice_and_links_device_and_user(inbox: Inbox) -> None:
    rows = of(inbox, "sensors/*")
    lines = [json.dumps(row, sort_keys=True) for row in rows]
    assert len(lines) > len(set(lines)) > len(lines) * 0.97
    assert {row["type"] for row in rows} == {"track", "track_signup", "profile_set"}
    for row in rows:
        assert isinstance(row["time"], int) and len(str(row["time"])) == 13
        if row["type"] == "track_signup":
            assert row["original_id"] == row["identities"]["$identity_cookie_id"]
            assert row["distinct_id"] == row["identities"]["$identity_login_id"]
        assert (row["type"] == "profile_set") == ("event" not in row)


def test_ga4_writes_a_day_again_with_what_came_late(inbox: Inbox) -> None:
    early, late = of(inbox, "ga4/events_20261117.jsonl"), of(inbox, "ga4/events_20261117_*.jsonl")
    keys = [
        {
            (row["user_pseudo_id"], row["event_timestamp"], row["event_name"])
            for row in rows
        }
        for rows in (early, late)
    ]  # fmt: skip
    assert keys[0] < keys[1] and len(keys[1]) == len(late)
    for row in early:
        assert row["event_date"] == "20261117" and re.fullmatch(r"\d{16}", row["event_timestamp"])
        names = [parameter["key"] for parameter in row["event_params"]]
        assert names == ["ga_session_id", "page_location", "page_title"]


def test_surveys_state_themselves_from_the_beginning(inbox: Inbox) -> None:
    for pattern in ("wenjuanxing/*.xlsx", "typeform/*.csv"):
        exports = [records(path) for path in sorted(inbox[0].glob(pattern))]
        assert len(exports) == 3
        for before, after in zip(exports, exports[1:], strict=False):
            assert after[: len(before)] == before and len(after) > len(before)


def test_wenjuanxing_has_its_six_columns_and_then_the_questions(inbox: Inbox) -> None:
    rows = of(inbox, "wenjuanxing/*20261119.xlsx")
    fixed = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
    assert list(rows[0])[:6] == fixed and len(rows[0]) == 9
    assert [row["序号"] for row in rows] == [str(number + 1) for number in range(len(rows))]
    for row in rows:
        assert re.fullmatch(r"\d{4}/\d+/\d+ \d\d:\d\d:\d\d", row["提交答卷时间"])
        assert re.fullmatch(r"\d+秒", row["所用时间"])
        assert 0 <= int(row["1、您向朋友推荐我们的可能性有多大？"]) <= 10


def test_typeform_has_partial_responses_without_a_submit_date(inbox: Inbox) -> None:
    rows = of(inbox, "typeform/*2026-11-19.csv")
    assert [*rows[0]][:1] + [*rows[0]][-1:] == ["#", "Ending"]
    assert len({row["#"] for row in rows}) == len(rows)
    assert {row["Response Type"] for row in rows} == {"completed", "partial"}
    for row in rows:
        assert bool(row["Submit Date (UTC)"]) == (row["Response Type"] == "completed")
        assert 1 <= int(row["How satisfied are you with our service?"]) <= 5


def test_balances_of_points_add_up_and_never_fall_below_zero(inbox: Inbox) -> None:
    balances: dict[str, int] = {}
    for row in of(inbox, "loyalty/points_ledger_*.csv"):
        balances[row["member_id"]] = balances.get(row["member_id"], 0) + int(row["change"])
        assert balances[row["member_id"]] == int(row["balance_after"]) >= 0
    members = of(inbox, "loyalty/会员等级_20261119.csv")
    assert {row["会员编号"]: int(row["积分余额"]) for row in members} == {
        row["会员编号"]: balances.get(row["会员编号"], 0) for row in members
    }
    assert balances.keys() <= {row["会员编号"] for row in members}
    assert len(members) == len({row["会员编号"] for row in members})


def test_outcomes_of_a_message_only_grow(inbox: Inbox) -> None:
    told: dict[tuple[str, ...], set[str]] = {}
    grew = 0
    for row in of(inbox, "campaigns/*.csv"):
        key = (row["channel"], row["campaign_id"], row["recipient"], row["sent_at"])
        flags = {name for name, value in row.items() if value == "true"}
        assert flags >= told.get(key, set())
        grew += bool(flags - told.get(key, flags))
        assert row["recipient"] and ("is_bounced" in flags) != ("is_delivered" in flags)
        told[key] = flags
    assert grew


@pytest.mark.parametrize("currency", ["CNY", "USD", "BRL"])
def test_there_is_a_rate_for_every_day_and_currency_but_the_reporting_one(
    tmp_path: Path, currency: str
) -> None:
    written(spec_of(2, 2, currency), tmp_path)
    first = records(tmp_path / "reference" / "exchange_rates_20261118.csv")
    last = records(tmp_path / "reference" / "exchange_rates_20261119.csv")
    foreign = {"CNY", "EUR", "HKD", "JPY", "USD"} - {currency}
    assert {row["to_currency"] for row in first + last} == {currency}
    assert {row["from_currency"] for row in last} == foreign and len(last) == len(foreign)
    assert (
        len({row["rate_date"] for row in first}) * len(foreign) == len(first) == 539 * len(foreign)
    )
    for before, after in zip(first, first[len(foreign) :], strict=False):
        assert float(after["rate"]) == pytest.approx(float(before["rate"]), rel=0.05)


def test_a_tag_and_a_group_name_somebody_in_one_way(inbox: Inbox) -> None:
    for row in of(inbox, "reference/manual_*_20261119.csv"):
        ways = [bool(row["record_id"]), bool(row["phone"]), bool(row["email"])]
        assert sum(ways) == 1 and bool(row["source_system"]) == bool(row["record_id"])
