"""The catalogues: complete, in one script each, derived Latin up to date; and the check that says so."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from locales.build import build, faults
from locales.check import problems, script_problems
from locales.latin import to_latin
from locales.po import DERIVED, HERE, SOURCE, forms, languages, messages, read, reviewed, text_of
from tests.architecture.tree import CODE, modules, parsed

CYRILLIC = re.compile(r"[а-яђјљњћџ]", re.IGNORECASE)


def _catalog(language: str, *pairs: tuple[str, str]) -> Catalog:
    catalog = Catalog(locale=language)
    for message, text in pairs:
        catalog.add(message, text)
    return catalog


def test_the_catalogues_have_no_fault_and_are_up_to_date() -> None:
    assert list(faults()) == []


def test_the_shipped_languages() -> None:
    assert {"sr_Cyrl", "sr_Latn", "en"} <= set(languages(HERE))


def test_latin_is_the_source_derived_and_nothing_else() -> None:
    source = {message.id: forms(message) for message in messages(read(HERE, SOURCE))}
    latin = {message.id: forms(message) for message in messages(read(HERE, DERIVED))}
    assert latin == {key: tuple(to_latin(form) for form in texts) for key, texts in source.items()}


def test_building_again_changes_nothing() -> None:
    for language, catalog in build().items():
        assert text_of(catalog, reviewed(HERE, language)) == (HERE / language / "messages.po").read_text("utf-8")


@pytest.mark.parametrize(
    ("message", "text", "problem"),
    [
        ("Даље", "", "missing"),
        ("Даље", "Dаlje", "two scripts in one word"),  # a Cyrillic а
        ("Даље", "Даље", "another script"),
        ("{n} дана", "days", "placeholders differ"),
        ("{n} дана", "{n days", "unbalanced brace"),
        ("{n} дана", "{n} {m} days", "placeholders differ"),
        ("%(n)s дана", "days", "tags or %(…)s differ"),
        ("<b>Даље</b>", "<b>Next", "tags or %(…)s differ"),
        ("Даље", "<i>Next</i>", "tags or %(…)s differ"),
    ],
)
def test_each_kind_of_fault_is_named(message: str, text: str, problem: str) -> None:
    other = ("Назад", "Back to the question before this one")
    template = _catalog("en", (message, ""), ("Назад", ""))
    found = list(problems("en", _catalog("en", (message, text), other), template))
    assert len(found) == 1
    assert problem in found[0]


def test_missing_unused_and_fuzzy_messages_are_named() -> None:
    catalog = _catalog("en", ("Старо", "Old"))
    catalog.add("Даље", "Next", flags=["fuzzy"])
    found = list(problems("en", catalog, _catalog("en", ("Даље", ""), ("Назад", ""))))
    assert found == ["en: missing: Назад", "en: unused: Старо", "en: fuzzy: Даље"]


def test_a_good_translation_has_no_fault() -> None:
    template = _catalog("en", ("Још {n} од {m}", ""), ("{other|Она|Он} зна", ""))
    catalog = _catalog("en", ("Још {n} од {m}", "{n} of {m} left"), ("{other|Она|Он} зна", "{other|She|He} knows"))
    assert list(problems("en", catalog, template)) == []


def test_plural_forms_may_leave_the_number_out_of_the_singular() -> None:
    catalog, template = Catalog(locale="en"), Catalog(locale="en")
    template.add(("{n} дан", "{n} дана"), ("", ""))
    catalog.add(("{n} дан", "{n} дана"), ("one day", "{n} days"))
    assert list(problems("en", catalog, template)) == []
    unfinished = Catalog(locale="en")
    unfinished.add(("{n} дан", "{n} дана"), ("one day", ""))
    assert list(problems("en", unfinished, template)) == ["en: missing: {n} дан"]


def test_addresses_and_placeholders_are_in_no_script() -> None:
    assert list(script_problems("Пишите на a@b.rs или https://a.rs/x, SMS {name}", "CYRILLIC")) == []
    assert list(script_problems("Пишите нa", "CYRILLIC")) == ["two scripts in one word (нa)"]


def test_a_catalogue_says_who_reviewed_it(tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "messages.po").write_text(
        text_of(_catalog("en", ("Да", "Yes")), "Ana Anić, 2027-01-15"), "utf-8"
    )
    assert reviewed(tmp_path, "xx") == "Ana Anić, 2027-01-15"
    assert reviewed(tmp_path, "yy") is None
    assert reviewed(HERE, "en") is None


TABLES_OF_LANGUAGE = {
    "locales/latin.py", "surveys/language/letters.py", "surveys/language/script.py", "surveys/instruments/rows.py",
    "surveys/steps/assent.py", "posle/demo/cohort.py", "posle/demo/cast.py",
}  # fmt: skip
"""Alphabets, what is compared with a reply, and the names of people who never were."""
OWN_NAME = "ћирилица"
"""A script is named in itself, whatever the language."""


@pytest.mark.parametrize("path", [each for each in modules(*CODE) if str(each) not in TABLES_OF_LANGUAGE], ids=str)
def test_every_serbian_word_in_the_code_is_in_the_catalogues(path: Path) -> None:
    known = {OWN_NAME} | {text for each in messages(read(HERE, SOURCE)) for text in texts(each.id)}
    tree = parsed(path)
    prose = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    said = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and id(each) not in prose]
    assert [each for each in said if isinstance(each, str) and CYRILLIC.search(each) and each not in known] == []


def texts(name: object) -> tuple[str, ...]:
    """A message's texts: one, or singular and plural."""
    return tuple(str(each) for each in name) if isinstance(name, list | tuple) else (str(name),)
