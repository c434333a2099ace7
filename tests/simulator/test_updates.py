"""How updates reach a bot: by polling with its offsets, by webhook with its retries, again where it is ordered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
import telegram
from aiohttp import web

from simulator.server import Running
from tests.simulator.conftest import TOGETHER
from tests.specs.validate import check_type

pytestmark = TOGETHER


Json = dict[str, Any]
SECRET = "s3cret-_" * 4


class Hook:
    """A bot's webhook that answers as it is told."""

    def __init__(self) -> None:
        self.bodies: list[Json] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.answer: Json | None = None
        self.url = ""
        self.gate = asyncio.Event()
        self.gate.set()

    @property
    def numbers(self) -> list[int]:
        return [body["update_id"] for body in self.bodies]

    async def take(self, request: web.Request) -> web.Response:
        assert request.content_type == "application/json"
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        await self.gate.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status) if self.answer is None else web.json_response(self.answer)


@pytest_asyncio.fixture(loop_scope="module")
async def hook() -> AsyncIterator[Hook]:
    own, app = Hook(), web.Application()
    app.router.add_post("/hook", own.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    own.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield own
    await runner.cleanup()


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(2500):
        if holds():
            return
        await asyncio.sleep(0.002)
    raise TimeoutError


def texts(updates: tuple[telegram.Update, ...]) -> list[str | None]:
    return [update.message.text if update.message else None for update in updates]


# ---- polling


async def test_an_update_comes_until_its_offset_is_passed(phones: Running, bot: telegram.Bot, ana: int) -> None:
    for text in ("1", "2", "3"):
        await phones.control.type(ana, text)
    first = await bot.get_updates(limit=2)
    assert texts(first) == ["1", "2"] == texts(await bot.get_updates(limit=2))
    rest = await bot.get_updates(offset=first[0].update_id + 1)
    assert texts(rest) == ["2", "3"]
    assert texts(await bot.get_updates(offset=-1)) == ["3"]
    assert texts(await bot.get_updates()) == ["3"]
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()
    assert await phones.control.quiet()


async def test_a_long_poll_ends_as_soon_as_somebody_writes(phones: Running, bot: telegram.Bot, ana: int) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await phones.control.type(ana, "здраво")
    assert texts(await asyncio.wait_for(waiting, 2)) == ["здраво"]


async def test_an_empty_poll_ends_by_itself(bot: telegram.Bot) -> None:
    assert await asyncio.wait_for(bot.get_updates(timeout=0), 2) == ()


async def test_polling_is_refused_while_a_webhook_is_set(bot: telegram.Bot, hook: Hook) -> None:
    await bot.set_webhook(hook.url)
    with pytest.raises(telegram.error.Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_the_older_of_two_polls_is_ended(phones: Running, bot: telegram.Bot) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    async with telegram.Bot(bot.token, base_url=f"{phones.url}/bot") as second:
        assert await second.get_updates(timeout=0) == ()
    with pytest.raises(telegram.error.Conflict, match="terminated by other"):
        await asyncio.wait_for(older, 2)


async def test_an_update_is_kept_for_a_day(phones: Running, bot: telegram.Bot, ana: int) -> None:
    await phones.control.type(ana, "старо")
    phones.clock.advance(timedelta(hours=23, minutes=59))
    assert texts(await bot.get_updates()) == ["старо"]
    phones.clock.advance(timedelta(minutes=2))
    assert await bot.get_updates() == ()


async def test_only_kinds_that_are_asked_for_come(phones: Running, bot: telegram.Bot, ana: int) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    await phones.control.type(ana, "a")
    assert await bot.get_updates() == ()
    with pytest.raises(telegram.error.BadRequest, match="allowed_updates"):
        await bot.get_updates(allowed_updates=["letters"])


async def everything(phones: Running, bot: telegram.Bot, ana: int) -> None:
    """Each thing that a person can do, once."""
    control = phones.control
    markup = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("a", callback_data="a")]])
    sent = await bot.send_message(ana, "?", reply_markup=markup)
    (own,) = await control.type(ana, "мисао /start није почетак")
    await control.edit(ana, own, "друга мисао")
    await control.press(ana, "a")
    await control.press(ana, "gone", message=sent.message_id, stale=True)
    for kind in ("sticker", "voice", "photo"):
        await control.send(ana, kind)
    await control.forward(ana, "туђе")
    await control.block(ana)
    await control.unblock(ana)


async def test_whatever_a_person_does_becomes_an_update_that_is_described(
    phones: Running, bot: telegram.Bot, ana: int
) -> None:
    await everything(phones, bot, ana)
    updates = await bot.get_updates()
    kinds = [next(key for key in update.to_dict() if key != "update_id") for update in updates]
    assert kinds == ["message", "edited_message", "callback_query", "callback_query", *["message"] * 4] + (
        ["my_chat_member"] * 2
    )
    blocked = updates[-2].my_chat_member
    assert blocked is not None
    assert blocked.new_chat_member.status == "kicked"
    for update in phones.api.updates(phones.world.bot()).pending.values():
        plain = {key: value for key, value in update.body.items() if key != "my_chat_member"}
        problems = check_type("Update", plain)
        unreached = ("sticker", "voice", "photo", "forward_origin")
        assert not [problem for problem in problems if not problem.split(":")[0].endswith(unreached)]


# ---- webhook


async def test_updates_are_posted_with_the_secret(phones: Running, bot: telegram.Bot, ana: int, hook: Hook) -> None:
    await phones.control.type(ana, "пре")
    await bot.set_webhook(hook.url, secret_token=SECRET, allowed_updates=["message"], max_connections=5)
    await phones.control.type(ana, "после")
    await until(lambda: len(hook.bodies) == 2)
    assert [body["message"]["text"] for body in hook.bodies] == ["пре", "после"]
    assert set(hook.secrets) == {SECRET}
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.allowed_updates) == (hook.url, 5, ("message",))


@pytest.mark.parametrize("statuses", [[503], [500, 302, 404], [403] * 4])
async def test_what_is_not_acknowledged_comes_again_and_nothing_overtakes_it(
    phones: Running, bot: telegram.Bot, ana: int, hook: Hook, statuses: list[int]
) -> None:
    await bot.set_webhook(hook.url)
    hook.statuses = list(statuses)
    for text in ("1", "2"):
        await phones.control.type(ana, text)
    await until(lambda: len(hook.bodies) == len(statuses) + 2)
    first = hook.numbers[0]
    assert hook.numbers == [first] * (len(statuses) + 1) + [first + 1]
    info = await bot.get_webhook_info()
    assert info.last_error_message == f"Wrong response from the webhook: {statuses[-1]}"


async def test_a_webhook_that_is_down_gets_everything_once_it_is_up(
    phones: Running, bot: telegram.Bot, ana: int, hook: Hook, unused_tcp_port: int
) -> None:
    await bot.set_webhook(f"http://127.0.0.1:{unused_tcp_port}/hook")
    await phones.control.type(ana, "чека")
    await asyncio.sleep(0.1)
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (1, "Connection failed")
    await bot.set_webhook(hook.url)
    await until(lambda: len(hook.bodies) == 1)


async def test_one_slow_chat_does_not_hold_the_others(phones: Running, bot: telegram.Bot, ana: int, hook: Hook) -> None:
    await bot.set_webhook(hook.url)
    hook.gate.clear()
    iva = await phones.control.create("Ива")
    await phones.control.type(ana, "1")
    await phones.control.type(ana, "2")
    await phones.control.start(iva)
    await until(lambda: len(hook.bodies) == 2)
    assert {body["message"]["from"]["id"] for body in hook.bodies} == {ana, iva}
    hook.gate.set()
    await until(lambda: len(hook.bodies) == 3)


async def test_pending_updates_are_dropped_only_on_demand(
    phones: Running, bot: telegram.Bot, ana: int, hook: Hook
) -> None:
    await phones.control.type(ana, "1")
    await bot.delete_webhook()
    assert len(await bot.get_updates()) == 1
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    await phones.control.type(ana, "2")
    await until(lambda: len(hook.bodies) == 1)
    assert hook.bodies[0]["message"]["text"] == "2"


async def test_an_acknowledged_update_comes_again_where_it_is_ordered(
    phones: Running, bot: telegram.Bot, ana: int, hook: Hook
) -> None:
    await bot.set_webhook(hook.url)
    await phones.control.type(ana, "1")
    await until(lambda: len(hook.bodies) == 1)
    await phones.quiet()
    again = await phones.control.redeliver(1)
    await until(lambda: len(hook.bodies) == 2)
    assert hook.numbers == again * 2
    assert hook.bodies[0] == hook.bodies[1]


async def test_a_forged_update_comes_as_it_is(phones: Running, bot: telegram.Bot, hook: Hook) -> None:
    await bot.set_webhook(hook.url)
    forged = {"update_id": 5, "message": {"chat": {"id": -100, "type": "group"}, "text": "x"}}
    assert await phones.control.forge(forged) == 5
    await until(lambda: bool(hook.bodies))
    assert hook.bodies == [forged]


async def test_a_webhook_s_answer_may_be_a_call(phones: Running, bot: telegram.Bot, ana: int, hook: Hook) -> None:
    await bot.set_webhook(hook.url)
    hook.answer = {"method": "sendMessage", "chat_id": ana, "text": "одмах"}
    await phones.control.type(ana, "1")
    await until(lambda: phones.world.ledger.accepted[-1].text == "одмах")
    hook.answer = {"method": "sendMessage", "chat_id": ana}
    await phones.control.type(ana, "2")
    await until(lambda: bool(phones.world.ledger.refused))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.org/hook", "https"),
        ("ftp://127.0.0.1/", "https"),
        ("https://", "invalid"),
        ("https://[::1", "invalid"),
        ("https://a:99999/", "invalid"),
    ],
)
async def test_a_webhook_needs_an_address_that_can_be_trusted(bot: telegram.Bot, url: str, words: str) -> None:
    refusing: Callable[..., Awaitable[bool]] = bot.set_webhook
    with pytest.raises(telegram.error.BadRequest, match=words):
        await refusing(url)
