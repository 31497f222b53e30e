"""Run checks against tonight's measures with Great Expectations, reading DuckDB through SQL.

Belongs here: every use of the validation library, and the translation of its findings into
CheckResult. Does not belong here: what is measured (the audit models), what the limits are
(``thresholds.yml``, read by ``expectations.checks``), what the library is asked (rules.py), and
what is done about a failed check (the orchestration).

Some checks share one query that turns their measures into a single wide row. The expectations on
its columns are aggregates, which the library gathers into one SQL statement, where a suite of row
conditions on the tall relation costs a statement for each check. One expectation proves a check;
where it fails, three say why.
"""

import atexit
import logging
import math
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

# Whole before `preload` imports what needs it: Dagster's storage asks SQLAlchemy meanwhile, which
# answers with what it has of its mapper, also where that is half imported.
import sqlalchemy.orm  # noqa: F401
from sqlalchemy import URL
from sqlalchemy.dialects import registry
from sqlalchemy.exc import SQLAlchemyError

from expectations.checks import Check, CheckResult
from expectations.rules import ENOUGH, PRESENT, ROWS, RULES, VALUE, rules_of, wide_query

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

_RELATION = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){0,2}", re.ASCII)
# The head of each exception in a traceback: a class name, then a colon or nothing.
_KIND = re.compile(r"^(?:\w+\.)*(\w*(?:Error|Exception))(?::|$)", re.MULTILINE)
# The library reads the query's text once for each expectation: all checks in one cost the square.
CHECKS_PER_QUERY = 20
_RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class _Finding:
    success: bool
    observed: Any
    raised: str | None


_Findings = dict[str, _Finding]
_Failures = tuple[type[Exception], ...]
_Item = TypeVar("_Item")


def preload() -> None:
    """Import the validation library and prepare the process for it; takes 2-10 seconds.

    Safe to call again and from a background thread, so that the import can pass while
    something else runs. Turns the library's telemetry and its log output off for the whole
    process: its log quotes the data, and every finding is returned instead.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    log = logging.getLogger("great_expectations")
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    import great_expectations.expectations  # noqa: F401

    from expectations import dialect

    registry.register("duckdb.audit", dialect.__name__, dialect.AuditDialect.__name__)
    atexit.unregister(_release_duckdb_types)
    atexit.register(_release_duckdb_types)


def validate(
    warehouse: Path, checks: Sequence[Check], relation: str = "audit.measures_tonight"
) -> list[CheckResult]:
    """Judge each check against the one row of ``relation`` for its measure and subject.

    ``warehouse`` is a DuckDB file, opened read-only and closed before the return; nothing
    may have it open for writing meanwhile. ``relation`` is a plain, optionally qualified
    name with columns measure, subject and observed.

    Returns one result per check, in the order of ``checks``. A check passes when there is
    exactly one row, its observed is neither null nor NaN nor infinite, and it lies within
    the limit, bounds included. Whatever keeps a check from being judged, be it an
    unreadable file or an expectation that raises, makes that check fail with an ``error``.

    Raises ValueError when there are no checks or when ``relation`` is not a name.
    """
    if not checks:
        raise ValueError("no checks to validate: a night without checks would pass unseen")
    if not _RELATION.fullmatch(relation):
        raise ValueError("relation must be a plain name such as audit.measures_tonight")
    preload()
    from great_expectations.exceptions.exceptions import GreatExpectationsError

    failures = (GreatExpectationsError, SQLAlchemyError, duckdb.Error, ConnectionError)
    try:
        with _source(warehouse) as source:
            findings = _judged(source, checks, relation, failures)
    except failures as error:
        findings = [_raised(error) for _ in checks]
    return [_result(*pair, relation) for pair in zip(checks, findings, strict=True)]


def _judged(
    source: "SQLDatasource", checks: Sequence[Check], relation: str, failures: _Failures
) -> list[_Findings]:
    """Return what proves each check, or what says why nothing does."""
    findings = [
        found
        for part in _parts(checks)
        for found in _attempt(source, part, relation, failures, ENOUGH)
    ]
    doubted = [at for at, found in enumerate(findings) if not _proves(found)]
    for places in _parts(doubted):
        explained = _isolated(source, [checks[at] for at in places], relation, failures)
        for at, found in zip(places, explained, strict=True):
            findings[at] = found
    return findings


def _parts(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[at : at + CHECKS_PER_QUERY] for at in range(0, len(items), CHECKS_PER_QUERY))


@contextmanager
def _source(warehouse: Path) -> Iterator["SQLDatasource"]:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    url = URL.create("duckdb+audit", database=str(warehouse))
    source = context.data_sources.add_sql(
        name="warehouse",
        connection_string=url.render_as_string(hide_password=False),
    )
    try:
        yield source
    finally:
        # An engine left open would keep the next night's dbt from writing the file.
        source.get_execution_engine().close()
        source.get_engine().dispose()


def _isolated(
    source: "SQLDatasource", checks: Sequence[Check], relation: str, failures: _Failures
) -> list[_Findings]:
    findings = _attempt(source, checks, relation, failures)
    if len(checks) == 1:
        return findings
    # One unreadable row fails the shared statement for all; alone, each is judged on its own row.
    return [
        _attempt(source, [check], relation, failures)[0] if _kind_raised(found) else found
        for check, found in zip(checks, findings, strict=True)
    ]


def _attempt(
    source: "SQLDatasource",
    checks: Sequence[Check],
    relation: str,
    failures: _Failures,
    names: Sequence[str] = RULES,
) -> list[_Findings]:
    import great_expectations as gx

    # The library keeps assets by name and a changed query needs a name of its own.
    name = f"measures_{len(source.assets)}"
    rules = [rule for place, check in enumerate(checks) for rule in rules_of(place, check, names)]
    try:
        asset = source.add_query_asset(name, query=wide_query(checks, relation))
        batch = asset.add_batch_definition_whole_table(name).get_batch()
        suite = gx.ExpectationSuite(name=name, expectations=rules)
        outcome = batch.validate(suite, result_format=_RESULT_FORMAT)
    except failures as error:
        return [_raised(error) for _ in checks]
    findings: list[_Findings] = [{} for _ in checks]
    for result in outcome.results:
        config = result.expectation_config
        # A result that names no check is dropped, and the check fails for want of it.
        if config is not None and config.meta:
            findings[config.meta["place"]][config.meta["rule"]] = _finding(result)
    return findings


def _finding(result: "ExpectationValidationResult") -> _Finding:
    raised = _kind_of(result.exception_info or {})
    success = result.success is True and raised is None
    return _Finding(success, (result.result or {}).get("observed_value"), raised)


def _kind_of(info: dict[str, Any]) -> str | None:
    # The library reports one exception as a flat mapping, several as a mapping of those.
    parts = [info] if "raised_exception" in info else list(info.values())
    for part in parts:
        if part.get("raised_exception"):
            # The message may quote data; only the class that began the chain is kept.
            found = _KIND.search(str(part.get("exception_traceback") or ""))
            return found.group(1) if found else "an exception"
    return None


def _raised(error: Exception) -> _Findings:
    root: BaseException = error
    while root.__cause__ is not None:
        root = root.__cause__
    finding = _Finding(False, None, type(root).__name__)
    return dict.fromkeys(RULES, finding)


def _kind_raised(findings: _Findings) -> str | None:
    return next((found.raised for found in findings.values() if found.raised), None)


def _result(check: Check, findings: _Findings, relation: str) -> CheckResult:
    error = _error(findings, relation)
    return CheckResult(
        name=check.name,
        table=check.table,
        layer=check.limit.layer,
        passed=error is None and findings[VALUE].success,
        observed=None if error else float(findings[VALUE].observed),
        limit_value=check.limit.text,
        error=error,
    )


def _error(findings: _Findings, relation: str) -> str | None:
    if _proves(findings):
        return None
    kind = _kind_raised(findings)
    if kind is not None:
        return f"the expectation raised {kind} while reading {relation}"
    if set(findings) != set(RULES) or findings[ROWS].observed is None:
        return "the validation returned no finding for this check"
    if not findings[ROWS].success:
        amount = "more than one row" if findings[ROWS].observed else "no row"
        return f"{relation} holds {amount} for this measure and subject; exactly one is needed"
    if not findings[PRESENT].success:
        return f"observed is null in {relation}: nothing was measured"
    if not _is_finite(findings[VALUE].observed):
        return f"observed in {relation} is not a finite number"
    return None


def _proves(findings: _Findings) -> bool:
    """Tell whether one row was found, with a finite number within its limit."""
    value = findings.get(VALUE)
    return (
        value is not None
        and all(found.success for found in findings.values())
        and _is_finite(value.observed)
    )


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _release_duckdb_types() -> None:
    # Beside the library, duckdb_engine's modules outlive the interpreter and hold DuckDB's
    # native types with them, which then print a long leak report on stderr.
    for name in [name for name in sys.modules if name.split(".")[0] == "duckdb_engine"]:
        vars(sys.modules[name]).clear()
