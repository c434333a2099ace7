"""A process that stood still between its claim and its send (a suspended machine) does not send: it asks anew."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.pace import Pace
from posle.opening import opened
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


class Suspended:
    """A wall clock, and a turn during which it moves on by so much."""

    def __init__(self, by: timedelta) -> None:
        self.now, self._by = datetime(2027, 3, 1, 19, 59, tzinfo=UTC), by

    async def sleep(self, _: float) -> None:
        self.now += self._by

    def pace(self) -> Pace:
        return Pace(SystemChance(), jitter=0.5, sleep=self.sleep)


@asynccontextmanager
async def accounts(folder: Path, clock: Suspended) -> AsyncIterator[tuple[TelegramAccount, SmsAccount]]:
    async with opened(folder) as (plain, database):
        settings = replace(plain, telegram=TELEGRAM, sms=SMS)
        service = wire(settings, database)
        telegram = TelegramAccount(service, settings, lambda: clock.now, clock.pace())
        sms = SmsAccount(service, settings, lambda: clock.now)
        sms._pace = clock.pace()
        yield telegram, sms


def test_i4_a_notice_whose_process_stood_still_after_its_claim_does_not_leave(his: Path) -> None:
    async def send(by: timedelta) -> list[Outcome]:
        async with accounts(his, Suspended(by)) as (telegram, sms):
            return [
                await telegram.send_notice(Outgoing("d-1", Channel.TELEGRAM, "11", "x")),
                await sms.send_notice(Outgoing("d-2", Channel.SMS, "+381641234567", "x")),
            ]  # fmt: skip

    for by in (timedelta(hours=10), -timedelta(hours=10)):
        assert asyncio.run(send(by)) == [TryLater(0, tried=False)] * 2
