"""What the side's staff set in the console, sealed, row by row. A row is never changed but by coming into force.

It holds nothing of a participant.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, insert, select, update

from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.staff_tables import configured

_TABLE, _LATER = "configured", timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """One row, its JSON opened. `in_force_from` is None while it waits for a second person."""

    id: str
    kind: str
    document: str
    recorded_by: str
    recorded_at: datetime
    agreed_by: str | None
    in_force_from: datetime | None


_INSERT = insert(configured)
_EVERY = select(*shaped(configured, Kept)).order_by(
    configured.c.in_force_from, configured.c.recorded_at, configured.c.id
)
_LAST = select(func.max(configured.c.in_force_from, type_=configured.c.in_force_from.type))
_IN_FORCE = (
    update(configured)
    .where(configured.c.id == bindparam("the_id"), configured.c.in_force_from.is_(None))
    .values(agreed_by=bindparam("by"), in_force_from=bindparam("now"))
)


async def keep(tx: Tx, kind: str, document: str, by: str, now: datetime, *, in_force: bool) -> str:
    """Keep it, in force at once or not yet; its id."""
    name = new_id("g", tx.chance)
    sealed = tx.seals.seal(tx.seals.operations, _TABLE, "document", name, document)
    await tx.run(
        _INSERT, id=name, kind=kind, document=sealed, recorded_by=by, recorded_at=now, agreed_by=None,
        in_force_from=await _next(tx, now) if in_force else None,
    )  # fmt: skip
    return name


async def put_in_force(tx: Tx, name: str, by: str, now: datetime) -> bool:
    """It holds from now on; False where it does already, or is not there."""
    return await tx.run(_IN_FORCE, the_id=name, by=by, now=await _next(tx, now)) == 1


async def every(tx: Tx) -> list[Kept]:
    """All rows: those that wait, then those in force, the latest last."""
    rows = [Kept(row[0], row[1], _opened(tx, row[0], row[2]), *row[3:]) for row in await tx.rows(_EVERY)]
    return sorted(rows, key=lambda each: each.in_force_from is not None)


async def last(tx: Tx) -> datetime | None:
    """When anything last came into force; None where nothing did."""
    row = await tx.row(_LAST)
    return row[0] if row else None


async def _next(tx: Tx, now: datetime) -> datetime:
    """After everything before it, also where the clock was set back."""
    latest = await last(tx)
    return now if latest is None else max(now, latest + _LATER)


def _opened(tx: Tx, name: str, sealed: bytes) -> str:
    return tx.seals.open(tx.seals.operations, _TABLE, "document", name, sealed)
