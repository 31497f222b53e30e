"""When people buy and how much they mean to spend.

Belongs here: the two published models and their estimates.
Does not belong here: what is in a basket (baskets.py), and wall-clock time (timeline.py).

Sources: BG/NBD from Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way",
Marketing Science 24(2); gamma-gamma from Fader and Hardie (2013), "The Gamma-Gamma Model of
Monetary Value". Both with the estimates that those papers give for the CDNOW customers.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrays import Floats, Ints

# BG/NBD, time in weeks: purchase rate ~ Gamma(r, rate alpha), drop-out chance ~ Beta(a, b).
BG_R = 0.243
BG_ALPHA = 4.414
BG_A = 0.793
BG_B = 2.426

# Gamma-gamma, in US dollars: spend ~ Gamma(p, rate nu) with nu ~ Gamma(q, rate v) per customer.
GG_P = 6.25
GG_Q = 3.74
GG_V = 15.44
# From dollars to hundredths of a yuan, at about seven yuan to the dollar.
HUNDREDTHS_PER_DOLLAR = 700.0

# A rate drawn as zero would divide by zero; at this one the wait is longer than any history.
SLOWEST_RATE = 1e-12


@dataclass(frozen=True)
class Purchases:
    """One entry per purchase, ordered by buyer, then by time.

    buyer: index into the buyers. week: weeks since that buyer's first purchase, which is 0.
    spend: intended amount in hundredths of the currency unit.
    """

    buyer: Ints
    week: Floats
    spend: Floats


def draw_purchases(rng: np.random.Generator, horizon: Floats) -> Purchases:
    """Draw every buyer's first purchase, at week 0, and the repeats up to `horizon` weeks."""
    repeat_buyer, repeat_week = draw_repeats(rng, horizon)
    buyer = np.concatenate([np.arange(len(horizon), dtype=np.int64), repeat_buyer])
    week = np.concatenate([np.zeros(len(horizon)), repeat_week])
    order = np.lexsort((week, buyer))
    return Purchases(buyer[order], week[order], draw_spend(rng, len(horizon), buyer[order]))


def draw_repeats(rng: np.random.Generator, horizon: Floats) -> tuple[Ints, Floats]:
    """Draw repeat transactions from the BG/NBD model.

    horizon: (n,) weeks under observation per buyer. Returns the buyer and the week of each
    repeat, unordered. While alive a buyer's waits are exponential with that buyer's rate; after
    each repeat, and not after the first purchase, the buyer drops out with that buyer's chance.
    """
    rate = np.maximum(rng.gamma(BG_R, 1 / BG_ALPHA, size=len(horizon)), SLOWEST_RATE)
    drop_out = rng.beta(BG_A, BG_B, size=len(horizon))
    alive: Ints = np.arange(len(horizon), dtype=np.int64)
    clock = np.zeros(len(horizon))
    buyers: list[Ints] = [alive[:0]]
    weeks: list[Floats] = [clock[:0]]
    while alive.size:
        clock = clock + rng.exponential(size=alive.size) / rate[alive]
        observed = clock < horizon[alive]
        alive, clock = alive[observed], clock[observed]
        buyers.append(alive)
        weeks.append(clock)
        stays = rng.random(alive.size) >= drop_out[alive]
        alive, clock = alive[stays], clock[stays]
    return np.concatenate(buyers), np.concatenate(weeks)


def draw_spend(rng: np.random.Generator, buyers: int, buyer: Ints) -> Floats:
    """Draw the intended amount, in hundredths, of each purchase from the gamma-gamma model."""
    rate = rng.gamma(GG_Q, 1 / GG_V, size=buyers)
    return rng.gamma(GG_P, 1 / rate[buyer]) * HUNDREDTHS_PER_DOLLAR


def mean_spend() -> float:
    """Return the model's mean spend in hundredths: p v / (q - 1), Fader and Hardie (2013)."""
    return GG_P * GG_V / (GG_Q - 1) * HUNDREDTHS_PER_DOLLAR
