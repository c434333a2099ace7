"""Reads the tables of words that people type (one TOML file a language) and expands their short notation.

All languages' tables are always in force; a language is added by adding a file.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from surveys.language.script import fold

Table = dict[str, Any]
_PIECE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|(\S+)")


@cache
def tables() -> dict[str, Table]:
    """Every language's table by its file's name (`sr` serves both scripts)."""
    folder = files("surveys.language") / "tables"
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in found}


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
