"""Reads the research exports of both sides and joins their pairs, with the evaluators' private key. Only here.

It takes nothing but research exports: rows with the ids of a side are refused. Of the answers it keeps those that the
report counts, and no others.
"""

import csv
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from sys import intern
from typing import Any

from assessment.rules import items_counted
from surveys.records.evaluators import ExportOpener
from surveys.records.sealing import WrongKey
from surveys.steps.sheets import undefused

CASE = "case_code"
ENDED, SENT = "dispositions.csv", "contacts.csv"
_MOST = 20_000_000
_RESPONSES = ("participant", "wave", "course", "disposition", CASE)
_ANSWERS = ("participant", "wave", "course", "item", "value")
_ALSO = ("centre", "due_on")
"""Columns that older exports may lack."""


class ExportRefused(ValueError):
    """A folder is no research export; the message names it and says what to do."""


class Answers(Mapping[str, str]):
    """One wave's answers, kept small: a place for each item that is counted, and the words that all waves share."""

    __slots__ = ("_places", "_said", "_words")

    def __init__(self, places: Mapping[str, int], words: Sequence[str]) -> None:
        self._places, self._words, self._said = places, words, bytearray(len(places))

    def put(self, item: int, word: int) -> None:
        """Keep the word of that number as the answer to the item of that place."""
        self._said[item] = word

    def __getitem__(self, item: str) -> str:
        word = self._said[self._places[item]]
        if not word:
            raise KeyError(item)
        return self._words[word]

    def __iter__(self) -> Iterator[str]:
        return (item for item, place in self._places.items() if self._said[place])

    def __len__(self) -> int:
        return len(self._said) - self._said.count(0)


@dataclass(slots=True)
class Wave:
    """One wave of one person: how it ended, and what was answered (items without an answer are left out). `due` is the
    month it fell due in."""

    case: str
    centre: str
    wave: str
    disposition: str
    answers: Mapping[str, str] = field(default_factory=dict)
    due: str = ""
    course: int = 1


@dataclass(frozen=True, slots=True)
class SideData:
    """Every wave of one side; `cases` are its people."""

    waves: tuple[Wave, ...]
    endings: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By wave and disposition, how the waves of everybody ended, whoever is in the rows; rounded to five."""
    contacts: Mapping[str, int] = field(default_factory=dict)
    """By kind, how many messages everybody got."""

    @property
    def cases(self) -> frozenset[str]:
        """The case codes: one for each man, on both sides."""
        return frozenset(each.case for each in self.waves)

    def of(self, wave: str) -> dict[str, Wave]:
        """By case code, the wave of that name; the latest course where there are several."""
        found: dict[str, Wave] = {}
        for each in self.waves:
            if each.wave == wave and (each.case not in found or each.course >= found[each.case].course):
                found[each.case] = each
        return found

    def among(self, cases: frozenset[str]) -> "SideData":
        """Only the waves of these cases."""
        return replace(self, waves=tuple(each for each in self.waves if each.case in cases))


def read_side(folder: Path, private: bytes) -> SideData:
    """A side's research export; ExportRefused where it is none, or was sealed to another key."""
    waves = _responses(folder, ExportOpener(private))
    places = {item: place for place, item in enumerate(items_counted())}
    words, numbers = [""], {"": 0}
    for name, wave, course, item, value in _rows(folder / "answers.csv", _ANSWERS):
        place = places.get(item)
        if place is None or not value:
            continue
        found = waves.get((name, wave, course))
        if found is None:
            continue
        number = numbers.get(value)
        if number is None:
            number = numbers[value] = len(words)
            words.append(value)
            if number > 255:
                raise ExportRefused("answers.csv: is damaged; export again")
        if not isinstance(found.answers, Answers):
            found.answers = Answers(places, words)
        found.answers.put(place, number)
    endings = {(wave, name): n for wave, name, n in _numbers(folder / ENDED, ("wave", "disposition", "count"))}
    return SideData(tuple(waves.values()), endings, dict(_numbers(folder / SENT, ("kind", "sent"))))


def _numbers(file: Path, columns: Sequence[str]) -> Iterator[Any]:
    """The rows of a file that older exports lack, whose last column is a number, or nothing where it is hidden."""
    if not file.exists():
        return
    for *names, number in _rows(file, columns):
        if number and not number.isdecimal():
            raise ExportRefused(f"{file.name}: is damaged; export again")
        if number:
            yield (*names, int(number))


def _responses(folder: Path, opener: ExportOpener) -> dict[tuple[str, str, str], Wave]:
    file, people = folder / "responses.csv", dict[str, str]()
    waves: dict[tuple[str, str, str], Wave] = {}
    for name, wave, course, disposition, sealed, centre, due in _rows(file, _RESPONSES, _ALSO):
        if not sealed:
            raise ExportRefused(f"{folder.name}: is no research export; make it with posle export --research")
        case = people.get(name)
        if case is None:
            case = people[name] = _opened(opener, sealed, folder)
        waves[name, intern(wave), intern(course)] = Wave(
            case, intern(centre), intern(wave), intern(disposition), {}, intern(due),
            int(course) if course.isdecimal() else 1,
        )  # fmt: skip
    return waves


def _rows(file: Path, needed: Sequence[str], also: Sequence[str] = ()) -> Iterator[list[str]]:
    """The cells of these columns, as they were before a spreadsheet's formulas were defused."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.reader(opened)
            headings = next(rows, [])
            take = _picker(file, headings, needed, also)
            for number, row in enumerate(rows):
                if number > _MOST or len(row) != len(headings):
                    raise ExportRefused(f"{file.name}: is damaged; export again")
                yield take(row)
    except (OSError, UnicodeDecodeError, csv.Error):
        raise ExportRefused(f"{file.parent.name}/{file.name}: is missing or cannot be read") from None


def _picker(
    file: Path, headings: Sequence[str], needed: Sequence[str], also: Sequence[str]
) -> Callable[[list[str]], list[str]]:
    if CASE in needed and CASE not in headings:
        raise ExportRefused(f"{file.parent.name}: is no research export; make it with posle export --research")
    if any(name not in headings for name in needed):
        raise ExportRefused(f"{file.name}: lacks a column; export again")
    places = [headings.index(name) if name in headings else -1 for name in (*needed, *also)]

    def take(row: list[str]) -> list[str]:
        cells = [row[place] if place >= 0 else "" for place in places]
        return [undefused(cell) if cell[:1] == "'" else cell for cell in cells]

    return take


def _opened(opener: ExportOpener, sealed: str, folder: Path) -> str:
    try:
        return opener.open(b64decode(sealed), CASE)
    except (WrongKey, ValueError):
        raise ExportRefused(f"{folder.name}: was sealed to other evaluators; use the key that belongs to it") from None
