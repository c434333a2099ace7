"""Connections that take their time: who opens one and says nothing, or dribbles, is closed, and never keeps others out.

It looks at times and numbers alone, never at what is said.
"""

import asyncio
import resource
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a request's head, and the whole of a request, may take to arrive; connections that may be open."""

    head: float = 10.0
    request: float = 60.0
    most: int = 1000


def patience() -> Patience:
    """As many connections as leave half of this process's files for its own work."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return Patience(most=min(1000, soft // 2) if soft > 0 else 1000)


class GuardedProtocol(HttpToolsProtocol):
    """The server's own, which also notes since when it waits for something of a request."""

    waits_since: float | None = None
    """None while a whole request is answered, and between two of them (the server's own time limit is for that)."""
    has_head = False
    closed_by_us = False

    def connection_made(self, transport: Any) -> None:
        """Waits for the first request."""
        super().connection_made(transport)
        self.waits_since = self.loop.time()

    def on_message_begin(self) -> None:
        """The next request begins to arrive."""
        super().on_message_begin()
        self.waits_since, self.has_head = self.loop.time(), False

    def on_headers_complete(self) -> None:
        """Its head is here."""
        self.has_head = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of it is here."""
        self.waits_since = None
        super().on_message_complete()

    def is_late(self, now: float, patience: Patience) -> bool:
        """Whether what it waits for has taken too long."""
        allowed = patience.request if self.has_head else patience.head
        return self.waits_since is not None and now - self.waits_since > allowed

    def give_up(self) -> None:
        """Close it; nobody is told why."""
        self.closed_by_us = True
        with suppress(RuntimeError):
            self.transport.abort()


def sweep(connections: Iterable[Any], now: float, patience: Patience) -> None:
    """Close who is late; and of too many those that have made us wait longest, never one that is being answered."""
    known = [each for each in connections if isinstance(each, GuardedProtocol) and not each.closed_by_us]
    late = [each for each in known if each.is_late(now, patience)]
    waiting = sorted(
        (each for each in known if each.waits_since is not None and each not in late),
        key=lambda each: each.waits_since or now,
    )
    too_many = max(0, len(known) - len(late) - patience.most)
    for each in (*late, *waiting[:too_many]):
        each.give_up()


async def keep_sweeping(connections: set[Any], patience: Patience, every: float = 0.5) -> None:
    """Until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(every)
        sweep(tuple(connections), loop.time(), patience)
