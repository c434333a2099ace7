"""Who serves a side: a lock that a process holds as long as it is at work, so that no second one undoes what it does.

A file's lock beside SQLite, session locks on PostgreSQL; both end with the process, however it ends. It must never be
taken by a command that only reads or writes something for a moment.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Protocol

from surveys.records.database import Database
from surveys.records.sqlite import SqliteDriver

PATIENCE = 2.0
"""Seconds to wait for another process that is just beginning, or ending."""
LOOKED_AT = 5.0
_BEAT = 0.1


class ServedAlready(Exception):
    """This side is being served by another process; stop that one first."""


class Presence(Protocol):
    """`alone`: nobody else is at work on this side, nor begins to before `settle`."""

    alone: bool

    async def settle(self) -> None:
        """Let others, who may be there too, begin."""
        ...


@asynccontextmanager
async def present(database: Database, *, only: bool, patience: float = PATIENCE) -> AsyncIterator[Presence]:
    """Be at work on this side until the block ends. `only`: no other process that says so may be there.

    `ServedAlready` where one is.
    """
    if isinstance(database.driver, SqliteDriver):
        path = database.driver.path
        async with _by_file(f"{path}.serving", only, patience) as presence:
            yield presence
        return
    from surveys.records.postgresql_presence import by_session  # noqa: PLC0415 - nine MiB that SQLite does without

    async with by_session(database.url, only, patience) as presence:
        yield presence


class _File:
    """The lock of one open file: exclusive for the only process, and for the first of several until it settles."""

    def __init__(self, handle: int, only: bool) -> None:
        self._handle, self._only = handle, only
        self.alone = False

    async def settle(self) -> None:
        """Share the lock, where others may be there too."""
        if not self._only:
            fcntl.flock(self._handle, fcntl.LOCK_SH)

    async def take(self, patience: float) -> None:
        self.alone = _locked(self._handle, fcntl.LOCK_EX)
        loop = asyncio.get_running_loop()
        end = loop.time() + patience
        while not self.alone and (self._only or not _locked(self._handle, fcntl.LOCK_SH)):
            if loop.time() > end:
                raise ServedAlready
            await asyncio.sleep(_BEAT)
            self.alone = _locked(self._handle, fcntl.LOCK_EX)


@asynccontextmanager
async def _by_file(path: str, only: bool, patience: float) -> AsyncIterator[Presence]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        presence = _File(handle, only)
        await presence.take(patience)
        yield presence
    finally:
        with suppress(OSError):
            os.close(handle)


def _locked(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
