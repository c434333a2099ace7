"""A compiled instrument ready to be filled: relevance, calculations, constraints and choices of one moment's answers.

Shared by everybody and without any person's state; the same values and moment always give the same result.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from surveys.instruments.binding import Bound, bind
from surveys.instruments.model import Choice, Instrument, Item, Kind
from surveys.instruments.wording import in_language
from surveys.instruments.xpath.parse import Moment
from surveys.instruments.xpath.values import to_boolean, to_string

Problem = Literal["type", "constraint", "required", "choice"]

_INTEGER = re.compile(r"-?\d{1,9}")
_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,12})?")
_OUTPUT = re.compile(r"\$\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`values` by item name, without the irrelevant and what a filter no longer offers, with the calculated;
    `relevant` names what is asked or stored."""

    values: Mapping[str, str]
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a value may stand for an item, and what is wrong where it may not."""

    accepted: bool
    problem: Problem | None = None


_FINE = Verdict(True)


class Form:
    """Evaluates one published instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self._bound: tuple[Bound, ...] = bind(instrument)
        self._by_name = {each.item.name: each for each in self._bound}
        self._plain = all(each.relevant is each.calculation is each.choice_filter is None for each in self._bound)
        self._everything = frozenset(each.item.name for each in self._bound)

    def evaluate(self, values: Mapping[str, str], now: datetime) -> Evaluation:
        """Clear what is irrelevant and recompute what depends on it, in the order of dependence."""
        if self._plain:
            return Evaluation(_known(values, self._everything), self._everything)
        moment, relevant, kept = Moment({}, now), set(), {}
        seen: dict[str, str] = {each.item.path: values.get(each.item.name, "") for each in self._bound}
        moment.values = seen
        for each in self._bound:
            value = self._settled(each, seen[each.item.path], moment)
            seen[each.item.path] = value or ""
            if value is not None:
                relevant.add(each.item.name)
            if value:
                kept[each.item.name] = value
        return Evaluation(kept, frozenset(relevant))

    def _settled(self, bound: Bound, value: str, moment: Moment) -> str | None:
        """The node's value now; None where it is irrelevant."""
        if bound.relevant is not None and not to_boolean(bound.relevant(moment)):
            return None
        if bound.calculation is not None:
            return to_string(bound.calculation(moment))
        if bound.choice_filter is not None and value:
            offered = {choice.name for choice in self._open(bound, moment)}
            return " ".join(name for name in value.split() if name in offered)
        return value

    def verdict(self, name: str, value: str, values: Mapping[str, str], now: datetime) -> Verdict:
        """Whether `value` may be stored for the item beside the other `values`; KeyError for an unknown item."""
        bound = self._by_name[name]
        moment = self._moment({**values, name: value}, now)
        if value == "":
            missing = bound.required is not None and to_boolean(bound.required(moment))
            return Verdict(False, "required") if missing else _FINE
        problem = self._mistyped(bound, value, moment)
        if problem:
            return Verdict(False, problem)
        moment.values = {**moment.values, bound.item.path: value}
        if bound.constraint is not None and not to_boolean(bound.constraint(moment)):
            return Verdict(False, "constraint")
        return _FINE

    def choices(self, name: str, values: Mapping[str, str], now: datetime) -> tuple[Choice, ...]:
        """The choices open now, in their order; none for an item that offers none."""
        bound = self._by_name[name]
        if bound.item.choices is None:
            return ()
        every = self.instrument.lists[bound.item.choices]
        if bound.choice_filter is None:
            return tuple(every)
        return self._open(bound, self._moment(values, now))

    def label(self, name: str, language: str, values: Mapping[str, str], now: datetime) -> str:
        """The item's text, with other items' values put in; facts in braces are left for `wording.fill`."""
        return self._written(self._by_name[name].item.labels, language, values, now)

    def hint(self, name: str, language: str, values: Mapping[str, str], now: datetime) -> str:
        """The item's hint, empty where it has none."""
        return self._written(self._by_name[name].item.hints, language, values, now)

    def short(self, name: str, language: str, values: Mapping[str, str], now: datetime) -> str:
        """The item's shorter words for an SMS in whole letters; empty where it has none in that language."""
        sms = self._by_name[name].item.sms
        return self._written(sms, language, values, now) if language in sms else ""

    def constraint_message(self, name: str, language: str, values: Mapping[str, str], now: datetime) -> str:
        """The author's words for a value that the constraint refuses, empty where there are none."""
        return self._written(self._by_name[name].item.constraint_message, language, values, now)

    def required_message(self, name: str, language: str, values: Mapping[str, str], now: datetime) -> str:
        """The author's words where an answer is needed, empty where there are none."""
        return self._written(self._by_name[name].item.required_message, language, values, now)

    def _written(self, labels: Mapping[str, str], language: str, values: Mapping[str, str], now: datetime) -> str:
        text = in_language(labels, language)
        if "${" not in text:
            return text
        worked = self.evaluate(values, now).values
        return _OUTPUT.sub(lambda found: worked.get(found[1].strip(), ""), text)

    def _moment(self, values: Mapping[str, str], now: datetime) -> Moment:
        worked = self.evaluate(values, now).values
        return Moment({each.item.path: worked.get(each.item.name, "") for each in self._bound}, now)

    def _open(self, bound: Bound, moment: Moment) -> tuple[Choice, ...]:
        assert bound.item.choices is not None
        assert bound.choice_filter is not None
        keep = bound.choice_filter
        every = self.instrument.lists[bound.item.choices]
        return tuple(
            each
            for each in every
            if to_boolean(keep(Moment(moment.values, moment.now, {"name": each.name, **each.extra})))
        )

    def _mistyped(self, bound: Bound, value: str, moment: Moment) -> Problem | None:
        item = bound.item
        if item.choices is not None:
            offered = self._open(bound, moment) if bound.choice_filter else self.instrument.lists[item.choices]
            return _unchosen(item, value, {each.name for each in offered})
        match item.kind:
            case Kind.INTEGER:
                return None if _INTEGER.fullmatch(value) else "type"
            case Kind.DECIMAL:
                return None if _DECIMAL.fullmatch(value) else "type"
            case Kind.DATE:
                return None if _is_date(value) else "type"
            case Kind.RANGE:
                return _outside(item, value)
            case _:
                return None


def _known(values: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value != "" and name in names}


def _unchosen(item: Item, value: str, offered: set[str]) -> Problem | None:
    names = value.split(" ")
    if item.kind is Kind.SELECT_ONE and len(names) != 1:
        return "choice"
    return None if offered.issuperset(names) and len(set(names)) == len(names) else "choice"


def _is_date(value: str) -> bool:
    try:
        return len(value) == len("2027-02-14") and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _outside(item: Item, value: str) -> Problem | None:
    if not _DECIMAL.fullmatch(value):
        return "type"
    assert item.bounds is not None
    start, end, step = (Decimal(bound) for bound in item.bounds)
    number = Decimal(value)
    if not min(start, end) <= number <= max(start, end):
        return "constraint"
    return None if (number - start) % abs(step) == 0 else "constraint"
