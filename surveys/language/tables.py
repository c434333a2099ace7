"""Reads the tables of words that people type (one TOML file a language) and expands their short notation.

All languages' tables are always in force; a language is added by adding a file.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from surveys.language.script import fold

Table = dict[str, Any]
FILE = "typed.toml"
"""What people type in an added language; it stands in the language's own folder."""
NEEDED = (
    *(("commands", each, "phrases") for each in ("withdraw", "leave", "skip", "refuse", "back", "help")),
    *(("answers", each) for each in ("yes", "no", "agree", "disagree")),
    *(("danger", each, "phrases") for each in ("suicide", "threat")),
    ("around", "words"),
    ("negation", "words"),
)
"""What no table may lack: without negations "not once" is once, without words of danger nobody is alarmed."""
OWN_NAMES = (("language",), ("dates", "days"))
"""Below these every language has keys of its own."""
_PIECE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|(\S+)")
_T = TypeVar("_T")
_ADDED: dict[str, Path] = {}
_FORGET: list[Callable[[], None]] = []


class TableRefused(Exception):
    """A table of typed words cannot be used; the message names the file, the place and what is wrong."""


def from_tables(work: Callable[..., _T], kept: int | None = None) -> Callable[..., _T]:
    """Remember what is worked out from the tables, until a language is added."""
    remembered = lru_cache(maxsize=kept)(work)
    _FORGET.append(remembered.cache_clear)
    return remembered


@cache
def tables() -> dict[str, Table]:
    """Every language's table by its file's name (`sr` serves both scripts), added languages by their folder's."""
    return _shipped() | {language: _read(file) for language, file in _ADDED.items()}


@cache
def _shipped() -> dict[str, Table]:
    folder = files("surveys.language") / "tables"
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in found}


def take_in(folder: Path) -> None:
    """Let what people type in the languages of that folder be understood from now on; TableRefused changes nothing."""
    found = {file.parent.name: file for file in sorted(folder.glob(f"*/{FILE}"))}
    for file in found.values():
        _read(file)
    _ADDED.update(found)
    _forget()


def put_away(folder: Path) -> None:
    """Forget the languages of that folder."""
    for language in [each for each, file in _ADDED.items() if file.parent.parent == folder]:
        del _ADDED[language]
    _forget()


def _forget() -> None:
    tables.cache_clear()
    for forget in _FORGET:
        forget()


def _read(file: Path) -> Table:
    place = f"{file.parent.name}/{file.name}"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise TableRefused(
            f"{place}: cannot be read as TOML; compare it with surveys/language/tables/en.toml"
        ) from None
    for path in NEEDED:
        if not written(table, *path):
            raise TableRefused(f"{place}: {'.'.join(path)}: is missing or empty")
    for written_at in _places(table):
        if _as_known(written_at) not in _known():
            raise TableRefused(f"{place}: {'.'.join(written_at)}: is no key that is known; see surveys/language/tables")
    return table


def _places(table: Table, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where anything is written in a table, as the way to it."""
    for key, value in table.items():
        way = (*above, key)
        yield from (_places(value, way) if isinstance(value, dict) else [way])


def _as_known(way: tuple[str, ...]) -> tuple[str, ...]:
    """The same with what each language names by itself left open: its codes and its words for days."""
    return tuple("*" if way[:place] in OWN_NAMES else name for place, name in enumerate(way))


@cache
def _known() -> frozenset[tuple[str, ...]]:
    return frozenset(_as_known(way) for table in _shipped().values() for way in _places(table))


def phrases(written: Iterable[str]) -> Iterator[str]:
    """Every folded phrase that the notation stands for: `a/b` or `[a b/c]` one or the other, `(d)` may be missing."""
    for line in written:
        pieces = [_alternatives(*found.groups()) for found in _PIECE.finditer(line)]
        for chosen in product(*pieces):
            phrase = " ".join(filter(None, chosen))
            if phrase:
                yield phrase


def _alternatives(optional: str | None, needed: str | None, word: str | None) -> list[str]:
    choices = (optional or needed or word or "").split("/")
    return [*([""] if optional else []), *(fold(each) for each in choices)]


def written(table: Table, *path: str) -> list[str]:
    """The list at that place of a table; empty where the table has none."""
    here: Any = table
    for name in path:
        here = here.get(name, {}) if isinstance(here, dict) else {}
    return list(here) if here else []
