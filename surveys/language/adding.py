"""Takes the languages of a folder in: what the service says in them, and what people type. It never edits a file.

Each is a folder named by its code, with `messages.po` and `typed.toml`; locales/README.md says what else it holds.
"""

from pathlib import Path

from surveys.language import tables
from surveys.language.catalogue import SHARED

LONGEST = 80


def take_in(folder: Path) -> None:
    """From now on, for this process. TableRefused where a language is not whole; nothing is taken then."""
    for language in sorted(each.name for each in folder.iterdir() if each.is_dir()):
        for file in ("messages.po", tables.FILE):
            if not (folder / language / file).is_file():
                raise tables.TableRefused(f"{language}/{file}: is missing")
    tables.take_in(folder)
    SHARED.add(folder)


def never_said(folder: Path) -> list[str]:
    """A line for each language with messages that the service does not know: the first of them, and how many. They are
    passed over; a misspelt one leaves its sentence in Serbian."""
    found: dict[str, list[str]] = {}
    for language, message in SHARED.unknown(folder):
        found.setdefault(language, []).append(message)
    return [
        f"{language}/messages.po: no message of the service is {_cut(several[0])!r}"
        + (f", nor are {len(several) - 1} more" if several[1:] else "")
        for language, several in found.items()
    ]


def _cut(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def put_away(folder: Path) -> None:
    """Forget them again."""
    tables.put_away(folder)
    SHARED.drop(folder)
