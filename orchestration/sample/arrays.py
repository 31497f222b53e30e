"""Array type names, ragged arithmetic, and collision-free numbering.

Belongs here: array operations without knowledge of customers, orders or files.
Does not belong here: dates (timeline.py) and anything random.
"""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Moments = npt.NDArray[np.datetime64]

# Odd and not a multiple of five, hence coprime to every power of ten: i -> i * m mod 10^d
# never repeats, and neighbours do not get neighbouring numbers.
SCATTER_MULTIPLIER = 61_803_399


def scatter(count: int, digits: int, offset: int) -> Ints:
    """Return `count` distinct numbers below 10^digits; needs count <= 10^digits."""
    modulus = 10**digits
    if count > modulus:
        raise ValueError(f"{count} numbers do not fit in {digits} digits")
    numbers: Ints = (np.arange(count, dtype=np.int64) * SCATTER_MULTIPLIER + offset) % modulus
    return numbers


def starts_of(lengths: Ints) -> Ints:
    """Return the (n+1,) offsets of n consecutive groups with these lengths."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])


def sum_groups(values: Ints, starts: Ints) -> Ints:
    """Return the (n,) sums of `values` per group; every group must hold at least one value."""
    return np.add.reduceat(values, starts[:-1])


def positions_of(groups: Ints, starts: Ints) -> Ints:
    """Return the positions of all members of `groups`, group after group, in that order."""
    lengths = starts[groups + 1] - starts[groups]
    ends = np.cumsum(lengths, dtype=np.int64)
    within = np.arange(int(lengths.sum()), dtype=np.int64) - np.repeat(ends - lengths, lengths)
    positions: Ints = np.repeat(starts[groups], lengths) + within
    return positions
