"""Rules of classification: every method, every number of scores, and why customers move."""

import datetime as dt
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rfm_numpy import METHODS, scores
from rules_desk import NIGHT, Nights, RulesDesk

from orchestration.failure import judge
from orchestration.night import REFUSED

BINS = (3, 4, 5, 10)
SCORING = (
    "int_customer_orders_measured", "int_rfm_quantiles_found", "int_rfm_cells_joined",
    "int_rfm_limits_found", "int_customer_rfm_methods_scored", "int_customer_rfm_scored",
)  # fmt: skip
METHODS_SCORED = "intermediate.int_customer_rfm_methods_scored"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> RulesDesk:
    prepared = RulesDesk(tmp_path_factory.mktemp("rules"))
    prepared.prepare()
    return prepared


def shop(seed: int, customers: int = 300) -> list[dict[str, Any]]:
    """Orders of a shop with many equal days, counts and amounts, credits among them."""
    draw = random.Random(seed)  # noqa: S311
    orders = []
    for customer in range(customers):
        for number in range(1 + int(draw.expovariate(0.8))):
            days = draw.choice([0, 1, 7, 29, 30, 31, 59, 60, 89, 90, draw.randrange(700)])
            cents = draw.choice([4990, 9900, 10000, 29999, 30000, draw.randrange(1, 400_000)])
            orders.append(order(f"c{customer}", f"c{customer}-{number}", days, cents))
        if draw.random() < 0.05:
            orders.append(order(f"c{customer}", f"c{customer}-x", 3, -draw.randrange(1, 500_000)))
    return orders


def order(customer: str, name: str, days_ago: int, cents: int) -> dict[str, Any]:
    return {
        "order_id": name, "customer_id": customer, "order_date": NIGHT - dt.timedelta(days_ago),
        "net_amount": Decimal(cents) / 100, "is_counted": cents > 0,
    }  # fmt: skip


def scored(desk: RulesDesk, bins: int, orders: list[dict[str, Any]], threads: int = 1) -> Nights:
    nights = Nights(desk.empty, desk.rules(**({} if bins == 5 else {"rfm_bins": bins})), threads)
    customers = list(dict.fromkeys(row["customer_id"] for row in orders))
    nights.feed("int_customers_folded", [{"customer_id": name} for name in customers])
    nights.feed("int_orders_identified", orders)
    nights.run(NIGHT, SCORING)
    return nights


@pytest.mark.parametrize("bins", BINS)
def test_every_method_equals_numpy_for_every_number_of_scores(desk: RulesDesk, bins: int) -> None:
    nights = scored(desk, bins, shop(bins))
    for method in METHODS:
        rows = nights.database.execute(
            "select recency_days, order_count, net_amount, r_score, f_score, m_score, "
            f"scores.rfm_segment from {METHODS_SCORED} as scores "
            "inner join intermediate.int_customer_orders_measured using (customer_id) "
            f"where method = '{method}'"
        ).fetchnumpy()
        days, orders, amounts = (
            np.asarray(rows[name], dtype=float)
            for name in ("recency_days", "order_count", "net_amount")
        )
        expected = scores(days, orders, amounts, method, bins)
        found = np.stack([rows["r_score"], rows["f_score"], rows["m_score"]], axis=1)
        assert len(found) == 300, method
        assert (found == expected).all(), method
        assert set(rows["rfm_segment"]) <= set(segments(nights)), method


def segments(nights: Nights) -> list[str]:
    return [name for (name,) in nights.rows("select rfm_segment from seeds.rfm_segments")]


@pytest.mark.parametrize("bins", BINS)
def test_every_cell_of_every_number_of_scores_has_one_segment(desk: RulesDesk, bins: int) -> None:
    nights = scored(desk, bins, shop(1, 20))
    cells = "from intermediate.int_rfm_cells_joined"
    assert nights.findings("rfm_cells_cover_every_score_once") == []
    assert nights.findings("rfm_fixed_limits_rank_every_score") == []
    counted = nights.rows(
        "select bins, count(*), count(distinct rfm_cell), count(rfm_segment) "
        f"{cells} group by bins order by bins"
    )
    assert counted == [(number, number**3, number**3, number**3) for number in (2, bins)]
    best, worst = (
        nights.rows(f"select rfm_segment {cells} where r_score = {score} and f_score = {score} "
                    f"and m_score = {score} and bins = {bins}")
        for score in (bins, 1)
    )  # fmt: skip
    assert (best, worst) == ([("champions",)], [("lost",)])


@pytest.mark.parametrize("bins", BINS)
def test_equal_values_always_get_equal_scores(desk: RulesDesk, bins: int) -> None:
    nights = scored(desk, bins, shop(2))
    for column, score in (("recency_days", "r_score"), ("order_count", "f_score"),
                          ("net_amount", "m_score")):  # fmt: skip
        split = nights.rows(
            f"select method, {column}, count(*) from {METHODS_SCORED} "
            "inner join intermediate.int_customer_orders_measured using (customer_id) "
            f"where method != 'r_fm' group by all having count(distinct {score}) > 1"
        )
        assert split == []
        ties = nights.rows(
            f"select count(*) - count(distinct {column}) from "
            "intermediate.int_customer_orders_measured"
        )
        assert ties[0][0] > 10


def test_the_order_of_rows_and_the_number_of_threads_change_nothing(desk: RulesDesk) -> None:
    orders = shop(3, 3000)
    shuffled = random.Random(4).sample(orders, len(orders))  # noqa: S311
    outcomes = []
    for rows, threads in ((orders, 1), (shuffled, 1), (shuffled, 4)):
        nights = scored(desk, 5, rows, threads)
        outcomes.append(
            [nights.rows(f"from intermediate.{model} order by all")
             for model in ("int_rfm_limits_found", "int_customer_rfm_methods_scored",
                           "int_customer_rfm_scored")]
        )  # fmt: skip
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert len(outcomes[0][2]) == 3000


SPOILED = {
    "a hole": (
        "delete from seeds.rfm_cells where rfm_cell in ('343', '111')",
        {"cell 1-1-1 of 5 scores has no segment", "cell 3-4-3 of 5 scores has no segment",
         "cell 1-1-1 of 2 scores has no segment"},
    ),
    "an overlap": (
        "insert into seeds.rfm_cells select '542', 'loyal'",
        {"cell 5-4-2 of 5 scores has more than one segment"},
    ),
    "a score without a place on the scale": (
        "delete from seeds.rfm_score_scales where bins = 2 and score = 1",
        {f"cell {cell} of 2 scores has no segment"
         for cell in ("1-1-1", "1-1-2", "1-2-1", "1-2-2", "2-1-1", "2-1-2", "2-2-1")},
    ),
    "a cell of no score": (
        "insert into seeds.rfm_cells select '609', 'loyal'", {"cell 609 is beyond the scores"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("defect", SPOILED)
def test_a_table_of_cells_with_a_defect_names_the_cells(desk: RulesDesk, defect: str) -> None:
    spoil, expected = SPOILED[defect]
    nights = Nights(desk.empty, desk.rules())
    nights.database.execute(spoil)
    assert {row[0] for row in nights.findings("rfm_cells_cover_every_score_once")} == expected


def test_fixed_limits_that_do_not_rank_are_named(desk: RulesDesk) -> None:
    nights = Nights(desk.empty, desk.rules())
    nights.database.execute(
        "update seeds.rfm_fixed_limits set score = 6 - score where bins = 5 and measure = 'recency'"
    )
    nights.database.execute("delete from seeds.rfm_fixed_limits where bins = 10 and score = 10 "
                            "and measure = 'monetary'")  # fmt: skip
    assert {row[0].split(":")[0] for row in nights.findings("rfm_fixed_limits_rank_every_score")} \
        == {"5 scores of recency", "10 scores of monetary"}  # fmt: skip


def test_a_night_with_a_hole_in_the_cells_is_refused_and_says_which(
    desk: RulesDesk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("hole") / "build"
    shutil.copytree(desk.folder, folder)
    cells = folder / "seeds/rfm_cells.csv"
    cells.write_text(cells.read_text("utf-8").replace("343,need_attention\n", ""), "utf-8")
    night = RulesDesk(folder)
    assert night.dbt(["build", "--select", "rfm_cells+1", "rfm_score_scales"]).returncode == 1
    shutil.copytree(night.build.dbt_target, folder / "home/dbt")
    stood_in: Any = SimpleNamespace(
        opened=night.build, settings=SimpleNamespace(home=folder / "home"), checks=[]
    )
    outcome, reasons = judge(stood_in, None)
    assert outcome == REFUSED
    assert reasons == (
        (
            "rfm_cells_cover_every_score_once on rfm_cells: 1 observed, no offending rows allowed: "
            "cell 3-4-3 of 5 scores has no segment"
        ),
    )


@dataclass(frozen=True)
class Sale:
    """An order of a random history; a cancelled one no longer counts."""

    name: str
    record: int
    date: dt.date
    cents: int
    is_counted: bool = True


@dataclass
class World:
    """What is true on a night: which records belong to which customer, and their orders."""

    owners: dict[int, str] = field(default_factory=dict)
    sales: list[Sale] = field(default_factory=list)

    def copy(self) -> "World":
        return World(dict(self.owners), list(self.sales))

    def sales_of(self, customer: str) -> list[Sale]:
        return [sale for sale in self.sales if self.owners.get(sale.record) == customer]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[dt.date, World]], str]:
    """A few nights, days or months apart, with at most one event per customer and night."""
    date, world, nights = NIGHT, World(), []
    for record in range(draw(st.integers(4, 10))):
        world.owners[record] = f"c{record}"
    for _ in range(draw(st.integers(3, 6))):
        world = world.copy()
        for record in sorted(world.owners):
            happen(draw, world, record, date)
        if len(world.owners) < 14 and draw(st.booleans()):
            record = max(world.owners, default=0) + 100
            world.owners[record] = f"c{record}"
        nights.append((date, world))
        date += dt.timedelta(draw(st.sampled_from([1, 1, 2, 7, 29, 30, 45, 90])))
    return nights, draw(st.sampled_from(["fixed", "own_rhythm"]))


def happen(draw: st.DrawFn, world: World, record: int, date: dt.date) -> None:
    """One thing, or nothing, happens to a record."""
    owner = world.owners[record]
    mine = [sale for sale in world.sales_of(owner) if sale.is_counted]
    alone = list(world.owners.values()).count(owner) == 1
    kind = draw(st.sampled_from(["nothing"] * 4 + ["order"] * 4 + ["cancel", "refund", "leave",
                                                                   "merge"]))  # fmt: skip
    if not alone or any(sale.date == date for sale in mine):
        return
    if kind == "order":
        late = draw(st.sampled_from([0, 0, 0, 1, 20, 100, 200]))
        cents = draw(st.sampled_from([1000, 5000, 5000, 20_000, 100_000]))
        name = f"{record}-{len(world.sales)}-{date}"
        world.sales.append(Sale(name, record, date - dt.timedelta(late), cents))
    elif kind in ("cancel", "refund") and mine:
        place = world.sales.index(draw(st.sampled_from(mine)))
        sale = world.sales[place]
        changed = (replace(sale, is_counted=False, cents=0) if kind == "cancel"
                   else replace(sale, cents=max(sale.cents // 2, 1)))  # fmt: skip
        world.sales[place] = changed
    elif kind == "leave":
        world.sales = [sale for sale in world.sales if sale.record != record]
        del world.owners[record]
    elif kind == "merge":
        others = [name for key, name in world.owners.items() if key < record]
        if others:
            world.owners[record] = others[0]


def play(
    desk: RulesDesk, nights: list[tuple[dt.date, World]], method: str
) -> Iterator[tuple[Nights, dt.date, World]]:
    """Build every night and hand the warehouse over after each."""
    warehouse = Nights(
        desk.empty, desk.rules(**({} if method == "fixed" else {"lifecycle_method": method}))
    )
    log: list[dict[str, Any]] = []
    known: dict[int, str] = {}
    for date, world in nights:
        changed = [
            key for key in {*known, *world.owners} if known.get(key) != world.owners.get(key)
        ]
        log += [{"as_of_date": date, "record_key": str(key), "customer_id": world.owners.get(key)}
                for key in sorted(changed)]  # fmt: skip
        known = dict(world.owners)
        warehouse.feed("int_customer_ids_logged", log)
        warehouse.feed(
            "int_customers_folded",
            [{"customer_id": name} for name in sorted(set(world.owners.values()))],
        )
        warehouse.feed("int_orders_identified", [
            {"order_id": sale.name, "customer_id": world.owners[sale.record],
             "order_date": sale.date, "net_amount": Decimal(sale.cents) / 100,
             "is_counted": sale.is_counted}
            for sale in world.sales
        ])  # fmt: skip
        warehouse.run(date)
        yield warehouse, date, world


def classes(warehouse: Nights, model: str, column: str) -> dict[str, str]:
    return dict(warehouse.rows(f"select customer_id, {column} from intermediate.{model}"))


Kind = tuple[str, str, str, str, str, str]
KINDS: tuple[Kind, ...] = (
    ("int_customer_rfm_scored", "rfm_segment", "rfm_migrations", "segment",
     "customer_rfm_history", "int_rfm_moves_judged"),
    ("int_customer_lifecycle_staged", "lifecycle_stage", "lifecycle_migrations", "stage",
     "customer_lifecycle_history", "int_lifecycle_moves_judged"),
)  # fmt: skip
COMMON = settings(
    max_examples=20, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def test_every_move_has_its_one_cause_and_causes_add_up(desk: RulesDesk) -> None:
    causes: Counter[str] = Counter()

    @COMMON
    @given(history=histories())
    def check(history: tuple[list[tuple[dt.date, World]], str]) -> None:
        before = World()
        seen: dict[str, list[tuple[dt.date, dict[str, str]]]] = {kind[1]: [] for kind in KINDS}
        for warehouse, date, world in play(desk, *history):
            assert warehouse.findings("migrations_add_up") == []
            assert warehouse.findings("lifecycle_moves_are_legal") == []
            for kind in KINDS:
                check_sums(warehouse, date, kind, seen[kind[1]])
                causes.update(check_causes(warehouse, date, kind, before, world))
            before = world

    check()
    assert set(causes) == {"merge", "new", "gone", "limits", "correction", "purchase", "time"}


def test_a_move_that_nothing_makes_legal_is_found_by_name(desk: RulesDesk) -> None:
    nights = Nights(desk.empty, desk.rules())
    nights.database.execute(
        "insert into marts.lifecycle_migrations values "
        "('2026-11-21', 'churned', 'returned', 'purchase', 1, 0), "
        "('2026-11-21', 'churned', 'new', 'purchase', 2, 0), "
        "('2026-11-21', 'churned', 'new', 'merge', 3, 0), "
        "('2026-11-21', 'churned', 'active', 'time', 4, 0)"
    )
    assert {finding for _, finding in nights.findings("lifecycle_moves_are_legal")} == {
        "churned to new by purchase: 2", "churned to active by time: 4",
    }  # fmt: skip


def test_a_move_that_no_cause_counts_is_found(desk: RulesDesk) -> None:
    night = World({1: "c1", 2: "c2"}, [Sale("s1", 1, NIGHT, 1000)])
    ((warehouse, _, _),) = play(desk, [(NIGHT, night)], "fixed")
    assert warehouse.findings("migrations_add_up") == []
    warehouse.database.execute("update marts.rfm_migrations set customers = 2 "
                               "where to_segment != 'no_orders'")  # fmt: skip
    ((migrations, date, segment, counted, in_history),) = warehouse.findings("migrations_add_up")
    assert (migrations, date, counted, in_history) == ("rfm_migrations", NIGHT, 2, 1)
    assert segment != "no_orders"


def check_sums(
    warehouse: Nights, date: dt.date, kind: Kind, seen: list[tuple[dt.date, dict[str, str]]]
) -> None:
    """The published moves are those between two nights, and intervals cover every night once."""
    model, column, migrations, name, past, _ = kind
    known = seen[-1][1] if seen else {}
    now = classes(warehouse, model, column)
    moved = Counter(
        (known.get(customer, "absent"), now.get(customer, "absent"))
        for customer in {*known, *now} if known.get(customer) != now.get(customer)
    )  # fmt: skip
    counted = warehouse.rows(
        f"select from_{name}, to_{name}, sum(customers) from marts.{migrations} "
        f"where as_of_date = '{date}' group by all"
    )
    assert {(old, new): number for old, new, number in counted} == moved
    seen.append((date, now))
    assert covered(warehouse, past, column, seen)


def check_causes(
    warehouse: Nights, date: dt.date, kind: Kind, before: World, world: World
) -> Iterator[str]:
    """The cause of each move is what its events say; hand each on."""
    column, moves = kind[1], kind[5]
    frozen = frozen_segments(warehouse, date) if column == "rfm_segment" else {}
    for customer, from_class, to_class, cause in warehouse.rows(
        f"select customer_id, from_{column}, to_{column}, cause from intermediate.{moves}"
    ):
        stays = from_class is not None and frozen.get(customer) == from_class
        said = expected_cause(before, world, customer, stays)
        assert cause == said, (customer, from_class, to_class)
        yield cause


def covered(
    warehouse: Nights, past: str, column: str, seen: list[tuple[dt.date, dict[str, str]]]
) -> bool:
    """Whether every night lies in exactly one interval of each customer known then, as seen."""
    intervals = warehouse.rows(
        f"select customer_id, {column}, valid_from, valid_to from marts.{past}"
    )
    for date, now in seen:
        held = [(customer, label) for customer, label, start, end in intervals
                if start <= date and (end is None or date < end)]  # fmt: skip
        if sorted(held) != sorted(now.items()):
            return False
    return True


def frozen_segments(warehouse: Nights, date: dt.date) -> dict[str, str]:
    """The segment that tonight's measures would have under the limits of the night before."""
    limits = warehouse.rows(
        "select measure, lower_limit, upper_limit, score from intermediate.int_rfm_limits_logged "
        "where method = 'quantile' and as_of_date = (select max(as_of_date) from "
        f"intermediate.int_rfm_limits_logged where as_of_date < '{date}')"
    )
    cells = dict(warehouse.rows("from seeds.rfm_cells"))
    found = {}
    for customer, days, orders, amount in warehouse.rows(
        "select customer_id, recency_days, order_count, net_amount "
        "from intermediate.int_customer_orders_measured where is_scored"
    ):
        # The score is one more than the number of break points at or below the value.
        cuts = {name: [low for measure, low, _, _ in limits if measure == name and low is not None]
                for name in ("frequency", "monetary")}  # fmt: skip
        far = [high for measure, _, high, _ in limits if measure == "recency" and high is not None]
        r = 1 + sum(days <= high for high in far)
        f = 1 + sum(orders >= low for low in cuts["frequency"])
        m = 1 + sum(float(amount) >= low for low in cuts["monetary"])
        if far:
            found[customer] = cells[f"{r}{f}{m}"]
    return found


def expected_cause(old: World, new: World, customer: str, stays: bool) -> str:
    """The cause by what happened, told from the events alone."""
    parted = {
        name for record, name in old.owners.items() if new.owners.get(record) not in (None, name)
    }
    joined = {new.owners[record] for record, name in old.owners.items()
              if new.owners.get(record) not in (None, name)}  # fmt: skip
    if customer in parted | joined:
        return "merge"
    if customer not in old.owners.values():
        return "new"
    if customer not in new.owners.values():
        return "gone"
    if stays:
        return "limits"
    before = {sale.name: sale for sale in old.sales_of(customer)}
    now = {sale.name: sale for sale in new.sales_of(customer)}
    if now.keys() - before.keys():
        return "purchase"
    return "correction" if before != now else "time"
