"""A provider on the loopback that does what a test says: answers, refuses, resets, hangs. Each call is checked."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.specs.validate import check_call

DATE = "Tue, 24 Nov 2026 10:00:00 GMT"
PERSON = 4711
MESSAGE: dict[str, Any] = {"message_id": 55, "date": 1, "chat": {"id": PERSON, "type": "private"}, "text": "…"}
RESULTS: dict[str, Any] = {
    "sendMessage": MESSAGE,
    "editMessageText": MESSAGE,
    "editMessageReplyMarkup": MESSAGE,
    "getUpdates": [],
    "getMe": {"id": 1, "is_bot": True, "first_name": "a", "username": "ordinary_bot"},
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call that arrived: its method, its parameters as the form carried them, what the description objects to."""

    method: str
    told: Mapping[str, str]
    problems: tuple[str, ...]

    def json(self, name: str) -> Any:
        """A parameter that carries JSON."""
        return json.loads(self.told[name])


Answer = Callable[[Call, asyncio.StreamWriter], Awaitable[None]]


def answers(status: int = 200, body: bytes | Mapping[str, Any] = b"", **headers: str) -> Answer:
    """Answer with this status and body."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def answer(_: Call, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} Said", f"Date: {DATE}", f"Content-Length: {len(raw)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + raw)
        await writer.drain()

    return answer


def refuses(status: int, description: str, **parameters: Any) -> Answer:
    """Answer with the Bot API's own error."""
    body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return answers(status, body)


async def takes(call: Call, writer: asyncio.StreamWriter) -> None:
    """Answer as the Bot API does."""
    await answers(200, {"ok": True, "result": RESULTS.get(call.method, True)})(call, writer)


async def resets(_: Call, writer: asyncio.StreamWriter) -> None:
    """Read the whole call, then reset the connection."""
    own: socket.socket = writer.get_extra_info("socket")
    own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def hangs_up(_: Call, writer: asyncio.StreamWriter) -> None:
    """Read the whole call, then close without a word."""
    writer.close()


async def says_nothing(_: Call, __: asyncio.StreamWriter) -> None:
    """Read the whole call and keep the connection open."""


def writes(raw: bytes) -> Answer:
    """Write these bytes as they are, then close."""

    async def answer(_: Call, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        writer.close()

    return answer


@dataclass
class Provider:
    """The running provider. Each call takes the next answer of its method, and `takes` where none is left."""

    token: str
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    connections: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _planned: dict[str, list[Answer]] = field(default_factory=dict)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def plan(self, method: str, *some: Answer) -> None:
        """What the next calls of this method meet."""
        self._planned.setdefault(method, []).extend(some)

    def methods(self) -> list[str]:
        """The methods called so far, in the order of arrival."""
        return [call.method for call in self.calls]

    def last(self, method: str) -> Call:
        """The last call of this method."""
        return next(call for call in reversed(self.calls) if call.method == method)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        self._open.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                call = self._call(head, await reader.readexactly(_length(head)))
                self.calls.append(call)
                self.arrived.set()
                planned = self._planned.get(call.method)
                await (planned.pop(0) if planned else takes)(call, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _call(self, head: bytes, body: bytes) -> Call:
        verb, path, _ = head.split(b"\r\n")[0].decode().split(" ")
        prefix, _, method = path.rpartition("/")
        assert verb == "POST"
        assert prefix == f"/bot{self.token}"
        told = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)) if body else {}
        return Call(method, told, tuple(check_call(method, told)))

    async def stop(self) -> None:
        """Close what is still open."""
        for writer in self._open:
            writer.close()


def _length(head: bytes) -> int:
    lines = (line.split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    return int(next((value for name, value in lines if name.lower() == b"content-length"), b"0"))


@asynccontextmanager
async def provider(token: str) -> AsyncIterator[Provider]:
    """A provider that serves while the block runs; at its end no call may have been wrong."""
    running = Provider(token)
    server = await asyncio.start_server(running.serve, "127.0.0.1", 0)
    running.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield running
    finally:
        await running.stop()
        server.close()
        await server.wait_closed()
    assert [problem for call in running.calls for problem in call.problems] == []
