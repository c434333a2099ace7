"""Spreads the messages that the service starts: so many a second for a sender, one in a while for an address.

Replies never pass here. It keeps instants of the monotonic clock only, and nothing of who is written to for longer than
the pace needs it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from surveys.rules.chance import Chance


class Pace:
    """One sender's pace: at most `per_second` in all, and `between` seconds or more from one to the next per address.

    Up to `jitter` seconds are added to each, so that nothing leaves in step with the tick. `sleep` and `monotonic` are
    the system's unless given.
    """

    def __init__(
        self,
        chance: Chance,
        *,
        per_second: float = 30.0,
        between: float = 1.0,
        jitter: float = 0.25,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._chance = chance
        self._gap = 1.0 / per_second
        self._between = between
        self._jitter = jitter
        self._monotonic = monotonic
        self._sleep = sleep
        self._next = 0.0
        self._addresses: dict[str, float] = {}

    async def turn(self, address: str) -> None:
        """Wait for this address's turn. Take the turn first and claim then: hours are rechecked by the claim."""
        now = self._monotonic()
        self._forget(now)
        at = max(now, self._next, self._addresses.get(address, now)) + self._chance.uniform(0.0, self._jitter)
        # the sender's own gap is counted from the turn without its jitter, or the jitter would slow everybody down
        self._next = max(now, self._next) + self._gap
        self._addresses[address] = at + self._between
        if at > now:
            await self._sleep(at - now)

    def waiting(self) -> float:
        """Seconds until anybody's turn comes."""
        return max(0.0, self._next - self._monotonic())

    def rest(self, seconds: float) -> None:
        """The provider asked to wait: nobody's turn comes before."""
        self._next = max(self._next, self._monotonic() + seconds)

    def _forget(self, now: float) -> None:
        if len(self._addresses) > 1000:
            self._addresses = {address: until for address, until in self._addresses.items() if until > now}
