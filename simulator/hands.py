"""What people do on their phones: press Start, type, press buttons, send a sticker, block. Each makes the update that
Telegram would make; what a phone would not let one do raises `NotPossible`."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from simulator import wire
from simulator.refusals import NotPossible
from simulator.telegram import BotApi
from simulator.world import Bot, Bubble, Chat, Person, Query

Json = dict[str, Any]
LONGEST: Final = 4096
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}\Z", re.ASCII)
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{1,64})?", re.ASCII)
STICKER: Final[Json] = {
    "file_id": "CAACAgQAAxkBAAEsticker", "file_unique_id": "AgADsticker", "type": "regular", "width": 512,
    "height": 512, "is_animated": False, "is_video": False, "emoji": "👍",
}  # fmt: skip
VOICE: Final[Json] = {"file_id": "AwACAgQAAxkBAAEvoice", "file_unique_id": "AgADvoice", "duration": 3}
PHOTO: Final[list[Json]] = [
    {"file_id": "AgACAgQAAxkBAAEphoto", "file_unique_id": "AQADphoto", "width": 90, "height": 67}
]
EXTRAS: Final[Mapping[str, Any]] = {"sticker": STICKER, "voice": VOICE, "photo": PHOTO}


class Hands:
    """The hands of everybody, over all bots of one server."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._world = api.world

    def start(self, bot: Bot, person: Person, payload: str = "") -> int:
        """Press Start, with a deep link's payload where there is one. Also lifts a block. The message's id."""
        if not _PAYLOAD.match(payload):
            raise NotPossible("a link carries at most 64 of A-Z a-z 0-9 _ and -")
        chat = self._present(bot, person)
        if chat.blocked:
            self.unblock(bot, person)
        chat.started = True
        return self.type(bot, person, f"/start {payload}".strip())[0]

    def follow(self, person: Person, link: str) -> int:
        """Press Start by a t.me link. The message's id."""
        parts = urlsplit(link)
        name = parts.path.strip("/")
        bot = next((bot for bot in self._world.bots.values() if bot.username == name), None)
        if bot is None:
            raise NotPossible("no bot has this link")
        return self.start(bot, person, parse_qs(parts.query).get("start", [""])[0])

    def type(self, bot: Bot, person: Person, text: str) -> list[int]:
        """Type and send; what is longer than a message becomes several. Their ids."""
        chat = self._open(bot, person)
        text = text.strip()
        if not text:
            raise NotPossible("there is nothing to send")
        parts = [text[at : at + LONGEST] for at in range(0, len(text), LONGEST)]
        return [self._say(bot, chat, Bubble(0, 0, by_bot=False, text=part, extra=_commands(part))) for part in parts]

    def send(self, bot: Bot, person: Person, kind: str) -> int:
        """Send a `sticker`, a `voice` message or a `photo`. Its id."""
        if kind not in EXTRAS:
            raise NotPossible(f"one can send {', '.join(EXTRAS)}")
        extra = {kind: EXTRAS[kind]}
        return self._say(bot, self._open(bot, person), Bubble(0, 0, by_bot=False, kind=kind, extra=extra))

    def forward(self, bot: Bot, person: Person, text: str) -> int:
        """Forward somebody else's message. Its id."""
        origin = {"type": "hidden_user", "date": self._world.seconds(), "sender_user_name": "Somebody"}
        bubble = Bubble(0, 0, by_bot=False, text=text, kind="forward", extra={"forward_origin": origin})
        return self._say(bot, self._open(bot, person), bubble)

    def edit(self, bot: Bot, person: Person, number: int, text: str) -> None:
        """Change one's own message."""
        chat = self._open(bot, person)
        bubble = chat.bubbles.get(number)
        if bubble is None or bubble.by_bot or not bubble.shown or bubble.kind != "text" or not text.strip():
            raise NotPossible("one can edit one's own texts only")
        bubble.text, bubble.edited = text.strip()[:LONGEST], self._world.seconds()
        self._put(bot, chat, "edited_message", wire.message(bot, chat, bubble))
        self._world.changed(person.id)

    def press(
        self, bot: Bot, person: Person, *, data: str = "", label: str = "", number: int | None = None,
        stale: bool = False,
    ) -> Json:  # fmt: skip
        """Press a button, found by its data or label, on that message or the newest that has it. `stale`: the phone
        still showed a button that the bot has taken off meanwhile. Gives {"query"} or, for a link, {"url"}."""
        chat = self._open(bot, person)
        bubble, button = _found(chat, data, label, number) or _stale(chat, data, number, stale)
        self.read(bot, person)
        if "callback_data" not in button:
            return {"url": button.get("url", "")}
        bot.last_query += 1
        query = str(bot.id * 1_000_000 + bot.last_query)
        bot.queries[query] = Query(chat, self._world.seconds())
        self._put(bot, chat, "callback_query", {
            "id": query, "from": wire.user(person), "message": wire.message(bot, chat, bubble),
            "chat_instance": str(person.id * 7919), "data": button["callback_data"],
        })  # fmt: skip
        return {"query": query}

    def block(self, bot: Bot, person: Person) -> None:
        """Stop the bot."""
        chat = self._present(bot, person)
        if not chat.blocked:
            chat.blocked = True
            self._member(bot, chat, "member", "kicked")

    def unblock(self, bot: Bot, person: Person) -> None:
        """Let the bot write again."""
        chat = self._present(bot, person)
        if chat.blocked:
            chat.blocked = False
            self._member(bot, chat, "kicked", "member")

    def clear(self, bot: Bot, person: Person) -> None:
        """Delete the chat on one's own phone; the bot hears nothing of it."""
        for bubble in self._present(bot, person).bubbles.values():
            bubble.hidden = True
        self._world.changed(person.id)

    def leave(self, person: Person) -> None:
        """Delete the account."""
        person.gone = True
        self._world.changed(person.id)

    def read(self, bot: Bot, person: Person) -> None:
        """Open the chat: everything in it is read."""
        unread = [bubble for bubble in self._world.chat(bot, person).shown() if bubble.by_bot and not bubble.read]
        for bubble in unread:
            bubble.read = True
        if unread:
            self._world.changed(person.id)

    def _present(self, bot: Bot, person: Person) -> Chat:
        if person.gone:
            raise NotPossible("this account was deleted")
        return self._world.chat(bot, person)

    def _open(self, bot: Bot, person: Person) -> Chat:
        chat = self._present(bot, person)
        if not chat.started:
            raise NotPossible("press Start first")
        if chat.blocked:
            raise NotPossible("the bot is blocked; Start lifts it")
        return chat

    def _say(self, bot: Bot, chat: Chat, bubble: Bubble) -> int:
        self.read(bot, chat.person)
        bubble.number, bubble.date, bubble.read = bot.next_bubble(), self._world.seconds(), True
        chat.bubbles[bubble.number] = bubble
        self._put(bot, chat, "message", wire.message(bot, chat, bubble))
        self._world.changed(chat.person.id)
        return bubble.number

    def _member(self, bot: Bot, chat: Chat, before: str, after: str) -> None:
        def member(status: str) -> Json:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"user": wire.bot_user(bot), "status": status} | until

        self._put(bot, chat, "my_chat_member", {
            "chat": wire.private_chat(chat.person), "from": wire.user(chat.person), "date": self._world.seconds(),
            "old_chat_member": member(before), "new_chat_member": member(after),
        })  # fmt: skip
        self._world.changed(chat.person.id)

    def _put(self, bot: Bot, chat: Chat, kind: str, body: Json) -> None:
        self._api.updates(bot).put(kind, body, chat.person.id)


def _commands(text: str) -> Json:
    found = _COMMAND.match(text)
    return {"entities": [{"type": "bot_command", "offset": 0, "length": found.end()}]} if found else {}


def _found(chat: Chat, data: str, label: str, number: int | None) -> tuple[Bubble, Json] | None:
    for bubble in reversed(chat.bubbles.values()):
        if not bubble.shown or number not in (None, bubble.number):
            continue
        for button in (button for row in bubble.keyboard for button in row):
            if (data and button.get("callback_data") == data) or (label and button["text"] == label):
                return bubble, button
    return None


def _stale(chat: Chat, data: str, number: int | None, stale: bool) -> tuple[Bubble, Json]:
    bubble = chat.bubbles.get(number or 0)
    if not stale or bubble is None or not bubble.by_bot or not data:
        raise NotPossible("there is no such button")
    return bubble, {"callback_data": data}
