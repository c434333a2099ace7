"""Words that participants never see (instruments.md): in no message of the catalogues, no cover, no item, no text."""

import pytest

from locales.po import HERE, forms, messages, read
from surveys.language.script import fold
from tests.library.conftest import BANNED, LANGUAGES
from tests.library.reading_level import SEEN, seen


def test_no_text_that_participants_see_has_a_banned_word() -> None:
    assert [(name, word) for name, text in seen() for word in BANNED if word in fold(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_that_participants_see_has_one_in_any_language(language: str) -> None:
    shown = [each for each in messages(read(HERE, language)) if any(p.startswith(SEEN) for p, _ in each.locations)]
    assert len(shown) > 30
    assert [(form, word) for each in shown for form in forms(each) for word in BANNED if word in fold(form)] == []
