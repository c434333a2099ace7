"""What went over the wire: every accepted call in order, and apart from them every refused one. Never removed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted call."""

    number: int
    at: str
    """Simulated instant, ISO 8601 in UTC with microseconds."""
    bot: int
    method: str
    chat_id: int | None
    message_id: int | None
    text: str | None
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused call; of its parameters only the names are kept."""

    at: str
    bot: int | None
    method: str
    status: int
    description: str
    names: tuple[str, ...] = ()


class Ledger:
    """Append-only."""

    def __init__(self) -> None:
        self.accepted: list[Entry] = []
        self.refused: list[Refused] = []

    def accept(
        self, at: str, bot: int, method: str, parameters: dict[str, Any], message: int | None, chat: int | None
    ) -> None:
        """Write down a call that had its effect."""
        text = parameters.get("text")
        self.accepted.append(
            Entry(len(self.accepted) + 1, at, bot, method, chat, message, text if text else None, parameters)
        )

    def read(self, after: int = 0, *, bot: int | None = None, chat: int | None = None, method: str = "") -> list[Any]:
        """Entries after that number as JSON objects."""
        return [asdict(entry) for entry in self._chosen(after, bot, chat, method)]

    def _chosen(self, after: int, bot: int | None, chat: int | None, method: str) -> Iterator[Entry]:
        for entry in self.accepted[after:]:
            if bot in (None, entry.bot) and chat in (None, entry.chat_id) and method in ("", entry.method):
                yield entry
