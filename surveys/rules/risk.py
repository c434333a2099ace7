"""Which answers open an alert or a task: rules that stand beside an item, applied to what was chosen.

It never says what was answered, only how urgent it is.
"""

from collections.abc import Iterable
from typing import Protocol

from surveys.rules.vocabulary import Urgency

_ORDER = (Urgency.URGENT, Urgency.ALERT, Urgency.TASK)


class RiskRule(Protocol):
    """If one of `choices` is chosen, open this."""

    @property
    def urgency(self) -> Urgency: ...
    @property
    def choices(self) -> tuple[str, ...]: ...


def urgency_of(rules: Iterable[RiskRule], value: str) -> Urgency | None:
    """The most urgent that an answer opens (choices separated by spaces), or None; one answer opens one alert."""
    chosen = set(value.split())
    opened = {rule.urgency for rule in rules if chosen.intersection(rule.choices)}
    return next((urgency for urgency in _ORDER if urgency in opened), None)
