"""The interview engine: (form, state, what was said) → (new state, what changed). Pure, total and replayable.

It must never put an answer on another item than the one being asked, and never store a command as an answer.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from surveys.instruments import phrases
from surveys.instruments.form import Form
from surveys.instruments.hearing import NOT_APPLICABLE, Heard, contradicts, hear, hear_name, in_own_words, topic
from surveys.instruments.model import Item, Kind
from surveys.instruments.state import Ending, State
from surveys.instruments.wording import fill
from surveys.language.commands import Command, Topic, asked_language, command, doubtful
from surveys.language.danger import Danger, danger
from surveys.rules.risk import urgency_of
from surveys.rules.vocabulary import Missing, Urgency


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed. With `names`, exact choice names are understood too (scripts and forms)."""

    text: str
    names: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of the question shown at `turn`: a choice's name, or one of the `#` codes below."""

    turn: int
    code: str


SKIP, REFUSE, BACK, DONE, ONWARD = "#skip", "#refuse", "#back", "#done", "#on"
THESE = "#these "
"""Before the names of all that was ticked, where a whole form comes at once."""
Said = Typed | Pressed


@dataclass(frozen=True, slots=True)
class Change:
    """What is now stored for an item: a value, a missing code, or (both None) nothing any more."""

    item: str
    value: str | None = None
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A risk rule that an answer met (`item`), or words of danger typed anywhere (`danger`)."""

    urgency: Urgency
    item: str | None = None
    danger: Danger | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one thing said. `error` is for the person; `stale` means a button of an earlier question."""

    state: State
    accepted: bool = False
    error: str | None = None
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    command: Command | None = None
    stale: bool = False


def start(form: Form, language: str, facts: Mapping[str, str], now: datetime) -> State:
    """A new interview at its first item. Facts fill the hidden items of the same name; static defaults are set."""
    values = {item.name: item.default for item in form.instrument.items if item.default is not None}
    values |= {i.name: facts[i.name] for i in form.instrument.items if i.kind is Kind.HIDDEN and i.name in facts}
    state = State(digest=form.instrument.digest, language=language, facts=dict(facts), values=values)
    return _advance(form, state, now)


def step(form: Form, state: State, said: Said, now: datetime) -> Step:
    """Take one thing said. Any input is safe: what is not understood changes nothing and says so."""
    if state.ended or state.at is None:
        return Step(state, stale=True)
    if isinstance(said, Pressed):
        return _press(form, state, said, now)
    alarm = danger(said.text)
    result = _typed(form, state, said, now, alarmed=bool(alarm))
    if alarm is None or urgent_answer(result.findings):
        return result
    return replace(result, findings=(Finding(Urgency.URGENT, danger=alarm), *result.findings))


def urgent_answer(findings: Iterable[Finding]) -> bool:
    """Whether an answer was urgent itself ("претња оружјем", as offered): its words are no second alert."""
    return any(found.item and found.urgency is Urgency.URGENT for found in findings)


def open_topic(form: Form, state: State, now: datetime) -> Topic | None:
    """What the open question is about, where that makes some orders doubtful; None where no question is open."""
    if state.ended or state.at is None:
        return None
    item = _item(form, state)
    return topic(item, form.choices(item.name, state.values, now) if item.choices else (), state)


def resume(form: Form, state: State, now: datetime) -> State:
    """Go on after leaving: the same question under a new turn, with earlier buttons stale."""
    return replace(_advance(form, replace(state, ended=None), now), turn=state.turn + 1)


def _press(form: Form, state: State, said: Pressed, now: datetime) -> Step:
    if said.turn != state.turn:
        return Step(state, stale=True)
    item = _item(form, state)
    act = {SKIP: Command.SKIP, REFUSE: Command.REFUSE, BACK: Command.BACK}.get(said.code)
    if act:
        return _obey(form, state, act, "", now)
    if said.code == NOT_APPLICABLE:
        return _not_applicable(form, state, item, now)
    if item.kind is Kind.NOTE:
        return _pass(form, state, item, now) if said.code == ONWARD else Step(state, stale=True)
    if item.kind is Kind.SELECT_MULTIPLE and not said.code.startswith(THESE):
        return _tick(form, state, item, said.code, now)
    heard = hear_name(item, form.choices(item.name, state.values, now), said.code.removeprefix(THESE))
    return Step(state, stale=True) if heard.value is None else _answer(form, state, item, heard.value, now)


def _typed(form: Form, state: State, said: Typed, now: datetime, *, alarmed: bool) -> Step:
    item = _item(form, state)
    choices = form.choices(item.name, state.values, now)
    if said.names and item.choices is not None:
        named = hear_name(item, choices, said.text)
        if named.value is not None:
            return _answer(form, state, item, named.value, now)
    ordered = command(said.text, state.language)
    if ordered and doubtful(said.text, state.language, topic(item, choices, state)):
        return Step(state, error=phrases.unclear_order(state.language, open_text=item.kind is Kind.TEXT))
    if ordered:
        return _obey(form, state, ordered, said.text, now)
    return _heard(form, state, said, now, alarmed=alarmed)


def _heard(form: Form, state: State, said: Typed, now: datetime, *, alarmed: bool) -> Step:
    item = _item(form, state)
    if item.kind is Kind.NOTE:
        return _pass(form, state, item, now)
    if not said.text.strip():
        return _empty(form, state, item, now)
    closed = item.kind is not Kind.TEXT
    choices = form.choices(item.name, state.values, now)
    doubted = alarmed and closed and not in_own_words(item, choices, said.text, state)
    heard = Heard(None) if doubted else hear(item, choices, said.text, state, now.date())
    if heard.value is None:
        return Step(state, error=_unclear(item, state.language))
    if heard.value == NOT_APPLICABLE and item.not_applicable:
        return _not_applicable(form, state, item, now)
    return _answer(form, state, item, heard.value, now)


def _obey(form: Form, state: State, ordered: Command, text: str, now: datetime) -> Step:
    match ordered:
        case Command.WITHDRAW:
            return Step(replace(state, ended=Ending.WITHDRAWN), accepted=True, command=ordered)
        case Command.LEAVE:
            return Step(replace(state, ended=Ending.LEFT), accepted=True, command=ordered)
        case Command.SKIP | Command.REFUSE:
            return replace(_missing(form, state, ordered, now), command=ordered)
        case Command.BACK:
            return replace(_back(state), command=ordered)
        case Command.LANGUAGE:
            language = asked_language(text) or state.language
            return Step(replace(state, language=language), accepted=True, command=ordered)
        case Command.HELP:
            return Step(state, error=phrases.help_text(state.language), command=ordered)
        case _:
            return Step(state, command=ordered)


def _answer(form: Form, state: State, item: Item, value: str, now: datetime) -> Step:
    verdict = form.verdict(item.name, value, state.values, now)
    if not verdict.accepted:
        return Step(state, error=_objection(form, state, item, verdict.problem, now))
    if contradicts(item, form.choices(item.name, state.values, now) if item.choices else (), value, state):
        return Step(state, error=phrases.unclear_several(state.language))
    values = {**state.values, item.name: value}
    missing = {name: kind for name, kind in state.missing.items() if name != item.name}
    urgency = urgency_of(item.risks, value)
    found = (Finding(urgency, item=item.name),) if urgency else ()
    moved = _settle(form, replace(state, values=values, missing=missing), item, Change(item.name, value), now)
    return replace(moved, findings=found)


def _missing(form: Form, state: State, ordered: Command, now: datetime) -> Step:
    item = _item(form, state)
    if item.kind is Kind.NOTE:
        return _pass(form, state, item, now)
    return _leave_out(form, state, item, Missing.SKIPPED if ordered is Command.SKIP else Missing.REFUSED, now)


def _not_applicable(form: Form, state: State, item: Item, now: datetime) -> Step:
    if not item.not_applicable:
        return Step(state, stale=True)
    return _leave_out(form, state, item, Missing.NOT_APPLICABLE, now)


def _leave_out(form: Form, state: State, item: Item, kind: Missing, now: datetime) -> Step:
    values = {name: value for name, value in state.values.items() if name != item.name}
    missing = {**state.missing, item.name: kind}
    return _settle(form, replace(state, values=values, missing=missing), item, Change(item.name, missing=kind), now)


def _empty(form: Form, state: State, item: Item, now: datetime) -> Step:
    """An empty line keeps a default, skips what may be empty, and is refused where an answer is required."""
    kept = state.values.get(item.name)
    if kept is not None:
        return _answer(form, state, item, kept, now)
    verdict = form.verdict(item.name, "", state.values, now)
    if not verdict.accepted:
        return Step(state, error=_objection(form, state, item, verdict.problem, now))
    return _leave_out(form, state, item, Missing.SKIPPED, now)


def _tick(form: Form, state: State, item: Item, code: str, now: datetime) -> Step:
    choices = form.choices(item.name, state.values, now)
    if code == DONE:
        value = " ".join(choice.name for choice in choices if choice.name in state.picked)
        if value:
            return _answer(form, state, item, value, now)
        return Step(state, error=phrases.unclear_several(state.language))
    if code not in {choice.name for choice in choices}:
        return Step(state, stale=True)
    ticked = set(state.picked) ^ {code}
    picked = tuple(choice.name for choice in choices if choice.name in ticked)
    return Step(replace(state, picked=picked), accepted=True)


def _pass(form: Form, state: State, item: Item, now: datetime) -> Step:
    onward = replace(state, passed=_after(state, item), turn=state.turn + 1)
    return Step(_advance(form, onward, now), accepted=True)


def _settle(form: Form, state: State, item: Item, change: Change, now: datetime) -> Step:
    """Recompute what follows from a change: irrelevant answers are cleared, then the next item is found."""
    worked = form.evaluate(state.values, now)
    asked = {each.name for each in form.instrument.items if each.kind.asked}
    gone = tuple(
        Change(name) for name in [*state.values, *state.missing] if name in asked and name not in worked.relevant
    )
    lost = {each.item for each in gone}
    kept = replace(
        state,
        values={name: value for name, value in state.values.items() if name not in lost},
        missing={name: kind for name, kind in state.missing.items() if name not in lost},
        passed=tuple(name for name in _after(state, item) if name not in lost),
        picked=(),
        turn=state.turn + 1,
    )
    onward = _next(form, kept, worked.relevant) if not lost else _advance(form, kept, now)
    final = _calculated(form, onward, now) if onward.ended else ()
    return Step(onward, accepted=True, changes=(change, *gone, *final))


def _advance(form: Form, state: State, now: datetime) -> State:
    """The first asked, relevant item that was not gone through yet; the end where there is none."""
    return _next(form, state, form.evaluate(state.values, now).relevant)


def _next(form: Form, state: State, relevant: Collection[str]) -> State:
    for item in form.instrument.items:
        if item.kind.asked and item.name in relevant and item.name not in state.passed:
            return replace(state, at=item.name)
    return replace(state, at=None, ended=Ending.COMPLETE)


def _calculated(form: Form, state: State, now: datetime) -> tuple[Change, ...]:
    values = form.evaluate(state.values, now).values
    names = (item.name for item in form.instrument.items if item.kind is Kind.CALCULATE)
    return tuple(Change(name, values[name]) for name in names if values.get(name))


def _back(state: State) -> Step:
    if not state.passed:
        return Step(state, error=phrases.first_already(state.language))
    earlier = replace(state, at=state.passed[-1], passed=state.passed[:-1], picked=(), turn=state.turn + 1)
    return Step(earlier, accepted=True)


def _after(state: State, item: Item) -> tuple[str, ...]:
    return (*(name for name in state.passed if name != item.name), item.name)


def _item(form: Form, state: State) -> Item:
    assert state.at is not None
    return form.instrument.item(state.at)


def _objection(form: Form, state: State, item: Item, problem: str | None, now: datetime) -> str:
    language = state.language
    if problem == "required":
        own = form.required_message(item.name, language, state.values, now)
        return fill(own, state.facts, language) or phrases.needed(language)
    if problem == "constraint":
        own = form.constraint_message(item.name, language, state.values, now)
        return fill(own, state.facts, language) or phrases.not_allowed(language)
    return _unclear(item, language)


def _unclear(item: Item, language: str) -> str:
    match item.kind:
        case Kind.SELECT_ONE:
            return phrases.unclear_count(language) if item.counts else phrases.unclear_choice(language)
        case Kind.SELECT_MULTIPLE:
            return phrases.unclear_several(language)
        case Kind.DATE:
            return phrases.unclear_date(language)
        case _:
            return phrases.unclear_number(language)
