"""Which languages a form's columns speak: `label::Srpski (sr_Latn)` is in `sr_Latn`, a bare `label` in `default`.

Serbian Latin is derived from Cyrillic where the author did not write it; it is never the other way round.
"""

import re
from dataclasses import dataclass

from surveys.instruments.workbook import Row, Sheet
from surveys.language.script import to_latin

_CODE = re.compile(r"\(([A-Za-z]{2,8}(?:[_-][A-Za-z0-9]{2,8})*)\)\s*$")
CYRILLIC, LATIN = "sr_Cyrl", "sr_Latn"


@dataclass(frozen=True, slots=True)
class Columns:
    """The languages of a form, in the order of its columns."""

    languages: tuple[str, ...]

    @classmethod
    def of(cls, sheet: Sheet) -> "Columns":
        """Read the headers; a form without any label column speaks `default`."""
        found = [code_of(header) for header in sheet.headers if header.partition(":")[0].strip() == "label"]
        languages = list(dict.fromkeys(found)) or ["default"]
        if CYRILLIC in languages and LATIN not in languages:
            languages.insert(languages.index(CYRILLIC) + 1, LATIN)
        return cls(tuple(languages))

    def code(self, language: str) -> str:
        """The code of a language as the settings sheet names it."""
        return code_of(f"label::{language}")


def code_of(header: str) -> str:
    """`label::English (en)` → `en`; `label::English` → `English`; `label` → `default`."""
    language = header.partition(":")[2].strip(": ")
    if not language:
        return "default"
    found = _CODE.search(language)
    return found[1] if found else language


def with_latin(texts: dict[str, str]) -> dict[str, str]:
    """Add `sr_Latn` where only `sr_Cyrl` was written."""
    if CYRILLIC in texts and LATIN not in texts:
        return {**texts, LATIN: to_latin(texts[CYRILLIC])}
    return texts


def translated(row: Row, column: str) -> dict[str, str]:
    """All languages of one column of a row."""
    texts = {code_of(key): text for key, text in row.cells.items() if key.partition(":")[0].strip() == column}
    return with_latin(texts)
