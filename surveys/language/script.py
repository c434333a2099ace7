"""Serbian in its two scripts: derive Latin from Cyrillic, fold what people type, and write plain SMS text.

Cyrillic is never derived from Latin: that is not mechanical (injekcija, nadživeti).
"""

import re
import unicodedata
from enum import StrEnum

import smsutil

from locales.latin import CYRILLIC, LETTERS, to_latin

__all__ = ["Script", "fold", "packed", "script_of", "segments", "to_gsm", "to_latin"]

# Letters that look alike. Within one word of mixed scripts the wrong-script ones are read as what they look like.
_LOOKS_CYRILLIC = dict(zip("ABCEHJKMOPTXYacejopxyk", "АВСЕНЈКМОРТХУасејорхук", strict=True))
_LOOKS_LATIN = {cyrillic: latin for latin, cyrillic in _LOOKS_CYRILLIC.items()}
_AS_CYRILLIC = str.maketrans(_LOOKS_CYRILLIC)
_AS_LATIN = str.maketrans(_LOOKS_LATIN)
_WORD = re.compile(r"[^\W_]+")
_CAPITAL_DJ = re.compile("Đ")
_SOFT_D = re.compile("dj+")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")

_PLAIN = str.maketrans(
    {
        "„": '"', "“": '"', "”": '"', "»": '"', "«": '"', "’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "‑": "-",
        "−": "-", "…": "...", "đ": "dj", "•": "-", "×": "x", "ß": "ss", "ẞ": "SS",
    }
)  # fmt: skip

_PRINTABLE = _PLAIN | {number: None for number in (*range(32), 127) if chr(number) != "\n"}


class Script(StrEnum):
    """Which letters a text is written in."""

    CYRILLIC = "Cyrl"
    LATIN = "Latn"
    MIXED = "mixed"
    NONE = "none"


def script_of(text: str) -> Script:
    """The script of the letters in `text`; MIXED where both occur, NONE where neither does."""
    names = {unicodedata.name(letter, "").split(" ")[0] for letter in set(text) if letter.isalpha()}
    found = names & {"CYRILLIC", "LATIN"}
    if len(found) == 2:
        return Script.MIXED
    return Script.CYRILLIC if "CYRILLIC" in found else Script.LATIN if found else Script.NONE


def fold(text: str) -> str:
    """One canonical form for everything that a person may mean by the same words; used for code words too, so stable.

    NFKC, case, zero-width and combining marks, apostrophes, look-alike letters, script and diacritics go; whatever is
    neither a letter nor a digit becomes one space. `đ`, `dj` and `d` all fold to `d`: people type all three, so
    does ijekavian `djevojka`. The result may be empty. Idempotent: fold(fold(x)) == fold(x).
    """
    text = text.translate(_APOSTROPHES)
    if text.isascii():
        return _SOFT_D.sub("d", " ".join(_WORD.findall(text.lower())))
    bare = _without_marks(unicodedata.normalize("NFKC", text))
    words = [_one_script(word) for word in _WORD.findall(bare)]
    latin = _without_marks(" ".join(words).casefold().translate(LETTERS)).replace("đ", "d")
    return _SOFT_D.sub("d", " ".join(_WORD.findall(latin.casefold())))


def packed(text: str) -> str:
    """Folded, without any space: how code words and orders are held against each other, as people type them."""
    joined = fold(text).replace(" ", "")
    return fold(joined) if "dj" in joined or not joined.isascii() else joined  # only now do "d" and "j" stand together


def _without_marks(text: str) -> str:
    """Accents, zero-width and other unseen characters removed."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in _UNSEEN)


_UNSEEN = frozenset({"Mn", "Me", "Cf"})


def _one_script(word: str) -> str:
    """A word of mixed scripts, its look-alikes taken for letters of the script that its other letters show."""
    cyrillic = [c for c in word if c in CYRILLIC]
    latin = [c for c in word if c.isascii() and c.isalpha()]
    if not cyrillic or not latin:
        return word
    plainly_cyrillic = sum(c not in _LOOKS_LATIN for c in cyrillic)
    plainly_latin = sum(c not in _LOOKS_CYRILLIC for c in latin)
    if plainly_cyrillic > plainly_latin or (plainly_cyrillic == plainly_latin and len(cyrillic) >= len(latin)):
        return word.translate(_AS_CYRILLIC)
    return word.translate(_AS_LATIN)


def to_gsm(text: str) -> str:
    """Printable ASCII for an SMS (GSM-7): Latin no diacritics, plain quotes and dashes; other signs are dropped."""
    latin = _CAPITAL_DJ.sub(lambda found: "DJ" if _shouted(found) else "Dj", to_latin(text))
    bare = unicodedata.normalize("NFKD", latin.translate(_PLAIN)).encode("ascii", "ignore").decode()
    return bare.translate(_PRINTABLE)


def _shouted(found: re.Match[str]) -> bool:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return after.isupper() or (before.isupper() and not after.islower())


def segments(text: str) -> int:
    """How many SMS parts a provider bills for `text` as it stands (GSM-7 or UCS-2); 0 for an empty text."""
    return len(smsutil.split(text).parts) if text else 0
