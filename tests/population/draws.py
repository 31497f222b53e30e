"""Random draws, fast one at a time and the same for the same seed.

Belongs here: how chance is asked. Does not belong here: any rate or name.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
# Draws made at once: one by one they would take most of the time.
BLOCK = 65_536


class Chance:
    """A stream of uniform draws out of numpy, handed out as plain floats."""

    def __init__(self, seed: int) -> None:
        """Start the stream of `seed`."""
        self._generator = np.random.default_rng(seed)
        self._next = self._stream().__next__

    def _stream(self) -> Iterator[float]:
        while True:
            yield from self._generator.random(BLOCK).tolist()

    def hit(self, share: float) -> bool:
        """Whether something happens that happens in this share of cases."""
        return self._next() < share

    def below(self, count: int) -> int:
        """A whole number from 0 to `count` - 1."""
        return int(self._next() * count)

    def one_of(self, things: Sequence[T]) -> T:
        """One of the things, each equally often."""
        return things[int(self._next() * len(things))]

    def digits(self, count: int) -> str:
        """So many decimal digits, zeros in front kept."""
        return f"{int(self._next() * 10**count):0{count}d}"

    def near_the_front(self, things: Sequence[T]) -> T:
        """One of the things, the first ones far more often, as with family names."""
        return things[int(self._next() ** 2 * len(things))]
