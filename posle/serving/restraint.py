"""Bounds the replies to one number, so that two machines can never answer each other for ever. Keeps no number.

What it holds is in memory alone, keyed by a secret of this process, and forgotten after an hour.
"""

import hashlib
import secrets
from collections import deque
from datetime import datetime, timedelta

WITHIN = timedelta(hours=1)
MOST = 120
"""Replies in an hour: a whole questionnaire takes a third of it."""


class Restraint:
    """Counts replies by number."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._key = secrets.token_bytes(16)
        self._sent: dict[bytes, deque[datetime]] = {}

    def allows(self, address: str, now: datetime) -> bool:
        """Whether one more may leave; it is counted then."""
        self._forget(now)
        sent = self._sent.setdefault(self._keyed(address), deque(maxlen=self._most))
        if len(sent) == self._most and now - sent[0] < WITHIN:
            return False
        sent.append(now)
        return True

    def _keyed(self, address: str) -> bytes:
        return hashlib.blake2b(address.encode(), key=self._key, digest_size=12).digest()

    def _forget(self, now: datetime) -> None:
        if len(self._sent) > 1000:
            self._sent = {key: sent for key, sent in self._sent.items() if now - sent[-1] < WITHIN}
