"""A tick: something that is looked at again and again. It reads what is due; it never stands for one person."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """`run` is awaited about every `seconds` of monotonic time, never twice at once. It takes its own `now`."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[None]]

    def __post_init__(self) -> None:
        """Refuse what could never run."""
        if not self.name or not self.seconds > 0:
            raise ValueError("a tick needs a name and more than 0 seconds")
