"""The centres that run the programme, as data. On a centre's phone a person answers; empty means to be supplied."""

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.library.reading import Table
from surveys.library.wording import in_words


@dataclass(frozen=True, slots=True)
class Centre:
    """One centre. `name` is a slug that is stored with participants, so it is never renamed."""

    name: str
    words: Mapping[str, str]
    pilot: bool
    phone: str

    def said(self, language: str) -> str:
        """The centre's city in that language."""
        return in_words(self.words, language, self.name)


def read_centre(table: Table) -> Centre:
    centre = Centre(table.text("id"), table.words("name"), table.flag("pilot"), table.text("phone"))
    if not centre.name.replace("_", "").isalpha() or not centre.name.isascii() or not centre.name.islower():
        raise table.refuse("id", "must be small ASCII letters and underscores")
    table.done()
    return centre
