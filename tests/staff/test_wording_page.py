"""The approval of wording covers all that is seen before a gate, and shows it, in added languages too."""

from dataclasses import replace
from typing import Any

import pytest

from staff.pages.wording import _cover, _languages
from surveys.instruments.form import Form
from surveys.library import load_library
from surveys.library.translation import Translation
from surveys.rules.vocabulary import SHIPPED_LANGUAGES, Channel, Side
from surveys.steps.wording import digest

PLANTED = {"sr_Cyrl": "пример", "sr_Latn": "primer", "en": "an example"}


def _with(cover: Form, part: str) -> Form:
    first, *others = cover.instrument.items
    changed: dict[str, Any] = {
        "title": {"title": PLANTED},
        "hint": {"items": (replace(first, hints=PLANTED), *others)},
        "label": {"items": (replace(first, labels=PLANTED), *others)},
    }
    return Form(replace(cover.instrument, **changed[part]))


@pytest.mark.parametrize("part", ["title", "hint", "label"])
def test_safety_a_title_or_hint_of_a_cover_that_changed_is_shown_and_approved_anew(part: str) -> None:
    library = load_library(Side.SURVIVORS)
    cover = _with(library.covers[0], part)
    assert digest(replace(library, covers=(cover, *library.covers[1:]))) != digest(library)
    for language, lines in _cover(cover):
        assert PLANTED[language] in "\n".join(lines).splitlines()


def test_safety_who_approves_the_wording_reads_it_in_every_added_language_too() -> None:
    library = replace(load_library(Side.SURVIVORS), translations=(Translation("qaa", "qaa/survivors.toml", {}, ""),))
    assert _languages(library, Channel.TELEGRAM) == [*SHIPPED_LANGUAGES, "qaa"]
    assert _languages(library, Channel.SMS) == ["sr_Latn", "en", "qaa"]
