"""A word that staff typed in Latin, in Cyrillic: only where one reading is possible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.language.cyrillic import in_script, to_cyrillic
from surveys.language.script import to_latin

_LETTERS = "абвгдђежзијклљмнњопрстћуфхцчџш "


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [("bivša supruga", "бивша супруга"), ("Prijateljica", "Пријатељица"), ("devojka", "девојка"), ("kći", "кћи"),
     ("nevenčana žena", "невенчана жена"), ("njegova žena", "његова жена"), ("bivša супруга", "бивша супруга")],
)  # fmt: skip
def test_a_plain_word_is_written_in_cyrillic(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    "word", ["injekcija", "konjunkcija", "nadživela", "odžak", "wife", "djevojka", "Tanjug", "año"]
)
def test_rule_a_word_of_two_readings_is_not_guessed(word: str) -> None:
    assert to_cyrillic(word) is None


@given(st.text(_LETTERS, max_size=20))
def test_rule_what_is_written_reads_the_same_in_latin(word: str) -> None:
    written = to_cyrillic(to_latin(word))
    assert written is None or to_latin(written) == to_latin(word)


def test_the_script_is_that_of_the_words_around() -> None:
    assert in_script("бивша супруга", "жена") == "бивша супруга"
    assert in_script("бивша супруга", "žena") == in_script("bivša supruga", "woman") == "bivša supruga"
    assert in_script("wife", "жена") is None
