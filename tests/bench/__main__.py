"""What a night costs, as ratios against the same work done bare, measured side by side in one run.

Run with `make bench`. Seconds depend on the machine; the ratios are what may be quoted.
"""

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration.landing.inbox import scan_inbox
from orchestration.landing.land import LandingRun, land_source
from orchestration.landing.sources import load_sources
from orchestration.manifest import prepare_manifest
from orchestration.sample.write import SampleSpec, write_sample
from orchestration.settings import DBT_PROJECT, Settings, load_settings

BIN = Path(sys.executable).parent
LAST = dt.date(2026, 3, 31)
CUSTOMERS_OF_A_NIGHT = 2_000
CUSTOMERS_OF_LANDING = 60_000
ROUNDS = 3


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


def bench_landing(home: Path) -> None:
    """Time landing of a large UTF-8 CSV against bare DuckDB from the same file to Parquet."""
    settings = sample(home, CUSTOMERS_OF_LANDING, 1)
    sources = load_sources(prepare_manifest(settings).path)
    shop = next(source for source in sources if source.name == "shop.order_lines")
    files = scan_inbox(settings.inbox, sources).matched[shop.relation]
    path, target = files[0].path, home / "bare.parquet"
    query = f"copy (from read_csv('{path}', all_varchar = true)) to '{target}' (format parquet)"
    land = LandingRun(settings, shop, LAST, "bench", lambda line: None)
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: land_source(land, files)))
        bare.append(seconds(lambda: duckdb.connect().execute(query)))
        (settings.landing / "_files" / f"{shop.relation}.parquet").unlink()
    size = f"landing {path.stat().st_size / 1e6:,.0f} MB of CSV"
    report(size, ours, bare, "bare DuckDB read_csv to Parquet")


def main() -> None:
    """Run every benchmark in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        bench_landing(Path(folder) / "landing")
        bench_night(Path(folder) / "night")


if __name__ == "__main__":
    main()
