"""Reads the library's TOML files strictly: a missing, misspelt or mistyped key is refused with its file and place."""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

Words = dict[str, str]
_T = TypeVar("_T")


class LibraryRefused(Exception):
    """A data file of the library cannot be used; the message names the file, the key and what is wrong."""

    def __init__(self, file: str, key: str, wrong: str) -> None:
        super().__init__(f"{file}: {key}: {wrong}")
        self.file, self.key, self.wrong = file, key, wrong


class Table:
    """One TOML table. Every key is taken once; `done` refuses whatever nobody took."""

    def __init__(self, file: str, place: str, data: dict[str, Any]) -> None:
        self.file, self.place, self._left = file, place, dict(data)

    def refuse(self, key: str, wrong: str) -> LibraryRefused:
        """The error to raise about `key` of this table."""
        return LibraryRefused(self.file, f"{self.place}.{key}" if self.place else key, wrong)

    def take(self, key: str, kind: type, called: str) -> Any:
        """The value of `key`, which must be of `kind` (a bool is not a number)."""
        if key not in self._left:
            raise self.refuse(key, "is missing")
        value = self._left.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.refuse(key, f"must be {called}")
        return value

    def text(self, key: str) -> str:
        return str(self.take(key, str, "a text"))

    def whole(self, key: str) -> int:
        return int(self.take(key, int, "a whole number"))

    def flag(self, key: str) -> bool:
        return bool(self.take(key, bool, "true or false"))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.take(key, list, "a list of texts")
        if not all(isinstance(value, str) for value in values):
            raise self.refuse(key, "must be a list of texts")
        return tuple(values)

    def has(self, key: str) -> bool:
        """Whether `key` is there and was not taken yet."""
        return key in self._left

    def inside(self, key: str) -> "Table":
        """The table of that key."""
        return Table(self.file, f"{self.place}.{key}" if self.place else key, self.take(key, dict, "a table"))

    def words(self, key: str) -> Words:
        """A text in several languages; the source, sr_Cyrl, must be there."""
        return self.inside(key).rest()

    def rest(self) -> Words:
        """Every key not yet taken is a language; its text is trimmed."""
        if "sr_Cyrl" not in self._left:
            raise self.refuse("sr_Cyrl", "is missing")
        return self.languages()

    def languages(self) -> Words:
        """Every key not yet taken is a language; there may be none."""
        return {language: self.text(language).strip() for language in list(self._left)}

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise self.refuse(key, f"must be one of: {', '.join(allowed)}")
        return value

    def day(self, key: str) -> date | None:
        """An ISO date, or None where the text is empty (not done yet)."""
        return self.parsed(key, lambda value: date.fromisoformat(value) if value else None, "a date such as 2027-02-14")

    def parsed(self, key: str, parse: Callable[[str], _T], called: str) -> _T:
        value = self.text(key)
        try:
            return parse(value)
        except ValueError:
            raise self.refuse(key, f"must be {called}") from None

    def tables(self, key: str) -> list["Table"]:
        """The array of tables `[[key]]`; at least one."""
        found = self.take(key, list, "tables")
        if not found or not all(isinstance(each, dict) for each in found):
            raise self.refuse(key, "must be tables")
        inside = f"{self.place}.{key}" if self.place else key
        return [Table(self.file, f"{inside}[{at}]", each) for at, each in enumerate(found)]

    def named(self, key: str) -> dict[str, "Table"]:
        """The tables `[key.<name>]` by name; at least one."""
        found = self.take(key, dict, "tables")
        if not found or not all(isinstance(each, dict) for each in found.values()):
            raise self.refuse(key, "must be tables")
        return {name: Table(self.file, f"{key}.{name}", each) for name, each in found.items()}

    def done(self) -> None:
        """Refuse a key that means nothing here."""
        for key in self._left:
            raise self.refuse(key, "is not known")


def read_data(path: Path) -> dict[str, Any]:
    """The file's TOML; LibraryRefused where it is missing or malformed. The text of the file is in no error."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise LibraryRefused(path.name, "file", "cannot be read") from None
    except UnicodeDecodeError:
        raise LibraryRefused(path.name, "file", "is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as problem:
        place = str(problem).rpartition("(")[2].rstrip(")")
        raise LibraryRefused(path.name, "file", f"is not TOML ({place})") from None


def read_table(path: Path) -> Table:
    return Table(path.name, "", read_data(path))
