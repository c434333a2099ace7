"""The webhook over real HTTP: what is refused has no effect and says nothing; 200 comes only after the commit."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from bot.replies import Replies
from bot.telegram.updates import NotAnUpdate, read
from bot.telegram.webhook import BIGGEST, PATH, Webhook
from surveys.records.failures import DatabaseUnavailable
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Outgoing
from tests.bot.samples import message

SECRET = "s" * 40
BODY = json.dumps(message()).encode()
REPLY = Outgoing("d1", Channel.TELEGRAM, "4711", "Hvala")
HEADERS = {
    "Host": "127.0.0.1",
    "Content-Type": "application/json",
    "X-Telegram-Bot-Api-Secret-Token": SECRET,
}


@dataclass
class Taken:
    reply: Outgoing | None = None


@dataclass
class Core:
    """Stands where the core commits: notes what came, may wait or fail."""

    committed: list[bytes] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    fault: Exception | None = None
    reply: Outgoing | None = None
    may_commit: asyncio.Event = field(default_factory=asyncio.Event)
    may_send: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_commit.set()
        self.may_send.set()

    async def take(self, raw: bytes) -> Taken:
        read(raw, None)
        await self.may_commit.wait()
        if self.fault:
            raise self.fault
        self.committed.append(raw)
        return Taken(self.reply)

    async def send(self, reply: Outgoing) -> None:
        await self.may_send.wait()
        self.sent.append(reply)


@dataclass
class Site:
    """The running webhook."""

    core: Core
    replies: Replies
    port: int

    async def say(self, raw: bytes, *, finish: bool = False) -> bytes:
        """Write these bytes and give what comes back until the connection ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        with suppress(ConnectionError):
            writer.write(raw)
            await writer.drain()
            if finish:
                writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return answer

    async def post(self, body: bytes = BODY, *, method: str = "POST", path: str = PATH, **changes: str | None) -> int:
        """One request; its status. A header changed to None is left out; `_` in a name stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in changes.items()}
        headers = HEADERS | {"Content-Length": str(len(body)), "Connection": "close"} | named
        lines = [f"{method} {path} HTTP/1.1"] + [f"{name}: {value}" for name, value in headers.items() if value]
        return status_of(await self.say("\r\n".join(lines).encode() + b"\r\n\r\n" + body))


def status_of(answer: bytes) -> int:
    """The status; there is never a body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert body == b""
    return int(head.split(b" ")[1])


@asynccontextmanager
async def serving(slowest: float = 5.0) -> AsyncIterator[Site]:
    core = Core()
    replies = Replies(core.send)
    webhook = Webhook(core.take, replies, SECRET, slowest=slowest)
    app = Starlette(routes=[Route(PATH, webhook)])
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        own.listen(64)
        config = uvicorn.Config(app, log_config=None, lifespan="off", access_log=False, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve([own]))
        try:
            yield Site(core, replies, own.getsockname()[1])
        finally:
            server.should_exit = True
            await task


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as running:
        yield running


async def test_an_update_is_committed_and_acknowledged(site: Site) -> None:
    assert await site.post() == 200
    assert site.core.committed == [BODY]
    assert site.core.sent == []


async def test_i7_it_is_acknowledged_only_after_the_commit(site: Site) -> None:
    site.core.may_commit.clear()
    asked = asyncio.create_task(site.post())
    done, _ = await asyncio.wait([asked], timeout=0.2)
    assert not done
    site.core.may_commit.set()
    assert await asked == 200


async def test_the_acknowledgement_does_not_wait_for_the_reply_and_the_end_does(site: Site) -> None:
    site.core.reply = REPLY
    site.core.may_send.clear()
    assert await site.post() == 200
    assert site.core.sent == []
    site.core.may_send.set()
    await site.replies.drain()
    assert site.core.sent == [REPLY]


async def test_i7_where_the_database_cannot_take_it_the_answer_is_503(site: Site) -> None:
    site.core.fault = DatabaseUnavailable()
    assert await site.post() == 503
    site.core.fault = None
    assert await site.post() == 200


async def test_i7_a_fault_of_ours_is_not_acknowledged_and_its_text_not_logged(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.core.fault = RuntimeError("Dobro")
    assert await site.post() == 503
    assert "RuntimeError" in caplog.text
    assert "Dobro" not in caplog.text


async def test_other_fields_of_the_header_do_no_harm(site: Site) -> None:
    assert await site.post(Content_Type="Application/JSON; charset=utf-8", X_Other="1") == 200


SECRETS: list[str | None] = [
    None, "", "s", "s" * 39, "s" * 41, "S" * 40, f"{SECRET} {SECRET}", f"{SECRET},{SECRET}", f'"{SECRET}"', "ш" * 20,
    "Bearer " + SECRET, "s" * 300,
]  # fmt: skip


@pytest.mark.parametrize("secret", SECRETS)
async def test_without_the_secret_nothing_happens_and_every_answer_is_alike(site: Site, secret: str | None) -> None:
    statuses = [
        await site.post(X_Telegram_Bot_Api_Secret_Token=secret),
        await site.post(b"{", X_Telegram_Bot_Api_Secret_Token=secret),
        await site.post(X_Telegram_Bot_Api_Secret_Token=secret, Content_Type="text/plain"),
        await site.post(X_Telegram_Bot_Api_Secret_Token=secret, Content_Length=str(BIGGEST * 2)),
    ]
    assert statuses == [403] * 4
    assert site.core.committed == []


async def test_two_secrets_are_none(site: Site) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    twice = f"POST {PATH} HTTP/1.1\r\n{head}X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nConnection: close\r\n"
    answer = await site.say(f"{twice}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
    assert status_of(answer) == 403


async def test_the_secret_is_compared_before_the_body_is_read(site: Site) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(head.encode())  # and never a body
    assert (await asyncio.wait_for(reader.readline(), 2)).split(b" ")[1] == b"403"
    writer.close()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])
async def test_another_method_finds_nothing(site: Site, method: str) -> None:
    assert await site.post(method=method) == 404
    assert await site.post(method=method, X_Telegram_Bot_Api_Secret_Token=None) == 404


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"]
)
async def test_another_kind_of_content_is_refused(site: Site, kind: str | None) -> None:
    assert await site.post(Content_Type=kind) == 415
    assert site.core.committed == []


async def test_a_packed_body_is_refused(site: Site) -> None:
    assert await site.post(Content_Encoding="gzip") == 415


async def test_a_body_declared_too_long_is_refused_unread(site: Site) -> None:
    assert await site.post(b"", Content_Length=str(BIGGEST + 1)) == 413
    assert await site.post(b"", Content_Length="9" * 15) == 413


async def test_a_body_that_grows_too_long_is_refused(site: Site) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    chunks = b"%x\r\n" % (BIGGEST + 1) + b" " * (BIGGEST + 1)  # and never an end
    raw = f"POST {PATH} HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks
    assert status_of(await site.say(raw)) == 413
    assert site.core.committed == []


async def test_the_longest_body_is_read(site: Site) -> None:
    assert await site.post(BODY + b" " * (BIGGEST - len(BODY))) == 200


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async with serving(slowest=0.2) as site:
        assert await site.post(BODY[:10], Content_Length=str(len(BODY))) == 408
        assert site.core.committed == []


async def test_somebody_who_goes_away_leaves_nothing(site: Site) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    raw = f"POST {PATH} HTTP/1.1\r\n{head}Content-Length: 500\r\n\r\n".encode() + BODY[:20]
    _, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(raw)
    await writer.drain()
    writer.close()
    assert await site.post() == 200
    assert site.core.committed == [BODY]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"7", b"\xff\xfe", b"{'update_id': 1}", b"[" * 100_000, b'{"update_id": "1"}',
     b'{"update_id": -1}', b'{"update_id": ' + b"9" * 5000 + b"}", b"update_id=1"],
)  # fmt: skip
async def test_with_the_secret_what_is_no_update_is_refused_without_effect(site: Site, body: bytes) -> None:
    assert await site.post(body) == 400
    assert site.core.committed == []


async def test_neither_secret_nor_text_is_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site.core.fault = DatabaseUnavailable()
    for body in (BODY, BODY[:-5], b"{}"):
        await site.post(body)
    await site.post(X_Telegram_Bot_Api_Secret_Token="wrong-secret")
    for word in (SECRET, "wrong-secret", "Dobro", "4711"):
        assert word not in caplog.text


@pytest.mark.parametrize("secret", ["", "s" * 31, "s" * 257, "s" * 31 + "!", "š" * 40, "s" * 32 + "\n"])
def test_a_weak_secret_is_refused_at_the_start(secret: str) -> None:
    core = Core()
    with pytest.raises(ValueError, match="32 to 256"):
        Webhook(core.take, Replies(core.send), secret)


def test_the_path_says_no_token() -> None:
    assert ":" not in PATH


def test_no_update_is_its_own_error() -> None:
    assert not issubclass(NotAnUpdate, ValueError)
