"""The Bot API's pace: so many messages a second for a bot and for a chat. Off unless it is ordered."""

import math
import time
from collections.abc import Callable

from simulator.refusals import too_many

PACED = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup"})


class Pacing:
    """Buckets that fill in real time."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self.set(on=False)

    def set(self, *, on: bool, per_bot: float = 30.0, per_chat: float = 1.0, burst: float = 1.0) -> None:
        """Switch. Rates a second; `burst`: messages that a chat takes at once."""
        self.on = on
        self._rates = ((per_bot, per_bot), (per_chat, burst))
        self._buckets: dict[tuple[int, int | None], tuple[float, float]] = {}

    def spend(self, method: str, bot: int, chat: int | None) -> None:
        """Take one message's worth. Raises `Refusal` 429 with the seconds to wait."""
        if not self.on or method not in PACED:
            return
        now = self._monotonic()
        keys = ((bot, None), (bot, chat))
        levels = [self._level(key, now, *rate) for key, rate in zip(keys, self._rates, strict=True)]
        waits = [(1 - level) / rate for level, (rate, _) in zip(levels, self._rates, strict=True)]
        if max(waits) > 0:
            raise too_many(max(1, math.ceil(max(waits))))
        for key, level in zip(keys, levels, strict=True):
            self._buckets[key] = (level - 1, now)

    def _level(self, key: tuple[int, int | None], now: float, rate: float, most: float) -> float:
        level, at = self._buckets.get(key, (most, now))
        return min(most, level + (now - at) * rate)
