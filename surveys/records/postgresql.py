"""PostgreSQL through psycopg's own pool. Each turn is one transaction; the server shares commits by itself.

Every write transaction holds a shared advisory lock, so that retiring a key can wait until no writer uses it any more.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from surveys.records.failures import AlreadyThere, DatabaseUnavailable, StatementRefused
from surveys.records.statements import Row

WRITERS_LOCK = 7_205_001
_PATIENCE = 10.0
_CONNECTIONS = 10
_BEGIN_ALONE = f"BEGIN; SELECT pg_advisory_xact_lock({WRITERS_LOCK})"
_BEGIN = f"BEGIN; SELECT pg_advisory_xact_lock_shared({WRITERS_LOCK})"


class PostgresLink:
    """One connection inside a transaction. `head` is the end of the audit chain, once it is locked and known."""

    def __init__(self, connection: psycopg.AsyncConnection[Row]) -> None:
        self.connection = connection
        self.head: tuple[int, bytes] | None = None

    async def execute(self, sql: str, values: Any) -> tuple[Sequence[Row], int]:
        """Rows and the number of rows touched."""
        try:
            cursor = await self.connection.execute(sql, values)
            rows = await cursor.fetchall() if cursor.description else ()
        except psycopg.Error as error:
            raise _translated(error) from None
        return rows, cursor.rowcount

    async def execute_many(self, sql: str, values: Sequence[Any]) -> int:
        """The number of rows touched by all."""
        try:
            async with self.connection.cursor() as cursor:
                await cursor.executemany(sql, values)
                return cursor.rowcount
        except psycopg.Error as error:
            raise _translated(error) from None


class PostgresDriver:
    """A pool of connections to one database."""

    dialect: Dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]

    def __init__(self, pool: AsyncConnectionPool[psycopg.AsyncConnection[Row]], url: str) -> None:
        self.pool = pool
        self.url = url

    @classmethod
    async def connect(cls, url: str) -> "PostgresDriver":
        """Open the pool; `DatabaseUnavailable` where the server does not answer."""
        pool = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=_CONNECTIONS,
            open=False,
            check=AsyncConnectionPool.check_connection,
            kwargs={"autocommit": True},
            timeout=_PATIENCE,
        )
        try:
            await pool.open(wait=True, timeout=_PATIENCE)
        except (psycopg.Error, PoolTimeout):
            await pool.close()
            raise DatabaseUnavailable from None
        return cls(pool, url)

    @asynccontextmanager
    async def writing(self, long: bool, alone: bool) -> AsyncIterator[PostgresLink]:
        """One transaction, durable when the block ends; `alone` waits until no other is under way."""
        del long
        async with self._transaction(_BEGIN_ALONE if alone else _BEGIN) as link:
            yield link

    @asynccontextmanager
    async def reading(self, long: bool) -> AsyncIterator[PostgresLink]:
        """Reads on one snapshot."""
        del long
        async with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as link:
            yield link

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[PostgresLink]:
        connection = await self._take()
        try:
            await _plain(connection, begin)
            try:
                yield PostgresLink(connection)
            except BaseException:
                with suppress(psycopg.Error):
                    await connection.execute("ROLLBACK")
                raise
            await _plain(connection, "COMMIT")
        finally:
            await self.pool.putconn(connection)

    async def _take(self) -> psycopg.AsyncConnection[Row]:
        try:
            return await self.pool.getconn()
        except (psycopg.Error, PoolTimeout, PoolClosed):
            raise DatabaseUnavailable from None

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[psycopg.AsyncConnection[Row]]:
        """A connection outside any transaction, for VACUUM."""
        connection = await self._take()
        try:
            yield connection
        finally:
            await self.pool.putconn(connection)

    async def close(self) -> None:
        """Close every connection."""
        await self.pool.close()


async def _plain(connection: psycopg.AsyncConnection[Row], sql: str) -> None:
    try:
        await connection.execute(sql)
    except psycopg.Error as error:
        raise _translated(error) from None


def _translated(error: psycopg.Error) -> Exception:
    if isinstance(error, psycopg.errors.UniqueViolation):
        return AlreadyThere(error.diag.constraint_name or "unique")
    if isinstance(error, psycopg.IntegrityError):
        return StatementRefused(error.diag.constraint_name or error.sqlstate or "constraint")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | psycopg.errors.ReadOnlySqlTransaction):
        return DatabaseUnavailable()
    return StatementRefused(error.sqlstate or type(error).__name__)
