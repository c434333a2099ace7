"""Invitations: one participant, one wave of one course; planned, open, then closed with a disposition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, insert, select, update

from surveys.records.columns import Instant, const, one_of, shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.tables import invitations
from surveys.rules.vocabulary import Disposition


class InvitationState(StrEnum):
    """planned → open → closed; nothing reopens."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class WaveClosed(Exception):
    """The invitation is closed already; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """One participant's wave. `closes_at` is the first instant at which it is over."""

    id: str
    participant: str
    wave: str
    course: int
    due_on: date
    opens_at: datetime
    closes_at: datetime
    instrument: str
    version: str
    state: str
    disposition: Disposition | None
    reason: str | None
    opened_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """A wave to be planned."""

    participant: str
    wave: str
    course: int
    due_on: date
    opens_at: datetime
    closes_at: datetime
    instrument: str
    version: str
    centre: str


_INSERT = insert(invitations)
_COLUMNS = shaped(invitations, Invitation)
_GET = select(*_COLUMNS).where(invitations.c.id == bindparam("the_id"))
_OF = (
    select(*_COLUMNS)
    .where(invitations.c.participant == bindparam("the_participant"))
    .order_by(invitations.c.course, invitations.c.opens_at, invitations.c.id)
)
_CURRENT = (
    select(*_COLUMNS)
    .where(
        invitations.c.participant == bindparam("the_participant"),
        one_of(invitations.c.state, "planned", "open"),
        invitations.c.opens_at <= bindparam("now"),
        invitations.c.closes_at > bindparam("now"),
    )
    .order_by(invitations.c.opens_at.desc())
    .limit(1)
)
_CLOSING = (
    select(*_COLUMNS)
    .where(invitations.c.state != const("closed"), invitations.c.closes_at <= bindparam("now"))
    .order_by(invitations.c.closes_at)
    .limit(bindparam("most"))
)
_NEXT_CLOSING = select(func.min(invitations.c.closes_at)).where(invitations.c.state != const("closed"))
_BY_ID = update(invitations).where(invitations.c.id == bindparam("the_id"), invitations.c.state != const("closed"))
_OPENED = _BY_ID.values(
    state=const("open"), opened_at=func.coalesce(invitations.c.opened_at, bindparam("now", type_=Instant))
)
_CLOSE = _BY_ID.values(
    state=const("closed"), disposition=bindparam("how"), reason=bindparam("why"), closed_at=bindparam("now")
)
_CLOSE_OPEN = (
    update(invitations)
    .where(invitations.c.participant == bindparam("the_participant"), invitations.c.state != const("closed"))
    .values(state=const("closed"), disposition=bindparam("how"), reason=bindparam("why"), closed_at=bindparam("now"))
)
_MOVE = _BY_ID.values(due_on=bindparam("due"), opens_at=bindparam("opens"), closes_at=bindparam("closes"))
_PAGE = (
    select(*_COLUMNS).where(invitations.c.id > bindparam("after")).order_by(invitations.c.id).limit(bindparam("most"))
)
_COUNTS = select(invitations.c.wave, invitations.c.state, invitations.c.disposition, func.count()).group_by(
    invitations.c.wave, invitations.c.state, invitations.c.disposition
)


async def add_many(tx: Tx, several: Sequence[NewInvitation]) -> list[str]:
    """Plan waves; their ids. `AlreadyThere` where a participant has that wave of that course already."""
    names = [new_id("i", tx.chance) for _ in several]
    rows = [
        {
            "id": name,
            "participant": new.participant,
            "wave": new.wave,
            "course": new.course,
            "due_on": new.due_on,
            "opens_at": new.opens_at,
            "closes_at": new.closes_at,
            "instrument": new.instrument,
            "version": new.version,
            "state": InvitationState.PLANNED,
            "disposition": None,
            "reason": None,
            "opened_at": None,
            "closed_at": None,
            "centre": new.centre,
            "reviewed_at": None,
        }
        for name, new in zip(names, several, strict=True)
    ]
    await tx.many(_INSERT, rows)
    return names


async def get(tx: Tx, invitation: str) -> Invitation | None:
    """The invitation, or `None`."""
    row = await tx.row(_GET, the_id=invitation)
    return Invitation(*row) if row else None


async def of_participant(tx: Tx, participant: str) -> list[Invitation]:
    """All waves of one participant, in order."""
    return [Invitation(*row) for row in await tx.rows(_OF, the_participant=participant)]


async def current(tx: Tx, participant: str, now: datetime) -> Invitation | None:
    """The wave that may be answered now (its window has begun and it is not over), the latest where two overlap."""
    row = await tx.row(_CURRENT, the_participant=participant, now=now)
    return Invitation(*row) if row else None


async def closing(tx: Tx, now: datetime, limit: int) -> list[Invitation]:
    """Invitations whose window is over and that are not closed yet."""
    return [Invitation(*row) for row in await tx.rows(_CLOSING, now=now, most=limit)]


async def next_closing(tx: Tx) -> datetime | None:
    """When the next invitation runs out."""
    return await tx.value(_NEXT_CLOSING)  # type: ignore[no-any-return]


async def opened(tx: Tx, invitation: str, now: datetime) -> None:
    """The person began; `WaveClosed` where it is over."""
    if not await tx.run(_OPENED, the_id=invitation, now=now):
        raise WaveClosed


async def close(tx: Tx, invitation: str, disposition: Disposition, now: datetime, reason: str | None = None) -> None:
    """End it; `WaveClosed` where it is over already: the first disposition stays."""
    if not await tx.run(_CLOSE, the_id=invitation, how=disposition, why=reason, now=now):
        raise WaveClosed


async def close_open(
    tx: Tx, participant: str, disposition: Disposition, now: datetime, reason: str | None = None
) -> int:
    """End every wave of a participant that is not over yet; finished ones stay as they are. How many there were."""
    return await tx.run(_CLOSE_OPEN, the_participant=participant, how=disposition, why=reason, now=now)


async def move(tx: Tx, invitation: str, due_on: date, opens_at: datetime, closes_at: datetime) -> None:
    """Another date, after a correction; `WaveClosed` where it is over."""
    if not await tx.run(_MOVE, the_id=invitation, due=due_on, opens=opens_at, closes=closes_at):
        raise WaveClosed


async def page(tx: Tx, after: str = "", limit: int = 1000) -> list[Invitation]:
    """The next invitations in the order of their ids, for exports."""
    return [Invitation(*row) for row in await tx.rows(_PAGE, after=after, most=limit)]


async def counts(tx: Tx) -> list[tuple[str, str, Disposition | None, int]]:
    """How many, by wave, state and disposition."""
    return [(wave, state, how, number) for wave, state, how, number in await tx.rows(_COUNTS)]
