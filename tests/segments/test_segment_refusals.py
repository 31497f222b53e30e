"""Each kind of mistake in dim_segments.yml is named with its line and its remedy, before dbt."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from homes import LAST_NIGHT, publish_night, settings_of

from orchestration.segments import declared
from orchestration.segments.refusals import refusals
from orchestration.segments.vocabulary import Vocabulary, load_vocabulary

HEAD = "models:\n  - name: dim_segments\n    config:\n      meta:\n        segments:\n"
FIRST = {
    "id": "first_90d_loyalty", "name_zh": "甲", "name_en": "First", "goal": "loyalty",
    "owner": "Ann", "priority": "1", "rule": "recency_days < 90",
}  # fmt: skip
SECOND = {
    "id": "second_90d_loyalty", "name_zh": "乙", "name_en": "Second", "goal": "loyalty",
    "owner": "Ann", "priority": "2", "rule": "order_count > 1 and not segment('first_90d_loyalty')",
}  # fmt: skip
# The line of the second entry, and of its fields behind it in the order above.
LINE = 6 + len(FIRST)
WORDS = Vocabulary(
    {"recency_days": "integer", "order_count": "integer", "city": "string", "tag_list": "string",
     "group_list": "string"},
    frozenset({"vip"}),
)  # fmt: skip


def line_of(name: str) -> int:
    return LINE + list(SECOND).index(name)


def write(path: Path, *entries: dict[str, str | None]) -> Path:
    text = HEAD
    for entry in entries:
        text += f"          {entry['id']}:\n"
        text += "".join(
            f"            {name}: {value}\n"
            for name, value in entry.items()
            if name != "id" and value is not None
        )
    path.write_text(text, encoding="utf-8")
    return path


def refused(tmp_path: Path, **changes: str | None) -> list[str]:
    """What is said of the two entries with the second one changed."""
    return refusals(write(tmp_path / "dim_segments.yml", FIRST, SECOND | changes), WORDS)


def test_the_segments_that_are_shipped_can_be_followed() -> None:
    assert refusals() == []
    assert len(declared.load_entries()) >= 15


def test_every_column_and_tag_that_rules_may_name_is_found() -> None:
    words = load_vocabulary()
    assert {"rfm_segment", "tag_list", "group_list"} <= set(words.columns)
    assert "vip" in words.tags


def test_two_sound_entries_are_followed(tmp_path: Path) -> None:
    assert refused(tmp_path) == []


# What is changed in the second entry, the line that is named, and words of the sentence.
MISTAKES = {
    "an unknown column": ({"rule": "recency < 90"}, "rule", "column 'recency'", "recency_days"),
    "an unknown tag": ({"rule": "tag('kol')"}, "rule", "tag 'kol'", "none of: vip"),
    "an unknown segment": ({"rule": "segment('x')"}, "rule", "segment 'x'", "first_90d_loyalty"),
    "an unknown column in an exclusion": (
        {"exclusions": "[recency < 90]"}, "exclusions", "exclusion of", "column 'recency'",
    ),
    "a segment built on itself": (
        {"rule": "segment('second_90d_loyalty')"}, "id", "in a circle", "take one of these out",
    ),
    "an id in capitals": ({"id": "Second_90d_loyalty"}, "id", "small letters", "rename it"),
    "an id that says another goal": ({"id": "second_sales"}, "id", "ending in loyalty", "rename"),
    "an id of one word": ({"id": "loyalty"}, "id", "trait", "rename it"),
    "a name that is too long": ({"name_en": "x" * 41}, "name_en", "has to be short", "shorten"),
    "no owner": ({"owner": None}, "id", "has no owner", "every segment needs one"),
    "no goal": ({"goal": None}, "id", "has no goal", "every segment needs one"),
    "no Chinese name": ({"name_zh": None}, "id", "has no name_zh", "every segment needs one"),
    "no English name": ({"name_en": None}, "id", "has no name_en", "every segment needs one"),
    "an unknown goal": ({"goal": "growth"}, "goal", "'growth'", "choose one"),
    "no rule": ({"rule": None}, "id", "has no rule", "needs one"),
    "a group without its name": ({"membership_source": "manual"}, "id", "has no group", "needs"),
    "a rule and a group": ({"group": "G-1"}, "group", "would not be read", "take one of the two"),
    "a taken id": (
        {"id": "first_90d_loyalty", "rule": "order_count > 1"}, "id", "segment_id", "another id",
    ),
    "a taken name": ({"name_zh": "甲"}, "name_zh", "first_90d_loyalty (line 6)", "another name"),
    "a taken priority": ({"priority": "1"}, "priority", "within the goal loyalty", "rank one"),
    "a priority that is no number": ({"priority": "high"}, "priority", "'high'", "number"),
    "a setting that does not exist": ({"rules": "x"}, "rules", "'rules'", "the settings are"),
    "a rule that is a number": ({"rule": "order_count + 1"}, "rule", "is a integer", "compare it"),
    "a rule that is a text": ({"rule": "city"}, "rule", "neither true nor false", "compare it"),
    "a rule that is no SQL": ({"rule": "order_count >"}, "rule", "cannot be read", "correct it"),
    "a rule with a query": ({"rule": "exists (select 1)"}, "rule", "exists(select 1)", "compares"),
    "a rule with an aggregate": ({"rule": "sum(order_count) > 1"}, "rule", "sum(", "compares"),
    "a rule with a window": ({"rule": "rank() over () > 1"}, "rule", "over ()", "compares"),
    "a rule with a clock": ({"rule": "current_date > '2026-01-01'"}, "rule", "current_date", "may"),
    "a rule with two statements": ({"rule": '"1 = 1; drop table x"'}, "rule", "';'", "expression"),
    "a rule with a template": ({"rule": "\"{{ var('x') }}\""}, "rule", "'{{'", "expression"),
    "a comparison that cannot be": (
        {"rule": "order_count like 'x'"}, "rule", "cannot be evaluated", "correct it",
    ),
    "an unknown channel": ({"channel": "fax"}, "channel", "'fax'", "choose one"),
    "consent without a channel": ({"needs_consent": "true"}, "needs_consent", "no channel", "add"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_line_and_its_remedy(tmp_path: Path, mistake: str) -> None:
    changes, at, *words = MISTAKES[mistake]
    said = refused(tmp_path, **changes)
    given = {name: value for name, value in (SECOND | changes).items() if value is not None}
    line = LINE + list(given).index(at)
    found = [text for text in said if text.startswith(f"dim_segments.yml, line {line}: ")]
    assert len(found) == 1, said
    assert all(word.lower() in found[0].lower() for word in words), found


def test_the_id_of_a_removed_segment_is_not_used_for_another_rule(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as base:
        base.execute("create schema intermediate")
        base.execute(
            "create table intermediate.int_segment_versions_logged as from (values "
            "(date '2026-01-01', 'first_90d_loyalty', true, 'order_count > 7'), "
            "(date '2026-01-02', 'first_90d_loyalty', false, null), "
            "(date '2026-01-01', 'second_90d_loyalty', true, 'order_count > 7')) "
            "as log(as_of_date, segment_id, is_present, rule_text)"
        )
    path = tmp_path / "dim_segments.yml"
    said = refusals(write(path, FIRST, SECOND), WORDS, tmp_path)
    assert [text[:78] for text in said] == [
        "dim_segments.yml, line 6: the id 'first_90d_loyalty' belonged to a segment tha"
    ]
    # Put back as it was, however it is spaced, it may have its id again.
    as_before = FIRST | {"rule": "order_count   > 7"}
    assert refusals(write(path, as_before, SECOND), WORDS, tmp_path) == []


def test_a_circle_of_two_is_named_once(tmp_path: Path) -> None:
    first = FIRST | {"rule": "segment('second_90d_loyalty')"}
    said = refusals(write(tmp_path / "dim_segments.yml", first, SECOND), WORDS)
    assert len(said) == 1
    assert "first_90d_loyalty on second_90d_loyalty on first_90d_loyalty" in said[0]


def test_a_file_that_is_no_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "dim_segments.yml", FIRST)
    path.write_text(path.read_text("utf-8") + "   - {", encoding="utf-8")
    assert "is no YAML" in refusals(path, WORDS)[0]
    assert refusals(path, WORDS)[0].startswith("dim_segments.yml, line 1")


def test_of_many_mistakes_the_first_twenty_are_said(tmp_path: Path) -> None:
    entries = [FIRST | {"id": f"s{number}_loyalty", "rule": "x"} for number in range(20)]
    said = refusals(write(tmp_path / "dim_segments.yml", *entries), WORDS)
    assert len(said) == 21
    assert "more in dim_segments.yml" in said[-1]


def test_a_night_with_a_mistake_is_refused_before_any_model_runs(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "dim_segments.yml", FIRST | {"rule": "no_such_column > 1"})
    monkeypatch.setattr(declared, "ENTRIES", path)
    before = (home / "current").readlink()
    record = publish_night(settings_of(home), LAST_NIGHT)
    assert record["outcome"] == "refused"
    assert [reason.split(";")[0][:60] for reason in record["reasons"]] == [
        "dim_segments.yml, line 12: rule of first_90d_loyalty names t"
    ]
    assert not list((home / "building").rglob("run_results.json"))
    assert (home / "current").readlink() == before
    assert dt.date.fromisoformat(record["as_of_date"]) == LAST_NIGHT
