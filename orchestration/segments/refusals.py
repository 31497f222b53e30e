"""Why the entries of dim_segments.yml cannot be followed, said before dbt starts.

Belongs here: every mistake in an entry, with its line and the remedy. Does not belong here: the
language of rules (rules.py), reading the file (declared.py).
"""

import datetime as dt
import graphlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from orchestration.segments import declared, rules
from orchestration.segments.declared import Entry
from orchestration.segments.reused import reused_ids
from orchestration.segments.rules import RuleError
from orchestration.segments.vocabulary import (
    Vocabulary,
    confirm_boolean,
    confirm_words,
    empty_profile,
    load_vocabulary,
)

# What an id ends with says its goal.
GOALS = {
    "raise_sales": ("sales",),
    "loyalty": ("loyalty",),
    "satisfaction": ("satisfaction",),
    "resources": ("resources",),
    "win_back": ("winback", "wakeup"),
}
SEGMENT_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
# An id stands in file names and column names of BI tools; the longest shipped one has 30.
LONGEST_ID, LONGEST_NAME = 40, 40
SOURCES = ("rule", "manual", "import")
CHANNELS = ("wechat", "phone", "sms", "email")
KINDS: dict[str, tuple[type, ...]] = {
    "name_zh": (str,), "name_en": (str,), "goal": (str,), "owner": (str,), "department": (str,),
    "metric": (str,), "baseline": (int, float), "target": (int, float), "deadline": (dt.date,),
    "priority": (int,), "channel": (str,), "needs_consent": (bool,), "follow_up_days": (int,),
    "review_date": (dt.date,), "membership_source": (str,), "group": (str,), "rule": (str,),
    "exclusions": (list,), "is_action_segment": (bool,), "size_change_limit": (int, float),
}  # fmt: skip
REQUIRED = ("name_zh", "name_en", "goal", "owner", "priority")
WORDS = {int: "number", float: "number", str: "text", dt.date: "date like 2027-01-31",
         bool: "true or false", list: "list"}  # fmt: skip
# Mistakes come in crowds where one line is indented wrongly; these are enough to see that.
SHOWN = 20


def refusals(
    path: Path | None = None, vocabulary: Vocabulary | None = None, base: Path | None = None
) -> list[str]:
    """Return why the segments cannot be followed, one sentence each; empty if they can.

    `base` is the generation that the night builds on, with the segments of before.
    """
    path = path or declared.ENTRIES
    try:
        entries = declared.load_entries(path)
    except RuleError as error:
        return [f"{path.name}, {error}"]
    found = [*mistakes(entries, vocabulary or load_vocabulary()), *reused_ids(entries, base)]
    shown = [f"{path.name}, line {line}: {what}" for line, what in sorted(found)[:SHOWN]]
    more = len(found) - SHOWN
    return shown + ([f"and {more} more in {path.name}"] if more > 0 else [])


def mistakes(entries: Sequence[Entry], vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    """Yield line and sentence of everything that is wrong."""
    yield from _duplicates(entries)
    known = {entry.segment_id for entry in entries}
    graph: dict[str, set[str]] = {}
    with empty_profile(vocabulary) as profile:
        for entry in entries:
            yield from _one(entry, vocabulary, known, profile, graph)
    yield from _cycles(entries, graph)


def _one(
    entry: Entry,
    vocabulary: Vocabulary,
    known: set[str],
    profile: duckdb.DuckDBPyConnection,
    graph: dict[str, set[str]],
) -> Iterator[tuple[int, str]]:
    yield from _fields(entry)
    yield from _id(entry)
    built_on = graph.setdefault(entry.segment_id, set())
    for line, name, text in _expressions(entry):
        try:
            tree = rules.parse(text)
            built_on |= set(rules.named(tree, rules.SEGMENT))
            confirm_words(tree, vocabulary, known)
            confirm_boolean(tree, profile)
        except RuleError as error:
            yield line, f"{name} of {entry.segment_id} {error}"


def _expressions(entry: Entry) -> Iterator[tuple[int, str, str]]:
    if entry.source == "rule" and entry.fields.get("rule"):
        yield entry.line_of("rule"), "rule", entry.rule
    for exclusion in entry.exclusions:
        yield entry.line_of("exclusions"), "exclusion", exclusion


def _duplicates(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    first: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        fields = entry.fields
        marks: list[tuple[str, tuple[object, ...], str]] = [
            ("segment_id", (entry.segment_id,), "give this one another id"),
            ("name_zh", (fields.get("name_zh"),), "give this one another name"),
            ("name_en", (fields.get("name_en"),), "give this one another name"),
            ("priority", (fields.get("goal"), fields.get("priority")), "rank one behind the other"),
        ]
        for name, value, remedy in marks:
            if None in value:
                continue
            other = first.setdefault((name, *value), entry)
            if other is not entry:
                within = f" within the goal {value[0]}" if name == "priority" else ""
                said = f"{name} {value[-1]!r} of {entry.segment_id} is that of {other.segment_id}"
                yield entry.line_of(name), f"{said} (line {other.line}) too{within}; {remedy}"


def _fields(entry: Entry) -> Iterator[tuple[int, str]]:
    for name in REQUIRED:
        if entry.fields.get(name) in (None, ""):
            yield entry.line, f"{entry.segment_id} has no {name}; every segment needs one"
    for name, value in entry.fields.items():
        kinds = KINDS.get(name)
        if kinds is None:
            yield (
                entry.line_of(name),
                (
                    f"{entry.segment_id} says {name!r}, which no segment has; the settings are "
                    f"{', '.join(KINDS)}"
                ),
            )
        elif value is not None and type(value) not in kinds:
            wanted = WORDS[kinds[-1]]
            yield (
                entry.line_of(name),
                f"{name} of {entry.segment_id} is {value!r}; write a {wanted}",
            )
    yield from _choices(entry)


def _choices(entry: Entry) -> Iterator[tuple[int, str]]:
    for name, choices in (
        ("goal", tuple(GOALS)), ("membership_source", SOURCES), ("channel", CHANNELS)
    ):  # fmt: skip
        value = entry.fields.get(name)
        if value is not None and value not in choices:
            yield (
                entry.line_of(name),
                (
                    f"{name} {value!r} of {entry.segment_id} is none of "
                    f"{', '.join(choices)}; choose one"
                ),
            )
    needed = "rule" if entry.source == "rule" else "group"
    if not entry.fields.get(needed):
        yield (
            entry.line,
            (f"{entry.segment_id} has no {needed}; membership_source {entry.source} needs one"),
        )
    unused = "group" if needed == "rule" else "rule"
    if entry.fields.get(unused):
        yield (
            entry.line_of(unused),
            (
                f"{unused} of {entry.segment_id} would not be read with membership_source "
                f"{entry.source}; take one of the two out"
            ),
        )
    if entry.fields.get("needs_consent") and not entry.fields.get("channel"):
        yield (
            entry.line_of("needs_consent"),
            (f"{entry.segment_id} needs consent but names no channel; add channel"),
        )


def _id(entry: Entry) -> Iterator[tuple[int, str]]:
    segment_id, endings = entry.segment_id, GOALS.get(str(entry.fields.get("goal")), ())
    is_well_made = SEGMENT_ID.fullmatch(segment_id) and len(segment_id) <= LONGEST_ID
    if not is_well_made or (endings and segment_id.rsplit("_", 1)[-1] not in endings):
        yield (
            entry.line,
            (
                f"the id {segment_id!r} has to be trait, perhaps window, and goal in small "
                f"letters, {LONGEST_ID} at most, ending in {' or '.join(endings) or 'its goal'}, "
                "like silent_90d_wakeup; rename it"
            ),
        )
    for name in ("name_zh", "name_en"):
        text = entry.fields.get(name)
        if isinstance(text, str) and (text != text.strip() or len(text) > LONGEST_NAME):
            yield (
                entry.line_of(name),
                (
                    f"{name} of {segment_id} has to be short, {LONGEST_NAME} letters at most, and "
                    "without spaces around it; shorten it"
                ),
            )


def _cycles(entries: Sequence[Entry], graph: dict[str, set[str]]) -> Iterator[tuple[int, str]]:
    lines = {entry.segment_id: entry.line for entry in entries}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        cycle = [name for name in error.args[1] if name in lines]
        yield (
            min(lines[name] for name in cycle),
            (
                f"the segments are built on each other in a circle "
                f"({' on '.join(reversed(cycle))}); take one of these out of a rule"
            ),
        )
