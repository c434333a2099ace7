"""Where randomness comes from: a port, the system's own source, and a seeded one for drills that can be repeated.

The seeded source must never make a key, a nonce or a token outside the demo.
"""

import random
import secrets
from typing import Protocol


class Chance(Protocol):
    """A source of randomness that is handed in, as the clock is."""

    def bytes(self, count: int) -> bytes:
        """So many random bytes."""
        ...

    def uniform(self, low: float, high: float) -> float:
        """A number between `low` and `high`, each equally likely."""
        ...


class SystemChance:
    """The operating system's source, fit for ids and tokens."""

    def __init__(self) -> None:
        self._system = secrets.SystemRandom()

    def bytes(self, count: int) -> bytes:
        """So many random bytes."""
        return secrets.token_bytes(count)

    def uniform(self, low: float, high: float) -> float:
        """A number between `low` and `high`, each equally likely."""
        return self._system.uniform(low, high)


class SeededChance:
    """The same seed gives the same draws in the same order. Only for the demo and for tests."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def bytes(self, count: int) -> bytes:
        """So many bytes that the seed decides."""
        return self._random.randbytes(count)

    def uniform(self, low: float, high: float) -> float:
        """A number between `low` and `high` that the seed decides."""
        return self._random.uniform(low, high)
