"""Plays an instrument outside any database: nothing that is typed is kept, nobody is written to, no rule is skipped.

Facts that are not given stand in for a person of whom nothing is recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from surveys.instruments import engine, phrases
from surveys.instruments.asking import Ask, ask
from surveys.instruments.engine import Step, Typed
from surveys.instruments.form import Form
from surveys.instruments.model import Kind
from surveys.instruments.state import Ending, State
from surveys.library import TextMissing, load_library
from surveys.rules.vocabulary import Side
from surveys.steps.facts import called

_WINDOW = timedelta(days=90)


class LanguageMissing(ValueError):
    """The instrument does not have the language that was asked for; the message says which it has."""


@dataclass(slots=True)
class Play:
    """One interview under way. `now` stays where it began."""

    form: Form
    state: State
    now: datetime
    given: set[str] = field(default_factory=set)
    """Items with an answer of the person's own; going back takes none of them away."""

    @property
    def ask(self) -> Ask | None:
        """The question that is open; `None` at the end."""
        return None if self.state.ended else ask(self.form, self.state, self.now)

    def hear(self, text: str) -> Step:
        """Take what was typed, or the names of choices."""
        heard = engine.step(self.form, self.state, Typed(text, names=True), self.now)
        self.state = heard.state
        for change in heard.changes:
            (self.given.add if change.value is not None else self.given.discard)(change.item)
        return heard

    def objection(self, heard: Step) -> str | None:
        """Why it was not taken; something also where the conversation, not the engine, would answer."""
        return None if heard.accepted else heard.error or phrases.not_allowed(self.state.language)

    @property
    def answers(self) -> dict[str, str]:
        """What was answered so far and, at the end, what was calculated from it. Missing codes are no answers."""
        kinds = {item.name: item.kind for item in self.form.instrument.items}
        given = {name: value for name, value in self.state.values.items() if name in self.given}
        if self.state.ended is Ending.COMPLETE:
            worked = self.form.evaluate(self.state.values, self.now).values
            given |= {name: worked[name] for name in kinds if kinds[name] is Kind.CALCULATE and worked.get(name)}
        return given


def begin(form: Form, language: str | None, facts: Mapping[str, str], now: datetime) -> Play:
    """A play at its first item. Facts that are not given stand in for a person of whom nothing is recorded."""
    instrument = form.instrument
    chosen = language or instrument.default_language
    if language and language not in instrument.languages and "default" not in instrument.languages:
        raise LanguageMissing(f"this instrument is not in {language!r}; it is in {', '.join(instrument.languages)}")
    own = {name: fact for name, fact in _stand_in(chosen, now).items() if name.partition(":")[0] not in facts}
    return Play(form, engine.start(form, chosen, own | dict(facts), now), now)


def _stand_in(language: str, now: datetime) -> dict[str, str]:
    start = (now.date() - _WINDOW).isoformat()
    facts = {"wave": "m3", "earlier_missed": "no", "gender": "unknown", "other_gender": "unknown"}
    return facts | _other_word(language) | {"window_start": start, "completed_on": start}


def _other_word(language: str) -> dict[str, str]:
    library = load_library(Side.EX_PERPETRATORS)
    try:
        return called(library, None, None, language)
    except TextMissing:
        return called(library, None, None, "sr_Latn")
