"""A process that was stopped for a while (a suspended machine, a debugger) between its claim and its send.

It must never send then: the hours may be over, and another worker may have taken the claim.
"""

from datetime import datetime, timedelta
from typing import Final

LONGEST_TURN: Final = 2.0
"""Seconds that a claimed message may wait for its turn; after more, it is to be claimed again."""
_STOOD: Final = timedelta(seconds=LONGEST_TURN + 3.0)


def stood_still(began: datetime, now: datetime) -> bool:
    """Whether the wall clock moved on, or back, by more than a turn may take."""
    return not timedelta(0) <= now - began <= _STOOD
