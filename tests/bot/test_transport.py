"""The request layer: what certainly never left, what perhaps did, the provider's clock, and not a word of the token."""

import asyncio
import logging
import socket
import traceback
from collections.abc import Awaitable, Iterator
from datetime import UTC, datetime

import pytest
from telegram.error import TelegramError

from bot.telegram.bot import Bot, open_bot
from bot.telegram.client import TelegramMessenger
from bot.telegram.failures import Answered, NotSent, PerhapsDone
from bot.telegram.transport import Transport
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Outgoing, TryLater
from tests.bot import provider as does
from tests.bot.conftest import TOKEN
from tests.bot.provider import PERSON, Answer, Provider

SECRET_PART = TOKEN.partition(":")[2]
TEXT = "TextThatNobodyMaySee"
NEW = Outgoing("d1", Channel.TELEGRAM, str(PERSON), TEXT)


@pytest.fixture
def closed_port() -> str:
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def full_port() -> Iterator[str]:
    """An address that lets no further connection in, and refuses none."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        yield f"http://127.0.0.1:{full.getsockname()[1]}"
        for each in waiting:
            each.close()


async def test_nothing_left_where_nobody_listens(transport: Transport, closed_port: str) -> None:
    with pytest.raises(NotSent):
        await open_bot(TOKEN, closed_port, transport).say(PERSON, TEXT, [], False)
    assert await TelegramMessenger(open_bot(TOKEN, closed_port, transport)).send(NEW) == TryLater(5.0)


async def test_nothing_left_where_no_connection_comes_about(transport: Transport, full_port: str) -> None:
    with pytest.raises(NotSent):
        await open_bot(TOKEN, full_port, transport).say(PERSON, TEXT, [], False)


async def test_nothing_left_where_the_name_is_unknown(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    with pytest.raises(NotSent):
        await open_bot(TOKEN, "http://api.invalid", transport).say(PERSON, TEXT, [], False)


async def test_nothing_left_where_there_is_no_tls(transport: Transport, telegram: Provider) -> None:
    with pytest.raises(NotSent):
        await open_bot(TOKEN, telegram.url.replace("http:", "https:"), transport).say(PERSON, TEXT, [], False)
    assert telegram.calls == []


async def test_nothing_left_before_the_start_and_after_the_end(telegram: Provider) -> None:
    layer = Transport()
    bot = open_bot(TOKEN, telegram.url, layer)
    with pytest.raises(NotSent):
        await bot.say(PERSON, TEXT, [], False)
    await layer.initialize()
    assert await bot.say(PERSON, TEXT, [], False) == 55
    await layer.shutdown()
    with pytest.raises(NotSent):
        await bot.say(PERSON, TEXT, [], False)


@pytest.mark.parametrize("fault", [does.resets, does.hangs_up, does.says_nothing, does.writes(b"nonsense\r\n\r\n")])
async def test_i13_bytes_that_left_may_have_arrived(bot: Bot, telegram: Provider, fault: Answer) -> None:
    telegram.plan("sendMessage", fault)
    with pytest.raises(PerhapsDone):
        await bot.say(PERSON, TEXT, [], False)
    assert telegram.methods() == ["sendMessage"]


async def test_i13_a_kept_connection_that_is_reset_under_a_call_is_not_used_to_repeat_it(
    bot: Bot, telegram: Provider
) -> None:
    assert await bot.say(PERSON, TEXT, [], False) == 55
    telegram.plan("sendMessage", does.resets)
    with pytest.raises(PerhapsDone):
        await bot.say(PERSON, TEXT, [], False)
    assert len(telegram.calls) == 2
    assert telegram.connections == 1


async def test_a_cancelled_call_is_cancelled(bot: Bot, telegram: Provider) -> None:
    telegram.plan("sendMessage", does.says_nothing)
    task = asyncio.create_task(bot.say(PERSON, TEXT, [], False))
    await telegram.arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_connections_are_kept(bot: Bot, telegram: Provider) -> None:
    for _ in range(5):
        await bot.say(PERSON, TEXT, [], False)
    assert telegram.connections == 1


async def test_a_redirect_is_not_followed(bot: Bot, telegram: Provider) -> None:
    telegram.plan("sendMessage", does.answers(307, b"", Location=f"{telegram.url}/bot{TOKEN}/deleteMessages"))
    with pytest.raises(Answered):
        await bot.say(PERSON, TEXT, [], False)
    assert telegram.methods() == ["sendMessage"]


async def test_the_environment_names_no_proxy_unless_asked(
    bot: Bot, telegram: Provider, closed_port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", closed_port)
    monkeypatch.delenv("no_proxy", raising=False)
    assert await bot.say(PERSON, TEXT, [], False) == 55
    asked = Transport(connect=0.3, proxies_from_environment=True)
    await asked.initialize()
    with pytest.raises(NotSent):
        await open_bot(TOKEN, telegram.url, asked).say(PERSON, TEXT, [], False)
    await asked.shutdown()


async def test_the_providers_clock_runs_on_with_the_monotonic_one(telegram: Provider) -> None:
    passed = 100.0
    layer = Transport(monotonic=lambda: passed)
    await layer.initialize()
    assert layer.provider_now() is None
    await open_bot(TOKEN, telegram.url, layer).say(PERSON, TEXT, [], False)
    assert layer.provider_now() == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    passed += 90.5
    assert layer.provider_now() == datetime(2026, 11, 24, 10, 1, 30, 500_000, tzinfo=UTC)
    await layer.shutdown()


@pytest.mark.parametrize("date", ["yesterday", "Tue, 99 Nov 2026 10:00:00 GMT", ""])
async def test_a_date_that_is_none_is_passed_over(
    bot: Bot, transport: Transport, telegram: Provider, date: str
) -> None:
    head = f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: 25\r\n\r\n"
    telegram.plan("answerCallbackQuery", does.writes(head.encode() + b'{"ok":true,"result":true}'))
    await bot.answer("987", "")
    assert transport.provider_now() is None


FAULTS: list[Answer] = [
    does.resets, does.hangs_up, does.says_nothing, does.writes(b"nonsense\r\n\r\n"), does.answers(502, TOKEN.encode()),
    does.answers(200, f'{{"{TOKEN}": "{TEXT}"'.encode()), does.refuses(400, f"Bad Request: {TOKEN} {TEXT}"),
    does.refuses(403, f"Forbidden: {TOKEN} {TEXT}"), does.refuses(429, TOKEN, retry_after=3),
    does.answers(302, b"", Location=f"/bot{TOKEN}/"), does.refuses(401, f"Unauthorized {TOKEN}"),
    does.answers(200, {"ok": True, "result": {"message_id": 1, "text": TEXT}}),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_logs_and_errors_hold_neither_the_token_nor_a_text(
    bot: Bot, telegram: Provider, fault: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    telegram.plan("sendMessage", fault)
    _holds_no_secret(await _said(bot.say(PERSON, TEXT, [], False)), caplog)
    if fault is not does.says_nothing:
        telegram.plan("getUpdates", fault)
        _holds_no_secret(await _said(bot.raw_updates(None, 0)), caplog)


async def test_logs_and_errors_hold_no_token_where_nobody_listens(
    transport: Transport, closed_port: str, full_port: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for url in (closed_port, full_port, "http://[", "nonsense"):
        bot = open_bot(TOKEN, url, transport)
        _holds_no_secret(await _said(bot.say(PERSON, TEXT, [], False)), caplog)
    _holds_no_secret(await _said(bot.say(PERSON, f"{TEXT}\ud800", [], False)), caplog)


async def _said(call: Awaitable[object]) -> str:
    """Everything that an error could show of itself; no cause may hang on to it."""
    done = (await asyncio.gather(call, return_exceptions=True))[0]
    if not isinstance(done, TelegramError):
        assert not isinstance(done, BaseException)
        return ""
    assert (done.__cause__, done.__context__) == (None, None)
    return f"{done} {done!r} {''.join(traceback.format_exception(done))}"


def _holds_no_secret(said: str, caplog: pytest.LogCaptureFixture) -> None:
    logged = "\n".join(f"{record.getMessage()} {record.args} {record.exc_text}" for record in caplog.records)
    for secret in (TOKEN, SECRET_PART, TEXT):
        assert secret not in said
        assert secret not in logged
