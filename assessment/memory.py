"""What earlier reports told, kept beside the evaluators' key: keyed hashes of whom each published number counted.

Two reports that differ in one to four people would tell of these people; the second is refused. Only who holds the
private key can say whom a hash stands for.
"""

import hashlib
import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from assessment.disclosure import SMALLEST
from assessment.linked import Mask, Number

_WIDE = 8
EVERYBODY = "/everybody"
"""Of a side: the name under which all its people are remembered."""
HEADLINES = ("everybody", "men", "study", "answered", "known", "good")
"""Numbers without which there is no report: where one cannot be told beside an earlier report, the report is refused.
Any other is hidden instead."""
Counted = Mapping[str, Mask]
"""By the name of a number, whom of the cases it counts."""
Numbers = Mapping[str, int]
"""Published numbers of people whom no code here stands for: those of centre records."""
NO_NUMBERS: Numbers = MappingProxyType({})


class TooLikeAnEarlierReport(Exception):
    """These exports differ from an earlier report's by fewer than five people, who could be told apart by comparing;
    publish the earlier one, or wait until more people have answered."""


class MemoryDamaged(Exception):
    """The memory of earlier reports beside the key cannot be read; bring it back from a copy."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One report: everybody's hashes in order, and for each number who of them it counts."""

    people: "np.ndarray"
    counted: Mapping[str, "np.ndarray"]
    numbers: Numbers


class Memory:
    """The memory that belongs to one private key. `place` is the file, one line for each report."""

    def __init__(self, key: Path, private: bytes) -> None:
        self.place = key.with_name(key.name.removesuffix(".key") + ".ledger")
        self._secret = hmac.new(private, b"posle memory of reports", hashlib.sha256).digest()

    def beside(self, cases: Sequence[str], counted: Counted) -> tuple[list[Number], frozenset[str]]:
        """What earlier reports told, as numbers over these cases (and over further places for people who are not among
        them); and the names of what earlier and now would tell a small group together.

        TooLikeAnEarlierReport where a headline is among them.
        """
        places = {self._hash(case): place for place, case in enumerate(cases)}
        given: list[Number] = []
        apart: set[str] = set()
        for old in self._earlier():
            at = np.array([places.setdefault(each, len(places) + 1) for each in old.people.tolist()], dtype=int)
            for name, bits in old.counted.items():
                whom = np.zeros(len(places) + 1, dtype=bool)
                whom[at[bits]] = True
                if not name.endswith(EVERYBODY):  # which no report tells
                    given.append(Number(name, whom))
                if name in counted and 0 < _apart(whom, counted[name][: len(cases)]) < SMALLEST:
                    apart.add(name)
        refuse(apart)
        return _each_once(given), frozenset(apart)

    def refuse_alike(self, numbers: Numbers) -> None:
        """TooLikeAnEarlierReport where an earlier report and this one would tell a small group of centre records."""
        for old in self._earlier():
            both = old.numbers.keys() & numbers.keys()
            if any(0 < abs(old.numbers[name] - numbers[name]) < SMALLEST for name in both):
                raise TooLikeAnEarlierReport

    def remember(self, cases: Sequence[str], counted: Counted, inputs: str, numbers: Numbers = NO_NUMBERS) -> None:
        """Add this report; on the disk when it returns."""
        told = self._told(cases, counted, numbers)
        record = {
            "inputs": inputs,
            "people": _text(told.people.tobytes()),
            "counted": {name: _text(np.packbits(bits).tobytes()) for name, bits in sorted(told.counted.items())},
            "numbers": dict(told.numbers),
        }
        handle = os.open(self.place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="ascii") as file:
            file.write(json.dumps(record, sort_keys=True) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _earlier(self) -> Iterator[_Told]:
        if not self.place.exists():
            return
        try:
            with self.place.open(encoding="ascii") as file:
                for line in file:
                    yield _read(json.loads(line))
        except (OSError, ValueError, KeyError, TypeError):
            raise MemoryDamaged from None

    def _told(self, cases: Sequence[str], counted: Counted, numbers: Numbers) -> _Told:
        """Sorted by hash, so that the order in the memory says nothing of the codes.

        A number that counts men beside the cases too (the last place) is kept among `numbers` alone: over the cases it
        would stand for fewer people than it told.
        """
        hashes = np.array([self._hash(case) for case in cases], dtype=np.uint64)
        order = np.argsort(hashes)
        ours = {name: whom[:-1] for name, whom in counted.items() if not whom[-1]}
        return _Told(hashes[order], {name: whom[order] for name, whom in ours.items()}, numbers)

    def _hash(self, case: str) -> int:
        return int.from_bytes(hmac.digest(self._secret, case.encode(), "sha256")[:_WIDE], "big")


def refuse(names: Collection[str]) -> None:
    """TooLikeAnEarlierReport where a headline is among what cannot be told."""
    if any(name.rpartition("/")[2] in HEADLINES for name in names):
        raise TooLikeAnEarlierReport


def beside_earlier(
    bundles: Sequence[Sequence[Number]],
    tell: Callable[[Sequence[Sequence[Number]], Sequence[Number]], frozenset[str]],
    beside: Callable[[frozenset[str]], tuple[list[Number], frozenset[str]]],
) -> frozenset[str]:
    """The names of the numbers that may be told beside what earlier reports told. What takes the place of a number that
    is hidden for that is held against them too, until nothing more is hidden."""
    alone = tell(bundles, ())
    given, apart = beside(alone)
    if not given:
        return alone
    rest = bundles
    while True:
        rest = [each for each in rest if not any(one.name in apart for one in each)]
        safe = tell(rest, given)
        refuse(alone - safe)
        _, apart = beside(safe)
        if not apart:
            return safe


def _apart(one: Mask, other: Mask) -> int:
    """How many people are counted by one alone."""
    same = min(len(one), len(other))
    return int((one[:same] ^ other[:same]).sum() + one[same:].sum() + other[same:].sum())


def _each_once(given: Sequence[Number]) -> list[Number]:
    """The same report in another language tells nothing more."""
    return list({(each.name, np.flatnonzero(each.whom).tobytes()): each for each in given}.values())


def _read(record: Mapping[str, Any]) -> _Told:
    people = np.frombuffer(b64decode(record["people"]), dtype=np.uint64)
    counted = {
        name: np.unpackbits(np.frombuffer(b64decode(bits), dtype=np.uint8), count=len(people)).astype(bool)
        for name, bits in record["counted"].items()
    }
    numbers = record.get("numbers", {})
    if any(not isinstance(each, int) for each in numbers.values()):
        raise ValueError("no numbers")
    return _Told(people, counted, numbers)


def _text(data: bytes) -> str:
    return b64encode(data).decode()
