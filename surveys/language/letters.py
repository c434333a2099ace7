"""The letters that mark options where a typed number is a count: а б в г … in Cyrillic, a b c d … elsewhere.

Both orders are understood. A letter that the two read differently is read in the person's own order, or not at all.
"""

from locales.latin import to_latin

_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_BY_SOUND = {letter: sound for letter in _CYRILLIC if len(sound := to_latin(letter)) == 1}
_PLAUSIBLE = 12
"""Letters this early in a person's own order are meant in it, even where there are fewer options."""
_TWO_FACED = frozenset("BВ")
"""Latin B and Cyrillic В look the same and stand for different options."""


def letter(index: int, language: str) -> str:
    """The letter of the option at `index` (from 0) in that language. IndexError past the alphabet's end."""
    return (_CYRILLIC if language.endswith("_Cyrl") else _LATIN)[index]


def place(typed: str, count: int, language: str | None) -> int | None:
    """Which of `count` options one typed letter means; None where it means none or could mean two."""
    if len(typed) != 1:
        return None
    own_is_cyrillic = language is not None and language.endswith("_Cyrl")
    if typed in _TWO_FACED and language is not None and (typed == "В") is not own_is_cyrillic:
        return None
    small = typed.lower()
    cyrillic, latin = _CYRILLIC.find(_as_cyrillic(small)), _LATIN.find(_BY_SOUND.get(small, small))
    if language is None:
        found = {each for each in (cyrillic, latin) if 0 <= each < count}
        return found.pop() if len(found) == 1 else None
    own, other = (cyrillic, latin) if own_is_cyrillic else (latin, cyrillic)
    if 0 <= own < _PLAUSIBLE:
        return own if own < count else None
    return other if 0 <= other < count else None


def _as_cyrillic(small: str) -> str:
    return next((letter for letter, sound in _BY_SOUND.items() if sound == small), small)
