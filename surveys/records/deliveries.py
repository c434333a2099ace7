"""Deliveries: one thing to send, planned as a row; claimed once, by one lease, then sent, failed or unknown for good.

Nothing here decides whether a message may be sent, and nothing ever turns a finished delivery back into a planned one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, null, select, update
from sqlalchemy.dialects.postgresql import insert

from surveys.records.columns import const, one_of, shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.tables import deliveries
from surveys.rules.vocabulary import Channel, DeliveryKind, DeliveryState

STARTED_BY_SERVICE = (DeliveryKind.NOTICE, DeliveryKind.REMINDER, DeliveryKind.CALL)


class ForeignLease(Exception):
    """This delivery is not claimed, or is claimed by somebody else: a worker past its lease must not touch it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery's row."""

    id: str
    participant: str | None
    invitation: str | None
    interview: str | None
    kind: DeliveryKind
    sequence: int
    channel: Channel
    state: DeliveryState
    why: str
    reason: str | None
    due_at: datetime
    not_after: datetime | None
    attempts: int
    claimed_at: datetime | None
    lease: str | None
    finished_at: datetime | None
    provider_message: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """Something to send. `why` is a code that says what it is due to."""

    kind: DeliveryKind
    sequence: int
    channel: Channel
    due_at: datetime
    why: str
    participant: str | None = None
    invitation: str | None = None
    interview: str | None = None
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of one claimed delivery."""

    delivery: str
    lease: str
    state: DeliveryState
    provider_message: str | None = None
    error: str | None = None


_PLAN = insert(deliveries).on_conflict_do_nothing(index_elements=["invitation", "kind", "sequence"])
_INSERT = insert(deliveries)
_COLUMNS = shaped(deliveries, Delivery)
_GET = select(*_COLUMNS).where(deliveries.c.id == bindparam("the_id"))
_OF = (
    select(*_COLUMNS)
    .where(deliveries.c.participant == bindparam("the_participant"))
    .order_by(deliveries.c.due_at, deliveries.c.id)
)
_NEXT_DUE = (
    select(deliveries.c.due_at).where(deliveries.c.state == const("planned")).order_by(deliveries.c.due_at).limit(1)
)
_IS_DUE = _NEXT_DUE.where(deliveries.c.due_at <= bindparam("now"))
_IS_ABANDONED = deliveries.c.state == const("claimed"), deliveries.c.claimed_at < bindparam("before")
_ANY_ABANDONED = select(deliveries.c.id).where(*_IS_ABANDONED).limit(1)
_ABANDONED = (
    select(*_COLUMNS)
    .where(*_IS_ABANDONED)
    .order_by(deliveries.c.claimed_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_PLANNED = update(deliveries).where(deliveries.c.state == const("planned"))
_CANCEL = {"state": const("cancelled"), "reason": bindparam("why_not"), "finished_at": bindparam("now")}
_RECHANNEL = _PLANNED.where(
    deliveries.c.participant == bindparam("the_participant"), one_of(deliveries.c.kind, *STARTED_BY_SERVICE)
).values(channel=bindparam("new_channel"))
_CANCEL_PERSON = _PLANNED.where(deliveries.c.participant == bindparam("the_participant")).values(**_CANCEL)
_CANCEL_INVITATION = _PLANNED.where(deliveries.c.invitation == bindparam("the_invitation")).values(**_CANCEL)
_CANCEL_KIND = _PLANNED.where(
    deliveries.c.invitation == bindparam("the_invitation"), deliveries.c.kind == bindparam("the_kind")
).values(**_CANCEL)
_CANCEL_ONE = _PLANNED.where(deliveries.c.id == bindparam("the_id")).values(**_CANCEL)
_MOVE = _PLANNED.where(deliveries.c.id == bindparam("the_id")).values(
    due_at=bindparam("due"), not_after=bindparam("latest"), reason=bindparam("why_moved")
)
_HELD = update(deliveries).where(
    deliveries.c.id == bindparam("the_id"),
    deliveries.c.lease == bindparam("the_lease"),
    deliveries.c.state == const("claimed"),
)
_FINISH = _HELD.values(
    state=bindparam("how"),
    finished_at=bindparam("now"),
    provider_message=bindparam("message"),
    error=bindparam("what"),
    reason=bindparam("why_not"),
)
_BACK = _HELD.values(
    state=const("planned"),
    due_at=bindparam("due"),
    reason=bindparam("why_not"),
    claimed_at=null(),
    lease=null(),
    attempts=deliveries.c.attempts - 1 + bindparam("tried"),
)
_COUNTS = select(deliveries.c.kind, deliveries.c.state, func.count()).group_by(deliveries.c.kind, deliveries.c.state)
_SEQUENCE = select(func.coalesce(func.max(deliveries.c.sequence) + 1, 0)).where(
    deliveries.c.invitation == bindparam("the_invitation"), deliveries.c.kind == bindparam("the_kind")
)


async def plan(tx: Tx, several: Sequence[NewDelivery]) -> int:
    """Plan deliveries; what is planned already stays as it is. Gives how many were new."""
    return await tx.many(
        _PLAN, [_row(new, new_id("d", tx.chance), DeliveryState.PLANNED, None, None) for new in several]
    )


async def born_claimed(tx: Tx, new: NewDelivery, now: datetime) -> tuple[str, str]:
    """A reply, recorded in the transaction of what it answers, already claimed: its id and lease.

    `AlreadyThere` where this invitation has one of this kind and sequence.
    """
    name, lease = new_id("d", tx.chance), new_id("l", tx.chance)
    await tx.run(_INSERT, **_row(new, name, DeliveryState.CLAIMED, now, lease))
    return name, lease


def _row(
    new: NewDelivery, name: str, state: DeliveryState, claimed_at: datetime | None, lease: str | None
) -> dict[str, Any]:
    return {
        "id": name,
        "participant": new.participant,
        "invitation": new.invitation,
        "interview": new.interview,
        "kind": new.kind,
        "sequence": new.sequence,
        "channel": new.channel,
        "state": state,
        "why": new.why,
        "reason": None,
        "due_at": new.due_at,
        "not_after": new.not_after,
        "attempts": 0 if lease is None else 1,
        "claimed_at": claimed_at,
        "lease": lease,
        "finished_at": None,
        "provider_message": None,
        "error": None,
    }


async def get(tx: Tx, delivery: str) -> Delivery | None:
    """The delivery, or `None`."""
    row = await tx.row(_GET, the_id=delivery)
    return Delivery(*row) if row else None


async def of_participant(tx: Tx, participant: str) -> list[Delivery]:
    """Everything sent, planned or dropped for one participant, by due time."""
    return [Delivery(*row) for row in await tx.rows(_OF, the_participant=participant)]


async def next_due(tx: Tx) -> datetime | None:
    """When the next planned delivery is due."""
    return await tx.value(_NEXT_DUE)  # type: ignore[no-any-return]


async def anything_due(tx: Tx, now: datetime) -> bool:
    """Whether a planned delivery is due: the idle tick's only question."""
    return await tx.row(_IS_DUE, now=now) is not None


async def next_sequence(tx: Tx, invitation: str, kind: DeliveryKind) -> int:
    """The first free sequence number of this kind for this invitation."""
    return int(await tx.value(_SEQUENCE, the_invitation=invitation, the_kind=kind))


async def anything_abandoned(tx: Tx, before: datetime) -> bool:
    """Whether there is any such; it locks nothing."""
    return await tx.row(_ANY_ABANDONED, before=before) is not None


async def abandoned(tx: Tx, before: datetime, limit: int) -> list[Delivery]:
    """Claimed before that instant and never finished: their worker died or hangs. Perhaps sent, so `unknown`."""
    return [Delivery(*row) for row in await tx.rows(_ABANDONED, before=before, most=limit)]


async def rechannel(tx: Tx, participant: str, channel: Channel) -> None:
    """What the service is going to start goes by this channel from now on."""
    await tx.run(_RECHANNEL, the_participant=participant, new_channel=channel)


async def cancel_of_participant(tx: Tx, participant: str, reason: str, now: datetime) -> int:
    """Cancel everything planned for a participant."""
    return await tx.run(_CANCEL_PERSON, the_participant=participant, why_not=reason, now=now)


async def cancel_of_invitation(tx: Tx, invitation: str, reason: str, now: datetime) -> int:
    """Cancel everything planned for an invitation."""
    return await tx.run(_CANCEL_INVITATION, the_invitation=invitation, why_not=reason, now=now)


async def cancel_kind(tx: Tx, invitation: str, kind: DeliveryKind, reason: str, now: datetime) -> int:
    """Cancel what is planned of one kind for an invitation."""
    return await tx.run(_CANCEL_KIND, the_invitation=invitation, the_kind=kind, why_not=reason, now=now)


async def cancel(tx: Tx, delivery: str, reason: str, now: datetime) -> bool:
    """Cancel one planned delivery; whether it was still planned."""
    return await tx.run(_CANCEL_ONE, the_id=delivery, why_not=reason, now=now) == 1


async def move(
    tx: Tx, delivery: str, due_at: datetime, not_after: datetime | None = None, reason: str | None = None
) -> bool:
    """Another time for one planned delivery; whether it was still planned."""
    return await tx.run(_MOVE, the_id=delivery, due=due_at, latest=not_after, why_moved=reason) == 1


async def mark_sent(tx: Tx, delivery: str, lease: str, now: datetime, provider_message: str | None) -> None:
    """The provider took it; `ForeignLease` where it is not this worker's."""
    await _finish(tx, Finished(delivery, lease, DeliveryState.SENT, provider_message), now)


async def mark_failed(tx: Tx, delivery: str, lease: str, now: datetime, error: str) -> None:
    """It was certainly not sent and will not be; `error` is a code."""
    await _finish(tx, Finished(delivery, lease, DeliveryState.FAILED, error=error), now)


async def mark_unknown(tx: Tx, delivery: str, lease: str, now: datetime, error: str) -> None:
    """Perhaps sent; never resent by itself. `error` is a code."""
    await _finish(tx, Finished(delivery, lease, DeliveryState.UNKNOWN, error=error), now)


async def _finish(tx: Tx, finished: Finished, now: datetime) -> None:
    if not await tx.run(_FINISH, **_finishing(finished, now)):
        raise ForeignLease


def _finishing(finished: Finished, now: datetime) -> Mapping[str, Any]:
    return {
        "the_id": finished.delivery,
        "the_lease": finished.lease,
        "how": finished.state,
        "now": now,
        "message": finished.provider_message,
        "what": finished.error,
        "why_not": None,
    }


async def mark_many(tx: Tx, several: Sequence[Finished], now: datetime) -> list[Finished]:
    """Finish many at once; those that were not their worker's are left alone and given back."""
    if await tx.many(_FINISH, [_finishing(each, now) for each in several]) == len(several):
        return []
    return [each for each in several if not await _is_finished(tx, each)]


async def _is_finished(tx: Tx, finished: Finished) -> bool:
    row = await get(tx, finished.delivery)
    return row is not None and row.lease == finished.lease and row.state is finished.state


async def drop(tx: Tx, delivery: str, lease: str, now: datetime, reason: str) -> None:
    """A claimed delivery that must not be sent after all, and nothing of it was: cancelled, with the reason."""
    given = dict(_finishing(Finished(delivery, lease, DeliveryState.CANCELLED), now)) | {"why_not": reason}
    if not await tx.run(_FINISH, **given):
        raise ForeignLease


async def put_back(tx: Tx, delivery: str, lease: str, due_at: datetime, reason: str, tried: bool) -> None:
    """A claimed delivery that was certainly not sent: planned again for `due_at`. Without
    `tried` the claim counts as no attempt."""
    if not await tx.run(_BACK, the_id=delivery, the_lease=lease, due=due_at, why_not=reason, tried=int(tried)):
        raise ForeignLease


async def counts(tx: Tx) -> dict[tuple[DeliveryKind, DeliveryState], int]:
    """How many, by kind and state."""
    return {(kind, state): number for kind, state, number in await tx.rows(_COUNTS)}
