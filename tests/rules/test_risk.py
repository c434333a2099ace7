"""Risk rules: an answer opens one finding at most, the most urgent of those that its choices open."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.risk import urgency_of
from surveys.rules.vocabulary import Urgency


@dataclass(frozen=True)
class Rule:
    urgency: Urgency
    choices: tuple[str, ...]


RULES = (
    Rule(Urgency.TASK, ("call",)),
    Rule(Urgency.ALERT, ("once", "often")),
    Rule(Urgency.URGENT, ("weapon",)),
)


@pytest.mark.parametrize(
    ("value", "urgency"),
    [
        ("never", None),
        ("", None),
        ("once", Urgency.ALERT),
        ("call", Urgency.TASK),
        ("weapon", Urgency.URGENT),
        ("call weapon once", Urgency.URGENT),
        ("call never once", Urgency.ALERT),
        ("weapons", None),
    ],
)
def test_safety_an_answer_opens_the_most_urgent_of_its_rules_and_nothing_else(
    value: str, urgency: Urgency | None
) -> None:
    assert urgency_of(RULES, value) is urgency


@given(st.lists(st.sampled_from(["never", "once", "often", "call", "weapon"]), max_size=5))
def test_property_something_opens_just_where_a_choice_of_a_rule_was_chosen(chosen: list[str]) -> None:
    opened = urgency_of(RULES, " ".join(chosen))
    assert (opened is None) == (set(chosen) <= {"never"})
    assert (opened is Urgency.URGENT) == ("weapon" in chosen)
