"""Purchases follow the published models.

Belongs here: rates and amounts against closed forms. Does not belong here: files.
"""

import datetime
from collections import Counter

import numpy as np
import pytest

from orchestration.sample.catalogue import load_catalogue
from orchestration.sample.orders import LINE_CHANCES, Orders, draw_orders, split_orders
from orchestration.sample.people import FAMILY_EVERY, People, draw_people
from orchestration.sample.purchases import (
    BG_A,
    BG_ALPHA,
    BG_B,
    BG_R,
    draw_purchases,
    draw_repeats,
    draw_spend,
    mean_spend,
)
from orchestration.sample.spec import SampleSpec

BUYERS = 200_000


def drawn_sample(customers: int, nights: int = 1) -> tuple[SampleSpec, People, Orders]:
    last_night = datetime.date(2026, 11, 19)
    spec = SampleSpec(customers, nights, 3, last_night, "CNY", "Asia/Shanghai")
    people = draw_people(spec)
    return spec, people, draw_orders(spec, people, load_catalogue())


def expected_repeats(weeks: float) -> float:
    """Return E[X(t)] of Fader, Hardie and Lee (2005), equation 9."""
    z = weeks / (BG_ALPHA + weeks)
    # The Gauss hypergeometric function 2F1(r, b; a + b - 1; z) as its power series.
    term, total = 1.0, 1.0
    for k in range(5_000):
        term *= (BG_R + k) * (BG_B + k) / ((BG_A + BG_B - 1 + k) * (k + 1)) * z
        total += term
    survivors: float = (BG_ALPHA / (BG_ALPHA + weeks)) ** BG_R * total
    return (BG_A + BG_B - 1) / (BG_A - 1) * (1 - survivors)


@pytest.mark.parametrize("weeks", [4.0, 39.0, 77.0])
def test_repeat_purchases_per_buyer_match_the_closed_form(weeks: float) -> None:
    buyer, week = draw_repeats(np.random.default_rng(11), np.full(BUYERS, weeks))
    assert len(buyer) / BUYERS == pytest.approx(expected_repeats(weeks), rel=0.02)
    assert week.min() > 0 and week.max() < weeks


def test_buyers_without_a_repeat_match_the_closed_form() -> None:
    weeks = 39.0
    buyer, _ = draw_repeats(np.random.default_rng(12), np.full(BUYERS, weeks))
    none = 1 - len(np.unique(buyer)) / BUYERS
    # P(X(t) = 0) = (alpha / (alpha + t))^r: nobody drops out before the first repeat.
    assert none == pytest.approx((BG_ALPHA / (BG_ALPHA + weeks)) ** BG_R, abs=0.005)


def test_every_buyer_has_exactly_one_first_purchase_and_it_comes_first() -> None:
    drawn = draw_purchases(np.random.default_rng(13), np.full(1_000, 50.0))
    first = np.flatnonzero(np.diff(drawn.buyer, prepend=-1))
    assert len(first) == 1_000
    assert (drawn.week[first] == 0).all()
    assert np.count_nonzero(drawn.week == 0) == 1_000


def test_spend_has_the_mean_of_the_gamma_gamma_model() -> None:
    spend = draw_spend(np.random.default_rng(14), BUYERS, np.arange(BUYERS, dtype=np.int64))
    assert spend.mean() == pytest.approx(mean_spend(), rel=0.02)
    assert mean_spend() == pytest.approx(6.25 * 15.44 / 2.74 * 700)


def test_baskets_are_worth_about_the_drawn_spend() -> None:
    catalogue = load_catalogue()
    *_, orders = drawn_sample(20_000)
    worth = (catalogue.price[orders.product] * orders.quantity).sum() / orders.count
    assert worth == pytest.approx(mean_spend(), rel=0.08)
    lines = np.bincount(np.diff(orders.line_start), minlength=5)[1:] / orders.count
    assert lines == pytest.approx(LINE_CHANCES, abs=0.015)


def test_a_quarter_of_the_people_never_buys_and_the_others_start_on_arrival() -> None:
    spec, people, orders = drawn_sample(20_000)
    assert people.is_buyer.mean() == pytest.approx(0.75, abs=0.01)
    assert people.in_zoho.mean() == pytest.approx(0.60, abs=0.04)
    assert people.in_fxiaoke.mean() == pytest.approx(0.50, abs=0.04)
    first = orders.person[orders.is_first]
    assert np.array_equal(np.sort(first), np.flatnonzero(people.is_buyer))
    placed = orders.placed_at[orders.is_first].astype("datetime64[D]")
    arrived = np.datetime64(spec.history_start) + np.floor(people.arrived[first]).astype(int)
    assert np.array_equal(placed, arrived)


def test_addresses_are_unique_and_phones_are_but_for_families() -> None:
    _, people, _ = drawn_sample(20_000)
    assert len(set(people.email)) == people.count
    holders = Counter(people.mobile)
    shared = [mobile for mobile, count in holders.items() if count > 1]
    assert len(shared) == people.count // FAMILY_EVERY
    assert {holders[mobile] for mobile in shared} == {2}
    assert all(len(mobile) == 11 and mobile.isdigit() for mobile in people.mobile)
    assert {email.partition("@")[2] for email in people.email} == {
        "example.com",
        "example.net",
        "example.org",
    }


def test_splitting_by_shop_loses_no_order_and_no_line() -> None:
    spec, people, orders = drawn_sample(3_000)
    parts = split_orders(spec, people, orders)
    assert sum(part.count for part in parts) == orders.count
    assert sum(int(part.quantity.sum()) for part in parts) == int(orders.quantity.sum())
    for part in parts:
        assert (np.diff(part.placed_at) >= np.timedelta64(0, "s")).all()
        assert part.line_start[-1] == len(part.product) == len(part.quantity)


def test_two_in_five_buy_in_either_shop_only_and_one_in_five_in_both_alike() -> None:
    spec, people, orders = drawn_sample(20_000)
    shares = {chance: (people.shopify_chance == chance).mean() for chance in (0.0, 0.5, 1.0)}
    assert shares == pytest.approx({0.0: 0.4, 0.5: 0.2, 1.0: 0.4}, abs=0.02)
    to_shopify, to_shop = (
        people.shopify_chance[part.person] for part in split_orders(spec, people, orders)
    )
    assert to_shopify.min() == 0.5 and to_shop.max() == 0.5
    both = (to_shopify == 0.5).sum() + (to_shop == 0.5).sum()
    assert (to_shopify == 0.5).sum() / both == pytest.approx(0.5, abs=0.03)


def test_the_catalogue_is_sixty_products_ordered_by_price_with_a_long_tail() -> None:
    catalogue = load_catalogue()
    assert len({product.product_id for product in catalogue.products}) == 60
    assert (np.diff(catalogue.price) >= 0).all()
    shares = np.sort(np.diff(catalogue.popularity))[::-1]
    assert shares.sum() == pytest.approx(1)
    assert shares[:6].sum() > 3 * shares[-20:].sum() / 2


@pytest.mark.parametrize("seed", range(5))
def test_somebody_is_known_to_both_crms_from_the_first_day(seed: int) -> None:
    last_night = datetime.date(2026, 11, 19)
    people = draw_people(SampleSpec(1, 1, seed, last_night, "CNY", "Asia/Shanghai"))
    assert people.arrived[0] < 1
    assert people.in_zoho[0] and people.in_fxiaoke[0]
