"""Sends replies after their update was acknowledged: those to one address in order, different addresses side by side.

It must never hold up an acknowledgement, nor let one failing reply stop another.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from surveys.steps.ports import Outgoing

_log = logging.getLogger(__name__)

_AT_ONCE = 0.05
"""Seconds that are no waiting."""

Send = Callable[[Outgoing], Awaitable[None]]
"""Sends one claimed delivery and records its outcome."""


class Taken(Protocol):
    """What came of a committed update."""

    @property
    def reply(self) -> Outgoing | None:
        """What is to be sent once the update has been acknowledged."""
        ...


Take = Callable[[bytes], Awaitable[Taken]]
"""Commits one update's bytes. Raises `DatabaseUnavailable` where nothing could be committed, and the channel's own
error on bytes that are no update."""


class Replies:
    """Replies on their way. `drain` before the database is closed."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._last: dict[str, asyncio.Task[None]] = {}

    def start(self, reply: Outgoing) -> None:
        """Send it in the background, after what is still on its way to the same address."""
        before = self._last.get(reply.address)
        task = asyncio.create_task(self._after(before, reply, time.monotonic()), name="reply")
        self._last[reply.address] = task
        task.add_done_callback(lambda done: self._forget(reply.address, done))

    async def settled(self, address: str, seconds: float = 5.0) -> None:
        """Wait until what is on its way to this address has left and is recorded, or so many seconds."""
        before = self._last.get(address)
        if before is not None and not before.done():
            await asyncio.wait([before], timeout=seconds)

    async def drain(self, seconds: float = 30.0) -> None:
        """Wait until everything on its way has left; what takes longer is given up, and stays claimed."""
        if not self._last:
            return
        _, late = await asyncio.wait(list(self._last.values()), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _after(self, before: asyncio.Task[None] | None, reply: Outgoing, began: float) -> None:
        """What was waited here, or stood still, counts against the time in which the reply may leave."""
        if before is not None and not before.done():
            await asyncio.wait([before])
        waited = time.monotonic() - began
        if waited > _AT_ONCE:
            reply = replace(reply, seconds=reply.seconds - waited)
        try:
            await self._send(reply)
        except Exception as failure:  # its claim stays, and is taken up by the tick
            _log.error("a reply could not be settled: %s", type(failure).__name__)

    def _forget(self, address: str, task: asyncio.Task[None]) -> None:
        if self._last.get(address) is task:
            del self._last[address]
