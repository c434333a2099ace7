"""Copies of a side's records, and bringing them to this version. Keys and tombstones are never part of a copy."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from posle.opening import of_any_age, opened
from surveys.records import backup, backup_dates, migrations, stamps

KEPT, LONGEST = 35, 90
"""Days for which a backup may be kept: by default, and at most, which is when contact details go by their clock."""


class NotHere(Exception):
    """A backup into the side's own folder would be lost with it; choose another place."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A backup, its last day, and the older ones beside it whose day is over: `pruned` says that they were deleted."""

    file: Path
    not_after: date
    overdue: tuple[Path, ...]
    pruned: bool


async def copy_out(folder: Path, file: Path, now: datetime, days: int = KEPT, *, prune: bool = False) -> Copied:
    """Write a backup to `file`; refused where it exists or lies in the side's folder."""
    async with opened(folder) as (settings, database):
        if _inside(file, settings.folder):
            raise NotHere
        today = now.astimezone(settings.side.timezone).date()
        until = today + timedelta(days=days)
        await backup.back_up(database, file, until)
    own = settings.database_file  # a backup that was copied into its place by hand has a day too, and is in use
    old = tuple(each for each in backup_dates.overdue(file, today) if own is None or not each.samefile(own))
    for path in old if prune else ():
        path.unlink()
    return Copied(file, until, old, prune)


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
