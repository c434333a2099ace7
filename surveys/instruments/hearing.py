"""From what a person typed to one item's value.

Closed sets only: in doubt it is unclear and is asked again, never guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from surveys.instruments.model import Choice, Item, Kind
from surveys.instruments.phrases import not_applicable
from surveys.instruments.state import State
from surveys.instruments.wording import fill, in_language
from surveys.language.commands import Topic
from surveys.language.offered import comparable, excluding, measures
from surveys.language.reply import Chosen, Option, Reason, Unclear, understand, understand_date, understand_number

NOT_APPLICABLE = "#na"
LONGEST_TEXT = 2000
_CALLS = "help"
"""The construct of items that offer a call."""


@dataclass(frozen=True, slots=True)
class Heard:
    """`value` is an ODK string; `None` where the reply was not understood."""

    value: str | None


def hear(item: Item, choices: Sequence[Choice], text: str, state: State, today: date) -> Heard:
    """Understand a typed reply to `item`, whose open choices are `choices`, worded for the person in `state`."""
    match item.kind:
        case Kind.SELECT_ONE | Kind.SELECT_MULTIPLE:
            return _closed(item, choices, text, state)
        case Kind.INTEGER | Kind.DECIMAL | Kind.RANGE:
            return _number(item, text)
        case Kind.DATE:
            day = understand_date(text, today)
            return Heard(None if isinstance(day, Unclear) else day.isoformat())
        case _:
            return Heard(text.strip()[:LONGEST_TEXT])


def hear_name(item: Item, choices: Sequence[Choice], text: str) -> Heard:
    """A reply given as exact choice names (several separated by spaces), as scripts and forms do."""
    names = text.split()
    known = {choice.name for choice in choices}
    if not names or not known.issuperset(names) or len(set(names)) != len(names):
        return Heard(None)
    if item.kind is Kind.SELECT_ONE and len(names) != 1:
        return Heard(None)
    return Heard(_in_order(choices, names))


def options(item: Item, choices: Sequence[Choice], state: State) -> list[Option]:
    """What a typed reply can mean, in the order shown."""
    shown = [Option(each.name, _label(each, state), each.low, each.high) for each in choices]
    if item.not_applicable:
        shown.append(Option(NOT_APPLICABLE, not_applicable(state.language)))
    return shown


def in_own_words(item: Item, choices: Sequence[Choice], text: str, state: State) -> bool:
    """Whether `text` is one offered answer as it is written, in either script: words that were offered warn of nothing
    more than the answer does."""
    typed = comparable(text)
    return sum(comparable(each.label) == typed for each in options(item, choices, state)) == 1


def topic(item: Item, choices: Sequence[Choice], state: State) -> Topic | None:
    """What the item is about, where that makes some orders doubtful."""
    if item.construct == _CALLS:
        return Topic.CALLS
    if item.kind is Kind.TEXT:
        return Topic.WORDS
    if measures([_label(each, state) for each in choices]):
        return Topic.AMOUNTS
    return Topic.HARM if item.counts and item.risks else None


def contradicts(item: Item, choices: Sequence[Choice], value: str, state: State) -> bool:
    """Whether several were chosen and one of them says that none of the others is so."""
    names = value.split()
    if item.kind is not Kind.SELECT_MULTIPLE or len(names) < 2:
        return False
    none = excluding(_label(each, state) for each in choices)
    return any(choices[place].name in names for place in none)


def _label(choice: Choice, state: State) -> str:
    return fill(in_language(choice.labels, state.language), state.facts, state.language)


def _closed(item: Item, choices: Sequence[Choice], text: str, state: State) -> Heard:
    meant = _meant(item, options(item, choices, state), text, state)
    shortened = _shortened(choices, state)
    if shortened and isinstance(meant, Unclear) and meant.reason in (Reason.UNKNOWN, Reason.NEGATION):
        meant = _meant(item, [shortened.get(each.name, each) for each in options(item, choices, state)], text, state)
    if not isinstance(meant, Chosen):
        return Heard(None)
    if NOT_APPLICABLE in meant.names:
        return Heard(NOT_APPLICABLE if len(meant.names) == 1 else None)
    return Heard(_in_order(choices, meant.names))


def _meant(item: Item, offered: Sequence[Option], text: str, state: State) -> Chosen | Unclear:
    several, grave = item.kind is Kind.SELECT_MULTIPLE, bool(item.risks)
    return understand(text, offered, counts=item.counts, multiple=several, language=state.language, grave=grave)


def _shortened(choices: Sequence[Choice], state: State) -> dict[str, Option]:
    """The options as an SMS may have shown them, where that is shorter."""
    return {
        each.name: Option(each.name, fill(short, state.facts, state.language), each.low, each.high)
        for each in choices
        if (short := each.sms.get(state.language))
    }


def _in_order(choices: Sequence[Choice], names: Sequence[str]) -> str:
    return " ".join(choice.name for choice in choices if choice.name in names)


def _number(item: Item, text: str) -> Heard:
    number = understand_number(text)
    if isinstance(number, Unclear):
        return Heard(None)
    whole = number == number.to_integral_value()
    if item.kind is Kind.INTEGER and not whole:
        return Heard(None)
    return Heard(_plain(number, whole=whole))


def _plain(number: Decimal, *, whole: bool) -> str:
    return str(int(number)) if whole else format(number.normalize(), "f")
