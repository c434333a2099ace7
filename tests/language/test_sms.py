"""The SMS form of a text: plain, lossless, and what it costs."""

from hypothesis import given
from hypothesis import strategies as st

from surveys.language.script import fold
from surveys.language.sms import cost, segments, sms_form

_SIGNS = " .,!?„“–0123456789\n"
_SERBIAN = st.text("абвгдђежзијклљмнњопрстћуфхцчџшАЂЉЊЏ" + _SIGNS, max_size=200) | st.text(
    "abcčćdđefghijklmnoprsštuvzžČĆĐŠŽ" + _SIGNS, max_size=200
)


@given(_SERBIAN)
def test_serbian_in_either_script_is_plain_and_reads_the_same(text: str) -> None:
    said = sms_form(text)
    assert said.isascii()
    assert fold(said) == fold(text)
    assert sms_form(said) == said


def test_capitals_and_digraphs_keep_their_sound() -> None:
    assert sms_form("Њена ЉУБАВ, џеп и Ђорђе") == "Njena LJUBAV, dzep i Djordje"


def test_no_letter_is_ever_lost_even_where_that_costs_more() -> None:
    assert sms_form("Ќе дојде ѓавол") == "Ќе дојде ѓавол"
    assert sms_form("Köszönjük szépen") == "Koszonjuk szepen"


def test_an_address_comes_back_as_it_was() -> None:
    assert sms_form("Упитник: https://a.example.rs/p/Ab_1") == "Upitnik: https://a.example.rs/p/Ab_1"


def test_cost_is_what_a_provider_bills() -> None:
    assert cost([]) == (0, 0.0)
    assert cost(["a" * 160, "a" * 161, "č"], 0.05) == (4, 0.2)
    assert segments(sms_form("ч" * 160)) == 1
