"""The same on PostgreSQL: two advisory locks of one session, taken again where the server was away.

`ONLY` is held by a process that serves everything; `PRESENT` is shared by all of them, so that the first knows that it
is alone. A pooler that hands out a session per transaction must not stand between.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg

from surveys.records.failures import DatabaseUnavailable
from surveys.records.presence import LOOKED_AT, Presence, ServedAlready

_LOG = logging.getLogger(__name__)
ONLY, PRESENT = 7_205_004, 7_205_005
_BEAT = 0.1
_GOING = 0.5
"""Seconds in which the server lets go of all that a killed process held: not at one instant."""


class _Session:
    def __init__(self, url: str, only: bool) -> None:
        self._url, self._only = url, only
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None
        self.alone = False

    async def settle(self) -> None:
        """Share what was held alone, where others may be there too."""
        if self.alone:
            await self._ask(f"SELECT pg_advisory_lock_shared({PRESENT})")
            await self._ask(f"SELECT pg_advisory_unlock({PRESENT})")

    async def take(self, patience: float) -> None:
        self._connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        end = asyncio.get_running_loop().time() + patience
        if self._only:
            await self._until(f"pg_try_advisory_lock({ONLY})", end)
        self.alone = await self._alone(min(patience, _GOING))
        if not self.alone:
            await self._until(f"pg_try_advisory_lock_shared({PRESENT})", end)

    async def _alone(self, patience: float) -> bool:
        try:
            await self._until(f"pg_try_advisory_lock({PRESENT})", asyncio.get_running_loop().time() + patience)
        except ServedAlready:
            return False
        return True

    async def _until(self, call: str, end: float) -> None:
        while not await self._got(call):
            if asyncio.get_running_loop().time() > end:
                raise ServedAlready
            await asyncio.sleep(_BEAT)

    async def keep(self) -> None:
        """Look after the session; after a restart of the server the locks are taken again, from whoever has none."""
        while True:
            await asyncio.sleep(LOOKED_AT)
            try:
                await self._ask("SELECT 1")
            except psycopg.Error:
                await self._again()

    async def _again(self) -> None:
        await self.close()
        self.alone = False
        try:
            await self.take(0.0)
            await self.settle()
        except ServedAlready:
            await self.close()
            _LOG.error("another process serves this side too: stop one of them")
        except psycopg.Error:
            _LOG.warning("the database is away; being the one that serves this side is claimed again later")

    async def _got(self, call: str) -> bool:
        row = await self._ask(f"SELECT {call}")
        return bool(row and row[0])

    async def _ask(self, sql: str) -> tuple[object, ...] | None:
        if self._connection is None:
            raise psycopg.OperationalError
        return await (await self._connection.execute(sql)).fetchone()

    async def close(self) -> None:
        """Let go of the locks."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                await self._connection.close()
            self._connection = None


@asynccontextmanager
async def by_session(url: str, only: bool, patience: float) -> AsyncIterator[Presence]:
    """Be at work until the block ends; see `presence.present`."""
    session = _Session(url, only)
    try:
        try:
            await session.take(patience)
        except psycopg.Error:
            raise DatabaseUnavailable from None
        keeper = asyncio.create_task(session.keep(), name="presence")
        try:
            yield session
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
    finally:
        await session.close()
