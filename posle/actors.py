"""Who did it, as the audit keeps it: an opaque code, the same for the same name on one side, and never the name."""

from collections.abc import Sequence

from surveys.language.script import fold
from surveys.records.database import Database

TWO = 2


class TwoPeopleNeeded(Exception):
    """This needs two different people: give --by NAME twice."""


class OnePersonTwice(TwoPeopleNeeded):
    """Both names are the same person's; give --by NAME of a second one, who agrees too."""


class NoName(Exception):
    """A name holds no letter or digit; say who does this, with --by NAME or in recorded_by."""


def actor(database: Database, name: str) -> str:
    """The code of one name; spelling in another script, case or without diacritics does not change it."""
    folded = " ".join(fold(name).split())
    if not folded:
        raise NoName
    return f"by:{database.seals.index('audit', 'actor', folded).hex()[:16]}"


def two_actors(database: Database, names: Sequence[str]) -> str:
    """The codes of two different people; TwoPeopleNeeded or OnePersonTwice otherwise."""
    codes = sorted(actor(database, name) for name in names)
    if len(codes) == TWO and len(set(codes)) == 1:
        raise OnePersonTwice
    if len(codes) != TWO:
        raise TwoPeopleNeeded
    return "+".join(codes)
