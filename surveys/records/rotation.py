"""Rotating the keys: a new generation, everything moved under it, and the old one retired once nothing uses it.

It can be killed at any point and run again. Data keys are wrapped anew, so contacts and answers are not touched; the
index and audit keys stay, as every look-up and the whole chain hang on them. Other processes notice the changed file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, Update, bindparam, cast, literal, select, update

from surveys.records import keys
from surveys.records.alert_tables import alerts, callouts
from surveys.records.database import Database, Tx
from surveys.records.keyfile import KeyPurpose, KeyRing, next_generation, replace_keys
from surveys.records.sealing import key_of
from surveys.records.staff_tables import accounts, configured, passkeys, staff_sessions
from surveys.records.tables import inbox, readiness, tasks
from surveys.records.trace_tables import ephemeral_messages

_BATCH = 500


class NoKeyFile(Exception):
    """These keys came from no file, so they cannot be rotated."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What one rotation did: how many values it moved, and the ids of the keys that were retired."""

    moved: int
    retired: tuple[str, ...]


class _Place(NamedTuple):
    """One column sealed with an operations key: where it is, how its rows are walked and written."""

    table: str
    column: str
    read: Select[Any]
    write: Update


def _place(row: ColumnElement[str], sealed: Any, identity: Any) -> _Place:
    table = sealed.table
    read = (
        select(identity, row, sealed)
        .where(identity > bindparam("after"), sealed.is_not(None))
        .order_by(identity)
        .limit(_BATCH)
    )
    write = update(table).where(identity == bindparam("the_id")).values({sealed.name: bindparam("fresh")})
    return _Place(table.name, sealed.name, read, write)


_OF_ACCOUNTS = (accounts.c.login, accounts.c.name, accounts.c.password, accounts.c.totp)
_PLACES: Sequence[tuple[_Place, Any]] = (
    (_place(tasks.c.id, tasks.c.note, tasks.c.id), ""),
    (_place(readiness.c.id, readiness.c.document, readiness.c.id), ""),
    (_place(configured.c.id, configured.c.document, configured.c.id), ""),
    (_place(alerts.c.id, alerts.c.note, alerts.c.id), ""),
    (_place(callouts.c.id, callouts.c.address, callouts.c.id), ""),
    (_place(ephemeral_messages.c.id, ephemeral_messages.c.address, ephemeral_messages.c.id), ""),
    *((_place(accounts.c.id, column, accounts.c.id), "") for column in _OF_ACCOUNTS),
    (_place(passkeys.c.id, passkeys.c.document, passkeys.c.id), ""),
    (_place(staff_sessions.c.id, staff_sessions.c.challenge, staff_sessions.c.id), ""),
    (_place(cast(inbox.c.provider + literal(":") + inbox.c.provider_id, Text), inbox.c.payload, inbox.c.seq), 0),
)
"""Every place of the operations key; a test compares it with the registry."""


async def rotate(db: Database) -> Rotated:
    """Begin a new generation (or go on with one begun before), move everything, retire what is not used any more."""
    path = db.seals.path
    if path is None:
        raise NoKeyFile
    if not db.seals.ring.older():
        replace_keys(path, next_generation(db.seals.ring))
        db.seals.refresh()
    moved = sum([await _rewrap_all(db, old.id) for old in db.seals.ring.older()])
    moved += sum([await _reseal_all(db, place, first) for place, first in _PLACES])
    return Rotated(moved, await _retire(db))


async def _rewrap_all(db: Database, master: str) -> int:
    moved = 0
    while True:
        async with db.writing() as tx:
            count = await keys.rewrap(tx, master, _BATCH)
        moved += count
        if not count:
            return moved


async def _reseal_all(db: Database, place: _Place, first: Any) -> int:
    moved, after = 0, first
    while True:
        async with db.writing() as tx:
            rows = await tx.rows(place.read, after=after)
            moved += await _reseal(tx, place, rows)
        if not rows:
            return moved
        after = rows[-1][0]


async def _reseal(tx: Tx, place: _Place, rows: Sequence[Any]) -> int:
    key = tx.seals.operations
    fresh = [
        {"the_id": identity, "fresh": _again(tx, place, row, sealed)}
        for identity, row, sealed in rows
        if key_of(sealed) != key.id.hex()
    ]
    await tx.many(place.write, fresh)
    return len(fresh)


def _again(tx: Tx, place: _Place, row: str, sealed: bytes) -> bytes:
    key = tx.seals.operations
    text = tx.seals.open(key, place.table, place.column, row, sealed)
    return tx.seals.seal(key, place.table, place.column, row, text)


async def _retire(db: Database) -> tuple[str, ...]:
    """While nobody else writes, drop the old keys that nothing is sealed with."""
    assert db.seals.path is not None
    async with db.writing(alone=True) as tx:
        ring = tx.seals.ring
        unused = [old.id for old in ring.older() if not await _uses(tx, old.id, old.purpose)]
        if unused:
            replace_keys(db.seals.path, KeyRing(ring.side, tuple(key for key in ring.keys if key.id not in unused)))
    db.seals.refresh()
    return tuple(unused)


async def _uses(tx: Tx, master: str, purpose: KeyPurpose) -> bool:
    if purpose is not KeyPurpose.OPERATIONS:
        return await keys.under(tx, master) > 0
    for place, first in _PLACES:
        after = first
        while rows := await tx.rows(place.read, after=after):
            if any(key_of(row[2]) == master for row in rows):
                return True
            after = rows[-1][0]
    return False
