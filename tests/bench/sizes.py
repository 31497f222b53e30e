"""What nights cost on homes of three sizes: the first, an ordinary one, late corrections, a replay.

Belongs here: the nights that are measured, and the table of them. Does not belong here: measuring
(spent.py), and how others do the same work (peers/).
"""

import datetime as dt
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spent import MEGABYTE, Spent, spend

BIN = Path(sys.executable).parent
SIZES = {"S": 100_000, "M": 1_000_000, "L": 10_000_000}
LAST = dt.date(2026, 3, 31)
# Of the shop's orders of the last ninety days, what the last night restates.
CORRECTED = 0.02
HEAD = (
    f"{'':34}{'seconds':>9}{'cpu s':>9}{'rows':>13}{'rows/s':>11}{'peak MB':>9}{'written MB':>12}"
)


@dataclass(frozen=True)
class Home:
    """An installation that is measured, and the environment that names it."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment without the settings of another installation."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("STRATA_")}
        return {**kept, "STRATA_HOME": str(self.folder)}

    def strata(self, *arguments: str) -> Spent:
        """Run a command of the installation, measured."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return spend([BIN / "strata", *arguments], self.environment, self.folder)

    def record(self) -> dict:
        """Return the record of the published night."""
        return json.loads((self.folder / "current" / "run.json").read_text("utf-8"))


def line(what: str, spent: Spent, rows: int) -> str:
    """Return one line of the table."""
    return (
        f"{what:34}{spent.seconds:9.1f}{spent.processor:9.1f}{rows:13,}"
        f"{rows / spent.seconds:11,.0f}{spent.peak:9,.0f}{spent.written:12,.0f}"
    )


def say(text: str) -> None:
    """Print a line at once: a run takes long."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def bench_size(name: str, folder: Path) -> Home:
    """Generate files of one size, publish three nights from them, and print what each cost."""
    home = Home(folder / name)
    first, ordinary, late = (LAST - dt.timedelta(days=back) for back in (2, 1, 0))
    say(f"\nsize {name}: {SIZES[name]:,} customers\n{HEAD}")
    asked = ("--customers", str(SIZES[name]), "--nights", "3", "--last-night", str(LAST))
    made = home.strata("sample", *asked, "--corrections", str(CORRECTED))
    size = sum(file.stat().st_size for file in (home.folder / "inbox").rglob("*"))
    say(f"{line('sample', made, 0)}   files of {size / MEGABYTE:,.0f} MB")
    for what, as_of in (
        ("first night", first),
        ("ordinary night, 0.3 % new orders", ordinary),
        ("late corrections over 90 days", late),
    ):
        spent = home.strata("night", "--as-of", str(as_of))
        record = home.record()
        say(line(what, spent, record["rows_landed"]))
        for step in steps(record, spent):
            say(step)
    for kept in sizes_kept(home):
        say(kept)
    return home


def steps(record: dict, spent: Spent) -> Iterator[str]:
    """Yield a line per step of a night, and the nodes of dbt that took longest."""
    seconds = record["seconds"]
    rest = spent.seconds - sum(seconds.values())
    for step, took in {**seconds, "start, Dagster, publishing": rest}.items():
        yield f"    {step:30}{took:9.1f}{took / spent.seconds:9.0%}"
    longest = ", ".join(f"{node} {took:.1f}" for node, took in record["slowest"].items())
    yield f"    slowest: {longest}"


def sizes_kept(home: Home) -> Iterator[str]:
    """Yield what the newest generation takes on disk, beside the landing that it came from."""
    landing = size_of(home.folder / "landing")
    newest = size_of((home.folder / "current").resolve())
    yield (
        f"    a generation takes {newest / MEGABYTE:,.0f} MB, {newest / landing:.2f} of landing's "
        f"{landing / MEGABYTE:,.0f} MB; seven take {7 * newest / MEGABYTE:,.0f} MB"
    )


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
