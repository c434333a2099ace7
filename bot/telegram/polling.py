"""Long polling: each update is committed before the offset moves past it, so a crash loses nothing.

It must outlive everything that the provider or the network does, and ends only when it is cancelled.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import TelegramError

from bot.replies import Replies, Take
from bot.telegram.account import delete_webhook
from bot.telegram.bot import Bot
from bot.telegram.failures import Answered, Limited
from bot.telegram.updates import NotAnUpdate, number_of, sender_of
from surveys.records.failures import DatabaseUnavailable
from surveys.rules.chance import Chance

_log = logging.getLogger(__name__)
WAIT = 25
"""Seconds that Telegram holds a request while there is nothing to say."""
SHORTEST, LONGEST = 0.5, 8.0
"""Seconds between two tries while the provider is away. A reply is due within a minute of the person's message: much
of that must not pass before anybody looks whether the provider is back."""


class Polling:
    """Asks for updates until cancelled. `sleep` is the system's unless given."""

    def __init__(
        self,
        bot: Bot,
        take: Take,
        replies: Replies,
        chance: Chance,
        *,
        wait: int = WAIT,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._take = take
        self._replies = replies
        self._chance = chance
        self._wait = wait
        self._sleep = sleep
        self._offset: int | None = None
        self._pause = SHORTEST
        self._webhook_gone = False

    async def run(self) -> None:
        """Poll for good."""
        while True:
            pause = await self._round()
            if pause is None:
                self._pause = SHORTEST
                continue
            self._pause = min(LONGEST, self._pause * 2)
            await self._sleep(pause * self._chance.uniform(0.75, 1.25))

    async def _round(self) -> float | None:
        """One request and what it brought; the seconds to rest where something failed."""
        try:
            if not self._webhook_gone:
                await delete_webhook(self._bot)
                self._webhook_gone = True
            updates = await self._bot.raw_updates(self._offset, self._wait)
        except Limited as limited:
            return max(limited.seconds, self._pause)
        except TelegramError as failure:
            self._say(failure)
            return self._pause
        except Exception as fault:
            _log.error("polling failed: %s", type(fault).__name__)
            return self._pause
        return None if await self._all_taken(updates) else self._pause

    def _say(self, failure: TelegramError) -> None:
        if isinstance(failure, Answered) and failure.status == 409:
            self._webhook_gone = False
            _log.error(
                "updates are taken elsewhere: stop the other process that polls with this bot's token (%s)",
                failure.code,
            )
        elif isinstance(failure, Answered) and failure.status in (401, 404):
            _log.error("the provider does not know this bot: check [telegram] token and api_url")
        else:
            _log.warning("no updates for now: %s", failure)

    async def _all_taken(self, updates: list[Any]) -> bool:
        """Commit them, one person's in their order and different people's side by side, so that nobody waits for
        somebody else's slow reply; False where the offset could not be moved past all of them."""
        known = [update for update in updates if number_of(update) is not None]
        for _ in range(len(updates) - len(known)):
            _log.error("something that is no update was passed over")
        people: dict[str, list[Any]] = {}
        for update in known:
            people.setdefault(sender_of(update), []).append(update)
        committed = set().union(*await asyncio.gather(*(self._one_persons(each) for each in people.values())))
        for update in known:
            number = number_of(update)
            if number is None or number not in committed:
                return False
            self._offset = number + 1
        return not updates or bool(known)

    async def _one_persons(self, updates: list[Any]) -> set[int]:
        """The numbers of those that were committed."""
        committed = set()
        for update in updates:
            try:
                taken = await self._taken(update)
            except DatabaseUnavailable:
                _log.error("the database cannot take updates now; they are asked for again")
                break
            number = number_of(update)
            if taken and number is not None:
                committed.add(number)
        return committed

    async def _taken(self, update: Any) -> bool:
        """False where it could not be committed, through a fault of ours: it is asked for again, and the others go
        on."""
        try:
            taken = await self._take(json.dumps(update).encode())
        except NotAnUpdate:
            _log.error("something that is no update was passed over")
            return True
        except DatabaseUnavailable:
            raise
        except Exception as failure:
            _log.error("an update was not taken: %s", type(failure).__name__)
            return False
        if taken.reply is not None:
            self._replies.start(taken.reply)
        return True
