"""Numbers as people write them: digits, words, ordinals, "3 puta". Ranges and guesses ("oko pet", "2-3") are none."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from surveys.language.script import fold
from surveys.language.tables import from_tables, phrases, tables, written

_NOT_PLAIN = re.compile(r"[%#*/\\@_]|(?:^|[^\w)])[-–—−]\s?[0-9]|[0-9]\s?[-–—−]|![0-9]|[\u0335-\u0338]")
_NUMERAL = re.compile(r"([+-]?)([0-9]{1,9})(?:[.,]([0-9]{1,6}))?\.?")
_PADDED = re.compile(r"[+-]?0[0-9]")
_THOUSANDS = re.compile(r"^[1-9][0-9]{0,2}[.,][0-9]{3}\.?$")
_SIGNS = frozenset({"Sm", "Sc", "No", "Nl"})


@dataclass(frozen=True, slots=True)
class Numbers:
    """Folded words of all tables. `counts` and `ordinals` may start after one of `only` and `choosing`."""

    cardinals: dict[str, int]
    ordinals: dict[str, int]
    times: dict[str, int]
    units: frozenset[str]
    only: frozenset[str]
    choosing: frozenset[str]
    chosen: frozenset[str]


def plain(text: str) -> bool:
    """Whether digits in this text may be taken at face value: no sign, range, fraction or struck-out digit."""
    shown = unicodedata.normalize("NFKC", text)
    return not _NOT_PLAIN.search(shown) and not any(unicodedata.category(c) in _SIGNS for c in text + shown)


def count_of(folded: str) -> int | None:
    """How many times: "3", "3 puta", "tri puta", "3x", "jednom", "nijednom". None for anything else."""
    numbers = _numbers()
    words = folded.split()
    if len(words) > 1 and words[0] in numbers.only:
        words = words[1:]
    if not words or len(words) > 5:
        return None
    whole = " ".join(words)
    if whole in numbers.times:
        return numbers.times[whole]
    if len(words) > 1 and words[-1] in numbers.units:
        return _cardinal(" ".join(words[:-1]))
    number = _cardinal(whole)
    return number if number is not None else _with_unit(whole)


def range_of(folded: str) -> tuple[int, int] | None:
    """Both ends of a range in digits or words, units aside: "2 do 5", "od dva do pet puta"; else None."""
    numbers = _numbers()
    words = folded.split()
    if words and words[-1] in numbers.units:
        words = words[:-1]
    first, joint, last = (" ".join(words).removeprefix("od ")).partition(" do ")
    low, high = _cardinal(first), _cardinal(last)
    return (low, high) if joint and low is not None and high is not None else None


def in_digits(folded: str) -> str:
    """The same words with every number of one word as digits: "više od pet" → "više od 5"."""
    cardinals = _numbers().cardinals
    return " ".join(str(cardinals.get(word, word)) for word in folded.split())


def position_of(folded: str) -> int | None:
    """Which option by number, from 1: "2", "dva", "drugo", "pod 2", "broj dva", "drugi odgovor"; else None."""
    numbers = _numbers()
    words = folded.split()
    if not words or len(words) > 6:
        return None
    if len(words) > 1 and words[-1] in numbers.chosen:
        return numbers.ordinals.get(" ".join(words[:-1]))
    for start in range(len(words)):
        if start and " ".join(words[:start]) not in numbers.choosing:
            continue
        rest = " ".join(words[start:])
        number = _cardinal(rest)
        found = number if number is not None else numbers.ordinals.get(rest)
        if found is not None:
            return found
    return None


def after_choosing(folded: str) -> str | None:
    """What follows "pod", "odgovor" …; None where none of these begins the text."""
    words = folded.split()
    for start in range(len(words) - 1, 0, -1):
        if " ".join(words[:start]) in _numbers().choosing:
            return " ".join(words[start:])
    return None


def decimal_of(text: str) -> Decimal | None:
    """One number out of a trimmed NFKC text: "3", "3,5", "-2", "tri", "3 puta". "1.200" is in doubt, so None."""
    if _THOUSANDS.match(text) or _PADDED.match(text):
        return None
    numeral = _NUMERAL.fullmatch(text)
    if numeral:
        sign, whole, part = numeral.groups()
        return Decimal(f"{sign}{whole}.{part or 0}") if part else Decimal(f"{sign}{whole}")
    if any(c.isdigit() for c in text) and not re.fullmatch(r"[0-9]{1,9} ?\w+[.!]?", text):
        return None
    count = count_of(fold(text)) if plain(text) else None
    return None if count is None else Decimal(count)


def _cardinal(folded: str) -> int | None:
    if folded.isdigit() and folded.isascii():
        in_doubt = len(folded) > 6 or (len(folded) > 1 and folded[0] == "0")
        return None if in_doubt else int(folded)
    return _numbers().cardinals.get(folded)


def _with_unit(word: str) -> int | None:
    """Digits and a unit written together: 3x, 3puta."""
    digits = word[: len(word) - len(word.lstrip("0123456789"))]
    return _cardinal(digits) if digits and word[len(digits) :] in _numbers().units else None


@from_tables
def _numbers() -> Numbers:
    found = Numbers({}, {}, {}, frozenset(), frozenset(), frozenset(), frozenset())
    sections = [table["numbers"] for table in tables().values() if "numbers" in table]
    for section in sections:
        found.cardinals.update(_cardinals(section))
        found.ordinals.update(_numbered(written(section, "ordinal"), 1))
        found.times.update(_numbered(written(section, "times"), 0))
        found.times.update(dict.fromkeys(phrases(written(section, "never")), 0))
    return Numbers(found.cardinals, found.ordinals, found.times, *(_every(sections, key) for key in _LISTS))


_LISTS = ("units", "only", "choosing", "chosen")


def _every(sections: list[dict[str, Any]], key: str) -> frozenset[str]:
    return frozenset(phrase for section in sections for phrase in phrases(written(section, key)))


def _numbered(lines: list[str], first: int) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(lines, first):
        for word in line.split():
            yield fold(word), number


def _cardinals(section: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """0-19, tens, and tens joined with a unit, with or without "i"; the hundred."""
    small = list(_numbered(written(section, "cardinal"), 0))
    yield from small
    tens = [(ten, 10 * number) for ten, number in _numbered(written(section, "tens"), 2)]
    yield from tens
    yield from ((word, 100) for word in phrases(written(section, "hundred")))
    joints = [" ", *(f" {joint} " for joint in phrases(written(section, "and")))]
    units = [(word, number) for word, number in small if 0 < number < 10]
    for ten, base in tens:
        for word, number in units:
            yield from ((f"{ten}{joint}{word}", base + number) for joint in joints)
