"""Copies of a side's records, and bringing them to this version. Keys and tombstones are never part of a copy."""

from pathlib import Path

from posle.opening import of_any_age, opened
from surveys.records import backup, migrations, stamps


class NotHere(Exception):
    """A backup into the side's own folder would be lost with it; choose another place."""


async def copy_out(folder: Path, file: Path) -> None:
    """Write a backup to `file`; refused where it exists or lies in the side's folder."""
    async with opened(folder) as (settings, database):
        if _inside(file, settings.folder):
            raise NotHere
        await backup.back_up(database, file)


def _inside(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


async def bring_forward(folder: Path) -> tuple[str | None, str]:
    """Upgrade the schema; gives the revisions before and after."""
    async with of_any_age(folder) as (_, database):
        before = await migrations.current(database)
        if before is None:  # an empty database was never this side's: nothing is made out of it
            raise stamps.StampRefused("this database has no stamp; it was not made by `posle init`")
        await migrations.upgrade(database)
        return before, migrations.HEAD
