"""The age of a message goes by the provider's clock, which is asked anew where ours was moved or stood still."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.telegram.age import Ages
from bot.telegram.bot import open_bot
from bot.telegram.transport import Transport
from tests.bot import provider as does
from tests.bot.conftest import TOKEN
from tests.bot.provider import Provider
from tests.bot.samples import message

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
"""What the provider says unless planned otherwise."""


class Clocks:
    """Ours: the wall clock, and the one that only goes on while the machine does."""

    def __init__(self) -> None:
        self.wall, self.ticks = TEN, 100.0

    def goes_on(self, seconds: float, suspended: float = 0.0) -> None:
        self.ticks += seconds
        self.wall += timedelta(seconds=seconds + suspended)


async def ages_of(telegram: Provider, clocks: Clocks) -> tuple[Ages, Transport]:
    """With what the provider said at ten."""
    layer = Transport(monotonic=lambda: clocks.ticks)
    await layer.initialize()
    bot = open_bot(TOKEN, telegram.url, layer)
    await bot.answer("987", "")
    return Ages(bot, layer, lambda: clocks.wall, lambda: clocks.ticks), layer


def sent(at: datetime) -> bytes:
    return json.dumps(message(date=int(at.timestamp()))).encode()


def says(at: str) -> does.Answer:
    return does.writes(
        f'HTTP/1.1 200 OK\r\nDate: {at}\r\nContent-Length: 23\r\n\r\n{{"ok":true,"result":{{}}}}'.encode()
    )


async def test_safety_after_a_suspended_machine_an_old_message_is_known_to_be_old(telegram: Provider) -> None:
    clocks = Clocks()
    ages, layer = await ages_of(telegram, clocks)
    assert (await ages.read(sent(TEN)))[1].age == pytest.approx(0.0, abs=1)
    clocks.goes_on(2, suspended=7200)
    telegram.plan("getMe", says("Tue, 24 Nov 2026 12:00:02 GMT"))
    assert (await ages.read(sent(TEN + timedelta(seconds=1))))[1].age == pytest.approx(7201, abs=1)
    await layer.shutdown()


async def test_a_message_that_seems_old_is_answered_where_the_provider_says_that_it_is_new(telegram: Provider) -> None:
    clocks = Clocks()
    ages, layer = await ages_of(telegram, clocks)
    clocks.goes_on(3600)
    assert (await ages.read(sent(TEN)))[1].age == pytest.approx(0.0, abs=1)
    assert telegram.methods().count("getMe") == 1
    await layer.shutdown()


async def test_the_provider_is_asked_seldom_and_its_silence_changes_nothing(telegram: Provider) -> None:
    clocks = Clocks()
    ages, layer = await ages_of(telegram, clocks)
    telegram.plan("getMe", does.resets)
    clocks.goes_on(3600)
    assert [(await ages.read(sent(TEN)))[1].age for _ in range(20)] == [pytest.approx(3600, abs=1)] * 20
    assert telegram.methods().count("getMe") == 1
    await layer.shutdown()


async def test_nothing_is_asked_as_long_as_the_clocks_agree_and_messages_are_new(telegram: Provider) -> None:
    clocks = Clocks()
    ages, layer = await ages_of(telegram, clocks)
    for _ in range(50):
        clocks.goes_on(20)
        await ages.read(sent(clocks.wall))
    assert "getMe" not in telegram.methods()
    await layer.shutdown()
