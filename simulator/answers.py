"""Plain ASGI answers: JSON with the simulated date, and connections that break on order."""

import asyncio
import json
import socket
import struct
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRANSPORT = "simulator.transport"
_RESET = struct.pack("ii", 1, 0)


class Protocol(HttpToolsProtocol):
    """uvicorn's, which also lends its connection to the application, so that it can be reset."""

    def on_message_begin(self) -> None:
        """Put the connection into the scope of the request that begins."""
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: {"transport": self.transport}}


async def reset(scope: Scope) -> None:
    """Break the connection at once, without a goodbye."""
    transport: asyncio.Transport = scope["extensions"][TRANSPORT]["transport"]
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
    await asyncio.sleep(0)  # until the server knows that there is nobody left to answer


async def body_of(receive: Receive, biggest: int) -> bytes | None:
    """The request's body; None where it is too big or the client went away."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > biggest:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def date_header(now: datetime) -> bytes:
    """The instant as HTTP's Date."""
    return format_datetime(now, usegmt=True).encode()


async def respond(send: Send, now: datetime, status: int, told: Any) -> None:
    """JSON, as the Bot API writes it."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    headers = [
        (b"content-type", b"application/json" if body is not told else b"text/html"),
        (b"content-length", b"%d" % len(body)),
        (b"date", date_header(now)),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
