"""Which answers open an alert or a task: rules that stand beside an item, applied to what was chosen.

It never says what was answered; a finding holds the item and the urgency alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from surveys.rules.vocabulary import Urgency

_ORDER = (Urgency.URGENT, Urgency.ALERT, Urgency.TASK)


class RiskRule(Protocol):
    """If one of `choices` is chosen, open this."""

    @property
    def urgency(self) -> Urgency: ...
    @property
    def choices(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """An item whose answer opens something."""

    item: str
    urgency: Urgency


def urgency_of(rules: Iterable[RiskRule], value: str) -> Urgency | None:
    """The most urgent that an answer opens (choices separated by spaces), or None; one answer opens one alert."""
    chosen = set(value.split())
    opened = {rule.urgency for rule in rules if chosen.intersection(rule.choices)}
    return next((urgency for urgency in _ORDER if urgency in opened), None)


def findings(rules: Mapping[str, Iterable[RiskRule]], answers: Mapping[str, str]) -> tuple[Finding, ...]:
    """One finding for each answered item that opens anything, in the order of the answers."""
    urgencies = ((item, urgency_of(rules.get(item, ()), value)) for item, value in answers.items())
    return tuple(Finding(item, urgency) for item, urgency in urgencies if urgency is not None)
