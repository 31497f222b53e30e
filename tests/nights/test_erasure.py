"""Erasing a person: gone from everything, gone for good, and the nights before and after add up."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from homes import FIRST_NIGHT, KEY, LAST_NIGHT, SECOND_NIGHT, publish_night, settings_of

from orchestration.landing import ledger, register
from orchestration.landing.sources import load_sources
from orchestration.manifest import prepare_manifest
from orchestration.privacy.erasing import Erasure
from orchestration.running import replay

STRATA = Path(sys.executable).parent / "strata"
OLD_DUMP = f"zoho/Contacts_{FIRST_NIGHT:%Y_%m_%d}.csv"
AGAIN = f"zoho/Contacts_{SECOND_NIGHT:%Y_%m_%d}.csv"
# An old list of orders, saved once more with another line end: content that landing never saw.
OLD_ORDERS = f"taobao/ExportOrderList{FIRST_NIGHT:%Y%m%d}2330.csv"
ORDERS_AGAIN = f"taobao/ExportOrderList{SECOND_NIGHT:%Y%m%d}2100.csv"
SOMEBODY = """
    with known as (
        select customer_id, count(distinct source_system) as systems,
            list(record_key order by record_key) as keys
        from intermediate.int_customer_records_identified where customer_id is not null group by all
    )
    select customer_id, keys from known
    where list_bool_or(list_transform(keys, lambda key: starts_with(key, 'taobao:')))
        and list_bool_or(list_transform(keys, lambda key: starts_with(key, 'zoho:')))
    order by systems desc, customer_id limit 1
"""
CARRIED = """
    select distinct unnest([phone, email])
    from intermediate.int_customer_contacts_unioned where list_contains($keys, record_key)
    union
    select identifier_value from intermediate.int_customer_identifiers_unioned
    where identifier_kind = 'unionid' and list_contains($keys, record_key)
"""


@dataclass(frozen=True)
class Somebody:
    customer_id: str
    texts: tuple[str, ...]

    @property
    def email(self) -> str:
        return next(text for text in self.texts if "@" in text)


def strata(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("STRATA_")}
    return subprocess.run(
        [STRATA, *arguments],
        env={**inherited, "STRATA_HOME": str(home), "STRATA_HASH_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
    )


def pick(home: Path) -> Somebody:
    """Return a person whom many systems know and who has bought."""
    with duckdb.connect(str(home / "current/warehouse.duckdb"), read_only=True) as warehouse:
        customer_id, keys = warehouse.execute(SOMEBODY).fetchone()
        rows = warehouse.execute(CARRIED, {"keys": keys}).fetchall()
    texts = {text.removeprefix("+86") for (text,) in rows if text}
    return Somebody(customer_id, tuple(sorted(texts)))


def files_with(home: Path, texts: tuple[str, ...], *, with_inbox: bool = True) -> set[str]:
    """Search every byte of the home, every cell of its Parquet and every table of its databases."""
    found = set()
    pattern = "|".join(map(re.escape, texts))
    wanted = [text.encode() for text in texts]
    with duckdb.connect() as connection:
        for path in home.rglob("*"):
            name = path.relative_to(home).as_posix()
            skipped = name.startswith("current/") or (not with_inbox and name.startswith("inbox/"))
            if skipped or not path.is_file() or path.is_symlink():
                continue
            content = path.read_bytes()
            if any(text in content for text in wanted):
                found.add(name)
            for rows in rows_in(connection, path):
                query = f"select count(*) from (from {rows}) as t where "
                hit = connection.execute(
                    query + "regexp_matches(to_json(t)::varchar, ?)", [pattern]
                )
                if hit.fetchone()[0]:
                    found.add(f"{name} {rows}")
    return found


def rows_in(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[str]:
    if path.suffix == ".parquet":
        yield f"read_parquet('{path}')"
    if path.suffix == ".duckdb":
        connection.execute(f"attach '{path}' as searched (read_only)")
        names = "select schema_name, table_name from duckdb_tables() where database_name='searched'"
        for schema, table in connection.execute(names).fetchall():
            yield f"searched.{schema}.{table}"
        connection.execute("detach searched")


def totals(home: Path) -> list[tuple]:
    with duckdb.connect(str(home / "current/marts.duckdb"), read_only=True) as marts:
        marts.execute("use marts.marts")
        return [
            marts.execute("select count(*), sum(net_amount) from fct_orders").fetchone(),
            marts.execute("select count(*), count(distinct customer_id) from fct_order_lines "
                          "where customer_id is not null").fetchone(),
            marts.execute("select count(*) from dim_customers").fetchone(),
            *marts.execute("select as_of_date, segment_id, members from segment_daily "
                           "order by all").fetchall(),
        ]  # fmt: skip


@pytest.fixture(scope="module")
def somebody(two_nights: Path) -> Somebody:
    return pick(two_nights)


@pytest.fixture(scope="module")
def erased(two_nights: Path, somebody: Somebody, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two published nights from which somebody was erased; `was` is before that."""
    folder = tmp_path_factory.mktemp("erased")
    shutil.copytree(two_nights, folder / "was", symlinks=True)
    shutil.copytree(two_nights, folder / "home", symlinks=True)
    home = folder / "home"
    done = strata(home, "erase", "--identifier", somebody.email.upper(),
                  "--reason", "request 12 of November", "--yes")  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout + done.stderr
    assert not any(text in said for text in (*somebody.texts, somebody.customer_id))
    return home


@pytest.fixture(scope="module")
def next_night(erased: Path, somebody: Somebody) -> Path:
    """The same home after another night, for which old files were dropped again."""
    home = erased.parent / "next"
    shutil.copytree(erased, home, symlinks=True)
    was = erased.parent / "was" / "inbox"
    shutil.copyfile(was / OLD_DUMP, home / "inbox" / AGAIN)
    orders = (was / OLD_ORDERS).read_bytes()
    (home / "inbox" / ORDERS_AGAIN).write_bytes(orders.rstrip(b"\r\n") + b"\n\n")
    record = publish_night(settings_of(home), LAST_NIGHT)
    assert record["outcome"] == "published", record["reasons"]
    assert record["rows_erased"] > 0
    return home


def test_somebody_is_known_to_many_before(erased: Path, somebody: Somebody) -> None:
    found = files_with(erased.parent / "was", somebody.texts)
    places = {name.split("/")[0] for name in found}
    assert places >= {"inbox", "landing", "generations", "sample_truth.csv"}
    assert len({name.split("/")[1] for name in found if name.startswith("landing/")}) > 3


def test_nothing_of_an_erased_person_is_left_in_any_byte_row_or_table(
    erased: Path, somebody: Somebody
) -> None:
    wanted = (*somebody.texts, somebody.customer_id)
    assert files_with(erased, wanted, with_inbox=False) == set()
    # What has not landed yet is the ledger's: landing keeps the person out of it.
    dropped = {name for name in files_with(erased, wanted) if name.startswith("inbox/")}
    landed = {
        f"inbox/{record.file_name}"
        for path in (erased / "landing/_files").glob("*.parquet")
        for record in register.read_part(path)
    }
    assert dropped & landed == set()


def test_every_total_of_the_last_night_still_adds_up(erased: Path) -> None:
    assert totals(erased) == totals(erased.parent / "was")


def test_the_ledger_says_when_and_why_and_never_who(erased: Path, somebody: Somebody) -> None:
    (entry,) = ledger.read(erased / "landing")
    assert (entry.state, entry.reason) == (ledger.DONE, "request 12 of November")
    assert {kind for kind, _ in entry.marks} >= {"phone", "email", "value", "order", "record"}
    text = (erased / "landing" / ledger.NAME).read_text("utf-8")
    assert not any(word in text for word in (*somebody.texts, somebody.customer_id))


def test_an_old_file_that_is_dropped_again_does_not_bring_the_person_back(
    next_night: Path, somebody: Somebody
) -> None:
    wanted = (*somebody.texts, somebody.customer_id)
    assert files_with(next_night, wanted) == set()
    assert not (next_night / "inbox" / AGAIN).exists()
    assert not (next_night / "inbox" / ORDERS_AGAIN).exists()
    with duckdb.connect(str(next_night / "current/warehouse.duckdb"), read_only=True) as warehouse:
        flow = warehouse.execute(
            "select sum(erased_rows), bool_and(landed_rows = erased_rows + staged_rows) "
            "from audit.row_flow"
        ).fetchone()
    assert flow[0] > 0
    assert flow[1]


def test_orders_of_an_erased_person_belong_to_one_member_that_nobody_classifies(
    next_night: Path, erased: Path, somebody: Somebody
) -> None:
    with duckdb.connect(str(erased.parent / "was/current/marts.duckdb"), read_only=True) as was:
        bought = was.execute(
            "select count(*), sum(net_amount) from marts.marts.fct_orders where customer_id = ?",
            [somebody.customer_id],
        ).fetchone()
    with duckdb.connect(str(next_night / "current/marts.duckdb"), read_only=True) as marts:
        marts.execute("use marts.marts")
        mine = "select count(*), sum(net_amount) from fct_orders where customer_id = 'erased'"
        assert bought[0] > 0
        assert marts.execute(mine).fetchone() >= bought
        member = "select customer_type, city, contactable_email from dim_customers "
        assert marts.execute(member + "where customer_id = 'erased'").fetchall() == [
            ("customer", "unknown", False)
        ]
        for table in ("customer_rfm", "customer_lifecycle", "customer_bands", "segment_members"):
            left = f"select count(*) from {table} where starts_with(customer_id, 'erased')"
            assert marts.execute(left).fetchone() == (0,)


def test_a_replay_brings_nobody_back(next_night: Path, somebody: Somebody) -> None:
    home = next_night.parent / "replayed"
    shutil.copytree(next_night, home, symlinks=True)
    record = replay(settings_of(home), LAST_NIGHT, None, lambda line: None)
    assert record["outcome"] == "published", record["reasons"]
    assert files_with(home, (*somebody.texts, somebody.customer_id)) == set()


def test_everything_but_what_is_published_and_dropped_is_private(next_night: Path) -> None:
    public = re.compile(r"inbox(/.*)?|generations|generations/[^/]+(/(marts\.duckdb|run\.json|"
                        r"parquet(/.*)?))?|ready")  # fmt: skip
    for path in sorted(next_night.rglob("*")):
        name = path.relative_to(next_night).as_posix()
        if path.is_symlink() or name.startswith("current/") or public.fullmatch(name):
            continue
        assert path.stat().st_mode & 0o077 == 0, name
    readable = next_night / "current"
    assert (readable / "marts.duckdb").stat().st_mode & 0o044 == 0o044
    assert (readable / "parquet/dim_customers.parquet").stat().st_mode & 0o044 == 0o044


REFUSED = {
    "nobody": (["--identifier", "13700000000", "--reason", "x"], "nobody is known"),
    "a reason with a phone": (
        ["--identifier", "13700000000", "--reason", "13700000000 asked"], "--reason",
    ),
    "an empty reason": (["--identifier", "13700000000", "--reason", " "], "--reason is empty"),
}  # fmt: skip


@pytest.mark.parametrize("request_", REFUSED)
def test_an_erasure_that_is_not_clear_is_refused_and_changes_nothing(
    erased: Path, request_: str
) -> None:
    arguments, said = REFUSED[request_]
    before = (erased / "landing" / ledger.NAME).read_bytes()
    done = strata(erased, "erase", *arguments, "--yes")
    assert done.returncode == 2
    assert said in done.stderr
    assert "13700000000" not in done.stdout + done.stderr
    assert (erased / "landing" / ledger.NAME).read_bytes() == before


def test_erasing_twice_says_when_it_was_done(erased: Path, somebody: Somebody) -> None:
    done = strata(erased, "erase", "--identifier", somebody.email, "--reason", "again", "--yes")
    assert done.returncode == 0, done.stderr
    assert "was erased on" in done.stdout


class KilledError(Exception):
    """Stands for the end of the process."""


def stop_after(steps: int, step: Callable[..., Any]) -> Callable[..., Any]:
    """Return the same step, which ends the process instead of being done once more."""
    done = iter(range(steps))

    def limited(*arguments: object, **more: object) -> object:
        if next(done, None) is None:
            raise KilledError
        return step(*arguments, **more)

    return limited


# Where the process ends, one time after the other: between two landed files, before the current
# warehouse, and within a generation.
KILLS = (
    ("landed", "rewrite", 4),
    ("generations", "rewrite_database", 1),
    ("generations", "_put", 3),
)


def test_an_erasure_that_was_killed_three_times_is_finished_by_the_same_command(
    erased: Path, somebody: Somebody, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(erased.parent / "was", home, symlinks=True)
    settings = settings_of(home)
    manifest = prepare_manifest(settings)
    erasure = Erasure(settings, manifest, load_sources(manifest.path), lambda line: None)
    request = (somebody.email, "request 12", LAST_NIGHT, lambda plan: True)
    for module, step, steps in KILLS:
        with monkeypatch.context() as patch:
            place = importlib.import_module(f"orchestration.privacy.{module}")
            patch.setattr(place, step, stop_after(steps, getattr(place, step)))
            with pytest.raises(KilledError):
                erasure.run(*request)
        (entry,) = ledger.read(home / "landing")
        assert entry.state == ledger.BEGUN
    assert erasure.run(*request) is not None
    (entry,) = ledger.read(home / "landing")
    assert entry.state == ledger.DONE
    assert files_with(home, (*somebody.texts, somebody.customer_id), with_inbox=False) == set()
    assert totals(home) == totals(erased.parent / "was")


def test_what_is_held_about_a_person_is_written_for_one_reader(
    erased: Path, somebody: Somebody, tmp_path: Path
) -> None:
    was, out = erased.parent / "was", tmp_path / "subject.json"
    done = strata(was, "subject", "--identifier", somebody.email, "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert not any(text in done.stdout + done.stderr for text in somebody.texts)
    assert out.stat().st_mode & 0o777 == 0o600
    held = json.loads(out.read_text("utf-8"))
    assert held["customer_id"] == somebody.customer_id
    contacts = held["held"]["landing.zoho.contacts"]
    assert somebody.email in json.dumps(contacts)
    assert all(row["_file"] and row["_row"] for row in contacts)
    assert held["held"]["marts.fct_orders"]
    again = strata(was, "subject", "--identifier", somebody.email, "--out", str(out))
    assert again.returncode == 1
    assert strata(was, "subject", "--identifier", "13700000000").returncode == 2
