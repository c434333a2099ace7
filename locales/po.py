"""Reads and writes the catalogues' .po files. Each says in its header whether a person has reviewed it.

A file is written the same way on every machine and day, so that a rebuilt one differs only where words do.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
SOURCE, DERIVED = "sr_Cyrl", "sr_Latn"
FILE = "messages.po"
_REVIEWED = re.compile(r'^"X-Reviewed: (.*)\\n"$', re.MULTILINE)
_NOT_REVIEWED = "no"


def languages(folder: Path) -> list[str]:
    """Codes of the languages in `folder`: each is a folder with a catalogue in it."""
    return sorted(each.parent.name for each in folder.glob(f"*/{FILE}"))


def read(folder: Path, language: str) -> Catalog:
    """The catalogue; an empty one where the file is missing."""
    path = folder / language / FILE
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def reviewed(folder: Path, language: str) -> str | None:
    """Who reviewed the catalogue and when, as its `X-Reviewed` header says; None where nobody has."""
    path = folder / language / FILE
    found = _REVIEWED.search(path.read_text(encoding="utf-8")) if path.exists() else None
    return None if found is None or found[1].strip() in ("", _NOT_REVIEWED) else found[1].strip()


def text_of(catalog: Catalog, review: str | None) -> str:
    """The .po file's text."""
    body = BytesIO()
    write_po(body, catalog, width=100, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return _header(catalog, review) + body.getvalue().decode()


def _header(catalog: Catalog, review: str | None) -> str:
    lines = [
        f"Language: {catalog.locale_identifier}",
        f"Plural-Forms: {catalog.plural_forms}",
        f"X-Reviewed: {review or _NOT_REVIEWED}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"


def messages(catalog: Catalog) -> Iterator[Message]:
    """The messages themselves, without the header."""
    return (message for message in catalog if message.id)


def forms(message: Message) -> tuple[str, ...]:
    """A message's translations: one, or one for each plural form; empty strings where there is none yet."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def sources(message: Message) -> tuple[str, ...]:
    """The source texts: one, or two where the message has plurals."""
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)
