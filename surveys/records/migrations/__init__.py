"""The schema's revisions and how a database gets to the newest one. A newer schema than this program's is refused.

A revision runs in one transaction on both databases, so that a kill midway leaves the database as it was.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, MetaData, NullPool, Table, Text, create_engine, select
from sqlalchemy.exc import OperationalError

from surveys.records.database import Database
from surveys.records.failures import DatabaseUnavailable, StatementRefused

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
)
"""Every revision, oldest first; a test compares it with the files."""
HEAD = REVISIONS[-1]
MIGRATION_LOCK = 7_205_003

_VERSION = select(Table("alembic_version", MetaData(), Column("version_num", Text)).c.version_num)


class SchemaOlder(Exception):
    """The database is of an older version; run `posle upgrade`."""


class SchemaNewer(Exception):
    """The database was made by a newer version of this program; run that one. Nothing was changed."""


async def current(db: Database) -> str | None:
    """The database's revision, or `None` where it has none yet."""
    try:
        async with db.reading() as tx:
            return await tx.value(_VERSION)  # type: ignore[no-any-return]
    except StatementRefused:
        return None


async def check(db: Database) -> None:
    """Refuse to work with another schema: `SchemaOlder` or `SchemaNewer`."""
    found = await current(db)
    if found == HEAD:
        return
    raise SchemaOlder if found is None or found in REVISIONS else SchemaNewer


async def upgrade(db: Database, revision: str = HEAD) -> None:
    """Bring the schema to `revision`; does nothing where it is there. `SchemaNewer` where it is past what is known."""
    await asyncio.to_thread(migrate, db.url, lambda config: _command().upgrade(config, revision))


async def downgrade(db: Database, revision: str) -> None:
    """Bring the schema back to an older revision, or to nothing with `base`."""
    await asyncio.to_thread(migrate, db.url, lambda config: _command().downgrade(config, revision))


def _command() -> Any:
    from alembic import command  # noqa: PLC0415 - costs start-up time, and is needed only when something changes

    return command


def migrate(url: str, steps: Callable[[Any], None]) -> None:
    """Run alembic's `steps` on the database in one locked transaction."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with locked(url) as connection:
        _refuse_newer(connection)
        config.attributes["connection"] = connection
        steps(config)


def _refuse_newer(connection: Connection) -> None:
    if connection.dialect.has_table(connection, "alembic_version"):
        found = connection.execute(_VERSION).scalar()
        if found is not None and found not in REVISIONS:
            raise SchemaNewer


@contextmanager
def locked(url: str) -> Iterator[Connection]:
    """One connection in one transaction that nobody else migrates beside."""
    name, creator, begin = _sqlite(url) if url.startswith("sqlite:") else _postgres(url)
    engine = create_engine(name, creator=creator, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(begin)
            yield connection
            connection.commit()
    except OperationalError:
        raise DatabaseUnavailable from None
    finally:
        engine.dispose()


def _sqlite(url: str) -> tuple[str, Callable[[], Any], str]:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)

    return "sqlite://", connect, "BEGIN IMMEDIATE"


def _postgres(url: str) -> tuple[str, Callable[[], Any], str]:
    import psycopg  # noqa: PLC0415 - nine MiB that a side on SQLite does without

    return "postgresql+psycopg://", lambda: psycopg.connect(url), f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
