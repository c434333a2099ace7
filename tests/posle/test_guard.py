"""Connections that dribble are closed, and never keep anybody else out; what is answered is never cut off."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from posle.serving.door import Server, reserved
from posle.serving.guard import GuardedProtocol, Patience, keep_sweeping, patience

FAST = Patience(head=0.3, request=0.6, most=20)


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers a GET after a second, everything else once its body is there."""
    if scope["method"] == "GET":
        await asyncio.sleep(1.0)
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def until(true: Callable[[], bool]) -> None:
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not become true in time")


@asynccontextmanager
async def served(patient: Patience) -> AsyncIterator[int]:
    door = reserved("127.0.0.1", 0)
    server = Server(uvicorn.Config(_app, http=GuardedProtocol, log_config=None, lifespan="off"))
    told = asyncio.Event()
    serving = asyncio.create_task(server.until(told, door))
    sweeping = asyncio.create_task(keep_sweeping(server.server_state.connections, patient, 0.05))
    await until(lambda: server.started)
    try:
        yield door.getsockname()[1]
    finally:
        sweeping.cancel()
        told.set()
        await serving


@pytest.mark.parametrize(
    "said", [b"", b"GET /p/x HTTP/1.1\r\nHost: ", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\na"]
)
async def test_safety_a_connection_that_does_not_finish_its_request_is_closed(said: bytes) -> None:
    async with served(FAST) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        async with asyncio.timeout(20):
            with suppress(ConnectionError):
                assert await reader.read() == b""
        writer.close()


async def test_safety_too_many_half_requests_keep_nobody_out_and_an_answer_is_not_cut_off() -> None:
    async with served(replace(FAST, head=60.0, request=60.0)) as port, httpx.AsyncClient(timeout=30) as client:
        slow = asyncio.create_task(client.get(f"http://127.0.0.1:{port}/"))
        half = []
        for _ in range(60):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\n")
            half.append((reader, writer))
        assert (await client.post(f"http://127.0.0.1:{port}/")).status_code == 204
        assert (await slow).status_code == 204
        await until(lambda: sum(reader.at_eof() or bool(reader.exception()) for reader, _ in half) >= 60 - FAST.most)
        for _, writer in half:
            writer.close()


def test_no_more_connections_are_kept_than_leave_files_for_the_work() -> None:
    assert 0 < patience().most <= 1000
