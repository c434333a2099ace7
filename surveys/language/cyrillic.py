"""Serbian Cyrillic for a word or two that staff typed in Latin, only where one reading is possible.

It is not for texts: nj, lj and dž across a boundary (injekcija, nadživeti) cannot be told from one letter, so there
is no answer where they could be two.
"""

import re
import unicodedata

from locales.latin import CYRILLIC, LETTERS
from surveys.language.script import Script, script_of, to_latin

_TWO_READINGS = re.compile(r"\b(?:in|kon|van|tan|ben)j|\b(?:na|o|po|pre)dž|dj")
_PIECE = re.compile(r"[dD][žŽ]|[lLnN][jJ]|.", re.DOTALL)
_SMALL = {letter.translate(LETTERS): letter for letter in CYRILLIC if letter.islower()}


def in_script(word: str, model: str) -> str | None:
    """`word` in the script that `model` is written in; None where that is not sure."""
    return to_cyrillic(word) if script_of(model) is Script.CYRILLIC else to_latin(word)


def to_cyrillic(word: str) -> str | None:
    """The word in Cyrillic; None where it could be read in two ways, or has a letter that Serbian has not."""
    latin = unicodedata.normalize("NFC", word)
    if _TWO_READINGS.search(latin.casefold()):
        return None
    letters = [_letter(piece) for piece in _PIECE.findall(latin)]
    return None if None in letters else "".join(filter(None, letters))


def _letter(piece: str) -> str | None:
    if piece in CYRILLIC or not piece.isalpha():
        return piece
    small = _SMALL.get(piece.lower())
    return small.upper() if small and piece[0].isupper() else small
