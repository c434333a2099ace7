"""Draws instants inside allowed hours, so that not everything leaves at the first minute of a window.

Every instant that it gives is an allowed one; it never widens the hours.
"""

from datetime import datetime, timedelta

from surveys.rules.chance import Chance
from surveys.rules.hours import SafeHours, Window

DRAIN = timedelta(hours=1)
"""What became due while nothing could be sent leaves within so long after the next window opens."""


def draw(windows: list[Window], chance: Chance) -> datetime:
    """An instant in the windows (at least one), each whole second of them equally likely."""
    at = chance.uniform(0, sum((end - start).total_seconds() for start, end in windows))
    for start, end in windows:
        length = (end - start).total_seconds()
        if at < length:
            return start + timedelta(seconds=int(at))
        at -= length
    return windows[-1][0]


def drain_at(now: datetime, hours: SafeHours, before: datetime, chance: Chance) -> datetime | None:
    """When something late leaves: now where that is allowed, else early in the next window; None if none is left."""
    first = hours.next_allowed(now, before)
    if first is None or first == now:
        return first
    return draw(hours.between(first, min(before, first + DRAIN)), chance)
