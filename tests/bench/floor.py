"""The floor: what any service must at least do for an exchange. One SQLite commit an update, then the same calls.

No framework, no sealing, no audit, no rules: one row written and made durable, the update acknowledged, the next
question sent. Run as `python -m tests.bench.floor PORT API_PORT DATABASE`.
"""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Callable
from typing import Any, Protocol, cast

import httptools
import uvloop

ITEMS = 10
"""As many as the bench's instrument asks."""
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
_CALL = "POST /bot1:floor/{method} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
_ROWS = [[{"text": word, "callback_data": f"c{n}"}] for n, word in enumerate(("Nikad", "Retko", "Ponekad", "Često"))]
_CONSENT = [[{"text": "Da", "callback_data": "c.yes"}], [{"text": "Ne", "callback_data": "c.no"}]]
_POOL = 32


class Floor:
    """The bot: a table of answers, and how far each chat has come."""

    def __init__(self, database: str, call: Callable[[str, dict[str, Any]], None]) -> None:
        self._call = call
        self._records = sqlite3.connect(database, isolation_level=None)
        self._records.execute("PRAGMA journal_mode=WAL")
        self._records.execute("PRAGMA synchronous=FULL")
        self._records.execute("CREATE TABLE answer (chat, step, value, PRIMARY KEY (chat, step)) WITHOUT ROWID")
        self._steps: dict[int, int] = {}

    def take(self, raw: bytes, acknowledge: Callable[[bytes], None]) -> None:
        """One update, durable before its 200."""
        update = json.loads(raw)
        press = update.get("callback_query")
        message = press["message"] if press else update["message"]
        chat, said = message["chat"]["id"], press["data"] if press else message["text"]
        step = 0 if said.startswith("/start") else self._steps[chat] + 1
        self._records.execute("BEGIN IMMEDIATE")
        self._records.execute("INSERT INTO answer VALUES (?, ?, ?)", (chat, step, said))
        self._records.execute("COMMIT")
        self._steps[chat] = step
        acknowledge(_OK)
        self._reply(chat, step, press)

    def _reply(self, chat: int, step: int, press: dict[str, Any] | None) -> None:
        told: dict[str, Any] = {"chat_id": chat, "text": f"{step}/{ITEMS}\n\nKoliko često, {step}. pitanje?"}
        if step <= ITEMS:
            told["reply_markup"] = {"inline_keyboard": _ROWS if step else _CONSENT}
        if press is None:
            self._call("sendMessage", told)
            return
        self._call("editMessageText", {**told, "message_id": press["message"]["message_id"]})
        self._call("answerCallbackQuery", {"callback_query_id": press["id"]})


class _Calls:
    """A pool of kept connections to the provider."""

    def __init__(self) -> None:
        self.idle: list[_Outgoing] = []
        self.waiting: list[bytes] = []

    def call(self, method: str, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.waiting.append(_CALL.format(method=method).encode() + b"%d\r\n\r\n%b" % (len(body), body))
        self.pump()

    def pump(self) -> None:
        while self.waiting and self.idle:
            self.idle.pop().transport.write(self.waiting.pop(0))


class _Outgoing(asyncio.Protocol):
    def __init__(self, calls: _Calls) -> None:
        self._calls = calls
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._calls.idle.append(self)
        self._calls.pump()


class Takes(Protocol):
    """Whatever answers one request, given its body, by calling `acknowledge`."""

    def take(self, raw: bytes, acknowledge: Callable[[bytes], None]) -> None:
        """Take one."""
        ...


class Incoming(asyncio.Protocol):
    """A connection whose requests' bodies `floor` takes."""

    def __init__(self, floor: "Takes") -> None:
        self._floor = floor
        self._parser = httptools.HttpRequestParser(self)
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        body = b"".join(self._body)
        self._body.clear()
        self._floor.take(body, self._transport.write)


async def serve(port: int, api_port: int, database: str) -> None:
    """Serve until killed."""
    loop, calls = asyncio.get_running_loop(), _Calls()
    floor = Floor(database, calls.call)
    for _ in range(_POOL):
        _, outgoing = await loop.create_connection(lambda: _Outgoing(calls), "127.0.0.1", api_port)
        calls.idle.append(outgoing)
    server = await loop.create_server(lambda: Incoming(floor), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
