"""A process that stood still between its claim and its send (a suspended machine) does not send: it asks anew."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.pace import Pace
from posle.opening import opened
from posle.serving import paused
from posle.serving.sms import SmsAccount
from posle.serving.telegram import TelegramAccount
from posle.settings.model import Mode, Sms, Telegram
from posle.wiring import wire
from surveys.rules.chance import SystemChance
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Outcome, Outgoing, TryLater

NOWHERE = "http://127.0.0.1:9"
TELEGRAM = Telegram("7000000001:planted-token-Qx7Zr4Kf9Lm2Wp", NOWHERE, Mode.WEBHOOK)
SMS = Sms("AC" + "0" * 32, "planted", "+381600000000", two_way=True, api_url=NOWHERE)
EVENING = datetime(2027, 3, 1, 18, 59, tzinfo=UTC)


class Clocks:
    """A wall clock and one that nobody sets, and a turn during which they go on by so many seconds."""

    def __init__(self, wall: float, passed: float) -> None:
        self.now, self.passed, self._by = EVENING, 0.0, (wall, passed)

    async def sleep(self, _: float) -> None:
        self.now += timedelta(seconds=self._by[0])
        self.passed += self._by[1]

    def pace(self) -> Pace:
        return Pace(SystemChance(), jitter=0.5, sleep=self.sleep)


@asynccontextmanager
async def accounts(folder: Path, clocks: Clocks) -> AsyncIterator[tuple[TelegramAccount, SmsAccount]]:
    async with opened(folder) as (plain, database):
        settings = replace(plain, telegram=TELEGRAM, sms=SMS)
        service = wire(settings, database)
        telegram = TelegramAccount(service, settings, lambda: clocks.now, clocks.pace())
        sms = SmsAccount(service, settings, lambda: clocks.now)
        sms._pace = clocks.pace()
        await telegram.transport.initialize()
        yield telegram, sms
        await telegram.transport.shutdown()


def test_i4_a_notice_whose_process_stood_still_after_its_claim_does_not_leave(
    his: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def send(wall: float, passed: float) -> list[Outcome]:
        clocks = Clocks(wall, passed)
        monkeypatch.setattr(paused, "passed", lambda: clocks.passed)
        async with accounts(his, clocks) as (telegram, sms):
            until = EVENING + timedelta(minutes=1)
            return [
                await telegram.send_notice(Outgoing("d-1", Channel.TELEGRAM, "11", "x", until=until)),
                await sms.send_notice(Outgoing("d-2", Channel.SMS, "+381641234567", "x", until=until)),
            ]  # fmt: skip

    async def both() -> None:
        asked_anew: list[Outcome] = [TryLater(0, tried=False)] * 2
        assert await send(0.3, 20) == asked_anew, "it stood still, inside the hours"
        assert await send(7200, 0.3) == asked_anew, "the hours are over"
        tried = (await send(0.3, 0.3))[0]
        assert isinstance(tried, TryLater)
        assert tried.tried, "nothing listens there"

    asyncio.run(both())
