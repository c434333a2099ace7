"""What earlier reports told, kept beside the evaluators' key: keyed hashes of whom each published number counted.

Two reports that differ in one to four people would tell of these people; the second is refused. Only who holds the
private key can say whom a hash stands for.
"""

import hashlib
import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from assessment.disclosure import SMALLEST

_WIDE = 8
Who = Mapping[str, Collection[str]]
"""By the name of a number, the case codes that it counts."""
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

    def refuse_alike(self, who: Who, numbers: Numbers = NO_NUMBERS) -> None:
        """TooLikeAnEarlierReport where an earlier report and this one would tell a small group together."""
        new = self._told(who, numbers)
        for old in self._earlier():
            if any(0 < apart < SMALLEST for apart in (*_apart(old, new), *_numbers_apart(old, new))):
                raise TooLikeAnEarlierReport

    def remember(self, who: Who, inputs: str, numbers: Numbers = NO_NUMBERS) -> None:
        """Add this report; on the disk when it returns."""
        told = self._told(who, numbers)
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
            for line in self.place.read_text(encoding="ascii").splitlines():
                yield _read(json.loads(line))
        except (OSError, ValueError, KeyError, TypeError):
            raise MemoryDamaged from None

    def _told(self, who: Who, numbers: Numbers) -> _Told:
        every = sorted({case for cases in who.values() for case in cases})
        hashes = np.array([self._hash(case) for case in every], dtype=np.uint64)
        people = np.sort(hashes)
        places = dict(zip(every, np.searchsorted(people, hashes).tolist(), strict=True))
        counted = {}
        for name, cases in who.items():
            bits = np.zeros(len(people), dtype=bool)
            bits[[places[case] for case in cases]] = True
            counted[name] = bits
        return _Told(people, counted, numbers)

    def _hash(self, case: str) -> int:
        return int.from_bytes(hmac.digest(self._secret, case.encode(), "sha256")[:_WIDE], "big")


def _apart(old: _Told, new: _Told) -> Iterator[int]:
    """For each number that both told: how many people are in one of the two alone."""
    every = np.union1d(old.people, new.people)
    at_old, at_new = np.searchsorted(every, old.people), np.searchsorted(every, new.people)
    for name in old.counted.keys() & new.counted.keys():
        one, other = (np.zeros(len(every), dtype=bool) for _ in "ab")
        one[at_old[old.counted[name]]] = True
        other[at_new[new.counted[name]]] = True
        yield int((one ^ other).sum())


def _numbers_apart(old: _Told, new: _Told) -> Iterator[int]:
    """How far apart what both told of people without codes is."""
    return (abs(old.numbers[name] - new.numbers[name]) for name in old.numbers.keys() & new.numbers.keys())


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
