"""One bot seen from the phones, for a demo in the same process: what people do, and what reaches them.

Each act becomes an update over HTTP; nothing here answers for the bot.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simulator import wire
from simulator.world import Bot, Bubble, Chat, Person

if TYPE_CHECKING:
    from simulator.server import Running

Json = dict[str, Any]
Who = Person | int


class Line:
    """`on_message` hears each message that the bot sends or edits: (chat id, Bot API Message). Acts raise `NotPossible`
    where a phone would not let the person do it."""

    def __init__(self, running: "Running", number: int | None = None) -> None:
        self.on_message: Callable[[int, Json], None] | None = None
        self.world, self._hands = running.world, running.hands
        self.account = running.world.bot(number)
        self._updates = running.api.updates(self.account)
        self.world.heard.append(self._heard)

    @property
    def ledger(self) -> list[Json]:
        """Every accepted call, in order: `at` (ISO 8601, UTC), `method`, `chat`, `message`, `params`."""
        return [
            {"at": each.at, "method": each.method, "chat": each.chat_id, "message": each.message_id,
             "params": each.parameters}
            for each in self.world.ledger.accepted
        ]  # fmt: skip

    def person(self, number: int, name: str = "Osoba") -> Person:
        """The person with this id, made where there was none."""
        return self.world.people.get(number) or self.world.add_person(name, number=number)

    def messages(self, who: Who) -> list[Json]:
        """What somebody sees in the chat, oldest first, as Bot API Messages."""
        chat = self.world.chat(self.account, self._whom(who))
        return [wire.message(self.account, chat, bubble) for bubble in chat.shown()]

    async def start(self, who: Who, payload: str = "") -> None:
        """Press Start, by a link with this payload."""
        self._hands.start(self.account, self._whom(who), payload)

    async def type(self, who: Who, text: str) -> None:
        """Send a text."""
        self._hands.type(self.account, self._whom(who), text)

    async def press(self, who: Who, number: int, data: str) -> None:
        """Press a button of a message, also one that has been taken off since."""
        self._hands.press(self.account, self._whom(who), data=data, number=number, stale=True)

    async def sticker(self, who: Who) -> None:
        """Send a sticker."""
        self._hands.send(self.account, self._whom(who), "sticker")

    async def block(self, who: Who) -> None:
        """Block the bot."""
        self._hands.block(self.account, self._whom(who))

    async def unblock(self, who: Who) -> None:
        """Let the bot write again."""
        self._hands.unblock(self.account, self._whom(who))

    async def settled(self) -> None:
        """Wait until the bot has taken every update."""
        await self._updates.idle.wait()

    def _whom(self, who: Who) -> Person:
        return self.person(who) if isinstance(who, int) else who

    def _heard(self, bot: Bot, chat: Chat, bubble: Bubble, what: str) -> None:
        if bot is self.account and self.on_message is not None and what in ("sent", "edited"):
            self.on_message(chat.person.id, wire.message(bot, chat, bubble))
