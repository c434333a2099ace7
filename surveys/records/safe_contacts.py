"""Safe contacts: how, when and with which words a person may be reached. Rows are only added; the last one counts.

Everything that was agreed is sealed under the person's contact key. Nothing here is ever read by the other side.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select

from surveys.records import keys
from surveys.records.columns import Instant, const
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.safe_tables import safe_contacts, safe_waves
from surveys.records.tables import invitations

_TABLE, _WAVES = "safe_contacts", "safe_waves"


@dataclass(frozen=True, slots=True, repr=False)
class Recorded:
    """One record: its JSON document, opened."""

    id: str
    recorded_at: datetime
    document: str


_INSERT = insert(safe_contacts)
_OF = (
    select(safe_contacts.c.id, safe_contacts.c.recorded_at, safe_contacts.c.document)
    .where(safe_contacts.c.participant == bindparam("the_participant"))
    .order_by(safe_contacts.c.recorded_at.desc(), safe_contacts.c.id.desc())
)
_LATEST = _OF.limit(1)
_INSERT_WAVE = insert(safe_waves)
_WAVE = select(safe_waves.c.participant, safe_waves.c.valid_from).where(
    safe_waves.c.invitation == bindparam("the_invitation")
)
_UNNEED = delete(safe_waves).where(safe_waves.c.invitation == bindparam("the_invitation"))
_AHEAD = timedelta(days=60)
"""More than the days for which a confirmation holds and those of first contact together."""
_TO_COME = (
    select(safe_waves.c.invitation)
    .join(invitations, invitations.c.id == safe_waves.c.invitation)
    .where(invitations.c.state != const("closed"), invitations.c.opens_at <= bindparam("until", type_=Instant))
)
_FORGET = delete(safe_waves).where(
    safe_waves.c.invitation.in_(select(invitations.c.id).where(invitations.c.state == const("closed")))
)


async def record(tx: Tx, participant: str, document: str, now: datetime) -> str:
    """Keep one more record (JSON), sealed; its id. Of two records of one instant the one that came later counts."""
    last = await tx.row(_LATEST, the_participant=participant)
    now = max(now, last[1] + timedelta(microseconds=1)) if last else now
    name = new_id("s", tx.chance)
    key = (await keys.of(tx, participant)).contact
    sealed = tx.seals.seal(key, _TABLE, "document", name, document)
    await tx.run(_INSERT, id=name, participant=participant, recorded_at=now, document=sealed)
    return name


async def latest(tx: Tx, participant: str) -> Recorded | None:
    """The record that counts, or `None`."""
    row = await tx.row(_LATEST, the_participant=participant)
    return await _opened(tx, participant, row[0], row[1], row[2]) if row else None


async def history(tx: Tx, participant: str) -> list[Recorded]:
    """Every record, the last one first."""
    rows = await tx.rows(_OF, the_participant=participant)
    return [await _opened(tx, participant, row[0], row[1], row[2]) for row in rows]


async def _opened(tx: Tx, participant: str, name: str, at: datetime, sealed: bytes) -> Recorded:
    key = (await keys.of(tx, participant)).contact
    return Recorded(name, at, tx.seals.open(key, _TABLE, "document", name, sealed))


async def need_from(tx: Tx, participant: str, invitation: str, day: date) -> None:
    """The wave needs a safe contact that was confirmed on or after this day; an earlier word on it is replaced."""
    await tx.run(_UNNEED, the_invitation=invitation)
    key = (await keys.of(tx, participant)).contact
    sealed = tx.seals.seal(key, _WAVES, "valid_from", invitation, day.isoformat())
    await tx.run(_INSERT_WAVE, invitation=invitation, participant=participant, valid_from=sealed)


async def needed_from(tx: Tx, invitation: str) -> date | None:
    """That day; `None` where the wave needs none, or is over."""
    row = await tx.row(_WAVE, the_invitation=invitation)
    if row is None:
        return None
    key = (await keys.of(tx, row[0])).contact
    return date.fromisoformat(tx.seals.open(key, _WAVES, "valid_from", invitation, row[1]))


async def waves_to_come(tx: Tx, now: datetime) -> list[str]:
    """The waves that need a safe contact and begin within the time in which it may be confirmed, or have begun."""
    return [row[0] for row in await tx.rows(_TO_COME, until=now + _AHEAD)]


async def forget_closed(tx: Tx) -> int:
    """Forget the days of waves that are over; how many."""
    return await tx.run(_FORGET)
