"""One side's database: short write transactions, reads, and the handle that noun modules query with.

On SQLite and on PostgreSQL the same. It must never log a statement's values, nor let a driver's message, which may
quote
them, out in an error.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

from sqlalchemy import Dialect, Executable

from surveys.records import audit
from surveys.records.audit import Entry
from surveys.records.failures import AlreadyThere, DatabaseUnavailable
from surveys.records.sealing import PersonKeys, Seals
from surveys.records.statements import Row, Statements
from surveys.rules.chance import Chance, SystemChance
from surveys.rules.vocabulary import Side

__all__ = ["AlreadyThere", "Database", "DatabaseUnavailable", "Tx"]


class Link(Protocol):
    """A driver's connection inside one transaction. `head` is the end of the audit chain, where it is known already."""

    head: tuple[int, bytes] | None

    async def execute(self, sql: str, values: Any) -> tuple[Sequence[Row], int]:
        """Rows (none where the statement gives none) and the number of rows touched."""
        ...

    async def execute_many(self, sql: str, values: Sequence[Any]) -> int:
        """The number of rows touched by all."""
        ...


class Driver(Protocol):
    """What differs between the two databases."""

    dialect: Dialect

    def writing(self, long: bool, alone: bool) -> AbstractAsyncContextManager[Link]:
        """One turn at writing; durable when it ends without an exception."""
        ...

    def reading(self, long: bool) -> AbstractAsyncContextManager[Link]:
        """Reads on one consistent state."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...


class Tx:
    """One transaction. Statements are Core statements kept at module level; values are given by name."""

    def __init__(self, database: "Database", link: Link) -> None:
        self.database = database
        self.link = link
        self.side: Side = database.side
        self.seals: Seals = database.seals
        self.chance: Chance = database.chance
        self.entries: list[Entry] = []
        """Audit entries of this transaction, chained and written as it ends."""
        self.made_keys: dict[str, PersonKeys] = {}
        """Data keys made in this transaction, however many: an import uses each several times."""
        self._statements = database.statements

    async def rows(self, statement: Executable, /, **given: Any) -> Sequence[Row]:
        """All rows, each column in its own type."""
        prepared = self._statements.prepare(statement)
        rows, _ = await self.link.execute(prepared.sql, prepared.values(given))
        return prepared.read(rows)

    async def row(self, statement: Executable, /, **given: Any) -> Row | None:
        """The first row, or `None`."""
        rows = await self.rows(statement, **given)
        return rows[0] if rows else None

    async def value(self, statement: Executable, /, **given: Any) -> Any:
        """The first column of the first row, or `None`."""
        row = await self.row(statement, **given)
        return row[0] if row else None

    async def run(self, statement: Executable, /, **given: Any) -> int:
        """The number of rows touched."""
        prepared = self._statements.prepare(statement)
        _, touched = await self.link.execute(prepared.sql, prepared.values(given))
        return touched

    async def many(self, statement: Executable, each: Sequence[Mapping[str, Any]]) -> int:
        """The number of rows touched by the statement run with each of these."""
        if not each:
            return 0
        prepared = self._statements.prepare(statement)
        return await self.link.execute_many(prepared.sql, [prepared.values(given) for given in each])

    @property
    def remembered_keys(self) -> "OrderedDict[str, PersonKeys]":
        """Data keys unwrapped lately by this process."""
        return self.database.remembered_keys


class Database:
    """A side's open database. Close it when done."""

    def __init__(self, url: str, driver: Driver, side: Side, seals: Seals, chance: Chance) -> None:
        self.url = url
        self.driver = driver
        self.side = side
        self.seals = seals
        self.chance = chance
        self.statements = Statements(driver.dialect)
        self.remembered_keys: OrderedDict[str, PersonKeys] = OrderedDict()

    @classmethod
    async def open(cls, url: str, seals: Seals, chance: Chance | None = None) -> "Database":
        """`sqlite:///path` or `postgresql://…`. Does not look at the schema or the stamp: `stamps.check` does."""
        quieten()
        driver = await _driver(url)
        return cls(url, driver, seals.side, seals, chance or SystemChance())

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.driver.dialect.name

    @asynccontextmanager
    async def writing(self, *, long: bool = False, alone: bool = False) -> AsyncIterator[Tx]:
        """One write transaction: all of it is durable when the block ends, or none of it is kept.

        Writers of one process take turns, and may share a commit; nobody's block ends before theirs is durable. Never
        wait for a person or a provider inside. `long` is for imports and the like, so that others' turns on the event
        loop go on; `alone` waits until no other process writes either.

        Raises `DatabaseUnavailable`, and `AlreadyThere` where a unique row is there already.
        """
        async with self.driver.writing(long, alone) as link:
            self.seals.refresh()
            tx = Tx(self, link)
            yield tx
            if tx.entries:
                link.head = await audit.append(tx, link.head)

    @asynccontextmanager
    async def reading(self, *, long: bool = False) -> AsyncIterator[Tx]:
        """Reads on one consistent state. `long` is for exports and checks of everything."""
        async with self.driver.reading(long) as link:
            self.seals.refresh()
            yield Tx(self, link)

    async def close(self) -> None:
        """Let go of every connection."""
        await self.driver.close()


def quieten() -> None:
    """Keep libraries from logging statements or their values at any level below a warning."""
    for name in ("sqlalchemy", "psycopg", "psycopg.pool", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def _driver(url: str) -> Driver:
    if url.startswith("sqlite:///"):
        from surveys.records.sqlite import SqliteDriver  # noqa: PLC0415 - only one of the two is ever needed

        return await asyncio.to_thread(SqliteDriver, url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        from surveys.records.postgresql import PostgresDriver  # noqa: PLC0415

        return await PostgresDriver.connect(url)
    raise ValueError("[database] url must begin with sqlite:/// or postgresql://")
