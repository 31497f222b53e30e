"""What things cost, as ratios against the same work done bare, measured side by side in one run.

`make bench` measures nights of 100,000 customers, `make bench SIZE=M` those of a million, and
`make bench ONLY=identity` another part. Seconds depend on the machine; the ratios are what may be
quoted.
"""

import argparse
import statistics
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
import sizes

ROUNDS = 3
OLD_FILES = 10_000


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(what: str, ours: list[float], bare: list[float], against: str) -> None:
    """Print one line of medians and the median of the ratios, pair by pair."""
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    sys.stdout.write(
        f"{what:38} {statistics.median(ours):8.2f} s   {against:34} "
        f"{statistics.median(bare):8.2f} s   ratio {ratio:5.2f}\n"
    )
    sys.stdout.flush()


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
    "nights": sizes.bench_nights,
    "replay": sizes.bench_replay,
    "history": sizes.bench_history,
    "small": sizes.bench_small,
    "landing": bench_all_of_landing,
    "identity": bench_identity,
    "segments": bench_segments,
}
SIZED = {"nights", "replay", "history", "small"}


def main(arguments: Sequence[str]) -> None:
    """Run the chosen parts, the nights without a choice, each in a folder of its own."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--size", choices=sizes.SIZES, default="S")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="|".join(PARTS))
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.parts or ["nights"]:
            place = Path(folder) / name
            PARTS[name](place, asked.size) if name in SIZED else PARTS[name](place)


if __name__ == "__main__":
    main(sys.argv[1:])
