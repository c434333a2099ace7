"""Makes a side's folder: settings, keys, database, shipped instruments. It appears whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from posle.opening import OPERATOR
from posle.publishing import publish_shipped
from posle.settings import FILE, load_settings
from posle.settings.reading import DATABASE
from posle.settings.secret import variable
from posle.template import settings_text
from posle.wiring import TOMBSTONES
from surveys.records import audit, stamps
from surveys.records.database import Database
from surveys.records.durably import sync_folder
from surveys.records.evaluators import read_evaluators_public
from surveys.records.keyfile import create_keys
from surveys.records.migrations import current, upgrade
from surveys.records.sealing import Seals
from surveys.rules.vocabulary import Side


class FolderTaken(Exception):
    """The folder has something in it; choose one that is not there yet, or empty."""


class DatabaseTaken(Exception):
    """The database already has something in it; give the side an empty one of its own."""


async def found(folder: Path, side: Side, *, evaluators: Path | None, database: str | None, now: datetime) -> None:
    """Make `folder` (absolute) for this side. `evaluators` is their public key, copied in.

    FolderTaken where anything is there.
    """
    _refuse_taken(folder)
    public = read_evaluators_public(evaluators) if evaluators else None
    with _appearing(folder) as built:
        _write(built / FILE, settings_text(side, database=_address(database), evaluators=public is not None))
        if evaluators is not None:
            shutil.copyfile(evaluators, built / "evaluators.pub")
        _write(built / TOMBSTONES, "")
        settings = load_settings(built)
        create_keys(settings.keys.file, side)
        await _fill(settings.database, Seals.load(settings.keys.file, side), now)


def _address(given: str | None) -> str | None:
    return given or (None if variable("database", "url") in os.environ else DATABASE)


def _refuse_taken(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise FolderTaken


async def _fill(url: str, seals: Seals, now: datetime) -> None:
    db = await Database.open(url, seals)
    try:
        if await current(db) is not None:
            raise DatabaseTaken
        await upgrade(db)
        async with db.writing() as tx:
            stamp = await stamps.create(tx, now, "made by posle init")
            audit.record(tx, OPERATOR, "side.made", stamp.installation, now)
            await publish_shipped(tx, now)
    finally:
        await db.close()


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` that takes its name at the end; after an error nothing is left, parents included."""
    missing = [each for each in folder.parents if not each.exists()]
    folder.parent.mkdir(parents=True, exist_ok=True)
    built = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield built
        _refuse_taken(folder)
        built.replace(folder)
        sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(built, ignore_errors=True)
        for each in missing:
            each.rmdir()
        raise
