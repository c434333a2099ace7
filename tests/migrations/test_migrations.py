"""Every revision goes up and down, with data too, on both databases; a kill midway and a newer schema do no harm."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, MetaData, Table, Text, update

from surveys.records import audit, migrations, participants
from surveys.records.database import Database
from surveys.records.migrations import SchemaNewer, SchemaOlder
from surveys.records.sealing import Seals
from surveys.records.tables import metadata
from tests.records.cast import NOW, somebody


async def _opened(url: str, seals: Seals) -> Database:
    return await Database.open(url, seals)


def test_the_known_revisions_are_the_files() -> None:
    folder = Path(migrations.__file__).parent / "versions"
    assert [path.name[:4] for path in sorted(folder.glob("[0-9]*.py"))] == list(migrations.REVISIONS)


async def test_an_empty_database_is_older_and_comes_up_to_the_tables_exactly(
    fresh_url: Callable[..., str], seals: Seals
) -> None:
    db = await _opened(fresh_url(migrated=False), seals)
    assert await migrations.current(db) is None
    with pytest.raises(SchemaOlder):
        await migrations.check(db)
    await migrations.upgrade(db)
    await migrations.upgrade(db)
    await migrations.check(db)
    with migrations.locked(db.url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    await db.close()


async def test_every_revision_goes_down_and_up_again(fresh_url: Callable[..., str], seals: Seals) -> None:
    db = await _opened(fresh_url(), seals)
    for revision in (*reversed(migrations.REVISIONS[:-1]), "base"):
        await migrations.downgrade(db, revision)
    assert await migrations.current(db) is None
    for revision in migrations.REVISIONS:
        await migrations.upgrade(db, revision)
        assert await migrations.current(db) == revision
    await db.close()


async def test_data_survives_every_revision_after_the_first(fresh_url: Callable[..., str], seals: Seals) -> None:
    db = await _opened(fresh_url(), seals)
    async with db.writing() as tx:
        person = await somebody(tx)
        audit.record(tx, "system", "enrol", person.id, NOW)
    await migrations.downgrade(db, migrations.REVISIONS[0])
    await migrations.upgrade(db)
    async with db.reading() as tx:
        assert await participants.get(tx, person.id) == person
        assert await audit.verify(tx) is None
    await db.close()


async def test_a_newer_schema_is_refused_and_left_alone(fresh_url: Callable[..., str], seals: Seals) -> None:
    db = await _opened(fresh_url(), seals)
    version = Table("alembic_version", MetaData(), Column("version_num", Text))
    async with db.writing() as tx:
        await tx.run(update(version).values(version_num="9999"))
    for refuses in (migrations.check, migrations.upgrade):
        with pytest.raises(SchemaNewer):
            await refuses(db)
    with pytest.raises(SchemaNewer):
        await migrations.downgrade(db, "base")
    assert await migrations.current(db) == "9999"
    await db.close()


async def test_two_upgrades_at_the_same_time_do_it_once(fresh_url: Callable[..., str], seals: Seals) -> None:
    db = await _opened(fresh_url(migrated=False), seals)
    await asyncio.gather(*(migrations.upgrade(db) for _ in range(4)))
    await migrations.check(db)
    await db.close()


_KILLED = """
import os, signal, sys
from alembic import op
from surveys.records import migrations

real, count = op.create_table, 0

def create_table(*args, **kwargs):
    global count
    count += 1
    if count == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **kwargs)

op.create_table = create_table
from alembic import command
migrations.migrate(sys.argv[1], lambda config: command.upgrade(config, "head"))
"""


@pytest.mark.parametrize("step", [1, 7, len(metadata.sorted_tables)])
async def test_a_migration_killed_midway_leaves_a_usable_database(
    fresh_url: Callable[..., str], seals: Seals, step: int
) -> None:
    url = fresh_url(migrated=False)
    ended = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", _KILLED, url, str(step)], check=False)
    assert ended.returncode == -signal.SIGKILL
    db = await _opened(url, seals)
    assert await migrations.current(db) is None
    await migrations.upgrade(db)
    await migrations.check(db)
    await db.close()


def test_revisions_and_their_entry_are_packaged() -> None:
    folder = Path(migrations.__file__).parent
    for name in ("env.py", "script.py.mako", "versions/__init__.py"):
        assert os.access(folder / name, os.R_OK)
