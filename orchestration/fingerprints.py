"""What a night follows from, as hashes: the code of all, every node, and the files of every source.

Belongs here: saying what a night's inputs are. Does not belong here: comparing them with those of
the night before, and deciding what may then be left out (settled.py).
"""

import hashlib
import importlib.metadata
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from orchestration.hash_key import ensure_key, key_id
from orchestration.landing import ledger
from orchestration.landing.sources import SourceTable
from orchestration.manifest import Manifest, prepare_manifest, project_fingerprint
from orchestration.settings import DBT_PROJECT, Settings

# What every node follows from, beside its own text: macros, variables, settings and versions.
CODE = "code"
# What dbt keeps of a node for people, or for itself: nothing that is built follows from it.
ASIDE = frozenset({"description", "source_description", "doc_blocks", "patch_path", "created_at"})
# Parts of the graph that macros read while dbt runs, whatever a node depends on.
GRAPH = ("nodes", "sources")


def fingerprints(
    settings: Settings, sources: Sequence[SourceTable], records: Mapping[str, Sequence[object]]
) -> dict[str, str]:
    """Return a hash of the code, one per node, and one per source, of its files in `records`.

    Names are `code`, unique ids of nodes, and relations of sources.
    """
    found = {source.relation: _digest(records[source.relation]) for source in sources}
    nodes = Prints(prepare_manifest(settings)).nodes
    return found | nodes | {CODE: _digest(_code(settings))}


def _code(settings: Settings) -> list[object]:
    versions = [importlib.metadata.version(name) for name in ("dbt-duckdb", "duckdb")]
    erased = settings.landing / ledger.NAME
    return [
        project_fingerprint(("macros",)), *versions, settings.timezone, settings.currency,
        key_id(ensure_key(settings)), erased.read_bytes() if erased.exists() else b"",
    ]  # fmt: skip


def _digest(values: Iterable[object]) -> str:
    return hashlib.sha256("\0".join(map(repr, values)).encode()).hexdigest()


@dataclass(frozen=True)
class Prints:
    """Hashes of the nodes of a parsed project."""

    manifest: Manifest

    @cached_property
    def nodes(self) -> dict[str, str]:
        """By unique id, a hash of what the node says and of what all nodes behind it say."""
        known: dict[str, str] = {}
        for node in self.manifest.content["nodes"]:
            self._with_those_behind(node, known)
        return known

    def _with_those_behind(self, node: str, known: dict[str, str]) -> str:
        if node not in known:
            behind = set(self.manifest.content["nodes"][node]["depends_on"].get("nodes", ()))
            prints = [self._with_those_behind(one, known) for one in behind - self._declared.keys()]
            prints += [self._declared[one] for one in behind & self._declared.keys()]
            graph = [self._graph[part] for part in GRAPH if self._reads(node, part)]
            known[node] = _digest([self._own[node], *sorted(prints), *graph])
        return known[node]

    def _reads(self, node: str, part: str) -> bool:
        said = self.manifest.content["nodes"][node]
        return any(f"graph.{part}" in text for text in self.manifest.texts_of(said))

    @cached_property
    def _own(self) -> dict[str, str]:
        nodes = self.manifest.content["nodes"].items()
        return {name: _digest([_told(node), _seed(node)]) for name, node in nodes}

    @cached_property
    def _declared(self) -> dict[str, str]:
        sources = self.manifest.content["sources"].items()
        return {name: _digest([_told(source)]) for name, source in sources}

    @cached_property
    def _graph(self) -> dict[str, str]:
        parts = zip(GRAPH, (self._own, self._declared), strict=True)
        return {part: _digest(sorted(prints.items())) for part, prints in parts}


def _told(node: Mapping[str, Any]) -> str:
    columns = node.get("columns", {}).items()
    kept = {**_kept(node), "columns": {name: _kept(column) for name, column in columns}}
    return json.dumps(kept, sort_keys=True)


def _kept(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key not in ASIDE}


def _seed(node: Mapping[str, Any]) -> bytes:
    """Return the rows of a seed that is too large for dbt to hash; else they are hashed already."""
    if node.get("checksum", {}).get("name") != "path":
        return b""
    return (DBT_PROJECT / node["original_file_path"]).read_bytes()
