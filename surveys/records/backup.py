"""Backups: one file that is itself a SQLite database of the same schema, whichever database it was taken from.

It holds sealed values as they are, and no key; its stamp and revision travel inside. A restored backup knows nothing of
later withdrawals: the tombstones must be replayed, and a hold set, before anything may be sent.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Select, Table, bindparam, func, insert, select, text, tuple_

from surveys.records import backup_dates, migrations, stamps, ticks
from surveys.records.database import Database, Tx
from surveys.records.durably import sync_file, sync_folder
from surveys.records.sealing import Seals
from surveys.records.stamps import Stamp, StampRefused
from surveys.records.statements import Row
from surveys.records.tables import audit, metadata

_PAGE = 1000
_LAST_AUDIT = select(func.coalesce(func.max(audit.c.seq), 0))
_NUMBERED = text(
    "SELECT setval(pg_get_serial_sequence('inbox', 'seq'), (SELECT coalesce(max(seq), 0) + 1 FROM inbox), false)"
)


class BackupRefused(Exception):
    """The backup or the restore cannot be done; the message says why, and what was there is as it was."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: whose database, of which revision, until when. Compare `last_audit` with what you know of."""

    stamp: Stamp
    revision: str
    last_audit: int
    last_tick: datetime | None


First = Callable[[Tx, Restored], Awaitable[None]]
"""What is written into a restored copy before it is put in its place: the hold, and the note in the audit."""


async def back_up(db: Database, path: Path, until: date | None = None) -> None:
    """Write a consistent copy to `path` (0600), which must not be there yet; writers go on meanwhile. `until` is the
    last day on which it may be there."""
    part = _new_part(path)
    try:
        await _fill(db, part)
        if until is not None:
            await asyncio.to_thread(backup_dates.mark, part, until)
        await asyncio.to_thread(sync_file, part)
        _move(part, path)
    finally:
        _remove(part)


def _new_part(path: Path) -> Path:
    if path.exists():
        raise BackupRefused("there already is a file of this name; a backup never overwrites one")
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    return part


async def _fill(db: Database, part: Path) -> None:
    if db.dialect == "sqlite":
        await asyncio.to_thread(_copy_file, db.url.removeprefix("sqlite:///"), part)
        return
    copy = await Database.open(f"sqlite:///{part}", db.seals)
    try:
        await migrations.upgrade(copy)
        async with db.reading(long=True) as source, copy.writing(long=True) as target:
            await _copy_rows(source, target)
    finally:
        await copy.close()
    await asyncio.to_thread(_settle, part)


def _copy_file(source: str, part: Path) -> None:
    part.unlink()
    with closing(sqlite3.connect(source, timeout=30)) as connection:
        connection.execute("VACUUM INTO ?", (str(part),))
    part.chmod(0o600)


def _settle(path: Path) -> None:
    """Bring everything into the one file and leave no log beside it."""
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()


async def restore(path: Path, url: str, seals: Seals, first: First) -> Restored:
    """Put a backup into an empty place: no file there yet, or a PostgreSQL database without a schema.

    `first` is written into the copy, brought up to this version, before it stands in its place: whoever finds it there
    finds that too, whenever the restore is cut short. `BackupRefused` where it is no backup, of another side or other
    keys, or the place is not empty. The caller replays the tombstones before anything else.
    """
    scratch = _scratch(path, url)
    try:
        await asyncio.to_thread(_take_copy, path, scratch)
        await asyncio.to_thread(backup_dates.unmark, scratch)
        restored = await _put_back(scratch, url, seals, first)
        if url.startswith("sqlite:///"):
            await asyncio.to_thread(_settle, scratch)
            await asyncio.to_thread(sync_file, scratch)
            _move(scratch, Path(url.removeprefix("sqlite:///")))
        return restored
    finally:
        _remove(scratch)


def _move(ready: Path, place: Path) -> None:
    ready.replace(place)
    sync_folder(place.parent)


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)


def _scratch(path: Path, url: str) -> Path:
    if not url.startswith("sqlite:///"):
        return path.with_name(path.name + ".restoring")
    target = Path(url.removeprefix("sqlite:///"))
    if target.exists():
        raise BackupRefused("there already is a database; a restore never overwrites one")
    return target.with_name(target.name + ".restoring")


def _take_copy(path: Path, scratch: Path) -> None:
    scratch.unlink(missing_ok=True)
    scratch.touch(mode=0o600)
    try:
        shutil.copyfile(path, scratch)
        with closing(sqlite3.connect(scratch)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except (OSError, sqlite3.Error):
        sound = False
    if not sound:
        raise BackupRefused("this file is no backup, or it is damaged")


async def _put_back(scratch: Path, url: str, seals: Seals, first: First) -> Restored:
    copy = await Database.open(f"sqlite:///{scratch}", seals)
    try:
        restored = await _looked_at(copy)
        await migrations.upgrade(copy)
        async with copy.writing() as tx:
            await first(tx, restored)
        if not url.startswith("sqlite:///"):
            await _into_server(copy, url, seals)
        return restored
    finally:
        await copy.close()


async def _looked_at(copy: Database) -> Restored:
    revision = await migrations.current(copy)
    if revision is None:
        raise BackupRefused("this file is no backup of this program")
    if revision not in migrations.REVISIONS:
        raise BackupRefused("this backup was made by a newer version of this program; restore it with that one")
    async with copy.reading() as tx:
        try:
            stamp = await stamps.check(tx)
        except StampRefused as refused:
            raise BackupRefused(str(refused)) from None
        return Restored(stamp, revision, await tx.value(_LAST_AUDIT), await ticks.latest(tx))


async def _into_server(copy: Database, url: str, seals: Seals) -> None:
    db = await Database.open(url, seals)
    try:
        if await migrations.current(db) is not None:
            raise BackupRefused("there already is a database; a restore never overwrites one")
        await migrations.upgrade(db)
        async with copy.reading(long=True) as source, db.writing(long=True) as target:
            await _copy_rows(source, target)
            await target.run(_NUMBERED)
    finally:
        await db.close()


async def _copy_rows(source: Tx, target: Tx) -> None:
    """Every row of every table, those that others point to first."""
    for table in metadata.sorted_tables:
        columns, statement = [column.name for column in table.columns], insert(table)
        places = [columns.index(column.name) for column in table.primary_key.columns]
        rows = await source.rows(_first_page(table))
        while rows:
            await target.many(statement, [dict(zip(columns, row, strict=True)) for row in rows])
            rows = await source.rows(_next_page(table, places, rows[-1]))


def _first_page(table: Table) -> Select[tuple[object, ...]]:
    return select(table).order_by(*table.primary_key.columns).limit(_PAGE)


def _next_page(table: Table, places: Sequence[int], last: Row) -> Select[tuple[object, ...]]:
    keys = list(table.primary_key.columns)
    after = tuple_(*(bindparam(None, last[place], column.type) for place, column in zip(places, keys, strict=True)))
    return _first_page(table).where(tuple_(*keys) > after)
