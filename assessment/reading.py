"""Reads the research exports of both sides and joins their pairs, with the evaluators' private key. Only here.

It takes nothing but research exports: rows with the ids of a side are refused.
"""

import csv
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from surveys.records.evaluators import open_with_evaluator_key
from surveys.records.sealing import WrongKey

CASE = "case_code"
_MOST = 5_000_000


class ExportRefused(ValueError):
    """A folder is no research export; the message names it and says what to do."""


@dataclass(slots=True)
class Wave:
    """One wave of one person: how it ended, and what was answered (items without an answer are left out)."""

    case: str
    centre: str
    wave: str
    disposition: str
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SideData:
    """Every wave of one side; `cases` are its people."""

    waves: tuple[Wave, ...]

    @property
    def cases(self) -> frozenset[str]:
        """The case codes: one for each man, on both sides."""
        return frozenset(each.case for each in self.waves)

    def of(self, wave: str) -> dict[str, Wave]:
        """By case code, the wave of that name; the latest course where there are several."""
        return {each.case: each for each in self.waves if each.wave == wave}


def read_side(folder: Path, private: bytes) -> SideData:
    """A side's research export; ExportRefused where it is none, or was sealed to another key."""
    people: dict[str, str] = {}
    waves: dict[tuple[str, str, str], Wave] = {}
    for row in _rows(folder / "responses.csv"):
        if not row.get(CASE):
            raise ExportRefused(f"{folder.name}: is no research export; make it with posle export --research")
        name = row["participant"]
        people[name] = people.get(name) or _opened(private, row[CASE], folder)
        waves[name, row["wave"], row["course"]] = Wave(
            people[name], row.get("centre", ""), row["wave"], row["disposition"]
        )
    for row in _rows(folder / "answers.csv"):
        wave = waves.get((row["participant"], row["wave"], row["course"]))
        if wave is not None and row["value"]:
            wave.answers[row["item"]] = row["value"]
    return SideData(tuple(waves.values()))


def _rows(file: Path) -> Iterator[Mapping[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for number, row in enumerate(csv.DictReader(opened)):
                if number > _MOST or None in row.values():
                    raise ExportRefused(f"{file.name}: is damaged; export again")
                yield {key: _plain(value) for key, value in row.items()}
    except (OSError, UnicodeDecodeError, csv.Error):
        raise ExportRefused(f"{file.parent.name}/{file.name}: is missing or cannot be read") from None
    except KeyError:
        raise ExportRefused(f"{file.name}: lacks a column; export again") from None


def _plain(value: str) -> str:
    """Without the apostrophe that keeps spreadsheets from working something out."""
    return value[1:] if value[:1] == "'" else value


def _opened(private: bytes, sealed: str, folder: Path) -> str:
    try:
        return open_with_evaluator_key(private, b64decode(sealed), CASE)
    except (WrongKey, ValueError):
        raise ExportRefused(f"{folder.name}: was sealed to other evaluators; use the key that belongs to it") from None
