"""Bad nights: each is refused, says why, and leaves what is published byte for byte."""

import datetime as dt
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from homes import LAST_NIGHT, SECOND_NIGHT, publish_night, settings_of

from expectations.checks import Check, CheckResult
from expectations.validate import validate
from orchestration.gate import GateRefusedError
from orchestration.night import take_lock
from orchestration.running import new_night
from orchestration.warehouse import BUILD

DAY = LAST_NIGHT.strftime("%Y_%m_%d")
CONTACTS = f"zoho/Contacts_{DAY}.csv"
CUSTOMERS = f"fxiaoke/客户对象导出结果_{LAST_NIGHT:%Y%m%d}.xlsx"
ORDERS = "shopify/orders_export_3.csv"
LINES = f"shop/order_lines_{LAST_NIGHT}.csv"
LEVELS = f"loyalty/会员等级_{LAST_NIGHT:%Y%m%d}.csv"
WITHOUT_TESTS = (*BUILD, "--exclude-resource-type", "test")
Fingerprint = Callable[[Path], dict[str, bytes]]


def empty(path: Path) -> None:
    path.write_bytes(b"")


def keep_the_header_only(path: Path) -> None:
    path.write_bytes(path.read_bytes().split(b"\n", 1)[0] + b"\n")


def cut_in_the_middle(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"zcrm_") + 40])


def cut_the_workbook(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])


def rename_a_required_column(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Record Id", b"Kennung", 1))


def drop_two_customers_in_five(path: Path) -> None:
    header, *rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(header + b"".join(row for i, row in enumerate(rows) if i % 5 > 1))


def state_an_order_with_two_amounts(path: Path) -> None:
    header, first, *rest = path.read_text("utf-8").splitlines()
    place = header.split(",").index("order_amount")
    cells = first.split(",")
    cells[place] = "99999.00"
    path.write_text("\n".join([header, first, ",".join(cells), *rest, ""]), "utf-8")


def name_a_product_after_a_phone(path: Path) -> None:
    header, first, *rest = path.read_text("utf-8").splitlines()
    names, cells = header.split(","), first.split(",")
    cells[names.index("product_id")] = "SKU-NEW"
    cells[names.index("product_name")] = "ask 138 0013 8000"
    path.write_text("\n".join([header, ",".join(cells), *rest, ""]), "utf-8")


REFUSED_FILES = {
    "an empty file": (CONTACTS, empty, "empty_file"),
    "an empty workbook": (CUSTOMERS, empty, "empty_file"),
    "a header-only file": (ORDERS, keep_the_header_only, "header_only"),
    "a file cut in the middle": (CONTACTS, cut_in_the_middle, "cut_short"),
    "a workbook cut in the middle": (CUSTOMERS, cut_the_workbook, "unreadable_workbook"),
    "a required column renamed": (CONTACTS, rename_a_required_column, "Record Id"),
}
REFUSED_BY_A_CHECK = {
    "one order with two amounts in one export": (
        LINES,
        state_an_order_with_two_amounts,
        "one_value_per_key_base_shop__order_lines",
    ),
    "a phone that would be published": (
        LINES,
        name_a_product_after_a_phone,
        "no_personal_data__dim_products on dim_products: 1 of kind phone in product_name",
    ),
}


@pytest.mark.parametrize("defect", REFUSED_FILES)
def test_a_bad_file_is_refused_before_anything_is_built(
    home: Path, fingerprint: Fingerprint, defect: str
) -> None:
    name, spoil, reason = REFUSED_FILES[defect]
    before = fingerprint(home)
    spoil(home / "inbox" / name)
    night = new_night(settings_of(home), lambda line: None)
    night.begin(LAST_NIGHT, "bad_file")
    try:
        night.land()
        with pytest.raises(GateRefusedError) as refused:
            night.open()
    finally:
        night.release()
    (said,) = refused.value.reasons
    assert name in said and reason in said
    # What was copied in the meantime is gone as well.
    assert not list((home / "building").rglob("*"))
    assert fingerprint(home) == before


@pytest.mark.parametrize("defect", ["an empty file", *REFUSED_BY_A_CHECK])
def test_a_bad_export_refuses_the_night_and_changes_nothing(
    home: Path, fingerprint: Fingerprint, defect: str
) -> None:
    name, spoil, reason = (REFUSED_FILES | REFUSED_BY_A_CHECK)[defect]
    before = fingerprint(home)
    spoil(home / "inbox" / name)
    record = publish_night(settings_of(home), LAST_NIGHT)
    assert record["outcome"] == "refused"
    assert reason in " ".join(record["reasons"])
    assert "13800138000" not in " ".join(record["reasons"]).replace(" ", "")
    if defect in REFUSED_FILES:
        assert name in " ".join(record["reasons"])
    assert fingerprint(home) == before
    assert (home / "runs" / f"{record['run_id']}.json").exists()


def test_yesterdays_file_and_a_shrunken_dump_are_refused_and_whole_ones_correct_the_night(
    home: Path, fingerprint: Fingerprint
) -> None:
    before = fingerprint(home)
    yesterday = home / "inbox/zoho" / f"Contacts_{SECOND_NIGHT:%Y_%m_%d}.csv"
    good = {name: (home / "inbox" / name).read_bytes() for name in (CONTACTS, LEVELS)}
    shutil.copyfile(yesterday, home / "inbox" / CONTACTS)
    drop_two_customers_in_five(home / "inbox" / LEVELS)
    record = publish_night(settings_of(home), LAST_NIGHT)
    assert record["outcome"] == "refused"
    again, shrunken = sorted(record["reasons"])
    assert again == (
        "arrival_age_days__zoho__contacts on zoho.contacts: 1 observed, 0 <= x <= 0 days allowed"
    )
    assert shrunken.startswith("export_drop_share__loyalty__member_levels on ")
    assert fingerprint(home) == before
    for name, content in good.items():
        (home / "inbox" / name).write_bytes(content)
    assert publish_night(settings_of(home), LAST_NIGHT)["outcome"] == "published"


def test_a_failing_dbt_test_refuses_the_night(home: Path, fingerprint: Fingerprint) -> None:
    before = fingerprint(home)
    # Without a round of propagation the identity graph cannot have converged.
    command = (*BUILD, "--vars", "{identity_rounds: 0}")
    record = publish_night(settings_of(home), LAST_NIGHT, command=command)
    assert record["outcome"] == "refused"
    assert any("identity_has_converged" in reason for reason in record["reasons"])
    assert fingerprint(home) == before


# What the gate itself demands shows in the published night built once more, and at less cost.


def test_a_dbt_test_removed_from_the_run_refuses_the_night(
    home: Path, fingerprint: Fingerprint
) -> None:
    before = fingerprint(home)
    command = (*BUILD, "--exclude", "segment_sizes_add_up")
    record = publish_night(settings_of(home), SECOND_NIGHT, command=command)
    assert record["outcome"] == "refused"
    assert record["reasons"] == ["segment_sizes_add_up is declared but did not run"]
    assert fingerprint(home) == before


def test_an_expectation_that_raises_refuses_the_night(home: Path, fingerprint: Fingerprint) -> None:
    before = fingerprint(home)
    record = publish_night(
        settings_of(home),
        SECOND_NIGHT,
        judge=lambda warehouse, checks: validate(warehouse, checks, "audit.no_such_table"),
        command=WITHOUT_TESTS,
    )
    assert record["outcome"] == "refused"
    assert record["reasons"]
    assert all("raised" in reason for reason in record["reasons"])
    assert fingerprint(home) == before


def test_an_expectation_removed_from_the_run_refuses_the_night(
    home: Path, fingerprint: Fingerprint
) -> None:
    before = fingerprint(home)
    removed = []

    def forget_one(warehouse: Path, checks: list[Check]) -> list[CheckResult]:
        removed.append(checks[0].name)
        return validate(warehouse, checks)[1:]

    record = publish_night(settings_of(home), SECOND_NIGHT, judge=forget_one, command=WITHOUT_TESTS)
    assert record["outcome"] == "refused"
    assert record["reasons"] == [f"{removed[0]} is declared but did not run"]
    assert fingerprint(home) == before


def test_a_build_that_ran_without_its_tests_is_not_published(
    home: Path, fingerprint: Fingerprint
) -> None:
    before = fingerprint(home)
    record = publish_night(settings_of(home), SECOND_NIGHT, command=WITHOUT_TESTS)
    assert record["outcome"] == "refused"
    assert len(record["reasons"]) > 100
    assert fingerprint(home) == before


def test_a_second_night_exits_at_once_and_names_the_process(
    home: Path, fingerprint: Fingerprint
) -> None:
    before = fingerprint(home)
    with take_lock(home / ".lock"):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("STRATA_")}
        done = subprocess.run(
            [Path(sys.executable).parent / "strata", "night", "--as-of", str(LAST_NIGHT)],
            env={**environment, "STRATA_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"process {os.getpid()}" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert fingerprint(home) == before


@pytest.mark.parametrize(
    ("as_of", "reason"),
    [
        (LAST_NIGHT - dt.timedelta(days=2), "lies before the published night"),
        (dt.date(2199, 1, 1), "in the future"),
    ],
)
def test_a_night_in_the_past_or_the_future_is_refused(
    home: Path, as_of: dt.date, reason: str
) -> None:
    record = publish_night(settings_of(home), as_of)
    assert record["outcome"] in ("refused", "fault")
    assert reason in " ".join(record["reasons"])
