"""Derives Serbian Latin from Serbian Cyrillic, letter by letter. The reverse is not mechanical and is never tried.

Latin text needs no marker to survive: URLs, keywords, placeholders and Latin words come back as they were.
"""

import re

_SMALL = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ђ": "đ", "е": "e", "ж": "ž", "з": "z", "и": "i",
    "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "ћ": "ć", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "č", "џ": "dž", "ш": "š",
}  # fmt: skip
_CAPITALS = {small.upper(): latin.upper() for small, latin in _SMALL.items()}
_TITLES = {small.upper(): latin.capitalize() for small, latin in _SMALL.items()}
LETTERS = str.maketrans(_SMALL | _CAPITALS)
"""A translation table that takes no heed of context: for text whose case does not matter."""
CYRILLIC = frozenset(_SMALL) | frozenset(_CAPITALS)
"""The thirty letters, small and capital."""

_CAPITAL_DIGRAPH = re.compile("[ЉЊЏ]")
# Bounded repeats keep this linear. `{other|она|он}` is left out on purpose: its words are text, its keyword is Latin.
_UNTOUCHED = re.compile(
    r"(?:https?://|www\.)\S{1,2000}|[^\s@]{1,64}@[^\s@]{1,255}"
    r"|\$\{[^{}]{0,200}\}|%\([^()]{0,200}\)[a-z]|\{[^{}|]{0,200}(?:\}|(?=\|))"
)


def to_latin(text: str) -> str:
    """Serbian Latin for Serbian Cyrillic. Latin, URLs, e-mail addresses and placeholders come back as they were.

    Capital digraphs follow their neighbours (Љубав → Ljubav, ЉУБАВ → LJUBAV). In `{other|она|он}` the words are
    converted and the keyword is not.
    """
    parts, at = [], 0
    for kept in _UNTOUCHED.finditer(text):
        parts += [_letters(text[at : kept.start()]), kept.group()]
        at = kept.end()
    return "".join([*parts, _letters(text[at:])])


def _letters(text: str) -> str:
    return _CAPITAL_DIGRAPH.sub(_digraph, text).translate(LETTERS)


def _digraph(found: re.Match[str]) -> str:
    before = found.string[: found.start()][-1:]
    after = found.string[found.end() :][:1]
    shouted = after.isupper() or (before.isupper() and not after.islower())
    return (_CAPITALS if shouted else _TITLES)[found.group()]
