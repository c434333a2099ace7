"""Bounds the replies to one number, so that two machines can never answer each other for ever, and those to all
strangers together, so that a flood of them leaves the provider's pace to the people. Keeps no number.

What it holds is in memory alone, keyed by a secret of this process, and forgotten after an hour.
"""

import hashlib
import secrets
from array import array
from datetime import datetime, timedelta

WITHIN = timedelta(hours=1)
_EVERY = timedelta(minutes=1)
"""How often what is over is forgotten: looking through all of it at every reply would cost more than the replies."""
MOST = 120
"""Replies in an hour: a whole questionnaire takes a third of it."""

STRANGERS = 10.0
"""Replies a second to people who are not known here; a bot may send about thirty in all."""


class Allowance:
    """So many a second, and as many at once; the rest is refused, never queued."""

    def __init__(self, per_second: float = STRANGERS) -> None:
        self._rate = self._left = per_second
        self._seen: float | None = None

    def allows(self, monotonic: float) -> bool:
        """Whether one more may leave now; it is counted then."""
        passed = 0.0 if self._seen is None else max(0.0, monotonic - self._seen)
        self._seen, self._left = monotonic, min(self._rate, self._left + passed * self._rate)
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Restraint:
    """Counts replies by number."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._key = secrets.token_bytes(16)
        self._sent: dict[bytes, array[float]] = {}
        self._forgot: datetime | None = None

    def allows(self, address: str, now: datetime) -> bool:
        """Whether one more may leave; it is counted then."""
        self._forget(now)
        at, key = now.timestamp(), self._keyed(address)
        sent = self._sent.get(key) or self._sent.setdefault(key, array("d"))
        if len(sent) == self._most:
            if at - sent[0] < WITHIN.total_seconds():
                return False
            del sent[0]
        sent.append(at)
        return True

    def _keyed(self, address: str) -> bytes:
        return hashlib.blake2b(address.encode(), key=self._key, digest_size=12).digest()

    def _forget(self, now: datetime) -> None:
        if self._forgot is not None and timedelta() <= now - self._forgot < _EVERY:
            return
        self._forgot, over = now, (now - WITHIN).timestamp()
        self._sent = {key: sent for key, sent in self._sent.items() if sent[-1] > over}
