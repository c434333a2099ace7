"""What exists: people, bots, their chats and every bubble in them. Holds state only; decides nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.clock import Clock
from simulator.ledger import Ledger

Json = dict[str, Any]
Heard = Callable[["Bot", "Chat", "Bubble", str], None]
"""Called when something happens to a bubble: `sent`, `edited`, `deleted`."""


@dataclass(slots=True)
class Person:
    """Somebody with a phone."""

    id: int
    first_name: str
    language: str = "sr"
    last_name: str = ""
    username: str = ""
    link: str = ""
    """A deep link that this person was given; Start on the phone presses it."""
    gone: bool = False
    """The account was deleted."""


@dataclass(slots=True)
class Bubble:
    """One message of a chat."""

    number: int
    date: int
    by_bot: bool
    text: str = ""
    kind: str = "text"
    keyboard: list[list[Json]] = field(default_factory=list)
    silent: bool = False
    protected: bool = False
    preview_off: bool = False
    edited: int = 0
    deleted: bool = False
    """For everybody, by the bot."""
    hidden: bool = False
    """For the person, who cleared the chat."""
    read: bool = False
    extra: Json = field(default_factory=dict)
    """More of the Bot API's Message (sticker, voice, forward_origin, entities)."""

    @property
    def shown(self) -> bool:
        """Whether the person still sees it."""
        return not self.deleted and not self.hidden


@dataclass(slots=True)
class Chat:
    """A person's private chat with one bot."""

    person: Person
    bubbles: dict[int, Bubble] = field(default_factory=dict)
    started: bool = False
    blocked: bool = False
    toast: Json = field(default_factory=dict)
    """The last answer to a press that showed something."""
    typed_keyboard: list[list[str]] = field(default_factory=list)
    """A reply keyboard: each button types its text."""

    def shown(self) -> Iterator[Bubble]:
        """What the person sees, oldest first."""
        return (bubble for bubble in self.bubbles.values() if bubble.shown)


@dataclass(slots=True)
class Query:
    """A press that waits for the bot's answer."""

    chat: Chat
    date: int
    answered: bool = False


@dataclass(slots=True)
class Bot:
    """One bot's account."""

    id: int
    token: str
    name: str
    username: str
    chats: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    settings: dict[tuple[str, str], Any] = field(default_factory=dict)
    """(what, language or scope and language) → what was set."""
    last_bubble: int = 0
    last_query: int = 0

    def next_bubble(self) -> int:
        """Message ids count per account."""
        self.last_bubble += 1
        return self.last_bubble

    def called(self, language: str) -> str:
        """The name as a person of this language sees it."""
        return str(self.settings.get(("name", language)) or self.settings.get(("name", "")) or self.name)


class World:
    """Everything of one simulator."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.bots: dict[str, Bot] = {}
        self.people: dict[int, Person] = {}
        self.ledger = Ledger()
        self.heard: list[Heard] = []
        self.watchers: list[Callable[[int], None]] = []
        """Told the id of each person whose phone changed."""

    def now(self) -> datetime:
        """The simulated instant."""
        return self.clock.now()

    def seconds(self) -> int:
        """The simulated instant as Unix time, as the Bot API writes dates."""
        return int(self.clock.now().timestamp())

    def add_bot(self, token: str, name: str = "Upitnik", username: str = "") -> Bot:
        """An account for this token; the one that is there already, if there is one."""
        if token not in self.bots:
            number = int(token.partition(":")[0])
            self.bots[token] = Bot(number, token, name, username or f"upitnik{number % 10000:04}_bot")
        return self.bots[token]

    def bot(self, number: int | None = None) -> Bot:
        """By its id; the first one where none is named. Raises KeyError."""
        for bot in self.bots.values():
            if number is None or bot.id == number:
                return bot
        raise KeyError(number)

    def add_person(self, first_name: str, *, number: int | None = None, **told: Any) -> Person:
        """A new person; ids are given unless `number` says one."""
        number = number or max(self.people, default=700_000_000) + 1
        self.people[number] = Person(number, first_name, **told)
        self.changed(number)
        return self.people[number]

    def chat(self, bot: Bot, person: Person) -> Chat:
        """Their chat, empty where there was none yet."""
        return bot.chats.get(person.id) or bot.chats.setdefault(person.id, Chat(person))

    def happened(self, bot: Bot, chat: Chat, bubble: Bubble, what: str) -> None:
        """Tell whoever listens."""
        for listener in self.heard:
            listener(bot, chat, bubble, what)
        self.changed(chat.person.id)

    def changed(self, person: int) -> None:
        """A person's phone shows something else now."""
        for watcher in self.watchers:
            watcher(person)
