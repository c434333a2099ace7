"""Calls that staff opened, each with how it ended. A call that is over is over: it is never opened again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from surveys.records.call_tables import calls
from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id


@dataclass(frozen=True, slots=True)
class CallMade:
    """One call. `outcome` is a code, None while it goes on."""

    id: str
    participant: str
    invitation: str
    contact: str
    opened_by: str
    opened_at: datetime
    ended_at: datetime | None
    outcome: str | None


_INSERT = insert(calls)
_OF = (
    select(*shaped(calls, CallMade))
    .where(calls.c.participant == bindparam("the_participant"))
    .order_by(calls.c.opened_at.desc(), calls.c.id.desc())
)
_LIVE = _OF.where(calls.c.ended_at.is_(None), calls.c.opened_at >= bindparam("since")).limit(1)
_END = (
    update(calls)
    .where(calls.c.id == bindparam("the_id"), calls.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"), outcome=bindparam("how"))
)
_REPLACE = (
    update(calls)
    .where(calls.c.participant == bindparam("the_participant"), calls.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"), outcome=bindparam("how"))
)
REPLACED = "replaced"


async def begin(tx: Tx, participant: str, invitation: str, contact: str, by: str, now: datetime) -> str:
    """A call is opened; its id. Whatever call to the same person was left open is over: one goes on at a time."""
    await tx.run(_REPLACE, the_participant=participant, now=now, how=REPLACED)
    name = new_id("k", tx.chance)
    await tx.run(
        _INSERT, id=name, participant=participant, invitation=invitation, contact=contact, opened_by=by, opened_at=now,
        ended_at=None, outcome=None,
    )  # fmt: skip
    return name


async def live(tx: Tx, participant: str, since: datetime) -> CallMade | None:
    """The call that was opened since then and has not ended, or `None`."""
    row = await tx.row(_LIVE, the_participant=participant, since=since)
    return CallMade(*row) if row else None


async def end(tx: Tx, call: str, how: str, now: datetime) -> bool:
    """It is over; whether it still went on."""
    return await tx.run(_END, the_id=call, how=how, now=now) == 1
