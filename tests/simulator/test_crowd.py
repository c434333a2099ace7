"""A crowd that answers a small real bot over HTTP: it gets through, in simulated time, and always in the same way."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from simulator.line import Line
from simulator.people import WEIGHTS, Crowd
from simulator.server import TOKEN, Running, start

BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
LAST = 10
Json = dict[str, Any]


class Time:
    """A clock that the test leads."""

    def __init__(self) -> None:
        self.at = BEGAN

    def now(self) -> datetime:
        return self.at


def keyboard(turn: int) -> Json:
    """As the service lays them out: options, then the controls."""
    options = [[{"text": text, "callback_data": f"t.{turn}.c{n}"}] for n, text in enumerate(("Да", "Не", "Не знам"))]
    return {"inline_keyboard": [*options, [{"text": "…", "callback_data": f"t.{turn}.s"}]]}


class SmallBot:
    """Consent, notice, then questions; by polling."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._base, self._session = f"{url}/bot{TOKEN}", session
        self._offset, self.turns, self.heard = 0, dict[int, int](), list[str]()

    async def call(self, method: str, **told: Any) -> Any:
        async with self._session.post(f"{self._base}/{method}", json=told) as answer:
            return (await answer.json()).get("result")

    async def round(self) -> None:
        for update in await self.call("getUpdates", offset=self._offset):
            self._offset = update["update_id"] + 1
            await self._take(update)
        await self.call("getUpdates", offset=self._offset)

    async def _take(self, update: Json) -> None:
        if "callback_query" in update:
            query = update["callback_query"]
            await self.call("answerCallbackQuery", callback_query_id=query["id"])
            await self._said(query["from"]["id"], query["data"].rpartition(".")[2])
        elif "message" in update:
            await self._said(update["message"]["from"]["id"], update["message"].get("text", "sticker"))

    async def _said(self, chat: int, text: str) -> None:
        self.heard.append(f"{chat} {text}")
        if text.startswith("/start"):
            markup = {"inline_keyboard": [[{"text": text, "callback_data": f"t.{text}"} for text in ("yes", "no")]]}
            await self.call("sendMessage", chat_id=chat, text="?", reply_markup=markup)
        elif text == "yes":
            markup = {
                "inline_keyboard": [[{"text": text, "callback_data": f"t.{text}"} for text in ("begin", "later")]]
            }
            await self.call("sendMessage", chat_id=chat, text="!", reply_markup=markup)
        elif text not in ("no", "sticker", "KASNIJE") and text.lower() not in ("stop", "стоп"):
            turn = self.turns[chat] = self.turns.get(chat, 0) + 1
            if turn <= LAST:
                await self.call("sendMessage", chat_id=chat, text=f"{turn}.", reply_markup=keyboard(turn))


async def lived(temperaments: tuple[str | None, ...], seed: int = 7) -> tuple[SmallBot, Line, Time]:
    time = Time()
    running: Running = await start(now=time.now)
    try:
        async with aiohttp.ClientSession() as session:
            line = Line(running)
            crowd, bot = Crowd(line, seed), SmallBot(running.url, session)
            for number, temperament in enumerate(temperaments):
                crowd.add(1000 + number, f"p{number}", BEGAN, temperament)
            while (due := crowd.next_due()) is not None and due < BEGAN + timedelta(days=30):
                time.at = max(time.at, due)
                await crowd.act(time.at)
                await bot.round()
            return bot, line, time
    finally:
        await running.stop()


async def test_an_eager_person_answers_every_question() -> None:
    bot, line, time = await lived(("eager",))
    assert bot.turns[1000] > LAST or any(said.endswith(" no") for said in bot.heard)
    assert time.at < BEGAN + timedelta(days=2)
    assert {entry["method"] for entry in line.ledger} == {"sendMessage", "answerCallbackQuery"}


@pytest.mark.parametrize("temperament", sorted(WEIGHTS))
async def test_each_temperament_comes_to_rest_without_pressing_a_control_by_chance(temperament: str) -> None:
    bot, _, _ = await lived((temperament,) * 6)
    pressed = {said.split(" ", 1)[1] for said in bot.heard}
    assert temperament == "skipper" or "s" not in pressed
    assert any(said.startswith("/start") for said in pressed)


async def test_the_same_seed_gives_the_same_crowd_and_another_gives_another() -> None:
    once, again, other = [(await lived((None,) * 12, seed))[0].heard for seed in (3, 3, 4)]
    assert once == again != other


async def test_a_stopper_says_stop_and_a_dawdler_takes_days() -> None:
    stopping, _, _ = await lived(("stopper",) * 3)
    assert any(said.lower().endswith(("stop", "стоп")) for said in stopping.heard)
    _, _, time = await lived(("dawdler",) * 3)
    assert time.at > BEGAN + timedelta(days=2)


async def test_an_unknown_temperament_is_refused() -> None:
    running = await start()
    try:
        with pytest.raises(ValueError, match="temperament"):
            Crowd(Line(running), 1).add(1, "", BEGAN, "cheerful")
    finally:
        await running.stop()


WRONG: tuple[tuple[str, Json, int, str], ...] = (
    ("sendParcel", {}, 404, "Not Found"),
    ("sendMessage", {}, 400, "chat_id"),
    ("sendMessage", {"chat_id": 1000}, 400, "text is empty"),
    ("sendMessage", {"chat_id": 1000, "text": ""}, 400, "text is empty"),
    ("sendMessage", {"chat_id": 1000, "text": "  "}, 400, "text is empty"),
    ("sendMessage", {"chat_id": 1000, "text": "а" * 4097}, 400, "too long"),
    ("sendMessage", {"chat_id": 1000, "text": 5}, 400, "text"),
    ("sendMessage", {"chat_id": 1000, "text": "x", "colour": "red"}, 400, "colour"),
    ("sendMessage", {"chat_id": 1000, "text": "x", "disable_notification": "yes"}, 400, "disable_notification"),
    ("sendMessage", {"chat_id": 1000, "text": "x", "disable_notification": 1}, 400, "disable_notification"),
    ("sendMessage", {"chat_id": True, "text": "x"}, 400, "chat_id"),
    ("sendMessage", {"chat_id": 9999, "text": "x"}, 400, "chat not found"),
    ("sendMessage", {"chat_id": 1000, "text": "x", "reply_markup": []}, 400, "reply_markup"),
    ("sendMessage", {"chat_id": 1000, "text": "x", "reply_markup": {"buttons": []}}, 400, "reply_markup"),
    ("editMessageText", {"chat_id": 1000, "message_id": 77, "text": "x"}, 400, "not found"),
    ("editMessageText", {"chat_id": 1000, "text": "x"}, 400, "message"),
    ("editMessageText", {"chat_id": 1000, "message_id": 1, "text": "x"}, 400, "can't be edited"),
    ("editMessageText", {"chat_id": 1000, "message_id": 2, "text": "first"}, 400, "not modified"),
    ("editMessageText", {"chat_id": 1000, "message_id": 2}, 400, "text"),
    ("editMessageText", {"chat_id": 1000, "message_id": "two", "text": "x"}, 400, "message_id"),
    ("editMessageText", {"chat_id": 1000, "message_id": 2, "text": "а" * 4097}, 400, "LONG"),
    ("editMessageReplyMarkup", {"chat_id": 1000, "message_id": 2}, 400, "not modified"),
    ("editMessageReplyMarkup", {"chat_id": 1000, "message_id": 77}, 400, "not found"),
    ("answerCallbackQuery", {}, 400, "query"),
    ("answerCallbackQuery", {"callback_query_id": "5"}, 400, "query is too old"),
    ("answerCallbackQuery", {"callback_query_id": "5", "text": "а" * 201}, 400, "LONG"),
    ("answerCallbackQuery", {"callback_query_id": 5}, 400, "callback_query_id"),
    ("deleteMessage", {"chat_id": 1000}, 400, "message"),
    ("deleteMessage", {"chat_id": 1000, "message_id": 77}, 400, "not found"),
    ("deleteMessages", {"chat_id": 1000, "message_ids": []}, 400, ""),
    ("deleteMessages", {"chat_id": 1000, "message_ids": list(range(1, 102))}, 400, ""),
    ("deleteMessages", {"chat_id": 1000, "message_ids": 2}, 400, "message_ids"),
    ("deleteMessages", {"chat_id": 1000, "message_ids": ["a"]}, 400, "message_ids"),
    ("setMyCommands", {}, 400, "commands"),
    ("setMyCommands", {"commands": [{"command": "stop"}]}, 400, "description"),
    ("setMyCommands", {"commands": "stop"}, 400, "commands"),
    ("setMyName", {"name": "а" * 65}, 400, ""),
    ("setMyName", {"title": "a"}, 400, "title"),
    ("setMyDescription", {"description": "а" * 513}, 400, ""),
    ("setMyShortDescription", {"short_description": "а" * 121}, 400, ""),
    ("setWebhook", {}, 400, "url"),
    ("setWebhook", {"url": "http://127.0.0.1:9", "secret_token": "a b"}, 400, ""),
    ("setWebhook", {"url": "http://127.0.0.1:9", "max_connections": "many"}, 400, "max_connections"),
    ("getUpdates", {"limit": "many"}, 400, "limit"),
    ("getUpdates", {"offset": [1]}, 400, "offset"),
    ("getUpdates", {"after": 1}, 400, "after"),
    ("getMe", {"please": True}, 400, "please"),
)


def button(**told: Any) -> Json:
    return {"chat_id": 1000, "text": "x", "reply_markup": {"inline_keyboard": [[told]]}}


WRONG_BUTTONS = (
    button(text="a"), button(callback_data="a"), button(text="a", callback_data=""),
    button(text="a", callback_data="ш" * 33), button(text="a", callback_data="b", url="https://example.org"),
    button(text="a", callback_data=5), button(text="a", press="b"),
)  # fmt: skip


async def one_call(ask: Callable[[SmallBot, aiohttp.ClientSession, Running], Awaitable[None]]) -> None:
    running = await start()
    try:
        async with aiohttp.ClientSession() as session:
            await Line(running).start(1000)
            bot = SmallBot(running.url, session)
            await bot.call("sendMessage", chat_id=1000, text="first")
            await ask(bot, session, running)
    finally:
        await running.stop()


async def test_wrong_calls_are_refused_and_do_nothing() -> None:
    cases = (*WRONG, *(("sendMessage", told, 400, "") for told in WRONG_BUTTONS))

    async def ask(_: SmallBot, session: aiohttp.ClientSession, running: Running) -> None:
        before = len(running.world.ledger.accepted)
        missed = []
        for method, told, status, words in cases:
            async with session.post(f"{running.url}/bot{TOKEN}/{method}", json=told) as answer:
                said = await answer.json()
            if (answer.status, said.get("ok"), said.get("error_code")) != (status, False, status) or (
                words not in said["description"]
            ):
                missed.append((method, told, said))
        assert not missed
        assert len(running.world.ledger.accepted) == before

    await asyncio.wait_for(one_call(ask), 20)


async def test_a_wrong_token_is_refused() -> None:
    async def ask(_: SmallBot, session: aiohttp.ClientSession, running: Running) -> None:
        async with session.post(f"{running.url}/bot1:other/getMe") as answer:
            assert answer.status == 401

    await one_call(ask)
