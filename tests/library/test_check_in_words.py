"""The words of the two check-ins: both scripts and English, no banned word, plain after eight years of school."""

import re
from collections.abc import Iterator, Mapping

from surveys.instruments.form import Form
from surveys.language.commands import command
from surveys.language.reply import Chosen, Option, understand
from surveys.language.script import Script, fold, script_of, to_gsm, to_latin
from surveys.library import Library
from surveys.rules.vocabulary import Channel
from tests.library.conftest import BANNED, LANGUAGES, NOW, items


def test_at_most_five_options_whose_names_are_no_numbers_and_no_commands(form: Form) -> None:
    for item in items(form):
        shown = form.choices(item.name, {}, NOW)
        assert 2 <= len(shown) <= 5, item.name
        assert not any(choice.name.isdigit() for choice in shown)
        for language in LANGUAGES:
            labels = [choice.labels[language] for choice in shown]
            assert len({fold(label) for label in labels}) == len(labels), item.name
            assert [label for label in labels if command(label, language)] == []


def test_a_typed_label_is_understood_as_its_option_in_every_script(form: Form) -> None:
    for item in items(form):
        shown = form.choices(item.name, {"contact_now": "no_contact"}, NOW)
        for language in LANGUAGES:
            options = [Option(c.name, c.labels[language], c.low, c.high) for c in shown]
            for option in options:
                for typed in (option.label, option.label.upper(), to_gsm(option.label)):
                    meant = understand(typed, options, counts=item.counts, multiple=False, language=language)
                    assert isinstance(meant, Chosen), typed
                    assert meant.names == (option.name,), typed


def test_every_text_is_there_in_three_languages_and_latin_is_derived(form: Form) -> None:
    for texts in shown_texts(form):
        assert set(LANGUAGES) <= set(texts)
        assert texts["sr_Latn"] == to_latin(texts["sr_Cyrl"])
        assert script_of(re.sub(r"\{.*?\}", "", texts["sr_Cyrl"])) in (Script.CYRILLIC, Script.NONE)


def test_no_item_shows_a_banned_word(form: Form) -> None:
    for texts in shown_texts(form):
        folded = fold(texts["sr_Cyrl"])
        assert [word for word in BANNED if word in folded] == []


def test_every_item_is_worded_for_every_channel(form: Form) -> None:
    assert all(item.channels == frozenset(Channel) for item in items(form))


def test_eight_years_of_school_are_enough(library: Library, form: Form) -> None:
    """No sentence over 20 words, 12 on average, and at most one word in ten of ten letters or more."""
    sentences = [s for texts in shown_texts(form) for s in re.split(r"[.?!:]\s*", texts["sr_Cyrl"]) if s.strip()]
    lengths = [len(s.split()) for s in sentences]
    words = [word for s in sentences for word in re.findall(r"\w+", s)]
    long_share = sum(len(word) >= 10 for word in words) / len(words)
    average = sum(lengths) / len(lengths)
    print(f"{library.side}: {average:.1f} words a sentence, longest {max(lengths)}, long words {long_share:.1%}")
    assert max(lengths) <= 20
    assert average <= 12
    assert long_share <= 0.1


def test_the_shipped_files_say_that_they_are_drafts(library: Library) -> None:
    said = library.instruments["check-in"].read_text(encoding="utf-8")
    assert "draft, to be reviewed with the survivors' service" in said


def shown_texts(form: Form) -> Iterator[Mapping[str, str]]:
    """Every label and hint that a person can be shown."""
    for item in form.instrument.items:
        if item.kind.asked:
            yield item.labels
            if item.hints:
                yield item.hints
    for choices in form.instrument.lists.values():
        for choice in choices:
            yield choice.labels
