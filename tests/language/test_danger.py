"""Words of danger and words of every day: what must alarm in any spelling, and what must never do so."""

import pytest

from surveys.language.cyrillic import to_cyrillic
from surveys.language.danger import Danger, danger
from surveys.language.script import to_gsm
from tests.language.replies import FOLDER


def _lines(name: str) -> list[str]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _spellings(text: str) -> list[str]:
    """As it stands, without diacritics, in capitals and in Cyrillic."""
    return [text, to_gsm(text), text.upper(), *filter(None, [to_cyrillic(text)])]


ALARMS = [line.split(" | ") for line in _lines("alarms.txt")]
EVERYDAY = _lines("everyday.txt")


def test_the_lists_are_long_enough_to_mean_something() -> None:
    assert len(ALARMS) >= 150
    assert len(EVERYDAY) >= 150


@pytest.mark.parametrize(("kind", "text"), ALARMS)
def test_safety_words_of_danger_alarm_in_every_spelling(kind: str, text: str) -> None:
    assert {spelling: danger(spelling) for spelling in _spellings(text) if danger(spelling) != kind} == {}


@pytest.mark.parametrize("text", EVERYDAY)
def test_words_of_every_day_do_not_alarm(text: str) -> None:
    assert {spelling: danger(spelling) for spelling in _spellings(text) if danger(spelling)} == {}


def test_safety_an_everyday_sentence_swallows_no_danger_beside_it() -> None:
    assert [text for text in EVERYDAY if danger(f"{text}. Davio me je.") is not Danger.THREAT] == []
    assert [text for text in EVERYDAY if danger(f"Ne živi mi se. {text}") is not Danger.SUICIDE] == []
