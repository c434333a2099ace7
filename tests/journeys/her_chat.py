"""Her side with a Telegram bot at work, for tests: her chat and a stranger's, and what an onlooker sees of each."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from posle.attesting import record
from posle.opening import opened
from simulator.world import Bubble
from surveys.records import deliveries
from surveys.rules.vocabulary import Side
from tests.journeys.house import BEGAN, House, house, until
from tests.steps.her_stage import attested, safe

HERS, NOBODY = 31, 99
IDLE = timedelta(minutes=3, seconds=1)
Seen = tuple[Any, ...]


@dataclass
class HerChat:
    """`side` is the house; `person` whose chat is `HERS`."""

    side: House
    person: str
    waited: list[float] = field(default_factory=list)
    """Seconds from each thing done to what the bot said."""

    def shown(self, chat: int) -> list[Bubble]:
        """What is on the phone."""
        bot = self.side.bot
        return list(bot.chats[chat].shown()) if chat in bot.chats else []

    def bubble(self, chat: int) -> Bubble:
        """The newest of the bot's."""
        return next(each for each in reversed(self.shown(chat)) if each.by_bot)

    def last(self, chat: int) -> int:
        """The number of the newest message there ever was in this chat."""
        return max(self.side.bot.chats[chat].bubbles, default=0)

    async def became(self, true: Any) -> None:
        async def now() -> bool:
            return bool(true())

        await until(now, self.side.process, 60.0)

    async def until_true(self, found: Any, number: int) -> None:
        """Until the look at the database finds so many."""

        async def all_of_them() -> bool:
            return len(await found()) == number

        await until(all_of_them, self.side.process, 60.0)

    async def said(self, chat: int, do: Any) -> None:
        """Do it, and wait until the bot has answered, and what was typed is gone."""
        before, last = len(self.sent(chat)), self.last(chat)
        began = time.monotonic()
        do()
        await self.became(lambda: any(each.text for each in self.sent(chat)[before:]))
        self.waited.append(time.monotonic() - began)
        await self.became(lambda: not [each for each in self.shown(chat) if not each.by_bot and each.number > last])

    async def typed(self, chat: int, text: str) -> None:
        await self.said(chat, lambda: self.side.type(chat, text))

    async def pressed(self, chat: int, label: str = "") -> None:
        """Press the button of that label on the newest bubble, or its first."""
        rows = [button for row in self.bubble(chat).keyboard for button in row]
        data = next(each["callback_data"] for each in rows if label in each["text"])
        await self.said(chat, lambda: self.side.press(chat, data))

    def sent(self, chat: int) -> list[Any]:
        """Every call about this chat that Telegram accepted, oldest first."""
        return [each for each in self.side.wire.world.ledger.accepted if each.chat_id == chat]

    def transcript(self, chat: int, after: int) -> list[Seen]:
        """What left to this chat since that entry of the ledger: kinds, words and buttons, without numbers."""
        found = []
        for each in self.side.wire.world.ledger.accepted[after:]:
            if each.chat_id == chat and each.method != "deleteMessages":
                told = each.parameters
                rows = told.get("reply_markup", {}).get("inline_keyboard", [])
                labels = tuple(button["text"] for row in rows for button in row)
                flags = told.get("disable_notification"), told.get("protect_content"), told.get("link_preview_options")
                found.append((each.method, each.text, labels, str(flags)))
        return found

    async def forward(self) -> None:
        """The clock goes on to the next thing that is due, half a day at most, until the service has dealt with it."""
        async with opened(self.side.folder) as (_, database), database.reading() as tx:
            due = await deliveries.next_due(tx)
        half = self.side.clock.now() + timedelta(hours=12)
        hour = self.side.clock.now() + timedelta(hours=1)
        self.side.clock.set(min(half, max(hour, due + timedelta(seconds=1))) if due else half)
        await until(self._dealt_with, self.side.process, 60.0)
        await asyncio.sleep(0.2)

    async def _dealt_with(self) -> bool:
        due = await self.side.next_due()
        return (due is None or due > self.side.clock.now()) and not await self.side.under_way()

    async def noticed(self) -> None:
        """Until her notice is there."""
        before = self.last(HERS)
        for _ in range(24 * 10):
            if any(each.number > before for each in self.shown(HERS)):
                return
            await self.forward()
        raise AssertionError("no notice came")


@asynccontextmanager
async def her_chat(root: Path, **changes: Any) -> AsyncIterator[HerChat]:
    """Her side at work; she has pressed Start, and a stranger found the bot."""
    async with house(root, at=BEGAN, side=Side.SURVIVORS) as side:
        await record(side.folder, attested(), side.clock.now())
        contact = safe(**({"interview": "chat", "confirmed_on": "2026-11-20"} | changes))
        person = await side.enrol(HERS, gender="female", other_gender="male", safe_contact=contact)
        side.wire.world.add_person("Neko", number=NOBODY)
        await side.serve()
        made = HerChat(side, person)
        side.follow(HERS)
        side.wire.hands.start(side.bot, side.wire.world.people[NOBODY])
        await made.became(lambda: len(made.shown(HERS)) == len(made.shown(NOBODY)) == 2)
        yield made
