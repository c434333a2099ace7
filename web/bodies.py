"""Request bodies, bounded in size and in time while they arrive. What is too big or too slow is never kept.

Who dribbles keeps nobody out: where too many are awaited the one that has taken longest is given up for the newest.
"""

import asyncio
from contextlib import suppress

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive


class TooBig(Exception):
    """The body is larger than this address takes."""


class TooSlow(Exception):
    """The body did not arrive in time."""


class Bodies:
    """The bodies of one address: at most `at_once` are awaited at a time."""

    def __init__(self, biggest: int, seconds: float, at_once: int) -> None:
        self._biggest, self._seconds, self._at_once = biggest, seconds, at_once
        self._awaited: dict[asyncio.Timeout, None] = {}

    async def read(self, receive: Receive) -> bytes:
        """One body, as `read_body`; TooSlow also where it was given up for a newer one."""
        limit = asyncio.timeout(self._seconds)
        try:
            async with limit:
                self._let_in(limit)
                return await _gathered(receive, self._biggest)
        except TimeoutError:
            pass
        finally:
            self._awaited.pop(limit, None)
        raise TooSlow

    def _let_in(self, limit: asyncio.Timeout) -> None:
        if len(self._awaited) >= self._at_once:
            oldest = next(iter(self._awaited))  # in the order in which they came
            del self._awaited[oldest]
            with suppress(RuntimeError):  # its time has just run out by itself
                oldest.reschedule(asyncio.get_running_loop().time())
        self._awaited[limit] = None


async def read_body(receive: Receive, biggest: int, seconds: float) -> bytes:
    """The whole body, of at most `biggest` bytes; TooBig, TooSlow, or Starlette's ClientDisconnect."""
    try:
        async with asyncio.timeout(seconds):
            return await _gathered(receive, biggest)
    except TimeoutError:
        pass
    raise TooSlow


async def _gathered(receive: Receive, biggest: int) -> bytes:
    body = bytearray()
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > biggest:
            raise TooBig
        if not message.get("more_body", False):
            return bytes(body)
