"""A headless crowd for a demo: made-up people of seeded temperaments, who react to a bot in simulated time.

It decides only when somebody does what; it must never look inside the bot, only at what a phone shows.
"""

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from simulator.line import Line
from simulator.refusals import NotPossible

Json = dict[str, Any]
Buttons = list[list[Json]]
WEIGHTS: Final = {
    "eager": 40, "words": 15, "dawdler": 12, "skipper": 10, "stopper": 4, "leaver": 6, "blocker": 2, "silent": 6,
    "fumbler": 5,
}  # fmt: skip
"""How common each temperament is where none is told."""
_CONTROLS: Final = frozenset("rsbnd")
_TO_LATIN: Final = str.maketrans({
    "љ": "lj", "њ": "nj", "џ": "dž", "Љ": "Lj", "Њ": "Nj", "Џ": "Dž",
} | dict(zip("абвгдђежзијклмнопрстћуфхцчшАБВГДЂЕЖЗИЈКЛМНОПРСТЋУФХЦЧШ",
             "abvgdđežzijklmnoprstćufhcčšABVGDĐEŽZIJKLMNOPRSTĆUFHCČŠ", strict=True)))  # fmt: skip
_TO_ASCII: Final = str.maketrans("čćšžČĆŠŽ", "ccszCCSZ") | {ord("đ"): "dj", ord("Đ"): "Dj"}


@dataclass(slots=True)
class Somebody:
    """One made-up person and what has come of the conversation so far."""

    chat: int
    temperament: str
    chance: random.Random
    seen: int = 0
    """Questions that have come."""
    limit: int = 0
    """Questions until something else than answering happens."""
    paused: bool = False
    gone: bool = False
    old: tuple[int, str] | None = None
    """A button of an earlier question."""
    turn: int = 0
    """Rises with each message; what was meant for an older one is no longer done."""


Act = Callable[[], Any]


@dataclass(order=True, slots=True)
class _Due:
    at: datetime
    number: int
    somebody: Somebody = field(compare=False)
    turn: int | None = field(compare=False)
    act: Act = field(compare=False)


class Crowd:
    """Everybody, and what they mean to do. The bot's line is `bot`; the same seed gives the same crowd."""

    def __init__(self, bot: Line, seed: int) -> None:
        self._bot, self._seed = bot, seed
        self._people: dict[int, Somebody] = {}
        self._agenda: list[_Due] = []
        self._number = 0
        bot.on_message = self.hear

    def add(self, chat_id: int, payload: str, start_after: datetime, temperament: str | None = None) -> Somebody:
        """Somebody who presses Start within hours of this aware instant. Raises ValueError on no such temperament."""
        chance = random.Random(f"{self._seed}:{chat_id}")  # noqa: S311 - made-up people, repeatable on purpose
        kind = temperament or chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if kind not in WEIGHTS:
            raise ValueError(f"a temperament is one of {', '.join(WEIGHTS)}")
        somebody = self._people[chat_id] = Somebody(chat_id, kind, chance, limit=chance.randint(3, 8))
        at = start_after + timedelta(minutes=chance.randint(1, 600))
        self._plan(at, somebody, lambda: self._bot.start(chat_id, payload), lasts=True)
        return somebody

    def next_due(self) -> datetime | None:
        """When somebody means to do something next."""
        while self._agenda and self._stale(self._agenda[0]):
            heapq.heappop(self._agenda)
        return self._agenda[0].at if self._agenda else None

    async def act(self, now: datetime) -> int:
        """Do everything that is due; how much was done. What it leads to is planned, never done within."""
        ready = []
        while self._agenda and self._agenda[0].at <= now:
            ready.append(heapq.heappop(self._agenda))
        done = 0
        for due in ready:
            if self._stale(due):
                continue
            try:
                await due.act()
            except NotPossible:
                continue
            done += 1
        return done

    def _stale(self, due: _Due) -> bool:
        return due.somebody.gone or due.turn not in (None, due.somebody.turn)

    def _plan(self, at: datetime, somebody: Somebody, act: Act, *, lasts: bool = False) -> None:
        self._number += 1
        heapq.heappush(self._agenda, _Due(at, self._number, somebody, None if lasts else somebody.turn, act))

    def hear(self, chat: int, message: Json) -> None:
        """A message was sent or edited; plans what comes of it."""
        somebody = self._people.get(chat)
        rows: Buttons = message.get("reply_markup", {}).get("inline_keyboard", [])
        if somebody is None or not rows:
            return
        somebody.turn += 1
        codes = {_code(button): button for button in _buttons(rows)}
        for at, act in self._reaction(somebody, message["message_id"], rows, codes):
            self._plan(at, somebody, act)

    def _reaction(
        self, who: Somebody, number: int, rows: Buttons, codes: dict[str, Json]
    ) -> Iterator[tuple[datetime, Act]]:
        now = self._bot.world.now()
        soon = now + timedelta(seconds=who.chance.randint(4, 40))
        if "yes" in codes:
            agrees = who.chance.random() < 0.95
            yield soon, self._press(who, number, codes["yes" if agrees or "no" not in codes else "no"])
        elif "begin" in codes:
            yield from self._noticed(who, number, codes, now)
        else:
            who.seen += 1
            yield from self._asked(who, number, rows, now, soon)

    def _noticed(
        self, who: Somebody, number: int, codes: dict[str, Json], now: datetime
    ) -> Iterator[tuple[datetime, Act]]:
        who.seen = 0
        if who.temperament == "silent":
            return
        if who.temperament == "blocker":
            who.gone = False
            yield now + timedelta(hours=1), lambda: self._block(who)
            return
        wait = timedelta(minutes=who.chance.randint(1, 300))
        if who.temperament == "dawdler":
            wait += timedelta(days=who.chance.randint(1, 3))
        yield now + wait, self._press(who, number, codes["begin"])

    def _asked(
        self, who: Somebody, number: int, rows: Buttons, now: datetime, soon: datetime
    ) -> Iterator[tuple[datetime, Act]]:
        options = _options(rows)
        if not options:
            return
        chosen = who.chance.choice(options)
        at_limit = who.seen == who.limit
        if who.temperament == "stopper" and at_limit:
            yield soon, lambda: self._bot.type(who.chat, who.chance.choice(("STOP", "СТОП", "stop")))
        elif who.temperament == "leaver" and at_limit:
            yield soon, lambda: self._later(who, number, chosen)
        elif who.temperament == "fumbler" and who.seen % 4 == 2:
            yield soon, lambda: self._fumble(who)
            yield soon + timedelta(seconds=20), self._press(who, number, chosen)
        elif who.temperament == "words" and _code(chosen).startswith("c"):
            words = _spelled(who, str(chosen["text"]), options.index(chosen))
            yield soon, lambda: self._bot.type(who.chat, words)
        else:
            if who.temperament == "skipper" and who.chance.random() < 0.3:
                chosen = _skip(rows) or chosen
            late = timedelta(days=who.chance.randint(2, 4)) if who.temperament == "dawdler" and at_limit else None
            yield (now + late if late else soon), self._press(who, number, chosen)
        who.old = (number, str(chosen.get("callback_data", "")))

    def _press(self, who: Somebody, number: int, button: Json) -> Act:
        return lambda: self._bot.press(who.chat, number, str(button["callback_data"]))

    async def _fumble(self, who: Somebody) -> None:
        if who.old is not None:
            await self._bot.press(who.chat, *who.old)
        await self._bot.sticker(who.chat)

    async def _later(self, who: Somebody, number: int, chosen: Json) -> None:
        await self._bot.type(who.chat, "KASNIJE")
        back = self._bot.world.now() + timedelta(hours=who.chance.randint(5, 40))
        self._plan(back, who, self._press(who, number, chosen), lasts=True)

    async def _block(self, who: Somebody) -> None:
        who.gone = True
        await self._bot.block(who.chat)


def _buttons(rows: Buttons) -> Iterator[Json]:
    return (button for row in rows for button in row if "callback_data" in button)


def _code(button: Json) -> str:
    return str(button.get("callback_data", "")).rpartition(".")[2]


def _options(rows: Buttons) -> list[Json]:
    """What can be answered: the first column without controls; onward or done where there is nothing else."""
    firsts = [row[0] for row in rows if row and _code(row[0]) not in _CONTROLS | {"o", "later", ""}]
    if firsts:
        return firsts
    return [button for button in _buttons(rows) if _code(button) in ("o", "d")]


def _skip(rows: Buttons) -> Json | None:
    return next((button for button in _buttons(rows) if _code(button) in ("r", "s")), None)


def _spelled(who: Somebody, text: str, place: int) -> str:
    latin = text.translate(_TO_LATIN)
    return who.chance.choice((text, latin, latin.translate(_TO_ASCII), str(place + 1)))
