"""Puts the parts under one address: the Bot API, the control over people and faults, and the phones in a browser.

`start` serves in the running event loop; `python -m simulator` serves as a process of its own. It listens on loopback
and must never be reachable from anywhere else: whoever reaches it can read and write every chat.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from simulator import control, phones
from simulator.answers import Protocol
from simulator.client import Phones
from simulator.clock import Clock
from simulator.hands import Hands
from simulator.telegram import BotApi
from simulator.twilio import PREFIX, TwilioApi
from simulator.twilio_world import SmsWorld
from simulator.world import World

TOKEN: Final = "7000000001:simulated-token-of-an-ordinary-bot"  # noqa: S105 - it opens nothing but a simulator
HOST: Final = "127.0.0.1"
PATIENCE: Final = 1.0
"""Real seconds that requests have to end once the simulator ends."""


class Simulator:
    """The parts and the state that they share."""

    def __init__(self, clock: Clock, *, clock_control: str = "") -> None:
        self.clock = clock
        self.clock_control = clock_control
        self.world = World(clock)
        self.api = BotApi(self.world)
        self.hands = Hands(self.api)
        self.sms = TwilioApi(SmsWorld(clock))
        self._rest = Starlette(routes=[*control.routes(self), *phones.routes()], lifespan=None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The Bot API first: it is most of the traffic, and needs no router."""
        if scope["path"].startswith("/bot"):
            await self.api(scope, receive, send)
        elif scope["path"].startswith(PREFIX):
            await self.sms(scope, receive, send)
        else:
            await self._rest(scope, receive, send)


class Running:
    """A simulator that is served. `url` is what goes into `api_url`; `control` speaks to it as a test does."""

    def __init__(self, simulator: Simulator, server: asyncio.Server, connections: ServerState) -> None:
        self.simulator = simulator
        self.world = simulator.world
        self.api = simulator.api
        self.hands = simulator.hands
        self.sms = simulator.sms
        self.clock = simulator.clock
        self.port: int = server.sockets[0].getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self.control = Phones(self.url)
        self._server = server
        self._connections = connections

    async def quiet(self, grace: float = 0.02) -> None:
        """Wait until, for `grace` real seconds, no update waited for a bot and no call was under way."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        while loop.time() - since < grace:
            await asyncio.sleep(grace / 8)
            since = since if self.api.quiet else loop.time()

    async def stop(self) -> None:
        """End it; connections that are still open are broken."""
        self._server.close()
        await self.api.close()
        await self.sms.close()
        await self.control.close()
        for connection in list(self._connections.connections):
            if connection.transport is not None:
                connection.transport.abort()
        if self._connections.tasks:
            _, unfinished = await asyncio.wait(self._connections.tasks, timeout=PATIENCE)
            for task in unfinished:
                task.cancel()
        await asyncio.sleep(0)  # for the connections to be closed


async def start(
    port: int = 0,
    *,
    tokens: tuple[str, ...] = (TOKEN,),
    now: Callable[[], datetime] | None = None,
    clock_control: str = "",
    name: str = "Upitnik",
) -> Running:
    """Serve on the loopback. `now` is the simulated clock (the system's otherwise); `clock_control`: an address that
    moves it. Raises OSError where the port is taken, ValueError on a token that is none."""
    simulator = Simulator(Clock(now), clock_control=clock_control)
    for token in tokens:
        simulator.api.add_bot(token, name)
    config = uvicorn.Config(
        simulator, http=Protocol, ws="none", lifespan="off", log_config=None, access_log=False, date_header=False,
        server_header=False, timeout_keep_alive=75,
    )  # fmt: skip
    config.load()
    connections = ServerState()
    # without uvicorn's own server, which would take over signals and wait for its ticks at the start and the end
    server = await asyncio.get_running_loop().create_server(
        lambda: Protocol(config, connections, {}), sock=_listening(port), backlog=1024
    )
    return Running(simulator, server, connections)


def _listening(port: int) -> socket.socket:
    # the protocol is named, so that the event loop sends small answers at once (TCP_NODELAY)
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
    except OSError:
        sock.close()
        raise
    return sock


@contextlib.asynccontextmanager
async def serving(port: int = 0, **told: object) -> AsyncIterator[Running]:
    """`start`, and `stop` at the end."""
    running = await start(port, **told)  # type: ignore[arg-type]
    try:
        yield running
    finally:
        await running.stop()
