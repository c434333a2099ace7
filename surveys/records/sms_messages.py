"""What is known of each SMS at the provider: how far it came, whether its body is gone there. Never the body itself.

A receipt may come before the response to the call that sent the message, twice, and out of order: a status only ever
moves forward.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, bindparam, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from surveys.records.database import Tx
from surveys.records.sms_tables import sms_messages as table

FINAL = 9
"""The stage of a status after which nothing more comes."""
STAGES = {
    "scheduled": 0, "accepted": 1, "queued": 2, "receiving": 2, "sending": 3, "sent": 4, "delivered": FINAL,
    "read": FINAL, "undelivered": FINAL, "failed": FINAL, "canceled": FINAL, "partially_delivered": FINAL,
    "received": FINAL,
}  # fmt: skip


class Direction(StrEnum):
    """From us, or from a person."""

    OUT = "out"
    IN = "in"


class Heard(StrEnum):
    """What an inbound message is to us: new, the same again, or one number with another body."""

    NEW = "new"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SmsMessage:
    """One message at the provider. `stage` orders its status; `error` is a short word."""

    sid: str
    direction: Direction
    delivery: str | None
    participant: str | None
    status: str
    stage: int
    error: str | None
    final_at: datetime | None
    tries: int
    redacted_at: datetime | None


_COLUMNS = (
    table.c.sid, table.c.direction, table.c.delivery, table.c.participant, table.c.status, table.c.stage,
    table.c.error, table.c.final_at, table.c.tries, table.c.redacted_at,
)  # fmt: skip
_PUT = insert(table).on_conflict_do_nothing(index_elements=["sid"])
_GET = select(*_COLUMNS).where(table.c.sid == bindparam("the_sid"))
_DIGEST = select(table.c.digest).where(table.c.sid == bindparam("the_sid"))
_BY_SID = update(table).where(table.c.sid == bindparam("the_sid"))
_BELONGS = _BY_SID.values(
    delivery=bindparam("to_delivery"), participant=bindparam("the_participant"),
    valid_until=func.coalesce(bindparam("valid", type_=table.c.valid_until.type), table.c.valid_until),
)  # fmt: skip
_ADVANCE = _BY_SID.where(table.c.stage < bindparam("to_stage")).values(
    status=bindparam("to_status"), stage=bindparam("to_stage"), error=bindparam("what"), final_at=bindparam("final"),
    try_at=bindparam("final"), tries=0,
)  # fmt: skip
_REDACTED = _BY_SID.values(redacted_at=bindparam("now"), try_at=null())
_AGAIN = _BY_SID.values(try_at=bindparam("at"), tries=table.c.tries + 1)
_HELD = _BY_SID.values(redacted_at=null(), try_at=bindparam("at"))
_TO_REDACT = (
    select(*_COLUMNS)
    .where(table.c.redacted_at.is_(None), table.c.stage == FINAL, table.c.try_at <= bindparam("now"))
    .order_by(table.c.try_at)
    .limit(bindparam("most"))
)
_UNFINISHED = (
    select(*_COLUMNS)
    .where(
        table.c.redacted_at.is_(None), table.c.stage < FINAL,
        or_(table.c.try_at.is_(None), table.c.try_at <= bindparam("now")),
    )
    .order_by(table.c.seen_at)
    .limit(bindparam("most"))
)  # fmt: skip
_UNTOLD = table.c.valid_until.is_(None)
_SILENT = _UNFINISHED.where(
    table.c.seen_at < bindparam("before"),
    or_(table.c.valid_until >= bindparam("over"), and_(_UNTOLD, table.c.seen_at >= bindparam("since"))),
)
_LAPSED = _UNFINISHED.where(
    or_(table.c.valid_until < bindparam("over"), and_(_UNTOLD, table.c.seen_at < bindparam("since")))
)
_FORGET = (
    update(table).where(table.c.digest.is_not(None), table.c.redacted_at < bindparam("before")).values(digest=null())
)


async def note_inbound(tx: Tx, sid: str, content: str, now: datetime) -> Heard:
    """A person's message has come; its body is to be taken off the provider. `content` is kept as a keyed digest."""
    digest = tx.seals.index("sms_messages", "digest", f"{sid}:{content}")
    if await _put(tx, sid, Direction.IN, "received", now, digest=digest):
        return Heard.NEW
    return Heard.SAME if await tx.value(_DIGEST, the_sid=sid) in (digest, None) else Heard.OTHER


async def note_sent(
    tx: Tx, sid: str, delivery: str, participant: str | None, now: datetime, valid_until: datetime | None = None
) -> None:
    """The provider took a message of ours, which it brings until `valid_until`; a receipt of it may be here already."""
    new = await _put(
        tx, sid, Direction.OUT, "queued", now, delivery=delivery, participant=participant, valid_until=valid_until
    )
    if not new:
        await tx.run(_BELONGS, the_sid=sid, to_delivery=delivery, the_participant=participant, valid=valid_until)


async def adopt(tx: Tx, sid: str, direction: Direction, status: str, now: datetime) -> bool:
    """The provider lists a message that is not known here; whether it was unknown until now."""
    return await _put(tx, sid, direction, status, now)


async def advance(tx: Tx, sid: str, status: str, error: str | None, now: datetime) -> bool:
    """Move the status forward; whether it moved. A message not known yet is put down as one of ours."""
    if await _put(tx, sid, Direction.OUT, status, now, error=error):
        return True
    stage = STAGES[status]
    final = now if stage == FINAL else None
    told = {"to_status": status, "to_stage": stage, "what": error, "final": final}
    return await tx.run(_ADVANCE, the_sid=sid, **told) == 1


async def _put(
    tx: Tx,
    sid: str,
    direction: Direction,
    status: str,
    now: datetime,
    *,
    delivery: str | None = None,
    participant: str | None = None,
    error: str | None = None,
    digest: bytes | None = None,
    valid_until: datetime | None = None,
) -> bool:
    final = now if STAGES[status] == FINAL else None
    row = {
        "sid": sid, "direction": direction.value, "delivery": delivery, "participant": participant, "status": status,
        "stage": STAGES[status], "error": error, "digest": digest, "seen_at": now, "final_at": final, "try_at": final,
        "tries": 0, "redacted_at": None, "valid_until": valid_until,
    }  # fmt: skip
    return await tx.run(_PUT, **row) == 1


async def get(tx: Tx, sid: str) -> SmsMessage | None:
    """The message, or `None`."""
    row = await tx.row(_GET, the_sid=sid)
    return SmsMessage(row[0], Direction(row[1]), *row[2:]) if row else None


async def to_redact(tx: Tx, now: datetime, limit: int = 50) -> list[SmsMessage]:
    """Those whose body may be at the provider still, and whose next try has come."""
    return [SmsMessage(r[0], Direction(r[1]), *r[2:]) for r in await tx.rows(_TO_REDACT, now=now, most=limit)]


async def silent(
    tx: Tx, now: datetime, before: datetime, over: datetime, since: datetime, limit: int = 50
) -> list[SmsMessage]:
    """Those first seen before that instant whose final status never came and may yet come, and whose next asking has
    come. `over` and `since` are as for `lapsed`."""
    rows = await tx.rows(_SILENT, now=now, before=before, over=over, since=since, most=limit)
    return [SmsMessage(r[0], Direction(r[1]), *r[2:]) for r in rows]


async def lapsed(tx: Tx, now: datetime, over: datetime, since: datetime, limit: int = 50) -> list[SmsMessage]:
    """Those that can arrive no more, whatever their status says, and whose next try has come: valid until an instant
    before `over`, or, where that is not known, first seen before `since`."""
    rows = await tx.rows(_LAPSED, now=now, over=over, since=since, most=limit)
    return [SmsMessage(r[0], Direction(r[1]), *r[2:]) for r in rows]


async def redacted(tx: Tx, sid: str, now: datetime) -> None:
    """The provider says that the body is gone."""
    await tx.run(_REDACTED, the_sid=sid, now=now)


async def try_again(tx: Tx, sid: str, at: datetime) -> None:
    """Redacting, or asking how far it came, was in vain; the next try is at that instant."""
    await tx.run(_AGAIN, the_sid=sid, at=at)


async def found_held(tx: Tx, sid: str, now: datetime) -> None:
    """The provider was seen to hold a body that was taken for gone: redact it again."""
    await tx.run(_HELD, the_sid=sid, at=now)


async def forget_digests(tx: Tx, before: datetime) -> int:
    """Forget the digests of what was redacted before that instant: no copy of it is delivered any more."""
    return await tx.run(_FORGET, before=before)
