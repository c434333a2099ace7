"""Reads one section of `posle.toml`: known keys, right types, nothing left over. An error never repeats a value."""

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

_Choice = TypeVar("_Choice", bound=StrEnum)
_SHOWN = 40


class BadSettings(ValueError):
    """The settings cannot be used; the message names the section and key and says what to do."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place


class Section:
    """One section as it was read. `folder` is DIR: relative paths start there."""

    def __init__(self, name: str, values: Mapping[str, Any], folder: Path, environ: Mapping[str, str]) -> None:
        self.name = name
        self.values = values
        self.folder = folder
        self.environ = environ

    def bad(self, key: str, problem: str) -> BadSettings:
        """The error for one key, to be raised."""
        return BadSettings(f"[{self.name}] {key}", problem)

    def refuse_unknown(self, known: Collection[str]) -> None:
        """BadSettings for the first key that is not known, with the nearest one that is."""
        for key in self.values:
            if key not in known:
                raise self.bad(shown(key), f"is no key that is known{nearest(key, known)}")

    def text(self, key: str, default: str | None = None) -> str:
        """Printable text on one line, not empty; BadSettings where it is missing and has no default."""
        value = self.optional(key)
        if value is None:
            value = default
        if value is None:
            raise self.bad(key, "is missing; add it")
        return value

    def optional(self, key: str) -> str | None:
        """The same, or `None` where the key is not there."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.bad(key, "must be text in quotes")
        if not value.strip():
            raise self.bad(key, "is empty; fill it in or take the line out")
        if not value.isprintable() or value != value.strip():
            raise self.bad(key, "must be one line without blanks around it")
        return value

    def word(self, key: str, words: type[_Choice], default: _Choice | None = None) -> _Choice:
        """One of a closed set of words."""
        value = self.text(key, default)
        try:
            return words(value)
        except ValueError:
            raise self.bad(key, f"must be one of {', '.join(words)}") from None

    def flag(self, key: str, default: bool) -> bool:
        """`true` or `false`, without quotes."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.bad(key, "must be true or false, without quotes")
        return value

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """A number from `low` to `high`, both included."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.bad(key, f"must be a number from {low:g} to {high:g}")
        return float(value)

    def path(self, key: str, default: str | None = None) -> Path | None:
        """A path; a relative one starts in DIR."""
        value = self.optional(key) or default
        return self.folder / value if value else None

    def checked(self, key: str, check: Callable[[str], str | None], default: str | None = None) -> str | None:
        """Optional text that `check` finds nothing wrong with (it answers the problem, or None)."""
        value = self.optional(key) or default
        problem = check(value) if value is not None else None
        if problem:
            raise self.bad(key, problem)
        return value


def shown(name: str) -> str:
    """A name out of the file, cut short and harmless to print."""
    cut = name[:_SHOWN]
    return cut if cut.isprintable() and cut else repr(cut)


def nearest(name: str, known: Collection[str], pattern: str = "{}") -> str:
    """What was probably meant, as the end of a sentence."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {pattern.format(near[0])}?"
    return f"; known are {', '.join(pattern.format(each) for each in sorted(known))}"
