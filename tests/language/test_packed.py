"""One normaliser for words that are agreed on: what differs after it is heard as different, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from surveys.language.commands import Command, command, is_command_packed
from surveys.language.script import fold, packed
from surveys.language.tables import phrases, tables, written

LATIN, CYRILLIC = "abcčćdđjžšz -.'’1 ", "абвгдђшжј -.1 "
WORDS = st.text(st.sampled_from(LATIN), max_size=24) | st.text(st.sampled_from(CYRILLIC), max_size=24)


@given(WORDS)
def test_packing_is_stable_and_knows_no_spaces_case_or_script(words: str) -> None:
    once = packed(words)
    assert packed(once) == once
    assert once == packed(fold(words)) == packed(words.upper()) == packed(" ".join(fold(words)))
    assert " " not in once


def test_safety_no_order_can_be_agreed_on_as_a_word_however_it_is_spaced() -> None:
    for table in tables().values():
        for each in Command:
            for phrase in phrases(written(table, "commands", each, "phrases")):
                assert is_command_packed(phrase.replace(" ", "")), phrase
                assert is_command_packed(" ".join(phrase.replace(" ", ""))), phrase


def test_an_everyday_word_is_no_order() -> None:
    for word in ("jutarnja kafa", "bela lala", "plava čaša"):
        assert command(word) is None
        assert not is_command_packed(word)
