"""What a night costs, as ratios against the same work done bare, measured side by side in one run.

Run with `make bench`, or `make bench ONLY=identity` for some parts. Seconds depend on the machine;
the ratios are what may be quoted.
"""

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

# `python tests/bench` finds its own modules; the population stands beside it.
sys.path.append(str(Path(__file__).resolve().parents[1]))

import identity
import identity_scale
import landing_speed
import segment_speed

from orchestration.sample.write import SampleSpec, write_sample
from orchestration.settings import DBT_PROJECT, Settings, load_settings

BIN = Path(sys.executable).parent
LAST = dt.date(2026, 3, 31)
CUSTOMERS_OF_A_NIGHT = 2_000
ROUNDS = 3
OLD_FILES = 10_000


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run(*command: str | Path, home: Path) -> None:
    """Run a command for an installation, and stop where it fails."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("STRATA_")}
    environment = {**kept, "STRATA_HOME": str(home)}
    done = subprocess.run(
        command, cwd=DBT_PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def sample(home: Path, customers: int, nights: int) -> Settings:
    """Write sample exports into a fresh home."""
    settings = load_settings({"STRATA_HOME": str(home)})
    spec = SampleSpec(customers, nights, 7, LAST, settings.currency, settings.timezone)
    write_sample(spec, settings.inbox, home / "sample_truth.csv")
    return settings


def report(what: str, ours: list[float], bare: list[float], against: str) -> None:
    """Print one line of medians and the median of the ratios, pair by pair."""
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    sys.stdout.write(
        f"{what:38} {statistics.median(ours):8.2f} s   {against:34} "
        f"{statistics.median(bare):8.2f} s   ratio {ratio:5.2f}\n"
    )
    sys.stdout.flush()


def bench_night(home: Path) -> None:
    """Time an ordinary night against a bare `dbt build` of the same models and tests."""
    sample(home, CUSTOMERS_OF_A_NIGHT, 3)
    run(BIN / "strata", "catch-up", "--last", str(LAST), home=home)
    run(BIN / "strata", "dev", home=home)
    dbt = [BIN / "dbt", "build", "--profiles-dir", "../profiles", "--target-path", home / "target"]
    dbt += ["--log-path", home, "--exclude-resource-type", "unit_test"]
    run(*dbt, home=home)
    night = (BIN / "strata", "night", "--as-of", str(LAST))
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: run(*night, home=home)))
        bare.append(seconds(lambda: run(*dbt, home=home)))
    report("ordinary night, 2,000 customers", ours, bare, "bare dbt build with its tests")


def bench_landing(folder: Path) -> None:
    """Time landing of each format against bare reading of the same content; larger is faster."""
    folder.mkdir()
    for contest in landing_speed.contests(folder):
        settings = landing_speed.home_with(folder, contest.path)
        ours, bare = [], []
        ours_once = partial(landing_speed.land, settings, contest.source)
        for _ in range(ROUNDS):
            ours.append(seconds(ours_once))
            bare.append(seconds(contest.bare))
        share = statistics.median(b / a for a, b in zip(ours, bare, strict=True))
        size = contest.path.stat().st_size / landing_speed.MEGABYTE
        sys.stdout.write(
            f"landing {size:4.0f} MB of {contest.what:20} {statistics.median(ours):8.2f} s   "
            f"{contest.against:34} {statistics.median(bare):8.2f} s   speed {share:4.0%}, "
            f"aim {contest.goal:.0%}\n"
        )
        sys.stdout.flush()


def bench_memory(folder: Path) -> None:
    """Measure the peak memory of landing a file of two gigabytes."""
    folder.mkdir()
    size, peak = landing_speed.peak_of_large_file(folder)
    sys.stdout.write(f"peak memory {peak:,.0f} MB for a file of {size:,.0f} MB, aim below 1,500\n")


def bench_old_files(folder: Path) -> None:
    """Time what a night spends on files that landed before."""
    home = landing_speed.home_with_old_files(folder, OLD_FILES)
    spent = statistics.median(
        seconds(lambda: landing_speed.find_nothing_new(*home)) for _ in range(ROUNDS)
    )
    sys.stdout.write(f"{OLD_FILES:,} files that landed before {spent:.2f} s, aim below 2\n")


def bench_all_of_landing(folder: Path) -> None:
    """Time landing, measure its memory, and time what it spends on files that landed before."""
    folder.mkdir()
    bench_landing(folder / "formats")
    bench_memory(folder / "memory")
    bench_old_files(folder / "old")


def bench_identity(folder: Path) -> None:
    """Score the identity rules on populations, and time them on millions of records."""
    folder.mkdir()
    identity.bench_population(folder / "population")
    identity_scale.bench_scale(folder / "scale")


def bench_segments(_: Path) -> None:
    """Time fifty segments against five."""
    many, few = segment_speed.seconds_of_few_and_many(ROUNDS)
    report("fifty segments, 1,000,000 customers", many, few, "five of them, aim below 2")


PARTS = {
    "landing": bench_all_of_landing,
    "identity": bench_identity,
    "segments": bench_segments,
    "night": bench_night,
}


def main(chosen: Sequence[str]) -> None:
    """Run the chosen benchmarks, all of them without a choice, each in a folder of its own."""
    unknown = set(chosen) - PARTS.keys()
    if unknown:
        raise SystemExit(f"no such benchmark: {', '.join(sorted(unknown))}; {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen or PARTS:
            PARTS[name](Path(folder) / name)


if __name__ == "__main__":
    main(sys.argv[1:])
