"""What participants read is easy to read: short sentences, few long words. What is not is named here, with a reason."""

import pytest

from tests.library.reading_level import Hard, hard, seen

ALLOWED: dict[str, str] = {}
"""Texts that may be over a limit, by name, and why. Empty: every text keeps to both."""


def test_every_text_that_participants_see_is_easy_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    texts = list(seen())
    outliers = [found for name, text in texts if (found := hard(name, text))]
    with capsys.disabled():
        print(f"\nreading level: {len(outliers)} of {len(texts)} texts over a limit", *outliers, sep="\n  ")
    assert len(texts) > 250
    assert {each.name for each in outliers} == set(ALLOWED)


def test_the_measure_finds_a_long_sentence_and_long_words() -> None:
    assert hard("a", "реч " * 21) == Hard("a", 21, 0.0)
    assert hard("b", "кратко. " * 40) is None
    assert hard("c", "најнеразумљивији текст за читање. " * 5) == Hard("c", 4, 0.25)
