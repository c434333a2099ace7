"""The engine on a small form: what each kind of thing said does, and that nothing else changes."""

from dataclasses import replace
from typing import Any

import pytest

from surveys.instruments.asking import ask
from surveys.instruments.compile import compile_source
from surveys.instruments.engine import (
    BACK,
    DONE,
    ONWARD,
    REFUSE,
    SKIP,
    Change,
    Pressed,
    Said,
    Step,
    Typed,
    resume,
    start,
    step,
)
from surveys.instruments.form import Form
from surveys.instruments.hearing import NOT_APPLICABLE
from surveys.instruments.state import Ending, State, from_json, to_json
from surveys.language.commands import Command
from surveys.rules.vocabulary import Missing, Urgency
from tests.instruments.forms import CHECK, NOW, check_form

FORM = check_form()


def begin(language: str = "sr_Cyrl") -> State:
    return start(FORM, language, {}, NOW)


def say(state: State, *said: str | Said) -> Step:
    result = Step(state)
    for each in said:
        result = step(FORM, result.state, Typed(each) if isinstance(each, str) else each, NOW)
    return result


def press(state: State, code: str) -> Step:
    return step(FORM, state, Pressed(state.turn, code), NOW)


def test_a_whole_interview_by_typed_words() -> None:
    state = begin()
    answers: dict[str, str | None] = {}
    for reply in ("живимо заједно", "3", "даље", "4", "1, 3", "14.2.2027.", "2,5"):
        done = say(state, reply)
        assert done.accepted, (state.at, reply, done.error)
        answers |= {each.item: each.value for each in done.changes}
        state = done.state
    assert state.ended is Ending.COMPLETE
    assert answers == {
        "contact": "together", "pushed": "few", "days": "4", "help": "talk work", "since": "2027-02-14", "hours": "2.5",
    }  # fmt: skip


def test_a_typed_number_is_the_count_on_items_that_count_and_the_option_elsewhere() -> None:
    assert say(begin(), "1").state.values["contact"] == "together"
    assert say(begin(), "1", "1").state.values["pushed"] == "once"


def test_a_risk_answer_is_found_at_once_and_named_by_its_item() -> None:
    found = say(begin(), "1", "једном").findings
    assert [(each.item, each.urgency) for each in found] == [("pushed", Urgency.ALERT)]
    assert say(begin(), "1", "ниједном").findings == ()


def test_safety_an_answer_that_meets_two_rules_opens_one_finding_the_most_urgent() -> None:
    source = CHECK.replace("alert: once few many", "alert: once few many; urgent: many")
    both, result = Form(compile_source("small.md", source.encode())), Step(begin())
    for said in ("1", "више од 5 пута"):
        result = step(both, result.state, Typed(said), NOW)
    assert [(each.item, each.urgency) for each in result.findings] == [("pushed", Urgency.URGENT)]


def test_words_of_danger_anywhere_are_found_and_never_stored_as_a_closed_answer() -> None:
    result = say(begin(), "не живи ми се")
    assert [each.urgency for each in result.findings] == [Urgency.URGENT]
    assert not result.accepted
    assert result.state == begin()


@pytest.mark.parametrize("word", ["STOP", "стоп", "odjava", "Прекини", "KRAJ", "ne šaljite više"])
def test_withdrawal_is_understood_mid_question_and_never_stored(word: str) -> None:
    result = say(begin(), "1", word)
    assert result.state.ended is Ending.WITHDRAWN
    assert result.changes == ()


@pytest.mark.parametrize("word", ["IZLAZ", "касније", "dosta"])
def test_leaving_ends_this_sitting_only(word: str) -> None:
    left = say(begin(), "1", word).state
    assert left.ended is Ending.LEFT
    again = resume(FORM, left, NOW)
    assert (again.at, again.values, again.ended) == ("pushed", {"contact": "together"}, None)
    assert again.turn > left.turn


def test_an_unclear_reply_asks_the_same_question_again() -> None:
    result = say(begin(), "можда")
    assert result.error
    assert result.state == begin()


def test_a_button_of_an_earlier_question_changes_nothing() -> None:
    second = say(begin(), "1").state
    late = step(FORM, second, Pressed(0, "none"), NOW)
    assert late.stale
    assert late.state == second


@pytest.mark.parametrize(
    ("code", "kind"),
    [(SKIP, Missing.SKIPPED), (REFUSE, Missing.REFUSED), (NOT_APPLICABLE, Missing.NOT_APPLICABLE)],
)
def test_missing_values_are_kept_apart(code: str, kind: Missing) -> None:
    asked = say(begin(), "1").state
    assert press(asked, code).changes == (Change("pushed", missing=kind),)


def test_not_applicable_is_refused_where_the_form_does_not_offer_it() -> None:
    assert press(begin(), NOT_APPLICABLE).stale


def test_going_back_and_changing_clears_what_is_no_longer_asked() -> None:
    asked = say(begin(), "1", "3").state
    first = press(press(asked, BACK).state, BACK).state
    assert first.at == "contact"
    changed = press(first, "none")
    assert Change("pushed") in changed.changes
    assert "pushed" not in changed.state.values
    assert changed.state.at == "pause"


def test_back_at_the_first_question_says_so() -> None:
    assert press(begin(), BACK).error


def test_several_are_ticked_and_confirmed() -> None:
    asked = say(begin(), "3", Pressed(1, ONWARD), "2").state
    assert asked.at == "help"
    assert press(asked, DONE).error
    ticked = press(press(press(asked, "talk").state, "work").state, "talk").state
    assert ticked.picked == ("work",)
    assert press(ticked, DONE).changes == (Change("help", "work"),)


def test_an_answer_outside_the_constraint_is_objected_to() -> None:
    asked = say(begin(), "3", "даље").state
    assert say(asked, "93").error
    assert say(asked, "92").accepted


def test_an_empty_reply_is_refused_where_required_and_skips_elsewhere() -> None:
    assert step(FORM, begin(), Typed(""), NOW).error
    asked = say(begin(), "3", "даље").state
    assert step(FORM, asked, Typed(""), NOW).changes == (Change("days", missing=Missing.SKIPPED),)


def test_names_are_understood_only_where_asked_for() -> None:
    assert step(FORM, begin(), Typed("apart", names=True), NOW).state.values == {"contact": "apart"}
    assert not step(FORM, begin(), Typed("apart"), NOW).accepted


def test_the_language_can_change_in_the_middle() -> None:
    result = say(begin(), "1", "latinica")
    assert result.command is Command.LANGUAGE
    assert result.state.language == "sr_Latn"
    asked = ask(FORM, result.state, NOW)
    assert asked is not None
    assert asked.text == "Koliko puta ste gurnuli?"


def test_progress_counts_only_what_is_asked() -> None:
    first, second = ask(FORM, begin(), NOW), ask(FORM, say(begin(), "1").state, NOW)
    assert first is not None
    assert second is not None
    assert (first.position, second.position) == (1, 2)
    assert first.total == 6 - 1 + 1


def test_a_state_survives_storage() -> None:
    state = say(begin(), "1", "3", "даље").state
    assert from_json(to_json(state)) == state


def test_nothing_is_taken_after_the_end() -> None:
    ended: dict[str, Any] = {"ended": Ending.COMPLETE, "at": None}
    assert step(FORM, replace(begin(), **ended), Typed("1"), NOW).stale
