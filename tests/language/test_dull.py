"""The dull lint: it finds planted words in every script, and lets everyday words be."""

import pytest

from surveys.language.dull import undull

PLANTED = [
    ("Насиље у породици", "nasilje"),
    ("NASILJE", "nasilje"),
    ("програм за жртве", "zrtve"),
    ("žrtva", "zrtva"),
    ("ZRTVA", "zrtva"),
    ("Ваш партнер", "partner"),
    ("terapija", "terapija"),
    ("групна терапеутска помоћ", "terapeutska"),
    ("Podrška i bezbednost", "podrska"),
    ("bezbjednost", "bezbjednost"),
    ("саветовалиште", "savetovaliste"),
    ("savjetovalište", "savjetovaliste"),
    ("Vaš supružnik", "supruznik"),
    ("Prijavite se", "prijavite"),
    ("тужилаштво", "tuzilastvo"),
    ("policija", "policija"),
    ("психолог", "psiholog"),
    ("Центар за социјални рад Ниш", "centar za socijalni rad"),
    ("u Centru za socijalni rad", "centru za socijalni rad"),
    ("Posle", "posle"),
    ("posle_session", "posle"),
    ("PosleBot", "poslebot"),
    ("kako ste posle 3 meseca?", "posle"),
    ("https://stopnasilju.example/p/", "stopnasilju"),
    ("Da li Vam je sad zgodno?", "zgodno"),
    ("Vas paket ceka", "paket"),
    ("Your parcel is waiting", "parcel"),
    ("Is now a good time?", "is now a good time"),
    ("Imate zakazan termin", "termin"),
    ("Your appointment", "appointment"),
    ("Poverljivo, samo za Vas", "poverljivo"),
    ("anonimna anketa", "anonimna"),
    ("domestic violence", "domestic"),
    ("for Victims", "victims"),
    ("support line", "support"),
    ("Centre for Social Work", "centre for social work"),
    ("нacиљe", "nasilje"),
    ("na\u200bsilje", "nasilje"),
]


@pytest.mark.parametrize(("text", "word"), PLANTED)
def test_a_planted_word_is_found_in_each_script(text: str, word: str) -> None:
    assert word in undull(text)


@pytest.mark.parametrize(
    "text",
    [
        "Anketa o navikama i slobodnom vremenu.",
        "Упитник је затворен. За последње питање нема времена.",
        "Да ли сте запослени? Поподне, посао, пошта.",
        "zaposleni, posledica, poslednji, poslepodne",
        "A terminal at the station. We had a good time.",
        "Hello. The questionnaire is ready after Friday.",
        "",
    ],
)
def test_everyday_words_are_dull(text: str) -> None:
    assert undull(text) == ()


def test_each_word_is_named_once_and_in_order() -> None:
    assert undull("podrška, nasilje, подршка") == ("podrska", "nasilje")
