"""The clock as a port, and the system's own: the one place below posle/ where the time is read.

Nothing that decides about a person reads it by itself; whoever runs a step passes `now` in.
"""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Two clocks: one that may be moved, and one that never jumps."""

    def now(self) -> datetime:
        """The wall clock, as an aware instant."""
        ...

    def monotonic(self) -> float:
        """Seconds from some fixed point; never goes back and never jumps."""
        ...


class SystemClock:
    """The operating system's clocks."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some fixed point."""
        return time.monotonic()
