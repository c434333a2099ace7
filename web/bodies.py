"""Request bodies, bounded in size and in time while they arrive. What is too big or too slow is never kept."""

import asyncio

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive


class TooBig(Exception):
    """The body is larger than this address takes."""


class TooSlow(Exception):
    """The body did not arrive in time."""


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
