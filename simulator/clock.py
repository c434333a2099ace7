"""The simulator's clock: the system's until moved, or one that is handed in. Only tests and demos move it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Source = Callable[[], datetime]


class Clock:
    """The instant that every date on the wire is taken from."""

    def __init__(self, source: Source | None = None) -> None:
        self._source = source or (lambda: datetime.now(UTC))
        self._ahead = timedelta(0)
        self._stopped: datetime | None = None

    def now(self) -> datetime:
        """The simulated instant, in UTC."""
        return self._stopped or self._source() + self._ahead

    def set(self, instant: datetime, *, stopped: bool = False) -> None:
        """Move to an aware instant; `stopped` clocks stay there until they are set again."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs a zone")
        instant = instant.astimezone(UTC)
        self._stopped = instant if stopped else None
        self._ahead = instant - self._source()

    def advance(self, by: timedelta) -> None:
        """Move ahead; a stopped clock stays stopped."""
        self.set(self.now() + by, stopped=self._stopped is not None)
