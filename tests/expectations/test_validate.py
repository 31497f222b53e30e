"""Claims about judging measures in a real DuckDB file with the real validation library."""

import dataclasses
import logging
import math
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest
from sqlalchemy import URL, create_engine
from sqlalchemy.exc import SQLAlchemyError

from expectations import validate as module
from expectations.checks import Check, CheckResult, Limit
from expectations.rules import ENOUGH, PRESENT, ROWS, RULES, VALUE, rules_of, wide_query
from expectations.validate import preload, validate

Row = tuple[str, str, float | None]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    preload()


def check(
    subject: str = "a",
    low: float | None = 0.0,
    high: float | None = 1.0,
    measure: str = "null_share",
) -> Check:
    limit = Limit(measure, "staging", low, high, "share", "owner", "reason")
    return Check(f"{measure}__{subject}", f"staging.{subject}", subject, limit)


def build(tmp_path: Path, rows: Sequence[Row]) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema audit")
        connection.execute(
            "create table audit.measures_tonight"
            " (measure varchar, subject varchar, observed double)"
        )
        for row in rows:
            connection.execute("insert into audit.measures_tonight values (?, ?, ?)", row)
    return path


def run_sql(path: Path, sql: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)


def only(path: Path, one: Check, relation: str = "audit.measures_tonight") -> CheckResult:
    (result,) = validate(path, [one], relation)
    return result


def verdict(tmp_path: Path, observed: float | None, one: Check | None = None) -> CheckResult:
    return only(build(tmp_path, [("null_share", "a", observed)]), one or check())


def test_a_measure_inside_its_limit_passes_with_every_field_filled(tmp_path: Path) -> None:
    assert verdict(tmp_path, 0.25) == CheckResult(
        name="null_share__a",
        table="staging.a",
        layer="staging",
        passed=True,
        observed=0.25,
        limit_value="0 <= x <= 1 share",
        error=None,
    )


@pytest.mark.parametrize("observed", [-0.001, math.nextafter(0.0, -1.0), -1e300])
def test_a_measure_below_its_limit_fails_and_is_reported(tmp_path: Path, observed: float) -> None:
    result = verdict(tmp_path, observed)
    assert (result.passed, result.observed, result.error) == (False, observed, None)


@pytest.mark.parametrize("observed", [1.001, math.nextafter(1.0, 2.0), 1e300])
def test_a_measure_above_its_limit_fails_and_is_reported(tmp_path: Path, observed: float) -> None:
    result = verdict(tmp_path, observed)
    assert (result.passed, result.observed, result.error) == (False, observed, None)


@pytest.mark.parametrize("observed", [0.0, 1.0])
def test_a_measure_exactly_on_either_bound_passes(tmp_path: Path, observed: float) -> None:
    assert verdict(tmp_path, observed).passed


def test_an_open_side_admits_any_finite_number_and_the_other_side_still_binds(
    tmp_path: Path,
) -> None:
    path = build(tmp_path, [("null_share", "a", 1e308), ("null_share", "b", -1e308)])
    checks = [check("a", 0, None), check("b", None, 0), check("a", None, 0), check("b", 0, None)]
    assert [result.passed for result in validate(path, checks)] == [True, True, False, False]


def test_a_null_measure_fails_with_an_error(tmp_path: Path) -> None:
    result = verdict(tmp_path, None)
    assert not result.passed
    assert result.observed is None
    assert "observed is null" in str(result.error)


@pytest.mark.parametrize("observed", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("bounds", [(0.0, 1.0), (0.0, None), (None, 0.0)])
def test_a_measure_that_is_not_finite_fails_under_every_kind_of_limit(
    tmp_path: Path, observed: float, bounds: tuple[float | None, float | None]
) -> None:
    result = verdict(tmp_path, observed, check("a", *bounds))
    assert not result.passed
    assert result.observed is None
    assert "not a finite number" in str(result.error)


def test_a_missing_row_fails_with_an_error(tmp_path: Path) -> None:
    rows: list[Row] = [("null_share", "b", 0.5), ("other", "a", 0.5)]
    result = only(build(tmp_path, rows), check("a"))
    assert not result.passed
    assert result.observed is None
    assert "holds no row" in str(result.error)


def test_an_empty_relation_passes_nothing(tmp_path: Path) -> None:
    results = validate(build(tmp_path, []), [check("a"), check("b")])
    assert [result.passed for result in results] == [False, False]
    assert all("holds no row" in str(result.error) for result in results)


@pytest.mark.parametrize("second", [0.5, 0.6, None])
def test_a_doubled_row_fails_even_when_each_would_pass(
    tmp_path: Path, second: float | None
) -> None:
    rows: list[Row] = [("null_share", "a", 0.5), ("null_share", "a", second)]
    result = only(build(tmp_path, rows), check("a"))
    assert not result.passed
    assert result.observed is None
    assert "more than one row" in str(result.error)


def test_a_missing_relation_fails_every_check_with_the_kind_of_exception(tmp_path: Path) -> None:
    path = build(tmp_path, [("null_share", "a", 0.5)])
    results = validate(path, [check("a"), check("b")], "audit.absent")
    assert [result.passed for result in results] == [False, False]
    assert all("CatalogException" in str(result.error) for result in results)


def test_a_relation_without_the_column_observed_fails_with_the_kind_of_exception(
    tmp_path: Path,
) -> None:
    path = build(tmp_path, [("null_share", "a", 0.5)])
    run_sql(path, "alter table audit.measures_tonight rename observed to seen")
    result = only(path, check("a"))
    assert not result.passed
    assert "BinderException" in str(result.error)


def test_an_absent_or_foreign_file_fails_every_check_and_creates_nothing(tmp_path: Path) -> None:
    foreign = tmp_path / "notes.txt"
    foreign.write_text("not a database " * 400)
    for path in (tmp_path / "absent.duckdb", foreign):
        results = validate(path, [check("a"), check("b")])
        assert [result.passed for result in results] == [False, False]
        assert all("IOException" in str(result.error) for result in results)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("kind", ["varchar", "date", "boolean"])
def test_an_observed_of_the_wrong_type_fails_without_showing_its_value(
    tmp_path: Path, kind: str
) -> None:
    path = build(tmp_path, [])
    sample = {"varchar": "'secret'", "date": "date '2020-02-02'", "boolean": "true"}[kind]
    run_sql(
        path,
        "create or replace table audit.measures_tonight as"
        f" select 'null_share' as measure, 'a' as subject, {sample} as observed",
    )
    result = only(path, check("a"))
    assert not result.passed
    assert result.observed is None
    assert result.error
    assert "secret" not in result.error
    assert "2020" not in result.error


def test_one_raising_check_neither_passes_nor_hides_the_others(tmp_path: Path) -> None:
    path = build(tmp_path, [])
    run_sql(
        path,
        "create table audit.raw as select * from (values ('null_share', 'a', '0.5'),"
        " ('null_share', 'b', 'secret'), ('null_share', 'c', '7'))"
        " as t (measure, subject, raw);"
        "create view audit.fragile as"
        " select measure, subject, raw::double as observed from audit.raw",
    )
    good, raising, above = validate(
        path, [check("a"), check("b"), check("c")], relation="audit.fragile"
    )
    assert (good.passed, good.observed, good.error) == (True, 0.5, None)
    assert (above.passed, above.observed, above.error) == (False, 7.0, None)
    assert (raising.passed, raising.observed) == (False, None)
    assert raising.error == "the expectation raised ConversionException while reading audit.fragile"


def test_an_exception_among_several_results_is_found_and_named_by_its_class_only() -> None:
    flat = {
        "raised_exception": True,
        "exception_traceback": "Traceback:\n  File x\n_duckdb.IOException: secret\n\n"
        "The above:\n\nTraceback:\nfoo.OtherError: secret",
        "exception_message": "secret",
    }
    for info in (flat, {"one": {"raised_exception": False}, "two": flat}):
        result = SimpleNamespace(exception_info=info, success=True, result={})
        found = module._finding(cast(Any, result))
        assert (found.success, found.raised) == (False, "IOException")


def test_an_expectation_that_returns_no_finding_fails_its_check() -> None:
    result = module._result(check("a"), {}, "audit.measures_tonight")
    assert not result.passed
    assert "no finding" in str(result.error)


SUBJECTS = [
    "it's",
    'a "quoted" one',
    "') or true --",
    "time 12:30 :name ::x",
    "%(name)s %s %",
    "$1 $HOME ${HOME}",
    "back\\slash",
    "zoë 客户",
    "line\nbreak; drop table audit.measures_tonight",
    "",
]


def test_any_character_in_a_subject_is_matched_as_itself(tmp_path: Path) -> None:
    rows: list[Row] = [("null_share", text, float(i)) for i, text in enumerate(SUBJECTS)]
    results = validate(build(tmp_path, rows), [check(text, 0, 100) for text in SUBJECTS])
    assert [result.error for result in results] == [None] * len(SUBJECTS)
    assert [result.observed for result in results] == [float(i) for i in range(len(SUBJECTS))]


def test_there_is_one_result_for_each_check_in_the_order_asked(tmp_path: Path) -> None:
    names = [f"t{i}" for i in range(24)]
    rows: list[Row] = [("null_share", name, float(i)) for i, name in enumerate(names)]
    path = build(tmp_path, [row for row in rows if row[1] != "t5"])
    asked = [check(name, 0, 12) for name in [*reversed(names), "t3", "t3"]]
    results = validate(path, asked)
    assert [result.name for result in results] == [one.name for one in asked]
    expected = [*reversed(range(24)), 3, 3]
    assert [result.observed for result in results] == [None if i == 5 else i for i in expected]
    assert [result.passed for result in results] == [i <= 12 and i != 5 for i in expected]


def test_two_limits_on_one_subject_are_judged_apart(tmp_path: Path) -> None:
    path = build(tmp_path, [("null_share", "a", 0.5), ("rows", "a", 9.0)])
    results = validate(path, [check("a"), check("a", 10, None, "rows")])
    assert [(one.passed, one.observed) for one in results] == [(True, 0.5), (False, 9.0)]


def test_no_checks_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no checks"):
        validate(build(tmp_path, []), [])


@pytest.mark.parametrize("relation", ["", "a; drop table b", "a.b.c.d", 'a."b"', "a b", "a\n"])
def test_a_relation_that_is_no_plain_name_is_an_error(tmp_path: Path, relation: str) -> None:
    with pytest.raises(ValueError, match="plain name"):
        validate(tmp_path / "absent.duckdb", [check()], relation)


def test_the_file_keeps_its_bytes_and_can_be_written_at_once_afterwards(tmp_path: Path) -> None:
    path = build(tmp_path, [("null_share", "a", 0.5), ("null_share", "b", None)])
    before = path.read_bytes()
    validate(path, [check("a"), check("b"), check("c")])
    validate(path, [check("a")], "audit.absent")
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    run_sql(path, "insert into audit.measures_tonight values ('null_share', 'c', 0.5)")
    assert only(path, check("c")).passed


def test_the_file_is_opened_read_only_beside_other_readers(tmp_path: Path) -> None:
    path = build(tmp_path, [("null_share", "a", 0.5)])
    # DuckDB refuses a second connection here unless it is configured as the first.
    with duckdb.connect(str(path), read_only=True):
        assert only(path, check("a")).passed
    with duckdb.connect(str(path)):
        assert "ConnectionException" in str(only(path, check("a")).error)


def test_the_dialect_refuses_to_write(tmp_path: Path) -> None:
    path = build(tmp_path, [])
    engine = create_engine(URL.create("duckdb+audit", database=str(path)))
    with engine.connect() as connection, pytest.raises(SQLAlchemyError, match="read-only"):
        connection.exec_driver_sql("create table stray (i int)")
    engine.dispose()


@pytest.mark.parametrize("folder", ["a b", "a&b=c", "a#b", "a%20b", "$HOME ${HOME}", "ü@x:y"])
def test_any_character_in_the_path_is_taken_as_itself(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    assert only(build(tmp_path / folder, [("null_share", "a", 0.5)]), check("a")).passed


def test_validation_prints_logs_and_warns_nothing_even_when_expectations_raise(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = build(tmp_path, [("null_share", "a", 0.5), ("null_share", "b", 9.0)])
    heard = logging.StreamHandler(sys.stderr)
    monkeypatch.setattr(logging.getLogger(), "handlers", [heard])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        validate(path, [check("a"), check("b"), check("c")])
        validate(path, [check("a"), check("b")], "audit.absent")
    assert capfd.readouterr() == ("", "")


def test_a_fresh_process_prints_nothing_through_import_validation_and_exit(tmp_path: Path) -> None:
    path = build(tmp_path, [("null_share", "a", 0.5)])
    code = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from expectations.checks import Check, Limit\n"
        "from expectations.validate import preload, validate\n"
        "early = threading.Thread(target=preload)\n"
        "early.start()\n"
        "limit = Limit('null_share', 'marts', 0.0, 1.0, 'share', 'o', 'r')\n"
        "checks = [Check('n', 't', 'a', limit)]\n"
        "ok = validate(Path(sys.argv[1]), checks)[0].passed\n"
        "bad = validate(Path(sys.argv[1]), checks, 'audit.absent')[0].passed\n"
        "sys.exit(0 if ok and not bad else 3)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, cwd=ROOT
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_process_that_ends_before_it_validates_prints_nothing_either() -> None:
    code = "from expectations.validate import preload; preload(); preload()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_sqlalchemy_answers_while_the_library_is_imported_beside_it() -> None:
    code = (
        "import sys, threading\n"
        "from sqlalchemy import inspect\n"
        "from expectations.validate import preload\n"
        "sys.setswitchinterval(1e-5)\n"
        "early = threading.Thread(target=preload)\n"
        "early.start()\n"
        # What Dagster's storage does with every value that it compares a column with.
        "while early.is_alive(): inspect(object(), raiseerr=False)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_process_that_only_declares_its_checks_is_spared_the_library() -> None:
    code = (
        "import sys, expectations.validate\n"
        "print({'great_expectations', 'duckdb_engine'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, "set()\n")


def test_preload_turns_telemetry_off() -> None:
    preload()
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


def test_one_expectation_of_the_library_proves_a_check_and_three_say_why_it_fails() -> None:
    assert [type(rule).__name__ for rule in rules_of(0, check("a"), ENOUGH)] == [
        "ExpectColumnMaxToBeBetween"
    ]
    rules = rules_of(0, check("a"))
    assert [type(rule).__name__ for rule in rules] == [
        "ExpectColumnMaxToBeBetween",
        "ExpectColumnProportionOfNonNullValuesToBeBetween",
        "ExpectColumnMaxToBeBetween",
    ]
    assert tuple(rule.meta["rule"] for rule in rules) == RULES


@pytest.mark.parametrize(
    ("rows", "value"),
    [([], None), ([0.5], 0.5), ([None], None), ([0.5, 0.5], None), ([0.5, None], None)],
)
def test_a_value_stands_for_the_one_row_of_its_check_and_for_nothing_else(
    tmp_path: Path, rows: list[float | None], value: float | None
) -> None:
    path = build(tmp_path, [("null_share", "a", row) for row in rows])
    with duckdb.connect(str(path), read_only=True) as connection:
        query = wide_query([check("a")], "audit.measures_tonight")
        assert connection.execute(query).fetchall() == [(len(rows), value)]


def test_an_open_side_is_still_bounded_for_the_library_so_that_infinity_fails_there() -> None:
    assert rules_of(0, check("a", None, 1), ENOUGH)[0].min_value == -sys.float_info.max
    assert rules_of(0, check("a", 0, None), ENOUGH)[0].max_value == sys.float_info.max


def test_a_failing_expectation_on_rows_or_nulls_alone_fails_the_check() -> None:
    good = module._Finding(True, 1, None)
    findings = dict.fromkeys(RULES, good)
    assert module._result(check("a"), findings, "r").passed
    assert module._result(check("a"), {VALUE: good}, "r").passed
    assert not module._result(check("a"), {ROWS: good, PRESENT: good}, "r").passed
    for rule in RULES:
        bad = {**findings, rule: dataclasses.replace(good, success=False)}
        assert not module._result(check("a"), bad, "r").passed


def test_sixty_checks_take_a_few_seconds(tmp_path: Path) -> None:
    rows: list[Row] = [("null_share", f"t{i}", 0.5) for i in range(60)]
    path = build(tmp_path, rows)
    started = time.perf_counter()
    results = validate(path, [check(f"t{i}") for i in range(60)])
    # About one second on two free cores; the slack is for a busy machine.
    assert time.perf_counter() - started < 10
    assert all(result.passed for result in results)
