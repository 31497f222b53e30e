"""What nights cost on homes of some sizes, step by step, and what the same work costs otherwise.

Belongs here: the nights that are measured, their peers, and the table of them. Does not belong
here: measuring (spent.py), and what the peers do (peers/).
"""

import datetime as dt
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import peers
from peers import compare
from spent import MEGABYTE, Spent, spend

from orchestration.building import Build, open_build
from orchestration.doctor import size_of
from orchestration.engine import derived_limit
from orchestration.landing.sources import load_sources
from orchestration.manifest import dbt_options, prepare_manifest
from orchestration.settings import GIB, MIB, load_settings
from orchestration.warehouse import BUILD

BIN = Path(sys.executable).parent
# XS is for trying the bench itself.
SIZES = {"XS": 2_000, "S": 100_000, "M": 1_000_000, "L": 10_000_000}
LAST = dt.date(2026, 3, 31)
# Of the shop's orders of the last ninety days, what the last night restates.
CORRECTED = 0.02
REPLAYED = 30
LONGER = 10
SMALL_MACHINE = 4 * GIB
COLUMNS = ("seconds", "cpu s", "rows", "rows/s", "peak MB", "written MB")
HEAD = f"{'':36}" + "".join(f"{column:>12}" for column in COLUMNS)


@dataclass(frozen=True)
class Home:
    """An installation that is measured, and the environment that names it.

    settings: variables of the environment beside the folder.
    """

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment without the settings of another installation."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("STRATA_")}
        return {**kept, **self.settings, "STRATA_HOME": str(self.folder)}

    def run(self, *command: str | Path) -> Spent:
        """Run a command for the installation, measured."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return spend(command, self.environment, self.folder)

    def strata(self, *arguments: str) -> Spent:
        """Run a command of the installation, measured."""
        return self.run(BIN / "strata", *arguments)

    @property
    def record(self) -> dict:
        """The record of the published night."""
        return json.loads((self.folder / "current" / "run.json").read_text("utf-8"))


def say(text: str) -> None:
    """Print a line at once: a run takes long."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def line(what: str, spent: Spent, rows: int) -> str:
    """Return one line of the table."""
    return (
        f"{what:36}{spent.seconds:12.1f}{spent.processor:12.1f}{rows:12,}"
        f"{rows / spent.seconds:12,.0f}{spent.peak:12,.0f}{spent.written:12,.0f}"
    )


def bench_nights(folder: Path, size: str) -> None:
    """Publish three nights of one size, and print what each, its peers and their replay cost."""
    home = Home(folder / "home")
    first, ordinary, late = (LAST - dt.timedelta(days=back) for back in (2, 1, 0))
    say(f"size {size}: {SIZES[size]:,} customers\n{HEAD}")
    made = draw(home, size, 3, "--corrections", str(CORRECTED))
    say(f"{line('sample', made, 0)}   files {size_of(home.folder / 'inbox') / MEGABYTE:,.0f} MB")
    spent = {
        "first": night(home, "first night", first),
        "ordinary": night(home, "ordinary night, 0.3 % new orders", ordinary),
    }
    bare(home, ordinary, spent["ordinary"])
    say(kept(home))
    spent["corrected"] = night(home, "late corrections over 90 days", late)
    # Only now has every source that the peers read landed; two nights' orders are 0.6 % of all.
    for name in peers.PEERS:
        against(home, name, late, spent)
    night(home, "the same night again, nothing new", late)
    replayed = home.strata("replay", "--from", str(first))
    say(line("replay of these three nights", replayed, 0))
    one_by_one = sum(night.seconds for night in spent.values())
    say(f"    {replayed.seconds / one_by_one:.2f} of what they took one by one")


def draw(home: Home, size: str, nights: int, *more: str) -> Spent:
    """Write the exports of so many nights up to the last one, measured."""
    asked = ("--customers", str(SIZES[size]), "--nights", str(nights), "--last-night", str(LAST))
    return home.strata("sample", *asked, *more)


def night(home: Home, what: str, as_of: dt.date) -> Spent:
    """Publish a night, and print what it and its steps cost."""
    spent = home.strata("night", "--as-of", str(as_of))
    record = home.record
    say(line(what, spent, record["rows_landed"]))
    for step in steps(record, spent):
        say(step)
    return spent


def steps(record: dict, spent: Spent) -> Iterator[str]:
    """Yield a line per step of a night, and the nodes of dbt that took longest."""
    seconds = record["seconds"]
    rest = spent.seconds - sum(seconds.values())
    for step, took in {**seconds, "start, Dagster, publishing": rest}.items():
        yield f"    {step:32}{took:12.1f}{took / spent.seconds:12.0%}"
    longest = ", ".join(f"{node} {took:.1f}" for node, took in record["slowest"].items())
    yield f"    slowest: {longest}"


def against(home: Home, name: str, as_of: dt.date, ours: dict[str, Spent]) -> None:
    """Let a peer do the work of a night from the same landing, and compare cost and answers."""
    reason = peers.missing(name)
    if reason:
        say(f"  {name}: {reason}")
        return
    out = home.folder / "peers" / name
    script = Path(__file__).parent / "peers" / "__main__.py"
    spent = home.run(sys.executable, script, name, home.folder, str(as_of), out)
    lines = len_of(out / "fct_order_lines.parquet")
    say(line(f"  {name}, from landing", spent, lines))
    ratios = (f"{what} {night.seconds / spent.seconds:.2f}" for what, night in ours.items())
    say(f"    nights in times of it: {', '.join(ratios)}")
    say("    " + compare.check(home.folder / "current" / "parquet", out).replace("\n", "\n  "))


def bare(home: Home, as_of: dt.date, ours: Spent) -> None:
    """Let dbt alone build and test all models from where a night began, and compare the cost."""
    settings = load_settings({**home.settings, "STRATA_HOME": str(home.folder)})
    build = Build(home.folder / "bare", as_of, "bare")
    sources = load_sources(prepare_manifest(settings).path)
    open_build(settings, build, settings.generations / home.record["base"], sources)
    command = (
        BIN / "dbt", *BUILD, *dbt_options(settings),
        "--target-path", build.dbt_target, "--log-path", build.folder,
    )  # fmt: skip
    spent = spend(command, home.environment, build.folder)
    say(line("  dbt build of all models and tests", spent, home.record["rows_landed"]))
    say(f"    the night took {ours.seconds / spent.seconds:.2f} times as long")
    shutil.rmtree(build.folder)  # as large as a generation


def bench_replay(folder: Path, size: str) -> None:
    """Publish thirty nights and build them again from landing, and print what a night costs."""
    home = Home(folder / "home")
    draw(home, size, REPLAYED)
    say(f"size {size}: {SIZES[size]:,} customers\n{HEAD}")
    first = LAST - dt.timedelta(days=REPLAYED - 1)
    published = home.strata("catch-up", "--last", str(LAST))
    say(line(f"{REPLAYED} nights", published, 0))
    say(line(f"replay of {REPLAYED} nights", home.strata("replay", "--from", str(first)), 0))


def bench_small(folder: Path, size: str) -> None:
    """Publish two nights with what the engine gets on a machine of four gigabytes."""
    limit = derived_limit(SMALL_MACHINE)
    home = Home(folder / "home", {"STRATA_MEMORY_LIMIT": f"{limit // MIB}MiB"})
    draw(home, size, 2)
    say(f"size {size}: {SIZES[size]:,} customers, engine {limit // MIB:,} MiB\n{HEAD}")
    night(home, "first night", LAST - dt.timedelta(days=1))
    night(home, "ordinary night", LAST)


def bench_history(folder: Path, size: str) -> None:
    """Publish the same ordinary night behind a history and one ten times as long, and compare."""
    say(f"size {size}: {SIZES[size]:,} customers\n{HEAD}")
    spent = []
    for history in (1, LONGER):
        home = Home(folder / f"history_{history}")
        draw(home, size, 2, "--history", str(history))
        night(home, f"first night, history times {history}", LAST - dt.timedelta(days=1))
        say(kept(home))
        spent.append(night(home, f"ordinary night, history times {history}", LAST))
        lines = len_of(home.folder / "current" / "parquet" / "fct_order_lines.parquet")
        said = len_of(home.folder / "current" / "parquet" / "fct_interactions.parquet")
        say(f"    {lines:,} order lines and {said:,} interactions are published")
        shutil.rmtree(home.folder)
    say(f"the longer history makes it {spent[1].seconds / spent[0].seconds:.2f} times as long")


def kept(home: Home) -> str:
    """Say what the newest generation takes on disk, beside the landing that it came from."""
    landing = size_of(home.folder / "landing")
    newest = size_of((home.folder / "current").resolve())
    return (
        f"  a generation takes {newest / MEGABYTE:,.0f} MB, {newest / landing:.1f} times "
        f"landing's {landing / MEGABYTE:,.0f} MB; seven take {7 * newest / MEGABYTE:,.0f} MB"
    )


def len_of(file: Path) -> int:
    """Rows of a Parquet file."""
    return duckdb.sql(f"select count(*) from '{file}'").fetchall()[0][0]
