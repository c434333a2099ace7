"""The key file of one side: read, checked, made, replaced. It must never be readable by others nor shown in an error.

The file holds, per purpose, one or more generations of a 256-bit master key. `index` and `audit` have one generation
for good:
rotating them would make every look-up and every earlier audit row unreadable.
"""

import base64
import json
import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from surveys.records.durably import sync_folder
from surveys.rules.vocabulary import Side

_BYTES = 32
_FORMAT = 1


class KeyPurpose(StrEnum):
    """What a master key is for. Each key does one thing."""

    CONTACT = "contact"
    ANSWERS = "answers"
    OPERATIONS = "operations"
    INDEX = "index"
    AUDIT = "audit"


ROTATING = (KeyPurpose.CONTACT, KeyPurpose.ANSWERS, KeyPurpose.OPERATIONS)


class KeyFileRefused(Exception):
    """The key file cannot be used; the message says why, and never what is in it."""


@dataclass(frozen=True, slots=True, repr=False)
class MasterKey:
    """One generation of one purpose. `id` (16 hex digits) is all that may ever be shown."""

    id: str
    purpose: KeyPurpose
    generation: int
    secret: bytes


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All master keys of one side."""

    side: Side
    keys: tuple[MasterKey, ...]

    def newest(self, purpose: KeyPurpose) -> MasterKey:
        """The generation that new values are sealed with."""
        return max((key for key in self.keys if key.purpose is purpose), key=lambda key: key.generation)

    def older(self) -> tuple[MasterKey, ...]:
        """Every key that a newer generation has replaced."""
        return tuple(key for key in self.keys if key.generation < self.newest(key.purpose).generation)


def make_keys(side: Side) -> KeyRing:
    """A new ring with one key for each purpose."""
    return KeyRing(side, tuple(_new_key(purpose, 1) for purpose in KeyPurpose))


def next_generation(ring: KeyRing) -> KeyRing:
    """The ring with one more generation of every purpose that rotates."""
    added = (_new_key(purpose, ring.newest(purpose).generation + 1) for purpose in ROTATING)
    return KeyRing(ring.side, (*ring.keys, *added))


def _new_key(purpose: KeyPurpose, generation: int) -> MasterKey:
    return MasterKey(os.urandom(8).hex(), purpose, generation, os.urandom(_BYTES))


def create_keys(path: Path, side: Side) -> KeyRing:
    """Write a new key file, readable by its owner alone; `KeyFileRefused` where there already is one."""
    ring = make_keys(side)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileRefused("there already is a key file; it is never overwritten") from None
    _write(handle, ring)
    sync_folder(path.parent)
    return ring


def replace_keys(path: Path, ring: KeyRing) -> None:
    """Put `ring` in the place of the key file, durably and in one step."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    _write(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), ring)
    fresh.replace(path)
    sync_folder(path.parent)


def _write(handle: int, ring: KeyRing) -> None:
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(_record(ring), file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def _record(ring: KeyRing) -> dict[str, Any]:
    keys = [
        {
            "id": key.id,
            "purpose": key.purpose,
            "generation": key.generation,
            "key": base64.b64encode(key.secret).decode(),
        }
        for key in ring.keys
    ]
    return {"format": _FORMAT, "side": ring.side, "keys": keys}


def load_keys(path: Path, side: Side) -> KeyRing:
    """The keys of this side. `KeyFileRefused` says what is wrong: missing, readable by others, other side, short,
    weak."""
    text = _guarded_text(path)
    try:
        ring = _parse(json.loads(text))
    except (ValueError, KeyError, TypeError):
        raise KeyFileRefused("the key file is damaged; restore it from its safe copy") from None
    _check(ring, side)
    return ring


def _guarded_text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise KeyFileRefused("the key file is not an ordinary file")
            if os.name == "posix" and status.st_mode & 0o077:
                raise KeyFileRefused("the key file can be read by others; run chmod 600 on it")
            return file.read(1_000_000)
    except FileNotFoundError:
        raise KeyFileRefused("the key file is missing; restore it from its safe copy") from None
    except OSError:
        raise KeyFileRefused("the key file cannot be read by this account") from None
    except UnicodeDecodeError:
        raise KeyFileRefused("the key file is damaged; restore it from its safe copy") from None


def _parse(record: dict[str, Any]) -> KeyRing:
    if record["format"] != _FORMAT:
        raise KeyFileRefused("the key file was written by another version of this program")
    keys = tuple(
        MasterKey(
            str(bytes.fromhex(key["id"]).hex()),
            KeyPurpose(key["purpose"]),
            int(key["generation"]),
            base64.b64decode(key["key"], validate=True),
        )
        for key in record["keys"]
    )
    return KeyRing(Side(record["side"]), keys)


def _check(ring: KeyRing, side: Side) -> None:
    if ring.side is not side:
        raise KeyFileRefused(f"the key file belongs to the side {ring.side}, not {side}")
    for purpose in KeyPurpose:
        if not any(key.purpose is purpose for key in ring.keys):
            raise KeyFileRefused(f"the key file has no key for {purpose}")
    for key in ring.keys:
        _check_key(key)
    if len({key.id for key in ring.keys}) < len(ring.keys) or len({key.secret for key in ring.keys}) < len(ring.keys):
        raise KeyFileRefused("the key file holds the same key twice")


def _check_key(key: MasterKey) -> None:
    if len(key.secret) != _BYTES:
        raise KeyFileRefused(f"key {key.id} ({key.purpose}) is not {_BYTES} bytes long")
    if len(set(key.secret)) < 12:
        raise KeyFileRefused(f"key {key.id} ({key.purpose}) is weak; make new keys")
    if len(key.id) != 16:
        raise KeyFileRefused("a key's id is not 16 hex digits")
