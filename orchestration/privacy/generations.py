"""Kept generations without a person.

Belongs here: one generation after the other, file by file, each whole at any moment. Does not
belong here: what is taken out of a database (warehouse.py).
"""

import shutil
from pathlib import Path

from orchestration.building import WAREHOUSE, connect_warehouse
from orchestration.exporting import MARTS, export
from orchestration.generations import current_generation, sync
from orchestration.manifest import Manifest
from orchestration.privacy.warehouse import Removal, rewrite_database
from orchestration.settings import Settings


def in_order(settings: Settings) -> list[Path]:
    """Return every generation with a warehouse, the current one last.

    The current one is where a person is found, so it has to stay as it was until all else is done.
    """
    folders = sorted(path.parent for path in settings.generations.glob(f"*/{WAREHOUSE}"))
    current = current_generation(settings)
    return [f for f in folders if f != current] + [f for f in folders if f == current]


def rewrite_generation(
    settings: Settings, manifest: Manifest, folder: Path, removal: Removal
) -> int:
    """Rewrite what a generation holds; return how many rows were changed.

    Databases are written anew in any case: rows that they lost since have left their bytes.
    Parquet stays untouched where it does not show the person.
    """
    scratch = settings.home / "erasing"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    fresh = scratch / WAREHOUSE
    changed = rewrite_database(folder / WAREHOUSE, fresh, removal)
    _export(manifest, folder, scratch)
    for path in sorted((scratch / "parquet").iterdir()) if changed else ():
        _put(path, folder / "parquet" / path.name)
    _put(scratch / MARTS, folder / MARTS)
    # Last, so that a run that was killed before still finds the person in it.
    _put(fresh, folder / WAREHOUSE)
    shutil.rmtree(scratch)
    return changed


def _export(manifest: Manifest, folder: Path, scratch: Path) -> None:
    """Publish again what was published, as tables that this generation has."""
    published = {path.stem for path in (folder / "parquet").glob("*.parquet")}
    tables = tuple(table for table in manifest.published_tables() if table.name in published)
    with connect_warehouse(scratch / WAREHOUSE) as connection:
        export(connection, scratch, tables)
        connection.execute("checkpoint")


def _put(fresh: Path, target: Path) -> None:
    if target.exists():
        fresh.chmod(target.stat().st_mode)
    sync(fresh)
    fresh.replace(target)
    sync(target.parent)
