"""The synthetic men at their phones: each of a temperament, drawn by seed. They know only what a phone shows.

They react to bubbles, in simulated time; nothing here reads the side's records.
"""

import heapq
import itertools
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from posle.demo.truth import CALM, Truth, his_answer
from simulator.refusals import NotPossible
from simulator.server import Running
from simulator.world import Bot, Bubble, Chat, Person


class Temperament(StrEnum):
    """How somebody answers."""

    EAGER = "eager"
    WORDS = "words"
    SKIPPER = "skipper"
    DAWDLER = "dawdler"
    FUMBLER = "fumbler"
    LEAVER = "leaver"
    DECLINER = "decliner"
    STOPPER = "stopper"
    BLOCKER = "blocker"
    SILENT = "silent"


_WEIGHTS = {
    Temperament.EAGER: 34,
    Temperament.WORDS: 14,
    Temperament.SKIPPER: 8,
    Temperament.DAWDLER: 8,
    Temperament.FUMBLER: 5,
    Temperament.LEAVER: 6,
    Temperament.DECLINER: 5,
    Temperament.STOPPER: 4,
    Temperament.BLOCKER: 3,
    Temperament.SILENT: 13,
}
_CONTROLS = (".s", ".r", ".b", ".n", ".o", ".d", ".no", "later")


@dataclass(order=True, slots=True)
class _Due:
    at: datetime
    turn: int
    person: int = field(compare=False)
    act: str = field(compare=False)
    bubble: int = field(compare=False, default=0)


@dataclass(slots=True)
class _Man:
    person: Person
    temper: Temperament
    truth: Truth
    asked: int = 0
    paused: bool = False


class Crowd:
    """Everybody's hands. `act` does what is due; what the bot shows is answered after a delay that fits the man."""

    def __init__(self, running: Running, seed: int) -> None:
        self._running, self._bot = running, running.world.bot()
        self._chance = random.Random(seed)  # noqa: S311 - made-up people, repeatable on purpose
        self._men: dict[int, _Man] = {}
        self._due: list[_Due] = []
        self._turns = itertools.count()
        running.world.heard.append(self._heard)

    def add(self, number: int, payload: str, at: datetime, truth: Truth = CALM) -> None:
        """A new man with a deep link, who presses Start some time after `at`, or never."""
        temper = self._chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        person = self._running.world.add_person(f"Osoba {number}", number=number, link=payload)
        self._men[number] = _Man(person, temper, truth)
        if temper is not Temperament.SILENT or self._chance.random() < 0.6:
            self._put(at + timedelta(minutes=self._chance.randrange(5, 3 * 24 * 60)), number, "start")

    def next_due(self) -> datetime | None:
        """When somebody will do something next."""
        return self._due[0].at if self._due else None

    def act(self, until: datetime) -> int:
        """Do everything that is due by then; how much it was."""
        done = 0
        while self._due and self._due[0].at <= until:
            self._do(heapq.heappop(self._due))
            done += 1
        return done

    def _put(self, at: datetime, number: int, act: str, bubble: int = 0) -> None:
        heapq.heappush(self._due, _Due(at, next(self._turns), number, act, bubble))

    def _soon(self, number: int, act: str, bubble: int, low: float = 4, high: float = 40) -> None:
        delay = timedelta(seconds=self._chance.uniform(low, high))
        self._put(self._running.world.now() + delay, number, act, bubble)

    def _heard(self, _: Bot, chat: Chat, bubble: Bubble, what: str) -> None:
        """Something happened on a phone: a question, or the notice, is met as the man is."""
        man = self._men.get(chat.person.id)
        if man is None or what not in ("sent", "edited") or not bubble.by_bot or not bubble.keyboard:
            return
        shown = [button.get("callback_data", "") for row in bubble.keyboard for button in row]
        if "begin" in shown:
            self._noticed(man, bubble)
        elif shown[0].endswith(".yes"):
            self._soon(man.person.id, "no" if man.temper is Temperament.DECLINER else "yes", bubble.number)
        else:
            man.asked += 1
            self._asked(man, bubble)

    def _noticed(self, man: _Man, bubble: Bubble) -> None:
        match man.temper:
            case Temperament.SILENT:
                return
            case Temperament.BLOCKER:
                self._soon(man.person.id, "block", bubble.number)
            case Temperament.DAWDLER:
                self._soon(man.person.id, "begin", bubble.number, 86_400, 6 * 86_400)
            case _:
                self._soon(man.person.id, "begin", bubble.number, 60, 6 * 3600)

    def _asked(self, man: _Man, bubble: Bubble) -> None:
        number, draw = man.person.id, self._chance.random()
        match man.temper:
            case Temperament.STOPPER if man.asked == 4:
                self._soon(number, "stop", bubble.number)
            case Temperament.LEAVER if man.asked == 5 and not man.paused:
                man.paused = True
                self._soon(number, "leave", bubble.number)
            case Temperament.DAWDLER if man.asked % 5 == 0 and draw < 0.8:
                if draw < 0.65:
                    self._soon(number, "choose", bubble.number, 86_400, 4 * 86_400)
            case Temperament.SKIPPER if draw < 0.35:
                self._soon(number, "skip", bubble.number)
            case Temperament.WORDS:
                self._soon(number, "type", bubble.number)
            case Temperament.FUMBLER if draw < 0.3:
                self._soon(number, "sticker", bubble.number)
            case _:
                self._soon(number, "choose", bubble.number)

    def _do(self, due: _Due) -> None:
        man = self._men[due.person]
        try:
            self._hands(man, due)
        except NotPossible:
            return  # the bubble went away meanwhile, or the bot is blocked: a phone would not let one do it either

    def _hands(self, man: _Man, due: _Due) -> None:
        hands, bot, person = self._running.hands, self._bot, man.person
        match due.act:
            case "start":
                hands.follow(person, person.link)
            case "block":
                hands.block(bot, person)
            case "sticker":
                hands.send(bot, person, "sticker")
            case "stop":
                hands.type(bot, person, "STOP")
            case "leave":
                hands.type(bot, person, "kasnije")
                self._put(due.at + timedelta(days=1), person.id, "return")
            case "return":
                hands.type(bot, person, "DA")
            case "type":
                hands.type(bot, person, self._words(due.bubble, person))
            case _:
                hands.press(bot, person, data=self._button(due, person), number=due.bubble)

    def _bubble(self, number: int, person: Person) -> Bubble:
        bubble = self._bot.chats[person.id].bubbles.get(number)
        if bubble is None or not bubble.keyboard:
            raise NotPossible("the buttons are gone")
        return bubble

    def _button(self, due: _Due, person: Person) -> str:
        shown = self._shown(due.bubble, person)
        wanted = {"yes": ".yes", "no": ".no", "skip": ".s", "begin": "begin"}.get(due.act)
        options = [each for each in shown if wanted and each.endswith(wanted)]
        return options[0] if options else self._answer(due.bubble, person)

    def _shown(self, number: int, person: Person) -> dict[str, str]:
        return {str(b["callback_data"]): str(b["text"]) for row in self._bubble(number, person).keyboard for b in row}

    def _answer(self, number: int, person: Person) -> str:
        """The answer that fits his truth, of the answers proper; where there is none, the way on."""
        shown = self._shown(number, person)
        answers = [each for each in shown if not each.endswith(_CONTROLS)]
        if not answers:
            return next((each for each in shown if each.endswith(".o")), next(iter(shown)))
        text = self._bubble(number, person).text
        labels = [shown[each] for each in answers]
        return answers[his_answer(text, labels, self._men[person.id].truth, self._chance)]

    def _words(self, number: int, person: Person) -> str:
        """What one would type instead of pressing: the option's own words, without the letter or number before them."""
        shown, data = self._shown(number, person), self._answer(number, person)
        return shown[data].partition(" ")[2] or shown[data]
