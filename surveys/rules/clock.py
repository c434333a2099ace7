"""Clock trouble (I20): the wall clock moved by itself while running, or stands before the last committed tick at start.

Pure. It only says so; whoever asks puts the side on hold. A late start is an outage and no trouble.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from surveys.rules.calendar import aware

TOLERANCE = timedelta(minutes=5)


class ClockTrouble(StrEnum):
    """What is wrong with the wall clock."""

    DRIFTED = "clock_drifted"
    BEHIND_LAST_TICK = "clock_behind_last_tick"

    @property
    def line(self) -> str:
        """The trouble as one English line."""
        return _LINES[self]


_LINES = {
    ClockTrouble.DRIFTED: "The wall clock moved by over five minutes while the service ran; check it, then release.",
    ClockTrouble.BEHIND_LAST_TICK: "The wall clock is earlier than the last work done; check it, then release.",
}


@dataclass(frozen=True, slots=True)
class ClockGuard:
    """The two clocks as they stood together at start: `wall` an instant, `monotonic` in seconds."""

    wall: datetime
    monotonic: float

    def trouble(self, wall: datetime, monotonic: float) -> ClockTrouble | None:
        """Whether wall minus monotonic has drifted by over five minutes, either way, since the start."""
        drift = (aware(wall) - aware(self.wall)) - timedelta(seconds=monotonic - self.monotonic)
        return ClockTrouble.DRIFTED if abs(drift) > TOLERANCE else None

    def trouble_at_start(self, last_tick: datetime | None) -> ClockTrouble | None:
        """Whether the start lies before the last committed tick (None: there was none yet)."""
        if last_tick is None or aware(self.wall) >= aware(last_tick):
            return None
        return ClockTrouble.BEHIND_LAST_TICK
