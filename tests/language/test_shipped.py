"""Every shipped item of both sides against every word of negation that the tables know."""

from datetime import UTC, datetime

import pytest

from surveys.instruments import engine
from surveys.instruments.compile import compile_form
from surveys.instruments.form import Form
from surveys.instruments.hearing import options
from surveys.instruments.model import Kind
from surveys.language.offered import comparable, words
from surveys.language.reply import Chosen, Option, understand
from surveys.language.tables import phrases, tables, written
from surveys.library import load_library
from surveys.rules.vocabulary import Side

_NOW = datetime(2027, 3, 1, 10, tzinfo=UTC)
_FACTS = {"wave": "m3", "other_word": "osoba", "window_start": "2026-12-01"}


def _asked() -> dict[tuple[tuple[Option, ...], bool, bool], str]:
    found: dict[tuple[tuple[Option, ...], bool, bool], str] = {}
    for side in Side:
        library = load_library(side)
        forms = [Form(compile_form(path)) for path in library.instruments.values()] + list(library.covers)
        for form in forms:
            for item in (each for each in form.instrument.items if each.kind is Kind.SELECT_ONE):
                for language in ("sr_Cyrl", "sr_Latn", "en"):
                    state = engine.start(form, language, _FACTS, _NOW)
                    choices = form.instrument.lists[item.choices or ""]
                    key = (tuple(options(item, choices, state)), item.counts, bool(item.risks))
                    found.setdefault(key, f"{side}/{item.name}/{language}")
    return found


_ASKED = _asked()
_ONLY = {phrase for table in tables().values() for phrase in phrases(written(table, "numbers", "only"))}
"""Beside a count these leave it as it is: "only once" is once."""


def _negative(label: str) -> bool:
    """Whether an option says no itself, or is "ni" and a word run together."""
    return bool(set(comparable(label).split()) & words().negation)


@pytest.mark.parametrize("asked", _ASKED, ids=list(_ASKED.values()))
def test_rule_no_negation_of_the_tables_beside_a_shipped_option_is_an_answer(
    asked: tuple[tuple[Option, ...], bool, bool],
) -> None:
    offered, counts, grave = asked
    wrong = []
    for negation in sorted(words().negation - (_ONLY if counts else set())):
        for option in offered:
            for reply in (f"{negation} {option.label}", f"{option.label} {negation}", f"{negation}, {option.label}"):
                meant = understand(reply, offered, counts=counts, grave=grave, language="sr_Latn")
                if isinstance(meant, Chosen) and not _negative(_label(offered, meant.names[0])):
                    wrong.append((reply, meant.names[0]))
    assert wrong == []


def _label(offered: tuple[Option, ...], name: str) -> str:
    return next(each.label for each in offered if each.name == name)
