"""Readiness: what a side's host organisation has attested before anything may be sent. Rows are only added; the last
counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.tables import readiness


@dataclass(frozen=True, slots=True, repr=False)
class Readiness:
    """The latest record: its JSON document, opened."""

    id: str
    recorded_at: datetime
    document: str


_LATER = timedelta(microseconds=1)
_INSERT = insert(readiness)
_LATEST = (
    select(readiness.c.id, readiness.c.recorded_at, readiness.c.document)
    .order_by(readiness.c.recorded_at.desc(), readiness.c.id)
    .limit(1)
)


async def record(tx: Tx, document: str, now: datetime) -> str:
    """Keep a readiness document (JSON), sealed; its id. It counts from now on, also where the clock was set back."""
    last = await tx.row(_LATEST)
    now = now if last is None else max(now, last[1] + _LATER)
    name = new_id("r", tx.chance)
    sealed = tx.seals.seal(tx.seals.operations, "readiness", "document", name, document)
    await tx.run(_INSERT, id=name, document=sealed, recorded_at=now)
    return name


async def latest(tx: Tx) -> Readiness | None:
    """The last record, or `None`."""
    row = await tx.row(_LATEST)
    if row is None:
        return None
    document = tx.seals.open(tx.seals.operations, "readiness", "document", row[0], row[2])
    return Readiness(row[0], row[1], document)
