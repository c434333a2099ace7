"""Who has read the words of each file of a side, in each language, and when. Whoever read puts the mark there.

It lies beside the files, so that a review changes no instrument and no text that is published. No mark: nobody has.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from locales.latin import to_latin
from surveys.library.reading import Table, read_data

FILE = "reviews.toml"
NOBODY = "no"
_MARK = re.compile(r"\S.*, (\d{4}-\d\d-\d\d)")
Reviews = Mapping[str, Mapping[str, str]]


def read_reviews(path: Path) -> Reviews:
    """By file, then by language: "NAME, DATE", empty where nobody has read it; LibraryRefused for any other mark."""
    data = read_data(path) if path.exists() else {}
    return {file: _marks(Table(path.name, file, marks)) for file, marks in data.items()}


def reviewed(reviews: Reviews, file: str, language: str) -> str:
    """The mark of that file in that language, empty where there is none; Latin is derived, so it has the Cyrillic's."""
    marks = reviews.get(file, {})
    if language == "sr_Latn" and "sr_Latn" not in marks:
        return to_latin(marks.get("sr_Cyrl", ""))
    return marks.get(language, "")


def _marks(table: Table) -> dict[str, str]:
    return {language: _mark(table, language, said) for language, said in table.languages().items()}


def _mark(table: Table, language: str, said: str) -> str:
    if said == NOBODY:
        return ""
    found = _MARK.fullmatch(said)
    try:
        date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise table.refuse(language, 'must be "no", or who read it and when: "Ana Anić, 2027-01-15"') from None
    return said
