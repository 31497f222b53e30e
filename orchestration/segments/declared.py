"""The entries of dim_segments.yml, with the line of everything they say.

Belongs here: reading the file. Does not belong here: judging it (refusals.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from orchestration.segments.rules import RuleError
from orchestration.settings import DBT_PROJECT

ENTRIES = DBT_PROJECT / "models" / "marts" / "segments" / "dim_segments.yml"
PATH_OF_ENTRIES = ("config", "meta", "segments")


@dataclass(frozen=True)
class Entry:
    """One declared segment: its fields as they are written, and where."""

    segment_id: str
    line: int
    fields: dict[str, object]
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """How members get in: rule, manual or import."""
        return str(self.fields.get("membership_source") or "rule")

    @property
    def rule(self) -> str:
        """The rule; of a group, that the customer is in it."""
        if self.source == "rule":
            return str(self.fields.get("rule") or "")
        return f"group('{self.fields.get('group')}')"

    @property
    def exclusions(self) -> tuple[str, ...]:
        """Conditions that keep somebody out."""
        given = self.fields.get("exclusions") or []
        return tuple(str(item) for item in given) if isinstance(given, list) else (str(given),)

    @property
    def consent(self) -> str | None:
        """The channel on which a member must be contactable; None where nobody needs to be."""
        return str(self.fields["channel"]) if self.fields.get("needs_consent") else None

    def line_of(self, name: str) -> int:
        """Line of a field, of the entry itself where it has no such field."""
        return self.lines.get(name, self.line)


def read_entries(text: str) -> tuple[Entry, ...]:
    """Read the segments of a file's text, those with the same id one after the other.

    Raises:
        RuleError: the text is no YAML, or holds no segments where they belong.

    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleError(f"line {line}: is no YAML ({error.problem}); correct it") from error
    node = _model(root, "dim_segments")
    for name in PATH_OF_ENTRIES:
        node = _value(node, name)
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise RuleError("line 1: declares no segment under config, meta, segments; add one")
    return tuple(_entry(key, value) for key, value in node.value)


def load_entries(path: Path | None = None) -> tuple[Entry, ...]:
    """Read the segments of the project, or of another file."""
    return read_entries((path or ENTRIES).read_text(encoding="utf-8"))


def _model(root: yaml.Node | None, name: str) -> yaml.Node | None:
    models = _value(root, "models")
    for model in models.value if isinstance(models, yaml.SequenceNode) else ():
        named = _value(model, "name")
        if named is not None and named.value == name:
            return model
    return None


def _pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from node.value


def _value(node: yaml.Node | None, name: str) -> yaml.Node | None:
    return next((value for key, value in _pairs(node) if key.value == name), None)


def _entry(key: yaml.Node, node: yaml.Node) -> Entry:
    fields, lines = {}, {}
    for name, value in _pairs(node):
        fields[str(name.value)] = _plain(value)
        lines[str(name.value)] = name.start_mark.line + 1
    return Entry(str(key.value), key.start_mark.line + 1, fields, lines)


def _plain(node: yaml.Node) -> object:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    except yaml.YAMLError:
        return node.value
    finally:
        loader.dispose()
