"""Every option that is shipped, in every script and folding: typed as an answer it is that option and nothing else."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from surveys.instruments import engine
from surveys.instruments.compile import compile_form
from surveys.instruments.form import Form
from surveys.instruments.hearing import NOT_APPLICABLE, options
from surveys.instruments.model import Item
from surveys.instruments.state import State
from surveys.instruments.wording import fill, in_language
from surveys.language.commands import command
from surveys.language.danger import Danger
from surveys.language.reply import Option
from surveys.language.script import to_gsm, to_latin
from surveys.library import load_library
from surveys.rules.vocabulary import Missing, Side, Urgency

_NOW = datetime(2027, 3, 1, 10, tzinfo=UTC)
_FACTS = {"wave": "m3", "window_start": "2026-12-01", "gender": "female", "other_gender": "male", "other_word": "osoba"}
_CYRILLIC_TWINS = str.maketrans("aejAEJKMTH", "аејАЕЈКМТН")
"""Letters of the other script that look the same, as a phone's keyboard leaves them behind."""
_DECOMPOSED = str.maketrans({"č": "c\u030c", "š": "s\u030c", "ž": "z\u030c", "ć": "c\u0301"})
_ZERO_WIDTH = "\u200b"


@dataclass(frozen=True)
class Asked:
    """One shipped item as one person meets it, with its open options."""

    form: Form
    item: Item
    state: State
    options: tuple[Option, ...]
    short: tuple[Option, ...]
    """As an SMS in whole letters shows them, where that is shorter."""


def _forms() -> Iterator[tuple[str, Form]]:
    for side in Side:
        library = load_library(side)
        yield from ((side, Form(compile_form(path))) for path in library.instruments.values())
        yield from ((side, cover) for cover in library.covers)


def _closed() -> dict[str, Asked]:
    found: dict[str, Asked] = {}
    for side, form in _forms():
        for language in ("sr_Cyrl", "sr_Latn", "en"):
            for contact in ("together", "apart_in_contact"):
                opened = engine.start(form, language, _FACTS, _NOW)
                for item in (each for each in form.instrument.items if each.choices):
                    state = replace(opened, at=item.name, values={**opened.values, "contact_now": contact})
                    choices = form.choices(item.name, state.values, _NOW)
                    offered = tuple(options(item, choices, state))
                    short = tuple(Option(each.name, each.sms[language]) for each in choices if language in each.sms)
                    asked = Asked(form, item, state, offered, short)
                    key = f"{side}/{form.instrument.name}/{item.name}/{language}"
                    if key not in found or found[key].options != offered:
                        found[f"{key}/{contact}" if key in found else key] = asked
    return found


_CLOSED = _closed()
_WRITTEN: tuple[Callable[[str], str], ...] = (
    str, to_latin, to_gsm, str.upper, str.lower, str.title,
    lambda label: to_latin(label).translate(_CYRILLIC_TWINS),
    lambda label: to_latin(label).translate(_DECOMPOSED),
    lambda label: label.replace(" ", f"{_ZERO_WIDTH} ", 1) + _ZERO_WIDTH,
    "{}.".format, "  {}!!  ".format, "{} 🙂".format, "„{}“".format, "{}\n".format,
)  # fmt: skip


def _typed(asked: Asked, text: str) -> engine.Step:
    return engine.step(asked.form, asked.state, engine.Typed(text), _NOW)


def _stored(asked: Asked, result: engine.Step) -> str | None:
    """The value that was stored for the item; its missing code where that was "does not apply"."""
    first = next((each for each in result.changes if each.item == asked.item.name), None)
    if first is None:
        return None
    return NOT_APPLICABLE if first.missing is Missing.NOT_APPLICABLE else first.value


@pytest.mark.parametrize("asked", _CLOSED.values(), ids=list(_CLOSED))
def test_rule_an_option_typed_in_any_script_or_folding_is_that_option_and_no_order(asked: Asked) -> None:
    wrong = []
    for option in (*asked.options, *asked.short):
        for written in dict.fromkeys(form(option.label) for form in _WRITTEN):
            result = _typed(asked, written)
            if result.command or _stored(asked, result) != option.name or any(f.danger for f in result.findings):
                wrong.append((written, result.command, _stored(asked, result)))
    assert wrong == []


@pytest.mark.parametrize("asked", _CLOSED.values(), ids=list(_CLOSED))
def test_rule_a_beginning_of_an_option_is_that_option_or_asked_again_and_never_an_order(asked: Asked) -> None:
    wrong = []
    for option in asked.options:
        for written in _parts(to_latin(option.label)):
            result = _typed(asked, written)
            begun = option.label.startswith(written) or to_latin(option.label).startswith(written)
            if result.command or (begun and _stored(asked, result) not in (None, option.name)):
                wrong.append((written, result.command, _stored(asked, result)))
    assert wrong == []


@pytest.mark.parametrize("asked", _CLOSED.values(), ids=list(_CLOSED))
def test_rule_the_words_of_a_question_are_no_order(asked: Asked) -> None:
    language = asked.state.language
    for texts in (asked.item.labels, asked.item.hints):
        said = fill(in_language(texts, language), asked.state.facts, language) if texts else ""
        for sentence in (said, *re.split(r"[.:?!;]", said)):
            assert command(sentence, language) is None, sentence


def _parts(label: str) -> Iterator[str]:
    """Its beginnings and endings in whole words, and what stands between its commas."""
    words = label.split()
    yield from (" ".join(words[:end]) for end in range(1, len(words)))
    yield from (" ".join(words[start:]) for start in range(1, len(words)))
    yield from (each.strip() for each in re.split(r"[,;:(]", label))


def test_i10_an_urgent_option_in_its_own_words_raises_its_one_urgent_alert() -> None:
    asked = _CLOSED["survivors/check-in/severity/sr_Latn"]
    found = _typed(asked, "Pretnja oruzjem ili smrcu").findings
    assert [(each.item, each.urgency) for each in found] == [("severity", Urgency.URGENT)]
    found = _typed(asked, "pretnja nožem").findings
    assert [(each.danger, each.urgency) for each in found] == [(Danger.THREAT, Urgency.URGENT)]
