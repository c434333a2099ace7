"""How long ago a person wrote, by the provider's own clock, which is asked anew where there is reason to doubt it.

What is known of that clock goes on by our monotonic one, which stands still while a machine is suspended. It must never
take long: an update waits meanwhile.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from telegram.error import TelegramError

from bot.telegram.bot import Bot
from bot.telegram.transport import Transport
from bot.telegram.updates import read
from surveys.steps.ports import Incoming

_log = logging.getLogger(__name__)
DOUBTED: Final = 30.0
"""Seconds of age from which on the provider is asked whether that is so: what is a minute old is not answered."""
DRIFT: Final = 5.0
"""Seconds by which our two clocks may differ between two updates; after more, one of them was moved, or stood still."""
AGAIN: Final = 1.0
"""Seconds between two questions."""
PATIENCE: Final = 2.0


class Ages:
    """`now` is our wall clock. `monotonic` is the system's unless given."""

    def __init__(
        self,
        bot: Bot,
        transport: Transport,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot, self._transport, self._now, self._monotonic = bot, transport, now, monotonic
        self._last: tuple[datetime, float] | None = None
        self._asked: float | None = None

    async def read(self, raw: bytes) -> tuple[str, Incoming]:
        """An update's id and what it means, with its age. Raises `NotAnUpdate`."""
        if self._moved():
            await self._ask()
        number, said = self._read(raw)
        return self._read(raw) if said.age > DOUBTED and await self._ask() else (number, said)

    def _read(self, raw: bytes) -> tuple[str, Incoming]:
        return read(raw, self._transport.provider_now() or self._now())

    def _moved(self) -> bool:
        wall, tick = self._now(), self._monotonic()
        last, self._last = self._last, (wall, tick)
        return last is not None and abs((wall - last[0]).total_seconds() - (tick - last[1])) > DRIFT

    async def _ask(self) -> bool:
        """Have the provider say something, and with it what time it is; False where that is known, or it does not."""
        tick = self._monotonic()
        if self._asked is not None and tick - self._asked < AGAIN:
            return False
        self._asked = tick
        with suppress(TelegramError, TimeoutError):
            await asyncio.wait_for(self._bot.say_something(), PATIENCE)
            return True
        _log.warning("the provider did not say what time it is")
        return False
