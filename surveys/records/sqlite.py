"""SQLite: one writer connection whose turns may share a commit, and a few readers. WAL, `synchronous=FULL`, BEGIN
IMMEDIATE.

Short statements run on the event loop's own thread, as a hop to another thread costs more than they do; commits (they
wait
for the disk) and everything `long` run beside it. It must never report a turn as kept before its commit is on the disk.
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Dialect
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from surveys.records.failures import AlreadyThere, DatabaseUnavailable, StatementRefused
from surveys.records.statements import Row

T = TypeVar("T")
P = ParamSpec("P")

BUSY_SECONDS = 10.0
"""How long a writer waits for another process's transaction."""
_IDLE_READERS = 4
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY")
_UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID")
_PROGRAM = ("SQLITE_ERROR", "SQLITE_MISUSE", "SQLITE_RANGE", "SQLITE_MISMATCH", "SQLITE_TOOBIG", "")


class Batch:
    """Write transactions that share one commit. `head` is the end of the audit chain inside it, once it is known."""

    def __init__(self) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.head: tuple[int, bytes] | None = None

    def finish(self, failed: bool) -> None:
        """Tell every turn of this batch what became of it."""
        if failed:
            self.done.set_exception(DatabaseUnavailable())
            self.done.exception()
        else:
            self.done.set_result(None)


class SqliteLink:
    """One connection inside a transaction; `beside` is the thread for long statements."""

    def __init__(self, connection: sqlite3.Connection, beside: ThreadPoolExecutor | None, batch: Batch | None) -> None:
        self.connection = connection
        self._beside = beside
        self._batch = batch

    @property
    def head(self) -> tuple[int, bytes] | None:
        """The end of the audit chain, where an earlier turn of the batch left it."""
        return self._batch.head if self._batch else None

    @head.setter
    def head(self, head: tuple[int, bytes] | None) -> None:
        if self._batch:
            self._batch.head = head

    async def execute(self, sql: str, values: Any) -> tuple[Sequence[Row], int]:
        """Rows and the number of rows touched."""
        if self._beside is None:
            return _execute(self.connection, sql, values)
        return await self._aside(self._beside, _execute, self.connection, sql, values)

    async def execute_many(self, sql: str, values: Sequence[Any]) -> int:
        """The number of rows touched by all."""
        if self._beside is None:
            return _execute_many(self.connection, sql, values)
        return await self._aside(self._beside, _execute_many, self.connection, sql, values)

    async def _aside(self, beside: ThreadPoolExecutor, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(beside, lambda: work(*args, **kwargs))


class SqliteDriver:
    """The connections to one file, which is made (0600) where it is missing."""

    dialect: Dialect = SQLiteDialect_pysqlite(paramstyle="qmark")

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        _make(self.path)
        self._turn = asyncio.Lock()
        self._batch: Batch | None = None
        self._commits: set[asyncio.Task[None]] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._long = ThreadPoolExecutor(2, thread_name_prefix="long")
        self._writer = _connect(self.path, busy_seconds=0.0)
        self._idle: list[sqlite3.Connection] = []

    @asynccontextmanager
    async def writing(self, long: bool, alone: bool) -> AsyncIterator[SqliteLink]:
        """One turn. It ends when the shared commit is durable. Every turn is `alone`."""
        del alone
        async with self._turn:
            batch = self._batch or await self._begin()
            _execute(self._writer, "SAVEPOINT turn", ())
            try:
                yield SqliteLink(self._writer, self._long if long else None, batch)
                _execute(self._writer, "RELEASE turn", ())
            except BaseException:
                self._undo(batch)
                raise
        await asyncio.shield(batch.done)

    async def _begin(self) -> Batch:
        await _until_free(self._writer, "BEGIN IMMEDIATE")
        batch = self._batch = Batch()
        # The lock is fair: whoever waits for a turn already comes before this commit, whoever comes later after it.
        task = asyncio.get_running_loop().create_task(self._commit(batch))
        self._commits.add(task)
        task.add_done_callback(self._commits.discard)
        return batch

    def _undo(self, batch: Batch) -> None:
        batch.head = None
        with suppress(sqlite3.Error):
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK TO turn")
                self._writer.execute("RELEASE turn")
                return
        self._give_up(batch)

    def _give_up(self, batch: Batch) -> None:
        """A full disk and the like undo the whole transaction: every turn of the batch is lost, and told so."""
        with suppress(sqlite3.Error):
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
        if self._batch is batch:
            self._batch = None
            batch.finish(failed=True)

    async def _commit(self, batch: Batch) -> None:
        async with self._turn:
            if self._batch is not batch:
                return
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.execute, "COMMIT")
            except sqlite3.Error:
                self._give_up(batch)
            else:
                self._batch = None
                batch.finish(failed=False)

    @asynccontextmanager
    async def reading(self, long: bool) -> AsyncIterator[SqliteLink]:
        """Reads on one state of the file, beside any writer."""
        connection = self._idle.pop() if self._idle else self._reader()
        try:
            _execute(connection, "BEGIN", ())
            yield SqliteLink(connection, self._long if long else None, None)
        finally:
            self._put_back(connection)

    def _reader(self) -> sqlite3.Connection:
        connection = _connect(self.path, busy_seconds=BUSY_SECONDS)
        connection.execute("PRAGMA query_only=ON")
        return connection

    def _put_back(self, connection: sqlite3.Connection) -> None:
        try:
            connection.rollback()
        except sqlite3.Error:
            connection.close()
            return
        if len(self._idle) < _IDLE_READERS:
            self._idle.append(connection)
        else:
            connection.close()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[sqlite3.Connection]:
        """The writer's connection outside any transaction, for VACUUM, checkpoints and backups. Run them beside the
        loop."""
        while True:
            async with self._turn:
                if self._batch is None:
                    yield self._writer
                    return
            await asyncio.gather(*self._commits)

    async def close(self) -> None:
        """Finish the commit under way, then close everything."""
        async with self.alone() as writer:
            for connection in (*self._idle, writer):
                connection.close()
            self._idle.clear()
        self._thread.shutdown()
        self._long.shutdown()


def _make(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        if not os.access(path, os.R_OK):
            raise DatabaseUnavailable from error


def _connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            path, timeout=busy_seconds, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        for pragma in _PRAGMAS:
            connection.execute("PRAGMA " + pragma)
    except sqlite3.Error as error:
        raise _translated(error) from None
    return connection


async def _until_free(connection: sqlite3.Connection, sql: str) -> None:
    """SQLite's own busy wait would stop the event loop, so the waiting is done here."""
    waited, pause = 0.0, 0.001
    while True:
        try:
            connection.execute(sql)
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or waited >= BUSY_SECONDS:
                raise _translated(error) from None
        else:
            return
        await asyncio.sleep(pause)
        waited, pause = waited + pause, min(pause * 2, 0.05)


def _execute(connection: sqlite3.Connection, sql: str, values: Any) -> tuple[Sequence[Row], int]:
    try:
        cursor = connection.execute(sql, values)
        rows = cursor.fetchall() if cursor.description else ()
    except sqlite3.Error as error:
        raise _translated(error) from None
    return rows, cursor.rowcount


def _execute_many(connection: sqlite3.Connection, sql: str, values: Sequence[Any]) -> int:
    try:
        return connection.executemany(sql, values).rowcount
    except sqlite3.Error as error:
        raise _translated(error) from None


def _translated(error: sqlite3.Error) -> Exception:
    name = getattr(error, "sqlite_errorname", "")
    if name in _UNIQUE:
        return AlreadyThere(name)
    if isinstance(error, sqlite3.OperationalError | sqlite3.DatabaseError) and not name.startswith("SQLITE_CONSTRAINT"):
        return StatementRefused(f"{name} {error}") if name in _PROGRAM else DatabaseUnavailable()
    return StatementRefused(name)
