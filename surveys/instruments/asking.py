"""What is to be shown for the question that an interview stands at: words and choices, no channel.

It never shows an earlier answer.
"""

from dataclasses import dataclass
from datetime import datetime

from surveys.instruments.form import Form
from surveys.instruments.model import Kind
from surveys.instruments.state import State
from surveys.instruments.wording import fill, in_language


@dataclass(frozen=True, slots=True)
class Offered:
    """One choice as shown. `ticked` only where several may be chosen."""

    name: str
    label: str
    ticked: bool = False
    short: str = ""
    """Shorter words for an SMS in whole letters; empty where there are none."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The current question in the person's language; `position` of `total` counts what is asked, notes left out."""

    item: str
    kind: Kind
    turn: int
    text: str
    hint: str
    choices: tuple[Offered, ...]
    counts: bool
    not_applicable: bool
    may_go_back: bool
    position: int
    total: int
    short: str = ""
    """Shorter words for an SMS in whole letters; empty where there are none."""


def ask(form: Form, state: State, now: datetime) -> Ask | None:
    """The question at which `state` stands; None where the interview has ended."""
    if state.at is None:
        return None
    item, language = form.instrument.item(state.at), state.language
    shown = form.choices(item.name, state.values, now) if item.choices else ()
    position, total = progress(form, state, now)
    return Ask(
        item=item.name,
        kind=item.kind,
        turn=state.turn,
        text=fill(form.label(item.name, language, state.values, now), state.facts, language),
        hint=fill(form.hint(item.name, language, state.values, now), state.facts, language),
        choices=tuple(
            Offered(
                c.name,
                fill(in_language(c.labels, language), state.facts, language),
                c.name in state.picked,
                fill(c.sms.get(language, ""), state.facts, language),
            )
            for c in shown
        ),
        counts=item.counts,
        not_applicable=item.not_applicable,
        may_go_back=bool(state.passed),
        position=position,
        total=total,
        short=fill(form.short(item.name, language, state.values, now), state.facts, language),
    )


def progress(form: Form, state: State, now: datetime) -> tuple[int, int]:
    """Which question this is, of how many that are asked as things stand (it may grow or shrink with the answers)."""
    relevant = form.evaluate(state.values, now).relevant
    asked = [i.name for i in form.instrument.items if i.kind.asked and i.kind is not Kind.NOTE and i.name in relevant]
    passed = sum(name in state.passed for name in asked)
    return min(passed + 1, len(asked)), len(asked)
