"""`strata inspect`, as a person uses it: real sources, real staging, a home that stays as it is."""

import datetime as dt
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from homes import KEY, settings_of

from orchestration.cli import main
from orchestration.landing.inbox import scan_inbox
from orchestration.landing.land import LandingRun, land_source
from orchestration.landing.sources import load_sources
from orchestration.manifest import prepare_manifest
from orchestration.settings import Settings

DAY = dt.date(2026, 1, 2)
HEADER = "Record Id,Deal Name,Stage,Amount,Closing Date,Created Time,Contact Phone"
GOOD = "zcrm_536116000000000001,Deal of 张三,Won,1000.00,2026-01-02,2026-01-02 10:00:00,{phone}"
BAD = "zcrm_536116000000000002,Deal,Won,ask Zoe 13812345678,2026-01-02,2026-01-02 10:00:00,{phone}"
SHORT = "zcrm_536116000000000003,Deal of 李四"
PHONE = "13912345678"
DEALS = "\n".join([HEADER, GOOD, BAD, SHORT, ""]).format(phone=PHONE)
PERSONAL = (PHONE, "13812345678", "张三", "李四", "Zoe", "zhang@example.com")
MEMBERS = f"会员号,姓名,邮箱\nm1,张三,zhang@example.com\nm2,李四,{PHONE}@example.com\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return a home whose project is parsed and in whose inbox a file has landed before."""
    settings = settings_of(tmp_path_factory.mktemp("home"))
    sources = load_sources(prepare_manifest(settings).path)
    folder = settings.inbox / "zoho"
    folder.mkdir(parents=True)
    (folder / "Deals_2026_01_02.csv").write_text(DEALS.replace("Won", "Lost"), "utf-8")
    deals = next(source for source in sources if source.name == "zoho.deals")
    files = scan_inbox(settings.inbox, [deals]).matched["zoho__deals"]
    land_source(LandingRun(settings, deals, DAY, "run", lambda line: None), files)
    return settings


def everything(home: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file below `home`, with its content and the time of its last change."""
    return {
        str(path.relative_to(home)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in home.rglob("*")
        if path.is_file()
    }


def inspect(settings: Settings, *arguments: object) -> Result:
    environment = {"STRATA_HOME": str(settings.home), "STRATA_HASH_KEY": KEY}
    return CliRunner().invoke(main, ["inspect", *map(str, arguments)], env=environment)


@pytest.fixture(scope="module")
def before(settings: Settings) -> dict[str, tuple[bytes, int]]:
    return everything(settings.home)


@pytest.fixture(scope="module")
def deals(
    settings: Settings,
    before: dict[str, tuple[bytes, int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Result]:
    """Return what is said of a file of deals and of the one that has landed, with their types."""
    path = tmp_path_factory.mktemp("download") / "Deals_2026_01_03.csv"
    path.write_text(DEALS, "utf-8")
    yield inspect(settings, path, settings.inbox / "zoho" / "Deals_2026_01_02.csv")


def test_a_file_that_lands_is_described_from_name_to_columns(deals: Result) -> None:
    assert deals.exit_code == 0, deals.output
    for sentence in (
        "lands in   zoho.deals, once it lies under inbox/zoho/",
        "its name matches Deals_",
        "it has all 2 required columns and 4 of",
        "utf-8, cells parted by commas, 2 rows; the file states full",
        "2026-01-03 00:00 Asia/Shanghai, told by its name",
        "Contact Phone (phone); kept in _extra",
    ):
        assert sentence in deals.output, sentence
    assert any(line.split() == ["Amount", "->", "amount", "amount", "text"]
               for line in deals.output.splitlines())  # fmt: skip


def test_what_landing_would_reject_is_shown_masked(deals: Result) -> None:
    assert "1 of 3 records" in deals.output
    assert "Stage: too_few_fields 1, like row 4 xxxx_000000000000000000,Xxxx" not in deals.output
    assert (
        "Stage: too_few_fields 1, like row 4 xxxx_000000000000000000,xxxx xx 某某" in deals.output
    )


def test_what_staging_would_reject_is_shown_masked(deals: Result) -> None:
    assert "amount: not_a_number 1, like row 3 xxx xxx 00000000000" in deals.output
    assert "staged     1 kept, 1 rejected" in deals.output or "1 rejected, 1 kept" in deals.output


def test_a_file_that_has_landed_says_so(deals: Result) -> None:
    assert "its content has landed before, for 2026-01-02" in deals.output


def test_no_value_of_a_person_is_shown(deals: Result) -> None:
    assert [value for value in PERSONAL if value in deals.output] == []


def test_nothing_in_the_home_changes(
    settings: Settings, before: dict[str, tuple[bytes, int]], deals: Result
) -> None:
    assert everything(settings.home) == before


def test_an_empty_home_stays_empty(tmp_path: Path) -> None:
    home = tmp_path / "home"
    path = tmp_path / "Deals_2026_01_03.csv"
    path.write_text(DEALS, "utf-8")
    found = inspect(settings_of(home), path, "--no-types")
    assert "lands in   zoho.deals" in found.output
    assert not home.exists()


def test_a_renamed_column_is_refused_with_the_line_to_declare(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "Deals_2026_01_03.csv"
    path.write_text(DEALS.replace("Record Id", "Record Identifier"), "utf-8")
    found = inspect(settings, path, "--no-types")
    assert found.exit_code == 2
    assert "refused by zoho.deals: missing_columns: zoho.deals needs Record Id" in found.output
    assert "record_id may now be called Record Identifier, which holds id" in found.output
    assert '"Record Identifier"]' in found.output
    assert "_zoho__sources.yml, zoho.deals, record_id" in found.output


def test_another_delimiter_is_refused_with_the_line_to_declare(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "Deals_2026_01_03.csv"
    path.write_text(DEALS.replace(",", ";"), "utf-8")
    found = inspect(settings, path, "--no-types")
    assert found.exit_code == 2
    assert "its cells are parted by semicolons: export it with commas, or declare" in found.output
    assert 'delimiters: [",", ";"]' in found.output


def test_a_file_under_a_wrong_name_is_told_what_to_call_it(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "download.csv"
    path.write_text(DEALS, "utf-8")
    os.utime(path, (1767495600, 1767495600))
    found = inspect(settings, path, "--no-types")
    assert found.exit_code == 2
    assert "content of zoho.deals" in found.output
    assert "name it like Deals_2026_01_04.csv, and put it under inbox/zoho/" in found.output


def test_a_file_that_nobody_takes_gets_a_declaration_and_a_model(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "inbox" / "gym" / "会员_20260103.csv"
    path.parent.mkdir(parents=True)
    path.write_text(MEMBERS, "utf-8")
    found = inspect(settings, path)
    assert found.exit_code == 2
    for line in (
        "# dbt_project/models/staging/gym/_gym__sources.yml",
        "  - name: gym",
        "        identifier: gym__records",
        '              files: ["会员_[0-9]*.csv"]',
        "              key: [column_1]",
        "# dbt_project/models/staging/gym/base_gym__records.sql",
        "{{ typed_rows('gym', 'records') }}",
    ):
        assert line in found.output.splitlines(), line
    assert re.search(r'name: column_3, .*labels: \["邮箱"\], type: email', found.output)
    assert [value for value in PERSONAL if value in found.output] == []


def test_members_of_an_archive_are_told_apart(settings: Settings, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("Data/Deals_001.csv", DEALS)
        archive.writestr("Data/Hats_001.csv", "Hat,Colour\n1,red\n")
    path = tmp_path / "inbox" / "zoho" / "backup.zip"
    path.parent.mkdir(parents=True)
    path.write_bytes(packed.getvalue())
    found = inspect(settings, path, "--no-types")
    assert found.exit_code == 0, "a night passes over members that no source takes"
    deals, hats = found.stdout.split("zoho/backup.zip/Data/Hats_001.csv")
    assert "lands in   zoho.deals" in deals
    assert "a night passes over it" in hats


def test_a_path_that_is_not_there_is_named(settings: Settings, tmp_path: Path) -> None:
    found = inspect(settings, tmp_path / "nope.csv")
    assert found.exit_code == 2
    assert "nope.csv" in found.output
    assert "no such file" in found.output
