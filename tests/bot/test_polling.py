"""Long polling: the offset follows the commits, and nothing that the provider does ends it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.replies import Replies
from bot.telegram.bot import Bot, open_bot
from bot.telegram.polling import LONGEST, Polling
from bot.telegram.transport import Transport
from bot.telegram.updates import read
from surveys.records.failures import DatabaseUnavailable
from surveys.rules.chance import SeededChance
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Outgoing
from tests.bot import provider as does
from tests.bot.conftest import TOKEN
from tests.bot.provider import Answer, Provider
from tests.bot.samples import CHAT, PERSON, message

REPLY = Outgoing("d1", Channel.TELEGRAM, "4711", "Hvala")


@dataclass
class Taken:
    reply: Outgoing | None = None


@dataclass
class Core:
    """Stands where the core commits; fails for one number as long as it is told to."""

    committed: list[str] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    faults: dict[str, list[Exception]] = field(default_factory=dict)
    rests: list[float] = field(default_factory=list)
    enough: Callable[["Core"], bool] = lambda _: True
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, raw: bytes) -> Taken:
        number, _ = read(raw, None)
        if self.faults.get(number):
            raise self.faults[number].pop(0)
        self.committed.append(number)
        self._look()
        return Taken(REPLY)

    async def send(self, reply: Outgoing) -> None:
        self.sent.append(reply)

    async def sleep(self, seconds: float) -> None:
        """The clock of the test: no waiting."""
        self.rests.append(seconds)
        self._look()
        await asyncio.sleep(0)

    def _look(self) -> None:
        if self.enough(self):
            self.done.set()


def updates(*numbers: Any) -> Answer:
    """An answer of getUpdates."""
    found = [message() | {"update_id": number} for number in numbers]
    return does.answers(200, {"ok": True, "result": found})


@asynccontextmanager
async def polling(bot: Bot, core: Core, enough: Callable[[Core], bool]) -> AsyncIterator[Polling]:
    """Polling in the background until it has had enough, then a clean end."""
    core.enough = enough
    loop = Polling(bot, core.take, Replies(core.send), SeededChance(1), wait=0, sleep=core.sleep)
    task = asyncio.create_task(loop.run())
    try:
        await asyncio.wait_for(core.done.wait(), 5)
        yield loop
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def offsets(telegram: Provider) -> list[str | None]:
    return [call.told.get("offset") for call in telegram.calls if call.method == "getUpdates"]


async def test_updates_are_committed_in_order_and_the_webhook_is_gone_first(bot: Bot, telegram: Provider) -> None:
    telegram.plan("getUpdates", updates(5, 6), updates(7))
    core = Core()
    async with polling(bot, core, lambda so_far: len(so_far.committed) == 3):
        pass
    assert core.committed == ["5", "6", "7"]
    assert telegram.methods()[0] == "deleteWebhook"
    assert telegram.methods().count("deleteWebhook") == 1
    assert offsets(telegram)[:2] == [None, "7"]
    asked = telegram.last("getUpdates").json("allowed_updates")
    assert asked == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_replies_are_sent(bot: Bot, telegram: Provider) -> None:
    telegram.plan("getUpdates", updates(5))
    core = Core()
    async with polling(bot, core, lambda so_far: so_far.committed == ["5"]):
        await asyncio.sleep(0)
    assert core.sent == [REPLY]


async def test_i7_the_offset_does_not_pass_what_the_database_could_not_take(bot: Bot, telegram: Provider) -> None:
    telegram.plan("getUpdates", updates(5, 6, 7), updates(6, 7))
    core = Core(faults={"6": [DatabaseUnavailable()]})
    async with polling(bot, core, lambda so_far: len(so_far.committed) == 3):
        pass
    assert core.committed == ["5", "6", "7"]
    assert offsets(telegram)[:2] == [None, "6"]
    assert len(core.rests) == 1


async def test_one_persons_slow_reply_delays_nobody_else_and_each_keeps_their_order(
    bot: Bot, telegram: Provider
) -> None:
    senders = {5: "1", 6: "2", 7: "1", 8: "2"}
    people = [
        message(**{"from": PERSON | {"id": int(sender)}, "chat": CHAT | {"id": int(sender)}}) | {"update_id": number}
        for number, sender in senders.items()
    ]
    telegram.plan("getUpdates", does.answers(200, {"ok": True, "result": people}))
    core, slow = Core(), asyncio.Event()

    async def take(raw: bytes) -> Taken:
        number, said = read(raw, None)
        if said.sender == "1":
            await slow.wait()
        core.committed.append(number)
        if number == "8":
            slow.set()
        core._look()
        return Taken()

    core.take = take  # type: ignore[method-assign]
    async with polling(bot, core, lambda so_far: len(so_far.committed) == 4):
        pass
    assert core.committed == ["6", "8", "5", "7"]


async def test_i7_an_update_that_fails_through_our_fault_is_asked_for_again_and_stops_no_other(
    bot: Bot, telegram: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.plan("getUpdates", updates(5, 6, 7), updates(6, 7))
    core = Core(faults={"6": [RuntimeError("Dobro")]})
    async with polling(bot, core, lambda so_far: "6" in so_far.committed):
        pass
    assert core.committed[:3] == ["5", "7", "6"]
    assert offsets(telegram)[:2] == [None, "6"]
    assert "Dobro" not in caplog.text


async def test_what_is_no_update_is_passed_over(bot: Bot, telegram: Provider) -> None:
    telegram.plan("getUpdates", updates("x", None), updates("x", 8), does.answers(200, {"ok": True, "result": {}}))
    core = Core()
    async with polling(bot, core, lambda so_far: so_far.committed == ["8"]):
        pass
    assert len(core.rests) == 1  # with nothing to move past, it is not asked again at once


FAULTS = [
    does.resets, does.hangs_up, does.answers(502), does.refuses(500, "Internal Server Error"), does.answers(200, b"{"),
    does.writes(b"nonsense\r\n\r\n"), does.answers(200, {"ok": True}), does.refuses(401, "Unauthorized"),
]  # fmt: skip


@pytest.mark.parametrize("method", ["deleteWebhook", "getUpdates"])
async def test_it_outlives_every_failure_at_start_and_later(bot: Bot, telegram: Provider, method: str) -> None:
    telegram.plan(method, *FAULTS)
    if method == "deleteWebhook":
        telegram.plan("getUpdates", updates(5))
    else:
        telegram.plan(method, updates(5))
    core = Core()
    async with polling(bot, core, lambda so_far: so_far.committed == ["5"]):
        pass
    assert len(core.rests) == len(FAULTS)
    assert core.rests[-1] > core.rests[0]
    assert max(core.rests) <= LONGEST * 1.25


async def test_it_starts_while_nobody_listens(transport: Transport) -> None:
    core = Core()
    nowhere = open_bot(TOKEN, "http://127.0.0.1:1", transport)
    async with polling(nowhere, core, lambda so_far: len(so_far.rests) == 3):
        pass
    assert core.committed == []


async def test_it_waits_as_long_as_the_provider_asks(bot: Bot, telegram: Provider) -> None:
    telegram.plan("getUpdates", does.refuses(429, "Too Many Requests", retry_after=11))
    core = Core()
    async with polling(bot, core, lambda so_far: bool(so_far.rests)):
        pass
    assert core.rests[0] >= 11 * 0.75


async def test_another_process_with_the_same_token_is_named_in_the_log(
    bot: Bot, telegram: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    told = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    telegram.plan("getUpdates", does.refuses(409, told), updates(5))
    core = Core()
    async with polling(bot, core, lambda so_far: so_far.committed == ["5"]):
        pass
    assert "stop the other process" in caplog.text
    assert "polled_elsewhere" in caplog.text


async def test_a_webhook_that_somebody_set_meanwhile_is_deleted(bot: Bot, telegram: Provider) -> None:
    told = (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    telegram.plan("getUpdates", does.refuses(409, told), updates(5))
    core = Core()
    async with polling(bot, core, lambda so_far: so_far.committed == ["5"]):
        pass
    assert telegram.methods().count("deleteWebhook") == 2


async def test_logs_name_neither_token_nor_text(bot: Bot, telegram: Provider, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    telegram.plan("getUpdates", *FAULTS, updates("x"), updates(5))
    core = Core()
    async with polling(bot, core, lambda so_far: so_far.committed == ["5"]):
        pass
    for word in (TOKEN, TOKEN.partition(":")[2], "Dobro", json.dumps("Dobro"), "4711"):
        assert word not in caplog.text
