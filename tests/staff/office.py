"""The console on a free port, with people, answers and accounts behind it, and clients that are signed in."""

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pyotp
import uvicorn

from posle.demo.house import free_port
from staff.console import Console
from staff.table import PAGES
from surveys.records import accounts, staff_sessions
from surveys.records.accounts import NewAccount
from surveys.rules.roles import EVERY_CENTRE, Role
from surveys.steps import staff_access
from tests.quick import NO_TLS
from tests.steps.stage import Stage

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse battery"
ENROLLING = "/staff/people/new"
_READ = re.compile(r'name="read_text" value="([0-9a-f]+)"')
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')


@dataclass
class Office:
    """`url` is the console's own origin."""

    stage: Stage
    url: str
    clients: list[httpx.AsyncClient] = field(default_factory=list)
    console: Console | None = None

    async def link(self, payload: str) -> str | None:
        return f"https://t.me/upitnik0001_bot?start={payload}"

    def code(self) -> str:
        return pyotp.TOTP(SECRET).at(self.stage.now)

    async def account(self, role: Role = Role.WORKER, centre: str = "kragujevac", name: str = "Мира Јовић") -> str:
        """An active account; its login."""
        login = f"{role}.{centre.replace('*', 'all')}.{len(self.clients)}@example.org"
        new = NewAccount(login, name, role, centre if role is Role.WORKER else EVERY_CENTRE, "sr_Cyrl", "operator")
        async with self.stage.service.database.writing() as tx:
            made = await staff_access.invite(tx, self.stage.service, new, self.stage.now)
        before = pyotp.TOTP(SECRET).at(self.stage.now - timedelta(seconds=30))
        await staff_access.accept(self.stage.service, made.token, PASSWORD, SECRET, before, self.stage.now)
        return login

    async def token(self, login: str) -> str:
        """A full session's token."""
        half = await staff_access.sign_in(self.stage.service, login, PASSWORD, self.stage.now)
        return await staff_access.give_code(self.stage.service, half, self.code(), self.stage.now)

    async def client(self, role: Role = Role.WORKER, centre: str = "kragujevac") -> "Client":
        """A browser that is signed in, with a second factor given just now; no slow hash is computed for it."""
        now, login = self.stage.now, f"quick.{len(self.clients)}@example.org"
        where = centre if role is Role.WORKER else EVERY_CENTRE
        new = NewAccount(login, "Мира Јовић", role, where, "sr_Cyrl", "operator")
        async with self.stage.service.database.writing() as tx:
            made = await staff_access.invite(tx, self.stage.service, new, now)
            await accounts.activate(tx, made.account)
            half = await staff_sessions.begin(tx, made.account, now, now + staff_access.ABSOLUTE)
            who = await staff_access.signed_in(tx, half, now)
            assert who is not None
            return Client(self.open({self.cookie: await staff_access.strengthened(tx, who, now)}))

    @property
    def cookie(self) -> str:
        """The name of the session's cookie."""
        assert self.console is not None
        return self.console.cookie

    def open(self, cookies: dict[str, str] | None = None) -> httpx.AsyncClient:
        headers = {"Origin": self.url}
        client = httpx.AsyncClient(base_url=self.url, cookies=cookies, headers=headers, timeout=20, verify=NO_TLS)
        self.clients.append(client)
        return client


@dataclass
class Client:
    """Asks for pages and sends their forms, as a browser does."""

    http: httpx.AsyncClient

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def csrf(self) -> str:
        found = _CSRF.search((await self.http.get("/staff/me")).text)
        return found[1] if found else ""

    async def post(self, path: str, **form: str) -> httpx.Response:
        if path == ENROLLING and "read_text" not in form:
            form["read_text"] = await self.read_aloud(form.get("channel", ""), form.get("language", ""))
        return await self.http.post(path, data={"csrf": await self.csrf(), **form})

    async def read_aloud(self, channel: str, language: str) -> str:
        """The hash of the consent text that the form shows, which the form carries."""
        found = _READ.search((await self.http.get(f"{ENROLLING}?channel={channel}&language={language}")).text)
        return found[1] if found else ""


class Desk(uvicorn.Server):
    """Ends when it is told to, and not at its next look at the clock: hundreds of tests wait for that."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.over = asyncio.Event()

    async def main_loop(self) -> None:
        await self.over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.gather(*self.server_state.tasks)


@contextlib.asynccontextmanager
async def opened(stage: Stage) -> AsyncIterator[Office]:
    """The office while it is open."""
    port = free_port()
    office = Office(stage, f"http://localhost:{port}")
    app = office.console = Console(stage.service, office.url, lambda: stage.now, PAGES, office.link)
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off")
    server = Desk(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server says it by a flag
        await asyncio.sleep(0.01)
    try:
        yield office
    finally:
        for client in office.clients:
            await client.aclose()
        server.over.set()
        await running
