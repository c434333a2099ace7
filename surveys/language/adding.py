"""Takes the languages of a folder in: what the service says in them, and what people type. It never edits a file.

Each is a folder named by its code, with `messages.po` and `typed.toml`; locales/README.md says what else it holds.
"""

from pathlib import Path

from surveys.language import tables
from surveys.language.catalogue import SHARED


def take_in(folder: Path) -> None:
    """From now on, for this process. TableRefused where a language is not whole; nothing is taken then."""
    for language in sorted(each.name for each in folder.iterdir() if each.is_dir()):
        for file in ("messages.po", tables.FILE):
            if not (folder / language / file).is_file():
                raise tables.TableRefused(f"{language}/{file}: is missing")
    tables.take_in(folder)
    SHARED.add(folder)


def put_away(folder: Path) -> None:
    """Forget them again."""
    tables.put_away(folder)
    SHARED.drop(folder)
