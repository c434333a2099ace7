"""The examples that stand in the tables themselves, so that a native speaker can test a change without programming."""

from typing import Any

import pytest

from surveys.language.commands import Command, asked_language, command
from surveys.language.danger import danger
from surveys.language.reply import Chosen, Option, understand
from surveys.language.tables import phrases, tables

_ITEMS = {
    "count": (
        Option("0", "Ниједном", 0, 0),
        Option("1", "Једном", 1, 1),
        Option("2-5", "2–5 пута", 2, 5),
        Option("6+", "Више од 5 пута", 6),
    ),
    "yes_no": (Option("no", "Не"), Option("yes", "Да")),
    "often": (Option("always", "Увек"), Option("sometimes", "Понекад"), Option("never", "Никад")),
    "agree": (Option("yes", "Пристајем"), Option("no", "Не пристајем")),
}
_ENGLISH = {"agree": (Option("yes", "I agree"), Option("no", "I do not agree"))}


def _sections(name: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [(language, key, section) for language, table in tables().items() for key, section in table[name].items()]


@pytest.mark.parametrize(("language", "key", "section"), _sections("commands"))
def test_examples_of_a_command_are_understood_as_it_and_those_under_never_as_none(
    language: str, key: str, section: dict[str, Any]
) -> None:
    expected = None if key == "never" else Command(key)
    wrong = {line: command(line, language) for line in section["examples"] if command(line, language) is not expected}
    assert wrong == {}


@pytest.mark.parametrize(("language", "key", "section"), _sections("language"))
def test_examples_of_a_language_ask_for_it(language: str, key: str, section: dict[str, Any]) -> None:
    wanted = section.get("languages", [key])
    for line in section["examples"]:
        assert command(line) is Command.LANGUAGE
        assert asked_language(line) in wanted, line


@pytest.mark.parametrize(("language", "key", "section"), _sections("danger"))
def test_examples_of_danger_alarm_and_idioms_do_not(language: str, key: str, section: dict[str, Any]) -> None:
    expected = None if key == "idioms" else key
    assert {line: danger(line) for line in section["examples"] if danger(line) != expected} == {}


@pytest.mark.parametrize(
    ("table", "example"), [(name, each) for name, table in tables().items() for each in table["reply_examples"]]
)
def test_examples_of_replies(table: str, example: dict[str, Any]) -> None:
    item = example["item"]
    options = _ENGLISH.get(item, _ITEMS[item]) if table == "en" else _ITEMS[item]
    for line in example["lines"]:
        said, _, expected = line.partition(" => ")
        meant = understand(said, options, counts=item == "count", language="sr_Latn")
        assert (meant.names[0] if isinstance(meant, Chosen) else "?") == expected, line


def test_the_short_notation() -> None:
    assert set(phrases(["ne šaljite/šalji (mi) više"])) == {
        "ne saljite vise",
        "ne saljite mi vise",
        "ne salji vise",
        "ne salji mi vise",
    }
    assert set(phrases(["[do not/dont] stop"])) == {"do not stop", "dont stop"}


def test_no_phrase_means_two_commands() -> None:
    meanings: dict[str, set[str]] = {}
    for _, key, section in _sections("commands"):
        for phrase in phrases(section.get("phrases", [])):
            meanings.setdefault(phrase, set()).add(key)
    assert {phrase: keys for phrase, keys in meanings.items() if len(keys) > 1} == {}
