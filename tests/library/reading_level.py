"""A simple measure of how hard a text is to read: words a sentence, and the share of long words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from locales.po import HERE, messages, read, sources
from surveys.instruments.compile import compile_form
from surveys.instruments.model import Instrument
from surveys.library import load_library
from surveys.rules.vocabulary import Side

MOST_WORDS = 20
LONG = 11
"""Letters from which a word is long."""
MOST_LONG = 0.2
_ENOUGH = 15
"""Words from which a share says something."""
_SENTENCE = re.compile(r"[.!?:;…]+(?:\s|$)|\n")
_WORD = re.compile(r"[^\W\d_]+")
SEEN = ("surveys/instruments/", "surveys/steps/", "bot/")
"""Where the catalogue's messages that participants see are said."""


@dataclass(frozen=True)
class Hard:
    """One text that is over a limit."""

    name: str
    words: int
    long: float


def hard(name: str, text: str) -> Hard | None:
    """The text, where a sentence of it is too long or too many of its words are."""
    sentences = [_WORD.findall(sentence) for sentence in _SENTENCE.split(text)]
    words = [word for sentence in sentences for word in sentence]
    longest = max(map(len, sentences), default=0)
    share = sum(len(word) >= LONG for word in words) / len(words) if len(words) >= _ENOUGH else 0.0
    return Hard(name, longest, round(share, 2)) if longest > MOST_WORDS or share > MOST_LONG else None


def seen() -> Iterator[tuple[str, str]]:
    """Every Serbian text that a participant can see, by name."""
    for side in Side:
        library = load_library(side)
        for text in library.texts.values():
            yield f"{side}/{text.name}", text.said("sr_Cyrl")
            own = {"page": text.page, "phone": text.phone}
            yield from ((f"{side}/{text.name}/{way}", words["sr_Cyrl"]) for way, words in own.items() if words)
        forms = [compile_form(path) for path in library.instruments.values()]
        for form in (*forms, *(cover.instrument for cover in library.covers)):
            yield from _items(f"{side}/{form.name}", form)
        for line in library.helplines:
            yield f"{side}/{line.name}", line.said("sr_Cyrl")
    for message in messages(read(HERE, "sr_Cyrl")):
        if any(place.startswith(SEEN) for place, _ in message.locations):
            yield f"catalogue/{sources(message)[0]}", sources(message)[0]


def _items(name: str, form: Instrument) -> Iterator[tuple[str, str]]:
    for item in form.items:
        for words in (item.labels, item.hints):
            if "sr_Cyrl" in words:
                yield f"{name}/{item.name}", words["sr_Cyrl"]
    for choices in form.lists.values():
        yield from ((f"{name}/{choice.name}", choice.labels.get("sr_Cyrl", "")) for choice in choices)
