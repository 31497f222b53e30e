"""What a failed data test found, where it may be told: by name, in the reason of a refusal.

Belongs here: reading the findings of tests that say so. Does not belong here: which tests fail.
A test says so with `names_findings: true` in its meta, and only if its column `finding` can never
hold anything about a person.
"""

from collections.abc import Mapping
from typing import Any

from orchestration.building import Build, connect_warehouse

FINDINGS_TOLD = 10


def findings(build: Build, test: Mapping[str, Any], compiled_code: str | None) -> str:
    """Return what `test`, a node of the manifest, found, as the end of a sentence; else nothing."""
    if not test.get("config", {}).get("meta", {}).get("names_findings") or not compiled_code:
        return ""
    with connect_warehouse(build.warehouse, read_only=True) as warehouse:
        query = f"select finding from ({compiled_code}) as found order by finding"
        found = [str(finding) for (finding,) in warehouse.execute(query).fetchall()]
    more = len(found) - FINDINGS_TOLD
    told = [*found[:FINDINGS_TOLD], *([f"and {more} more"] if more > 0 else [])]
    return ": " + ", ".join(told) if found else ""
