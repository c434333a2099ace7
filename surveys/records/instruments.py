"""Published instruments. A published one never changes; an edit is a new version."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.tables import instruments


class AlreadyPublished(Exception):
    """This name and version is published with other contents; publish the change as a new version."""


@dataclass(frozen=True, slots=True)
class Published:
    """One published instrument: its compiled document and digest."""

    name: str
    version: str
    digest: str
    document: str
    published_at: datetime
    published_by: str


_INSERT = insert(instruments)
_COLUMNS = shaped(instruments, Published)
_GET = select(*_COLUMNS).where(
    instruments.c.name == bindparam("the_name"), instruments.c.version == bindparam("the_version")
)
_ALL = select(*_COLUMNS).order_by(instruments.c.name, instruments.c.published_at, instruments.c.version)
_LATEST = (
    select(*_COLUMNS)
    .where(instruments.c.name == bindparam("the_name"))
    .order_by(instruments.c.published_at.desc(), instruments.c.version.desc())
    .limit(1)
)
_LATEST_VERSION = _LATEST.with_only_columns(instruments.c.version)


async def publish(tx: Tx, new: Published) -> bool:
    """Publish; `False` where exactly this is published already, `AlreadyPublished` where something else is."""
    there = await get(tx, new.name, new.version)
    if there is not None:
        if there.digest != new.digest:
            raise AlreadyPublished
        return False
    await tx.run(_INSERT, **{name: getattr(new, name) for name in Published.__slots__})
    return True


async def get(tx: Tx, name: str, version: str) -> Published | None:
    """That version, or `None`."""
    row = await tx.row(_GET, the_name=name, the_version=version)
    return Published(*row) if row else None


async def latest(tx: Tx, name: str) -> Published | None:
    """The version published last, or `None`."""
    row = await tx.row(_LATEST, the_name=name)
    return Published(*row) if row else None


async def latest_version(tx: Tx, name: str) -> str | None:
    """The version published last, without its document, or `None`."""
    return await tx.value(_LATEST_VERSION, the_name=name)  # type: ignore[no-any-return]


async def every(tx: Tx) -> list[Published]:
    """All published versions."""
    return [Published(*row) for row in await tx.rows(_ALL)]
