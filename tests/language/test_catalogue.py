"""What is said, in each language; and that a language is added by adding files."""

from datetime import date
from pathlib import Path

import pytest

from surveys.language.catalogue import Catalogues, date_long, languages, number_text, say, window_text

_PLURALS = {
    "sr_Cyrl": ("{n} месец", "{n} месеца", "{n} месеци"),
    "hu": ("{n} hónap", "{n} hónap"),
}
_RULES = {
    "sr_Cyrl": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "hu": "nplurals=2; plural=(n != 1);",
}


def _add(folder: Path, language: str, **messages: str) -> None:
    lines = ['msgid ""', 'msgstr ""', f'"Language: {language}\\n"', f'"Plural-Forms: {_RULES[language]}\\n"']
    lines += ['"X-Reviewed: Ana Anić, 2027-01-15\\n"', '"Content-Type: text/plain; charset=utf-8\\n"', ""]
    for message, text in messages.items():
        lines += [f'msgid "{message}"', f'msgstr "{text}"', ""]
    lines += ['msgid "{n} месец"', 'msgid_plural "{n} месеци"']
    lines += [f'msgstr[{place}] "{form}"' for place, form in enumerate(_PLURALS[language])]
    (folder / language).mkdir()
    (folder / language / "messages.po").write_text("\n".join(lines) + "\n", "utf-8")


def test_the_shipped_languages_are_known() -> None:
    assert {"sr_Cyrl", "sr_Latn", "en"} <= set(languages())


def test_each_language_says_its_own() -> None:
    assert [say(each, "Прескочи") for each in ("sr_Cyrl", "sr_Latn", "en")] == ["Прескочи", "Preskoči", "Skip"]


def test_placeholders_are_filled_and_others_left() -> None:
    assert say("sr_Latn", "Поздрав {име} {name} {other|она|он}", name="Ana") == "Pozdrav {име} Ana {other|ona|on}"


def test_an_unknown_language_or_message_is_said_in_serbian() -> None:
    assert say("fr", "Прескочи") == "Preskoči"
    assert say("en", "Реченица које нема") == "Rečenica koje nema"
    assert say("sr_Cyrl", "Реченица које нема") == "Реченица које нема"


@pytest.mark.parametrize(
    ("language", "text"),
    [("sr_Cyrl", "14. фебруара 2027."), ("sr_Latn", "14. februara 2027."), ("en", "14 February 2027")],
)
def test_long_dates(language: str, text: str) -> None:
    assert date_long(language, date(2027, 2, 14)) == text


@pytest.mark.parametrize(
    ("language", "until_today", "over_new_year", "same_year"),
    [
        ("sr_Cyrl", "од 14. фебруара до данас", "од 14. децембра 2026. до 3. јануара 2027.", "од 1. маја до 3. јуна"),
        ("sr_Latn", "od 14. februara do danas", "od 14. decembra 2026. do 3. januara 2027.", "od 1. maja do 3. juna"),
        ("en", "from 14 February until today", "from 14 December 2026 to 3 January 2027", "from 1 May to 3 June"),
    ],
)
def test_windows(language: str, until_today: str, over_new_year: str, same_year: str) -> None:
    assert window_text(language, date(2027, 2, 14), None) == until_today
    assert window_text(language, date(2026, 12, 14), date(2027, 1, 3)) == over_new_year
    assert window_text(language, date(2027, 5, 1), date(2027, 6, 3)) == same_year


def test_numbers() -> None:
    assert number_text("sr_Latn", 1234.5) == "1.234,5"
    assert number_text("en", 1234.5) == "1,234.5"


@pytest.mark.parametrize(
    ("n", "text"),
    [(1, "1 месец"), (3, "3 месеца"), (11, "11 месеци"), (21, "21 месец"), (12, "12 месеци"), (0, "0 месеци")],
)
def test_serbian_has_three_plural_forms(tmp_path: Path, n: int, text: str) -> None:
    _add(tmp_path, "sr_Cyrl")
    assert Catalogues(tmp_path).say_count("sr_Cyrl", "{n} месец", "{n} месеци", n) == text


def test_adding_a_language_is_adding_files(tmp_path: Path) -> None:
    _add(tmp_path, "hu", Прескочи="Kihagyom")
    known = Catalogues()
    assert "hu" not in known.languages()
    known.add(tmp_path)
    assert "hu" in known.languages()
    assert known.say("hu", "Прескочи") == "Kihagyom"
    assert known.say("hu", "Назад") == "Nazad"
    assert known.say_count("hu", "{n} месец", "{n} месеци", 3) == "3 hónap"
    assert known.date_long("hu", date(2027, 2, 14)) == "2027. február 14."
    assert known.reviewed("hu") == "Ana Anić, 2027-01-15"
    assert known.reviewed("en") is None
