"""Scripts: deriving Latin, folding, SMS text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.language.script import Script, fold, script_of, segments, to_gsm, to_latin

_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_BACK = {to_latin(letter): letter for letter in _CYRILLIC}
_SERBIAN = st.text(alphabet=_CYRILLIC + _CYRILLIC.upper() + " ,.!?0123456789-\n", max_size=80)


def _to_cyrillic(latin: str) -> str:
    """The inverse for text that came from Cyrillic without the boundary cases (нј, лј, дж)."""
    out, at = "", 0
    while at < len(latin):
        size = 2 if latin[at : at + 2] in _BACK else 1
        out += _BACK.get(latin[at : at + size], latin[at : at + size])
        at += size
    return out


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Љубав", "Ljubav"),
        ("ЉУБАВ", "LJUBAV"),
        ("КОЊ", "KONJ"),
        ("Њ", "Nj"),
        ("ЏЕП и Џеп", "DŽEP i Džep"),
        ("Ђорђе Ћирић", "Đorđe Ćirić"),
        ("инјекција, надживети", "injekcija, nadživeti"),
        ("СТОП, STOP, SMS и DA", "STOP, STOP, SMS i DA"),
        ("Идите на https://пример.срб/о?ш=1 одмах", "Idite na https://пример.срб/о?ш=1 odmah"),
        ("пишите на ђока@пример.срб", "pišite na ђока@пример.срб"),
        ("{other|она|он} је {име} ${ђ} %(ш)s", "{other|ona|on} je {име} ${ђ} %(ш)s"),
    ],
)
def test_latin_is_derived_and_what_is_not_text_is_left(cyrillic: str, latin: str) -> None:
    assert to_latin(cyrillic) == latin


@given(_SERBIAN)
def test_derived_latin_goes_back_to_the_same_cyrillic(text: str) -> None:
    small = text.lower()
    if not any(pair in small for pair in ("нј", "лј", "дж")):
        assert _to_cyrillic(to_latin(small)) == small


@given(_SERBIAN)
def test_derived_latin_has_no_cyrillic_and_keeps_case_and_length_of_words(text: str) -> None:
    latin = to_latin(text)
    assert script_of(latin) in (Script.LATIN, Script.NONE)
    assert len(latin.split(" ")) == len(text.split(" "))
    assert to_latin(latin) == latin


@given(st.text(max_size=60))
def test_folding_is_stable_and_never_fails(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())


@given(_SERBIAN)
def test_a_word_folds_alike_in_either_script_case_and_without_diacritics(text: str) -> None:
    assert fold(text) == fold(to_latin(text)) == fold(text.upper()) == fold(to_gsm(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("стoп", "stop"),  # Latin o
        ("СТОΠ".replace("Π", "П"), "STOP"),
        ("остaви", "ostavi"),
        ("оcтави", "ostavi"),  # Latin c
        ("dа", "da"),  # Cyrillic а
        ("st\u200bop", "stop"),
        ("s\u0301top", "śtop"),
        ("ǆep ǉubav", "džep ljubav"),
        ("ＳＴＯＰ！", "stop"),
        ("Đorđe", "Djordje"),
        ("Đorđe", "Dorde"),
        ("djevojka", "devojka"),
        ("  stop \U0001f64f!", "stop"),
        ("2️⃣", "2"),
        ("don't", "dont"),
    ],
)
def test_what_is_typed_differently_folds_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_words_stay_different() -> None:
    assert len({fold(word) for word in ("jabuka", "kruška", "ljubav", "lubav", "sat", "šat" + "or")}) == 6


@given(st.text(max_size=80))
def test_sms_text_is_printable_ascii(text: str) -> None:
    assert all(c == "\n" or (c.isascii() and c.isprintable() and c != "`") for c in to_gsm(text))


def test_sms_text_reads_as_people_write_it() -> None:
    assert to_gsm("Ђорђе, „шест“ џепова – чекај…") == 'Djordje, "sest" dzepova - cekaj...'
    assert to_gsm("ЂОРЂЕ https://a.rs/x_1") == "DJORDJE https://a.rs/x_1"


def test_segments_are_counted_as_the_provider_bills_them() -> None:
    assert segments("") == 0
    assert segments("a" * 160) == 1
    assert segments("a" * 161) == 2
    assert segments("č" * 70) == 1
    assert segments("č" * 71) == 2


def test_the_script_of_a_text() -> None:
    assert script_of("Здраво 1") is Script.CYRILLIC
    assert script_of("Zdravo") is Script.LATIN
    assert script_of("Здраво Ana") is Script.MIXED
    assert script_of("123 !") is Script.NONE
