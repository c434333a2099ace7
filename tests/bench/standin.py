"""A fast stand-in for the Bot API on the loopback: any method, kept connections, answers made by hand.

It says what a message showed to whoever drives the phones; it keeps nothing and checks nothing.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import unquote_to_bytes

import httptools

Told = Callable[[int, int, str | None], None]
"""Chat, message id, and the data of the first button (None where the message has none)."""
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
_TRUE = b'{"ok":true,"result":true}'
_DONE = _HEAD % (len(_TRUE), _TRUE)
_ME = b'{"ok":true,"result":{"id":7000000001,"is_bot":true,"first_name":"bench","username":"bench_bot"}}'


class StandIn:
    """Hands out message ids and tells `told` of every message shown."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._last = 1000

    async def listen(self, port: int) -> asyncio.Server:
        """Serve until the server that is given back is closed."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: _Connection(self), "127.0.0.1", port, backlog=1024)

    def answer(self, method: bytes, body: bytes) -> bytes:
        """The bytes of the answer to one call."""
        if method == b"getMe":
            return _HEAD % (len(_ME), _ME)
        if method not in (b"sendMessage", b"editMessageText"):
            return _DONE
        said = _read(body)
        chat, bubble = int(said["chat_id"]), int(said.get("message_id") or 0)
        if not bubble:
            self._last += 1
            bubble = self._last
        asyncio.get_running_loop().call_soon(self._told, chat, bubble, _first(said.get("reply_markup")))
        result = b'{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":%d,"type":"private"}}}' % (bubble, chat)
        return _HEAD % (len(result), result)


def answered(body: bytes) -> bytes:
    """The bytes of an answer with this JSON."""
    return _HEAD % (len(body), body)


def _read(body: bytes) -> dict[str, Any]:
    if body[:1] == b"{":
        return dict(json.loads(body))
    wanted = (b"chat_id", b"message_id", b"reply_markup")
    pairs = (field.partition(b"=") for field in body.split(b"&"))
    return {name.decode(): unquote_to_bytes(value.replace(b"+", b" ")) for name, _, value in pairs if name in wanted}


def _first(markup: Any) -> str | None:
    keyboard = json.loads(markup) if isinstance(markup, bytes | str) else markup
    rows = keyboard.get("inline_keyboard") if keyboard else None
    return str(rows[0][0]["callback_data"]) if rows else None


class _Connection(asyncio.Protocol):
    def __init__(self, standin: StandIn) -> None:
        self._standin = standin
        self._parser = httptools.HttpRequestParser(self)
        self._body: list[bytes] = []
        self._method = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._method = url.rpartition(b"/")[2].partition(b"?")[0]

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        body = b"".join(self._body)
        self._body.clear()
        self._transport.write(self._standin.answer(self._method, body))
