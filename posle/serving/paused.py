"""A process that stood still (was stopped, or its machine suspended) between its claim of a message and its send.

It must never send then: staff may have set a HOLD, the person withdrawn, and another worker taken the claim. Nor where
the hours ended meanwhile, by the wall clock, however they did.
"""

import time
from collections.abc import Awaitable
from datetime import datetime
from typing import Final

from surveys.steps.ports import Outgoing

LONGEST_TURN: Final = 2.0
"""Seconds that a claimed message may wait for its turn; after more, it is to be claimed again."""
_STOOD: Final = LONGEST_TURN + 3.0
_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""One that goes on while the machine is suspended, where there is one."""


def passed() -> float:
    """Seconds by a clock that nobody sets."""
    return time.clock_gettime(_CLOCK)


async def stood_still(turn: Awaitable[None]) -> bool:
    """Wait for the turn; whether it took longer than a turn can."""
    began = passed()
    await turn
    return passed() - began > _STOOD


def is_over(message: Outgoing, now: datetime) -> bool:
    """Whether the hours in which the service may start this message have ended."""
    return message.until is not None and now >= message.until
