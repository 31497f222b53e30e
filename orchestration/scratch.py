"""The scratch warehouse of the engineer who edits a model.

Belongs here: making it. Does not belong here: building in it (plain dbt with the target `dev`).
"""

from pathlib import Path

from orchestration.building import WAREHOUSE
from orchestration.clone import clone
from orchestration.generations import GenerationError, current_generation
from orchestration.settings import Settings


def copy_to_scratch(settings: Settings) -> Path:
    """Copy the warehouse of the published generation to `dev/` and return the copy's path.

    Raises:
        GenerationError: nothing is published yet.

    """
    generation = current_generation(settings)
    if generation is None:
        raise GenerationError("nothing is published yet; run strata night first")
    scratch = settings.home / "dev"
    scratch.mkdir(exist_ok=True, mode=0o700)
    target = scratch / WAREHOUSE
    for leftover in scratch.glob(f"{WAREHOUSE}*"):
        leftover.unlink()
    clone(generation / WAREHOUSE, target)
    target.chmod(0o600)
    return target
