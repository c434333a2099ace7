"""The ethics board's page: no code in it, or in a file beside it, is without words."""

from enum import StrEnum

import pytest

from assessment.safety_page import VALUES, safety_page
from posle.restoring import HELD, HELD_BLIND
from staff.codes import CODES
from surveys.language.danger import Danger
from surveys.records.holds import Scope
from surveys.records.tombstones import Fate
from surveys.records.traces import Direction
from surveys.rules.clock import ClockTrouble
from surveys.rules.reasons import Reason
from surveys.rules.schedule import NO_REPLY_YET, WAVE_DUE
from surveys.rules.vocabulary import Channel, DeliveryKind, DeliveryState, Urgency
from surveys.steps import number_check, once, replan, taking
from surveys.steps.alarm import ANSWER
from surveys.steps.gate import DURESS
from surveys.steps.numbers import SHARED
from surveys.steps.occasion import About
from surveys.steps.reply import ANSWERS
from surveys.steps.safety_report import FORGOT, LEFT_THERE, MESSAGES, SUMMARY
from surveys.steps.sheets import Sheet

SEVERAL: tuple[type[StrEnum], ...] = (
    Reason, About, Channel, ClockTrouble, Danger, DeliveryKind, DeliveryState, Direction, Fate, Urgency,
)  # fmt: skip
HOLDS = {
    HELD,
    HELD_BLIND,
    DURESS,
    SHARED,
    once.CODE_SHARED,
    "console",
    "stopped_by_hand",
    *(each.value for each in Scope),
}
ALERTS = {ANSWER, DURESS, taking.DRILL, "words", "open", "acknowledged", "closed", "yes", "no"}
MESSAGE = {ANSWERS, NO_REPLY_YET, WAVE_DUE, number_check.WHY, replan.CORRECTED, "too_many_strangers"}


@pytest.mark.parametrize("codes", SEVERAL)
def test_every_kind_of_code_in_the_report_is_said_in_words(codes: type[StrEnum]) -> None:
    assert {each.value for each in codes} <= VALUES.keys() | CODES.keys()


def test_every_single_code_in_the_report_is_said_in_words() -> None:
    assert HOLDS | ALERTS | MESSAGE | {FORGOT, LEFT_THERE} <= VALUES.keys() | CODES.keys()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "a call that the person asked for"), ("sr_Latn", "poziv koji je osoba tražila")]
)
def test_the_page_explains_the_codes_of_the_files_beside_it(language: str, words: str) -> None:
    row = ("m", "p", "call", "phone", "cancelled", About.ASKED, "", "", "", Reason.PERSON_HELD)
    sheets = {name: Sheet((), ()) for name in ("holds.csv", "alerts.csv", "erasures.csv", "deletions.csv")}
    sheets |= {"summary.csv": Sheet(SUMMARY, [("alerts", 1)]), "messages.csv": Sheet(MESSAGES, [row])}
    page = safety_page(sheets, language, CODES)
    assert f"<tr><td>call_asked_for</td><td>{words}</td></tr>" in page
    assert "<td>person_held</td>" in page
