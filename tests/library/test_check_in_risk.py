"""Which answers of the two check-ins open what (instruments.md, "Risk rules"), as the engine finds it."""

from collections.abc import Mapping

import pytest

from surveys.instruments.compile import compile_form
from surveys.instruments.engine import Pressed, start, step
from surveys.instruments.form import Form
from surveys.instruments.state import State
from surveys.library import load_library
from surveys.rules.vocabulary import Missing, Side, Urgency
from tests.library.conftest import NOW

COUNTED = ("once", "two_to_five", "more_than_five")


def urgency(form: Form, name: str, choice: str, values: Mapping[str, str] | None = None) -> set[Urgency]:
    """What the answer `choice` to the item `name` opens, by the engine itself."""
    base = start(form, "sr_Cyrl", {"wave": "m6", "earlier_missed": "yes"}, NOW)
    known = {**base.values, **(values or {})}
    before = [item.name for item in form.instrument.items if item.kind.asked]
    state = State(
        digest=base.digest,
        language="sr_Cyrl",
        facts=base.facts,
        values=known,
        missing={item: Missing.SKIPPED for item in before if item not in known},
        passed=tuple(before[: before.index(name)]),
        at=name,
    )
    result = step(form, state, Pressed(0, choice), NOW)
    assert result.accepted, (name, choice)
    return {finding.urgency for finding in result.findings}


@pytest.mark.parametrize("choice", COUNTED)
def test_safety_survivor_sexual_violence_is_urgent_and_threats_and_force_alert(choice: str) -> None:
    form = Form(compile_form(load_library(Side.SURVIVORS).instruments["check-in"]))
    assert urgency(form, "against_will", choice) == {Urgency.URGENT}
    assert urgency(form, "threatened", choice) == {Urgency.ALERT}
    assert urgency(form, "physical_force", choice) == {Urgency.ALERT}


@pytest.mark.parametrize("choice", ["weapon_or_death", "choking", "children_threatened"])
def test_safety_survivor_weapon_strangulation_and_threats_to_children_are_urgent(choice: str) -> None:
    form = Form(compile_form(load_library(Side.SURVIVORS).instruments["check-in"]))
    for harm in ("threatened", "physical_force"):
        assert urgency(form, "severity", choice, {harm: "once"}) == {Urgency.URGENT}


def test_safety_survivor_stalking_after_separation_is_urgent_and_only_one_following_is_shown() -> None:
    form = Form(compile_form(load_library(Side.SURVIVORS).instruments["check-in"]))
    for contact in ("", "apart_in_contact", "no_contact"):
        values = {"threatened": "once", **({"contact_now": contact} if contact else {})}
        names = [choice.name for choice in form.choices("severity", values, NOW)]
        assert "followed_apart" in names
        assert "followed_together" not in names
        assert urgency(form, "severity", "followed_apart", values) == {Urgency.URGENT}
    together = {"threatened": "once", "contact_now": "together"}
    assert "followed_apart" not in [choice.name for choice in form.choices("severity", together, NOW)]
    assert urgency(form, "severity", "followed_together", together) == {Urgency.ALERT}


def test_safety_survivor_constant_fear_and_a_wish_to_be_called_alert() -> None:
    form = Form(compile_form(load_library(Side.SURVIVORS).instruments["check-in"]))
    assert urgency(form, "afraid_now", "constantly") == {Urgency.ALERT}
    assert urgency(form, "afraid_now", "quite") == set()
    for choice in ("call_agreed_time", "call_morning", "call_afternoon"):
        assert urgency(form, "wants_call", choice) == {Urgency.ALERT}
    assert urgency(form, "wants_call", "no_call") == set()


@pytest.mark.parametrize("name", ["threatened", "physical_force", "against_will"])
def test_safety_ex_perpetrator_any_violence_or_threat_alerts_and_insults_do_not(name: str) -> None:
    form = Form(compile_form(load_library(Side.EX_PERPETRATORS).instruments["check-in"]))
    assert [urgency(form, name, choice) for choice in COUNTED] == [{Urgency.ALERT}] * 3
    assert urgency(form, name, "never") == set()
    assert urgency(form, "insulted", "more_than_five") == set()
    assert urgency(form, "earlier_harm", "yes") == {Urgency.ALERT}


def test_a_wish_for_help_opens_a_task() -> None:
    form = Form(compile_form(load_library(Side.EX_PERPETRATORS).instruments["check-in"]))
    assert urgency(form, "wants_help", "call_me") == {Urgency.TASK}
    assert urgency(form, "wants_help", "own_contact") == {Urgency.TASK}
    assert urgency(form, "wants_help", "no_help") == set()
