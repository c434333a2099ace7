"""Opens a side's database for one command: its keys, its stamp, its schema, checked before anything else is read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from posle.settings import Settings, load_settings
from posle.wiring import wire
from surveys.records import migrations, stamps
from surveys.records.database import Database
from surveys.records.sealing import Seals
from surveys.steps import configured
from surveys.steps.service import Service

OPERATOR = "operator"
"""Who did it, in the audit, where the command line asks for no name."""


class DatabaseMissing(Exception):
    """The database is not there; check [database] url, or bring a backup back with `posle restore`."""


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Settings, Database]]:
    """The side's settings and its database, current and its own; one of the refusals otherwise."""
    async with of_any_age(folder) as (settings, database):
        await migrations.check(database)
        async with database.reading() as tx:
            kept = await configured.read(tx)
        yield replace(settings, configured=kept), database


@asynccontextmanager
async def of_any_age(folder: Path) -> AsyncIterator[tuple[Settings, Database]]:
    """The same, also where the schema is of an older version; of another side or of other keys it is refused."""
    settings = load_settings(folder)
    if settings.database_file is not None and not settings.database_file.is_file():
        raise DatabaseMissing
    database = await Database.open(settings.database, Seals.load(settings.keys.file, settings.side.name))
    try:
        if await migrations.current(database) is not None:
            async with database.reading() as tx:
                await stamps.check(tx)
        yield settings, database
    finally:
        await database.close()


def service_of(settings: Settings, database: Database, *, enrols: bool = False) -> Service:
    """What the side's steps are handed. Only who `enrols` reads the evaluators' key.

    So nothing about that key can stand in the way of a withdrawal.
    """
    if not enrols:
        settings = replace(settings, keys=replace(settings.keys, evaluators_public=None))
    return wire(settings, database)
