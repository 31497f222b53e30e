"""The identity models as dbt compiled them once, run night by night in DuckDB without dbt.

Belongs here: compiling, and what a night does to a warehouse. Does not belong here: which records
a night has, and what should come of them (the tests).
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from population.project import KEY, NIGHT, STAGED, IdentityProject

from orchestration.building import STATES, WAREHOUSE, state_view
from orchestration.hash_key import hmac_pads

Row = tuple[Any, ...]
Held = Mapping[str, list[Row]]
HOOK = re.compile(r"/\* before:\n(.*?)\n\*/", re.DOTALL)
CLUSTERED, LOGGED = "int_customer_records_clustered", "int_customer_ids_logged"
CONVERGED = "identity_has_converged"
ENGINE = {"autoinstall_known_extensions": "false", "TimeZone": "UTC", "threads": "1"}


class Record(NamedTuple):
    """What one record states; its system is the part of its key before the colon."""

    key: str
    name: str | None = None
    born: dt.date | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    accounts: tuple[tuple[str, str], ...] = ()
    kind: str = "contact"


class Override(NamedTuple):
    """One decision of a person, as the seed has it."""

    decided_date: dt.date
    action: str
    customer_id: str
    other_id: str


# Reports of failing tests show their arguments: these would be all there is to see.
@dataclass(frozen=True, repr=False)
class Compiled:
    """SQL of the models on a first night and on later ones, and an empty warehouse with seeds."""

    first: Mapping[str, str]
    later: Mapping[str, str]
    converged: str
    warehouse: str


def compile_identity(folder: Path) -> Compiled:
    """Let dbt build the models on nothing, and compile them again where they stand already."""
    project = IdentityProject(folder)
    project.write()
    project.dbt("build")
    first = project.compiled()
    project.dbt("compile")
    test = folder / f"target/compiled/strata/tests/{CONVERGED}.sql"
    return Compiled(first, project.compiled(), test.read_text("utf-8"), str(folder / WAREHOUSE))


def compile_once(folder: Path) -> Compiled:
    """Do the same, or read what was compiled there before."""
    kept = folder / "compiled.json"
    if not kept.exists():
        compiled = compile_identity(folder / "project")
        kept.write_text(json.dumps(asdict(compiled)), encoding="utf-8")
    return Compiled(**json.loads(kept.read_text("utf-8")))


def with_rounds(compiled: Compiled, rounds: int) -> Compiled:
    """The models as if `identity_rounds` were fewer: the later ones are not looked at."""
    first, later = (
        {name: re.sub(r"(from \w+_labels)_\d+(\s+\))", rf"\1_{rounds}\2", sql)
         for name, sql in models.items()} for models in (compiled.first, compiled.later)
    )  # fmt: skip
    assert first != compiled.first
    return replace(compiled, first=first, later=later)


@dataclass(repr=False)
class IdentityDesk:
    """A warehouse in memory; small ones are planned once, as planning is most of a small night."""

    compiled: Compiled
    is_small: bool = True
    warehouse: duckdb.DuckDBPyConnection = field(init=False)
    _planned: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        """Take over seeds and the shapes of tables."""
        self.warehouse = duckdb.connect(config=ENGINE)
        self.warehouse.execute("attach ':memory:' as warehouse")
        self.warehouse.execute(f"attach '{self.compiled.warehouse}' as built (read_only)")
        tables = self.rows(
            "select schema_name, table_name from duckdb_tables() where database_name = 'built'"
        )
        self.warehouse.execute("use warehouse")
        for schema in {schema for schema, _ in tables} | {"staging"}:
            self.warehouse.execute(f"create schema if not exists {schema}")
        for schema, name in tables:
            self.warehouse.execute(f"create table {schema}.{name} as from built.{schema}.{name}")
        self.warehouse.execute("detach built")
        for name, state in STATES.items():
            self.warehouse.execute(state_view(self.warehouse, name, state))
        for name in STAGED:
            self.warehouse.execute(f"create view staging.{name} as {self.compiled.first[name]}")
        for pad, content in zip(("inner", "outer"), hmac_pads(KEY), strict=True):
            self.warehouse.execute(f"set variable strata_{pad}_pad = from_hex('{content.hex()}')")
        if self.is_small:
            # A plan that is kept must not rest on how few rows there were.
            self.warehouse.execute("pragma disable_optimizer")

    def rows(self, sql: str) -> list[Row]:
        """Answer a query."""
        return self.warehouse.execute(sql).fetchall()

    def column(self, sql: str) -> list[Any]:
        """Answer a query of one column."""
        return [value for (value,) in self.rows(sql)]

    def hold(self, held: Held | None = None) -> None:
        """Stand where `held` was remembered; without it, before the first night."""
        for state in STATES.values():
            self.refill(f"intermediate.{state.model}", (held or {}).get(state.model, []))

    def held(self) -> Held:
        """What the night passes on to the next one."""
        return {s.model: self.rows(f"from intermediate.{s.model}") for s in STATES.values()}

    def state(self, records: Iterable[Record]) -> None:
        """Write down what all systems state tonight, instead of what they did."""
        self.write(records_of(records), contacts_of(records), accounts_of(records))

    def write(self, *batches: Sequence[Row]) -> None:
        """Write rows of the records, contacts and accounts; nothing else is stated."""
        for name, rows in zip(("records", "contacts", "accounts"), batches, strict=True):
            self.refill(f"landing.{name}", rows)

    def decide(self, overrides: Iterable[Override]) -> None:
        """Put decisions of people in force."""
        rows = [(*override, "they said so", "tests") for override in overrides]
        self.refill("seeds.identity_overrides", rows)

    def open(self, as_of: dt.date) -> None:
        """Set the clock."""
        self.refill("landing.night", [(as_of, "tests", "Asia/Shanghai", "CNY")])

    def night(self, as_of: dt.date = NIGHT, *, last: str | None = None) -> None:
        """Build all models of a night, or all up to `last`."""
        self.open(as_of)
        is_first = not self.rows(f"from intermediate.{LOGGED} limit 1")
        models = self.compiled.first if is_first else self.compiled.later
        for name, sql in models.items():
            if name not in STAGED:
                self._build(name, sql, is_first=is_first)
            if name == last:
                return

    def build(self, name: str) -> None:
        """Build one model of a later night."""
        self._build(name, self.compiled.later[name], is_first=False)

    def _build(self, name: str, sql: str, *, is_first: bool) -> None:
        table, plan = f"intermediate.{name}", f"{name}_{'first' if is_first else 'later'}"
        if is_first or name not in (CLUSTERED, LOGGED):
            self.warehouse.execute(f"delete from {table}")
        for hook in filter(str.strip, HOOK.findall(sql)):
            self.warehouse.execute(hook)
        insert = f"insert into {table} by name {sql}"
        if not self.is_small:
            self.warehouse.execute(insert)
            return
        if plan not in self._planned:
            self.warehouse.execute(f"prepare {plan} as {insert}")
            self._planned.add(plan)
        self.warehouse.execute(f"execute {plan}")

    def refill(self, table: str, rows: Sequence[Row]) -> None:
        """Put rows into a table instead of those in it."""
        self.warehouse.execute(f"delete from {table}")
        if rows:
            # By column: values one by one would take most of the test.
            columns = [list(column) for column in zip(*rows, strict=True)]
            values = ", ".join(["unnest(?)"] * len(columns))
            self.warehouse.execute(f"insert into {table} select {values}", columns)


def records_of(records: Iterable[Record]) -> list[Row]:
    """Rows of the records themselves; whose they are is of no interest."""
    return [(r.key, r.key.split(":")[0], r.kind, r.name, r.born, None) for r in records]


def contacts_of(records: Iterable[Record]) -> list[Row]:
    """Rows of their phones and addresses, one each."""
    phones = [(r.key, phone, None) for r in records for phone in r.phones]
    return phones + [(r.key, None, email) for r in records for email in r.emails]


def accounts_of(records: Iterable[Record]) -> list[Row]:
    """Rows of what systems say."""
    return [(r.key, *account) for r in records for account in r.accounts]


def clusters(desk: IdentityDesk) -> dict[str, str]:
    """The label of every record tonight."""
    return dict(desk.rows(
        f"select record_key, cluster_label from intermediate.{CLUSTERED} "
        "where identifier_kind = 'record' and identifier_value = record_key"
    ))  # fmt: skip


def people(desk: IdentityDesk) -> set[frozenset[str]]:
    """The records of each person tonight."""
    return groups(clusters(desk))


def groups(labels: Mapping[str, str]) -> set[frozenset[str]]:
    """The keys that have one label, for each label."""
    found: dict[str, set[str]] = {}
    for key, label in labels.items():
        found.setdefault(label, set()).add(key)
    return {frozenset(keys) for keys in found.values()}


def people_of(desk: IdentityDesk, *records: Record) -> set[frozenset[str]]:
    """Whom a first night makes of these records."""
    desk.hold()
    desk.decide([])
    desk.state(records)
    desk.night()
    return people(desk)
