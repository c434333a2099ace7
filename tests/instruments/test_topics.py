"""Words that an open question makes doubtful: never an order there, never an answer either, asked again with both ways.

They are tried on the shipped questionnaires of both sides, at the very items.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from surveys.instruments import engine
from surveys.instruments.compile import compile_form, compile_source
from surveys.instruments.engine import Pressed, Step, Typed
from surveys.instruments.form import Form
from surveys.instruments.state import Ending
from surveys.language.script import to_gsm
from surveys.library import load_library
from surveys.rules.vocabulary import Side
from tests.instruments.forms import check_form

NOW = datetime(2027, 3, 1, 10, tzinfo=UTC)
FORMS = {side: Form(compile_form(load_library(side).instruments["check-in"])) for side in Side}
CALLS = ((Side.SURVIVORS, "wants_call"), (Side.EX_PERPETRATORS, "wants_help"))


def hear(form: Form, item: str, text: str, language: str = "sr_Latn") -> Step:
    facts = {"wave": "m3", "other_word": "osoba", "window_start": "2026-12-01"}
    return engine.step(form, replace(engine.start(form, language, facts, NOW), at=item), Typed(text), NOW)


def asked_again(heard: Step) -> bool:
    return heard.error is not None and not heard.changes and heard.command is None and heard.state.ended is None


@pytest.mark.parametrize(("side", "item"), CALLS)
@pytest.mark.parametrize(
    "text",
    ["nemojte me zvati", "ne zovite me", "Ne zovite me više!", "ne želim da me zovete", "nemoj da me zoveš",
     "ne pišite mi", "ne kontaktirajte me", "ne želim više", "neću više", "ne javljajte se", "не зовите ме",
     "nemojte me više kontaktirati", "ne zovite me ujutru", "do not call me", "don't call me"],
)  # fmt: skip
def test_safety_a_no_to_a_call_never_withdraws(side: Side, item: str, text: str) -> None:
    for form in (text, to_gsm(text)):
        assert asked_again(hear(FORMS[side], item, form)), form


@pytest.mark.parametrize(("side", "item"), CALLS)
@pytest.mark.parametrize(
    "text",
    ["ujutru", "ujutro", "Popodne", "пре подне", "uveče", "sutra", "javiću se", "javiću se sama", "javljam se ja",
     "tomorrow", "posle posla", "poslije ručka", "za vikend", "zovite sutra", "sutra uveče", "može popodne"],
)  # fmt: skip
def test_safety_a_time_said_where_a_call_is_offered_never_ends_the_interview(side: Side, item: str, text: str) -> None:
    assert asked_again(hear(FORMS[side], item, text))


@pytest.mark.parametrize(("side", "item"), CALLS)
@pytest.mark.parametrize(
    "text",
    ["STOP", "стоп", "odjava", "Ne zovite me. STOP!", "ne zovite me, stop", "ne zovite me stop",
     "ne zovite i ne pišite", "skinite me sa liste", "ne šaljite više poruke", "nemojte me zvati, odjavite me"],
)  # fmt: skip
def test_safety_a_clear_withdrawal_is_never_lost_where_a_call_is_offered(side: Side, item: str, text: str) -> None:
    assert hear(FORMS[side], item, text).state.ended is Ending.WITHDRAWN


@pytest.mark.parametrize("text", ["kasnije", "izlaz", "ne mogu sada", "on je tu", "posle"])
def test_leaving_is_still_heard_where_a_call_is_offered(text: str) -> None:
    assert hear(FORMS[Side.SURVIVORS], "wants_call", text).state.ended is Ending.LEFT


@pytest.mark.parametrize("text", ["nemojte me zvati", "ne želim više", "ne kontaktirajte me"])
def test_elsewhere_the_same_words_withdraw(text: str) -> None:
    assert hear(FORMS[Side.SURVIVORS], "insulted", text).state.ended is Ending.WITHDRAWN


def test_enough_is_asked_again_where_it_may_be_how_much_and_both_ways_are_said() -> None:
    heard = hear(FORMS[Side.SURVIVORS], "afraid_now", "dosta")
    assert asked_again(heard)
    assert heard.error is not None
    assert "Izaberite" in heard.error
    assert "„Kasnije“" in heard.error
    assert hear(FORMS[Side.SURVIVORS], "contact_now", "dosta").state.ended is Ending.LEFT
    assert hear(FORMS[Side.SURVIVORS], "afraid_now", "dosta za danas").state.ended is Ending.LEFT
    assert asked_again(hear(FORMS[Side.SURVIVORS], "afraid_now", "enough", "en"))


@pytest.mark.parametrize("text", ["prestani!", "Prestanite", "pusti me", "ostavi me", "obriši me", "nemoj mi pisati"])
def test_safety_what_may_be_a_quotation_neither_withdraws_nor_is_kept_as_an_answer(text: str) -> None:
    heard = hear(check_form(), "words", text)
    assert asked_again(heard)
    assert heard.error is not None
    assert "STOP" in heard.error


@pytest.mark.parametrize(
    "text", ["stop", "odjava", "ostavite me na miru", "skinite me sa liste", "prestani, stop", "kraj"]
)
def test_safety_a_clear_withdrawal_is_heard_in_an_open_text(text: str) -> None:
    assert hear(check_form(), "words", text).state.ended is Ending.WITHDRAWN


@pytest.mark.parametrize(
    ("side", "item", "text", "language"),
    [(Side.SURVIVORS, "contact_now", "We live", "en"), (Side.EX_PERPETRATORS, "decisions", "By", "en"),
     (Side.SURVIVORS, "wants_call", "I will", "en"), (Side.SURVIVORS, "earlier_harm", "ne, hvala", "sr_Latn"),
     (Side.EX_PERPETRATORS, "earlier_harm", "hvala, ne", "sr_Latn"), (Side.SURVIVORS, "insulted", "00", "sr_Latn")],
)  # fmt: skip
def test_rule_light_words_and_polite_refusals_are_no_answers(side: Side, item: str, text: str, language: str) -> None:
    assert asked_again(hear(FORMS[side], item, text, language))


def test_rule_none_of_these_is_never_stored_beside_another_choice() -> None:
    source = """
| survey |
|  | type | name | label::Srpski (sr_Latn) |
|  | select_multiple kinds | kinds | Šta je bilo? |
| choices |
|  | list_name | name | label::Srpski (sr_Latn) |
|  | kinds | push | Guranje |
|  | kinds | slap | Šamar |
|  | kinds | none | Ništa od toga |
| settings |
|  | form_id | version | form_title |
|  | several | 1 | Upitnik |
"""
    form = Form(compile_source("several.md", source.encode()))
    state = engine.start(form, "sr_Latn", {}, NOW)
    for said in (Typed("1 2 3"), Typed("push none", names=True), Pressed(0, "#these push none")):
        assert engine.step(form, state, said, NOW).error is not None, said
    assert engine.step(form, state, Typed("1 2"), NOW).changes[0].value == "push slap"
    assert engine.step(form, state, Typed("ništa"), NOW).changes[0].value == "none"


@pytest.mark.parametrize("item", ["threatened", "physical_force", "against_will"])
@pytest.mark.parametrize("text", ["neću više", "Нећу више!", "necu vise", "ne želim više"])
def test_safety_what_may_be_a_promise_at_a_question_about_harm_is_asked_again(item: str, text: str) -> None:
    heard = hear(FORMS[Side.EX_PERPETRATORS], item, text)
    assert asked_again(heard)
    assert heard.error is not None
    assert "STOP" in heard.error or "СТОП" in heard.error
    assert hear(FORMS[Side.EX_PERPETRATORS], item, "neću više da učestvujem").state.ended is Ending.WITHDRAWN
    assert hear(FORMS[Side.EX_PERPETRATORS], "decisions", "neću više").state.ended is Ending.WITHDRAWN
