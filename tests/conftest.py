"""Fixtures that every folder of tests may use: a sample home with published nights."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from homes import FIRST_NIGHT, LAST_NIGHT, PARSED, SECOND_NIGHT, publish_night, settings_of

from orchestration import manifest
from orchestration.sample.write import SampleSpec, write_sample
from orchestration.settings import Settings

# Two workers take files in this order, which `make test` keeps; xdist would go by numbers of tests.
# The one that publishes nights starts at once, and the other has long work of its own until then.
FIRST_FILES = (
    "nights/test_bad_nights.py", "dbt/test_unit_tests.py", "nights/test_good_nights.py",
    "house/test_spark_transpile.py", "nights/test_erasure.py", "nights/test_real_orders.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, so that no worker is left with one of them at the end."""
    here = Path(__file__).parent
    ranks = {here / name: rank for rank, name in enumerate(FIRST_FILES)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


@pytest.fixture(scope="session", autouse=True)
def parsed_once() -> Iterator[None]:
    """The project is parsed for one home, and every other home of this process gets a copy."""
    parse = manifest._parse_if_stale

    def copy_or_parse(settings: Settings, folder: Path) -> manifest.Manifest:
        if settings.home != PARSED:
            parsed = manifest.prepare_manifest(settings_of(PARSED)).path.parent
            if not (folder / "fingerprint").exists():
                shutil.copytree(
                    parsed, folder, ignore=shutil.ignore_patterns("lock"), dirs_exist_ok=True
                )
        return parse(settings, folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest, "_parse_if_stale", copy_or_parse)
        yield


@pytest.fixture(scope="session")
def two_nights(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A home with three nights of sample exports, of which two are published.

    It is built once, also where several workers need it: the others wait for the first.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    home = shared / "two_nights"
    with (shared / "two_nights.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            publish_two_nights(home)
            (home / "ready").touch()
    return home


def publish_two_nights(home: Path) -> None:
    settings = settings_of(home)
    spec = SampleSpec(300, 3, 7, LAST_NIGHT, settings.currency, settings.timezone)
    write_sample(spec, settings.inbox, home / "sample_truth.csv")
    for as_of in (FIRST_NIGHT, SECOND_NIGHT):
        record = publish_night(settings, as_of)
        assert record["outcome"] == "published", record["reasons"]


@pytest.fixture
def home(two_nights: Path, tmp_path: Path) -> Path:
    """A copy of the home with two published nights; the third one waits in the inbox."""
    copy = tmp_path / "home"
    shutil.copytree(two_nights, copy, symlinks=True)
    return copy


@pytest.fixture
def fingerprint() -> Callable[[Path], dict[str, bytes]]:
    """Return a function that reads every byte below `current`."""

    def read(home: Path) -> dict[str, bytes]:
        current = home / "current"
        files = {str(p.relative_to(home)): p.read_bytes() for p in current.resolve().rglob("*")
                 if p.is_file()}  # fmt: skip
        return {"current ->": str(current.readlink()).encode(), **files}

    return read
