"""The tombstones: a file beside the database, outside every backup of it, that remembers who withdrew,
was purged, died or moved abroad.

Lines are only added, and are on the disk before anything is acknowledged. It holds opaque ids and nothing else;
`restore` replays it, so that no old backup undoes a withdrawal.
"""

import asyncio
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from surveys.records.durably import sync_folder

_OPENING = b'{"participant":'


class Fate(StrEnum):
    """What a tombstone says of a participant."""

    WITHDRAWN = "withdrawn"
    ANSWERS_DELETED = "answers_deleted"
    """Withdrew, and asked for the answers given earlier to be deleted too."""
    PURGED = "purged"
    DECEASED = "deceased"
    MOVED_ABROAD = "moved_abroad"
    BACK = "back"
    """Who had moved abroad takes part again; it takes back that alone."""


_FOR_GOOD = (Fate.DECEASED, Fate.WITHDRAWN, Fate.ANSWERS_DELETED, Fate.PURGED)
"""Each takes more away than the one before it."""


class TombstonesDamaged(Exception):
    """A line in the middle of the tombstone file cannot be read; restore the file from its safe copy."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One participant's fate. `at` is aware."""

    participant: str
    fate: Fate
    at: datetime


class Tombstones:
    """The tombstone file of one side."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def append(self, participant: str, fate: Fate, now: datetime) -> None:
        """Add a line and wait, beside the event loop, until it is on the disk."""
        await asyncio.to_thread(append, self.path, Tombstone(participant, fate, now))

    def read(self) -> list[Tombstone]:
        """Every tombstone, in order."""
        return read(self.path)


def append(path: Path, tombstone: Tombstone) -> None:
    """Add a line and wait until it is on the disk. A torn line before it, left by a crash, is closed off first."""
    record = {"participant": tombstone.participant, "fate": tombstone.fate, "at": tombstone.at.isoformat()}
    line = json.dumps(record, separators=(",", ":")).encode() + b"\n"
    made = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, (b"\n" if _is_torn(handle) else b"") + line)
        os.fsync(handle)
    finally:
        os.close(handle)
    if made:
        sync_folder(path.parent)


def last_words(stones: Iterable[Tombstone]) -> dict[str, Tombstone]:
    """The fate that counts of each participant: what takes more away is undone by nothing later that takes less."""
    last: dict[str, Tombstone] = {}
    for stone in stones:
        before = last.get(stone.participant)
        if before is None or _weight(stone) >= _weight(before):
            last[stone.participant] = stone
    return last


def _weight(stone: Tombstone) -> int:
    return _FOR_GOOD.index(stone.fate) if stone.fate in _FOR_GOOD else -1


def _is_torn(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return size > 0 and os.pread(handle, 1, size - 1) != b"\n"


def read(path: Path) -> list[Tombstone]:
    """Every tombstone, in order; a missing file has none. A torn line is what a crash left, never acknowledged."""
    if not path.exists():
        return []
    *lines, rest = path.read_bytes().split(b"\n")
    return [_parsed(line) for line in lines if line and not _torn(line)] + _last(rest)


def _torn(line: bytes) -> bool:
    return _OPENING.startswith(line) or (line.startswith(_OPENING) and not line.endswith(b"}"))


def _last(rest: bytes) -> list[Tombstone]:
    """The end without a line break: whole all the same, or torn."""
    return [_parsed(rest)] if rest.endswith(b"}") else []


def _parsed(line: bytes) -> Tombstone:
    try:
        record = json.loads(line)
        return Tombstone(record["participant"], Fate(record["fate"]), datetime.fromisoformat(record["at"]))
    except (ValueError, KeyError, TypeError):
        raise TombstonesDamaged from None
