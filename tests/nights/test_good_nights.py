"""Good nights: what is published, that it repeats, and that readers never see half of it."""

import datetime as dt
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from homes import FIRST_NIGHT, KEY, LAST_NIGHT, SECOND_NIGHT, publish_night, settings_of
from rfm_numpy import METHODS, disagreements

from orchestration.generations import GenerationError, kept_generations, roll_back
from orchestration.manifest import prepare_manifest
from orchestration.running import replay, waiting_nights
from orchestration.settings import DBT_PROJECT

STRATA = Path(sys.executable).parent / "strata"
# The only published tables that may hold wall-clock times and run ids.
NOT_REPEATABLE = {"nights", "quality_checks"}


def parquet_hashes(home: Path) -> dict[str, str]:
    return {
        path.stem: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((home / "current/parquet").glob("*.parquet"))
        if path.stem not in NOT_REPEATABLE
    }


def strata(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("STRATA_")}
    return subprocess.run(
        [STRATA, *arguments],
        env={**inherited, "STRATA_HOME": str(home), "STRATA_HASH_KEY": KEY, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


DAY = LAST_NIGHT.isoformat()
LINES = f"shop/order_lines_{DAY}.csv"
SOUND_ROWS = [
    f"G{n},1,S000001,{DAY} 10:00:00,P1,Cup,Home,Acme,1,5.00,5.00,,,CNY," for n in range(400)
]
# A row that cannot be used, and what is said of it: column and reason.
BAD_ROWS = {
    f"B1,1,,{DAY} 10:00:00,P1,Cup,Home,Acme,1,five,5.00,,,CNY,": ("unit_price", "not_a_number"),
    "B2,1,,2026-13-45,P1,Cup,Home,Acme,1,5.00,5.00,,,CNY,": ("ordered_at", "not_a_date"),
    f"B3,1,,{DAY} 10:00:00,P1": ("product_name", "too_few_fields"),
    f'B4,1,,{DAY} 10:00:00,P1,"Cup,Home,Acme,1,5.00,5.00,,,CNY,': ("", "broken_quote"),
    f"B5,1,,{DAY} 10:00:00,P1,C\0up,Home,Acme,1,5.00,5.00,,,CNY,": ("product_name", "nul_byte"),
}


@dataclass(frozen=True)
class ThirdNight:
    """A home whose third night the command published, what it said, and what a reader saw.

    `sound_lines` counts the lines of the export before the first bad row. The reader had a query
    open over the swap; `read_before` and `read_after` are nights of its rest and of a new query.
    """

    home: Path
    said: subprocess.CompletedProcess[str]
    sound_lines: int
    rows_before: int
    read_before: dt.date
    read_after: dt.date


@pytest.fixture(scope="module")
def third_night(two_nights: Path, tmp_path_factory: pytest.TempPathFactory) -> ThirdNight:
    """Publish the third night by its command, with bad rows in one export and a reader at work."""
    home = tmp_path_factory.mktemp("three") / "home"
    shutil.copytree(two_nights, home, symlinks=True)
    export = home / "inbox" / LINES
    lines = export.read_text("utf-8").splitlines() + SOUND_ROWS
    last = SOUND_ROWS[0].replace("G0", "G400")
    export.write_text("\n".join([*lines, *BAD_ROWS, last, ""]), "utf-8")
    reader = duckdb.connect(str(home / "current/marts.duckdb"), read_only=True)
    rows = reader.execute("select * from marts.marts.fct_order_lines")
    assert rows.fetchmany(1)
    said = strata(home, "night", "--as-of", DAY, STRATA_KEEP_GENERATIONS="2")
    assert said.returncode == 0, said.stdout + said.stderr
    rest = len(rows.fetchall())
    query = "select max(as_of_date) from marts.marts.nights"
    marts = str((home / "current/marts.duckdb").resolve())
    seen = [
        connection.execute(query).fetchone()[0]
        for connection in (reader, duckdb.connect(marts, read_only=True))
    ]
    return ThirdNight(home, said, len(lines), rest, *seen)


@pytest.fixture(scope="module")
def three_nights(third_night: ThirdNight) -> Path:
    """A home with three published nights."""
    return third_night.home


def test_what_is_published_is_what_the_contract_names(three_nights: Path) -> None:
    marts = duckdb.connect(str(three_nights / "current/marts.duckdb"), read_only=True)
    tables = {
        name for (name,) in marts.execute("select table_name from duckdb_tables()").fetchall()
    }
    assert tables == {path.stem for path in (three_nights / "current/parquet").glob("*.parquet")}
    assert tables >= {
        "dim_customers", "dim_customers_history", "dim_products", "fct_orders", "fct_order_lines",
        "customer_rfm", "customer_rfm_history", "rfm_limits", "customer_lifecycle",
        "customer_lifecycle_history", "customer_bands", "dim_segments", "segment_members",
        "segment_membership_history", "segment_daily", "nights", "quality_checks",
        "customer_rfm_scores", "rfm_crosswalk", "rfm_presets", "rfm_migrations",
        "lifecycle_migrations",
    }  # fmt: skip
    nights = marts.execute("select as_of_date, checks_failed from marts.marts.nights order by 1")
    days = [FIRST_NIGHT, SECOND_NIGHT, LAST_NIGHT]
    assert nights.fetchall() == [(day, 0) for day in days]
    checked = marts.execute(
        "select as_of_date, count(*), bool_and(passed) from marts.marts.quality_checks group by 1"
    ).fetchall()
    declared = json.loads((three_nights / "current/run.json").read_text())["checks_run"]
    assert {count for _, count, _ in checked} == {declared}
    assert all(passed for _, _, passed in checked)


def test_every_mart_has_rows_in_the_order_of_its_grain(three_nights: Path) -> None:
    connection = duckdb.connect()
    for table in prepare_manifest(settings_of(three_nights)).published_tables():
        path = three_nights / "current/parquet" / f"{table.name}.parquet"
        keys = connection.execute(
            f"select {', '.join(table.grain)} from read_parquet('{path}')"
        ).fetchall()
        assert keys, table.name
        assert keys == sorted(keys), table.name


def test_scores_of_every_method_equal_an_independent_computation(three_nights: Path) -> None:
    marts = duckdb.connect(str(three_nights / "current/marts.duckdb"), read_only=True)
    marts.execute("use marts.marts")
    counted = marts.execute("select count(recency_days) from customer_rfm").fetchone() or (0,)
    assert counted[0] > 100
    assert disagreements(marts, 5) == dict.fromkeys(METHODS, (counted[0], 0))


def test_published_files_hold_no_raw_personal_data(three_nights: Path) -> None:
    source = (three_nights / "inbox/shop" / f"order_lines_{FIRST_NIGHT}.csv").read_text("utf-8")
    people = [line.split(",") for line in source.splitlines()[1:]]
    phones = {cells[11] for cells in people if cells[11]}
    emails = {cells[12].lower() for cells in people if cells[12]}
    assert len(phones) > 20
    assert len(emails) > 20
    published = duckdb.connect(str(three_nights / "current/marts.duckdb"), read_only=True)
    for (table,) in published.execute("select table_name from duckdb_tables()").fetchall():
        text = str(published.execute(f"from marts.marts.{table}").fetchall()).lower()
        assert not [phone for phone in phones if phone in text], table
        assert not [email for email in emails if email in text], table


def test_the_published_file_can_be_read_by_duckdb_one_one(three_nights: Path) -> None:
    # A DuckDB file names its storage version behind the magic bytes: 64 is what 1.0 and 1.1 read.
    header = (three_nights / "current/marts.duckdb").read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 64


def test_the_same_night_twice_gives_the_same_bytes_settled_or_built_from_the_ground(
    three_nights: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(three_nights, home, symlinks=True)
    first = parquet_hashes(home)
    for rebuilds in (False, True):
        record = publish_night(settings_of(home), LAST_NIGHT, rebuilds=rebuilds)
        assert record["outcome"] == "published", record["reasons"]
        assert (record["checks_carried"] == 0) == rebuilds
        assert parquet_hashes(home) == first
    assert len(first) == len(list((home / "current/parquet").iterdir())) - len(NOT_REPEATABLE)


def test_landing_replayed_in_an_empty_home_gives_the_same_bytes(
    two_nights: Path, tmp_path: Path
) -> None:
    home = tmp_path / "empty"
    home.mkdir()
    shutil.copytree(two_nights / "landing", home / "landing")
    record = replay(settings_of(home), FIRST_NIGHT, None, lambda line: None)
    assert record["outcome"] == "published", record["reasons"]
    assert parquet_hashes(home) == parquet_hashes(two_nights)
    runs = [json.loads(path.read_text()) for path in (home / "runs").iterdir()]
    assert {run["outcome"]: "export" in run["seconds"] for run in runs} == {
        "built": False, "published": True,
    }  # fmt: skip
    nights = "select as_of_date, rows_landed, rows_rejected from marts.marts.nights order by 1"
    old, new = (
        duckdb.connect(str(place / "current/marts.duckdb"), read_only=True).execute(nights)
        for place in (two_nights, home)
    )
    assert new.fetchall() == old.fetchall()


def test_bad_rows_are_quarantined_and_the_night_goes_on(third_night: ThirdNight) -> None:
    home = third_night.home
    record = json.loads((home / "current/run.json").read_text())
    assert record["rows_rejected"] == len(BAD_ROWS)
    quarantine = duckdb.connect().execute(
        'select file, row, "column", reason, raw_text '
        f"from read_csv('{home}/rejected/{DAY}/*.csv', all_varchar = true) order by row::int"
    )
    expected = [
        (LINES, str(third_night.sound_lines + 1 + n), column or None, reason)
        for n, (column, reason) in enumerate(BAD_ROWS.values())
    ]
    found = quarantine.fetchall()
    assert [row[:4] for row in found] == expected
    for (*_, raw), line in zip(found, BAD_ROWS, strict=True):
        assert raw.startswith(line[:8])


def test_a_week_of_exports_dropped_at_once_is_taken_night_by_night(two_nights: Path) -> None:
    settings = settings_of(two_nights)
    assert waiting_nights(settings, LAST_NIGHT) == [LAST_NIGHT]
    assert waiting_nights(settings, SECOND_NIGHT) == []
    landed = duckdb.connect().execute(
        f"select distinct landed_for from read_parquet('{two_nights}/landing/_files/*.parquet')"
    )
    days = {FIRST_NIGHT, SECOND_NIGHT}
    assert {day for (day,) in landed.fetchall()} == days


def test_a_reader_over_the_swap_ends_on_the_old_night(third_night: ThirdNight) -> None:
    assert third_night.rows_before > 0
    assert third_night.read_before == SECOND_NIGHT
    assert third_night.read_after == LAST_NIGHT


def test_a_night_says_on_one_screen_what_it_did(third_night: ThirdNight, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(third_night.home, home, symlinks=True)
    published = third_night.said
    for word in ("landed", "rejected", "built", "checked", "published", "marts.duckdb", "冠军客户"):
        assert word in published.stdout
    kept = [folder.name[:10] for folder in kept_generations(settings_of(home))]
    assert kept == [str(SECOND_NIGHT), str(LAST_NIGHT)]

    assert strata(home, "status").returncode == 3  # published, but long ago
    refused = strata(home, "night", "--as-of", str(FIRST_NIGHT))
    assert refused.returncode == 2
    assert "REFUSED" in refused.stdout
    back = strata(home, "rollback")
    assert back.returncode == 0
    assert (home / "current").resolve().name.startswith(str(SECOND_NIGHT))
    unknown = strata(home, "status", STRATA_HOMES="x")
    assert unknown.returncode == 1
    assert "STRATA_HOMES is not a setting" in unknown.stderr
    for done in (published, refused, back, unknown):
        assert "Traceback" not in done.stdout + done.stderr


def test_rollback_goes_back_one_generation_or_to_the_one_named(home: Path) -> None:
    settings = settings_of(home)
    first, second = kept_generations(settings)
    assert roll_back(settings, None) == first
    assert (home / "current").resolve() == first
    assert roll_back(settings, second.name) == second
    with pytest.raises(GenerationError, match="no generation nonsense; kept: "):
        roll_back(settings, "nonsense")
    roll_back(settings, first.name)
    with pytest.raises(GenerationError, match="before the current one"):
        roll_back(settings, None)


def test_a_model_can_be_edited_without_touching_what_is_published(
    home: Path, fingerprint: Callable[[Path], dict[str, bytes]], tmp_path: Path
) -> None:
    before = fingerprint(home)
    copied = strata(home, "dev")
    assert copied.returncode == 0, copied.stderr
    done = subprocess.run(
        [STRATA.with_name("dbt"), "build", "--profiles-dir", "../profiles", "--select",
         "customer_bands", "--target-path", tmp_path / "target", "--log-path", tmp_path],
        cwd=DBT_PROJECT,
        env={**os.environ, "STRATA_HOME": str(home), "STRATA_HASH_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "Completed successfully" in done.stdout
    assert fingerprint(home) == before


def test_published_ids_are_hashed_with_the_key_that_the_settings_give(two_nights: Path) -> None:
    with duckdb.connect(str(two_nights / "current/warehouse.duckdb"), read_only=True) as warehouse:
        record_key, label, customer_id = warehouse.execute(
            "select record_key, cluster_label, customer_id "
            "from intermediate.int_records_labelled join intermediate.int_customer_ids_logged "
            "using (record_key) where record_key = cluster_label and is_person limit 1"
        ).fetchone()
    assert record_key == label
    text = f"customer:{label}".encode()
    assert customer_id == hmac.new(KEY.encode(), text, hashlib.sha256).hexdigest()
    assert not (two_nights / "landing/hash.key").exists()
