"""Finds words of suicide or threat in anything typed, in every language's table at once.

One alert too many is better than one too few: negations and quotes do not silence it, only the listed idioms do.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

import re2

from surveys.language.script import fold
from surveys.language.tables import from_tables, tables, written

LONGEST = 4096
"""Characters scanned."""
_PIECE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|(\S+)")
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_GAP = "(?:[a-z0-9]+ ){0,3}"
_REST = "[a-z0-9]*"


class Danger(StrEnum):
    """What the words speak of. Where both do, it is suicide: the lines shown for it hold the police too."""

    SUICIDE = "suicide"
    THREAT = "threat"


def danger(text: str) -> Danger | None:
    """The danger that the words of `text` (its first 4,096 characters) may speak of."""
    folded = _LONG_RUN.sub(r"\1", fold(text[:LONGEST]))
    if not folded:
        return None
    # Idioms leave a word behind that nothing matches, so that what stood around them does not run together.
    left = _idioms().sub("IDIOM ", folded + " ")
    for each in Danger:
        if _patterns()[each].search(left):
            return each
    return None


@from_tables
def _patterns() -> dict[Danger, "re2._Regexp[str]"]:
    return {each: _compiled("danger", each, "phrases") for each in Danger}


@from_tables
def _idioms() -> "re2._Regexp[str]":
    return _compiled("danger", "idioms", "phrases")


def _compiled(*path: str) -> "re2._Regexp[str]":
    """One expression for all tables, matched in linear time over folded words that each end in a space."""
    phrases = [_pattern(line) for table in tables().values() for line in written(table, *path)]
    return re2.compile(r"\b(?:" + "|".join(dict.fromkeys(phrases)) + ")")


def _pattern(line: str) -> str:
    return "".join(_piece(*found.groups()) for found in _PIECE.finditer(line))


def _piece(optional: str | None, needed: str | None, word: str | None) -> str:
    if word == "...":
        return _GAP
    choices = "|".join(_words(optional or needed or word or ""))
    return f"(?:{choices})?" if optional else f"(?:{choices})"


def _words(written_choices: str) -> Iterator[str]:
    for choice in written_choices.split("/"):
        yield fold(choice) + (_REST if choice.endswith("*") else "") + " "
