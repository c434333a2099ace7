"""The inbox: what providers delivered, kept sealed before it is acknowledged, and emptied once it is handled.

A provider's id is taken once, so replaying changes nothing. Failures are kept as a class name, never as a message.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, null, select, update
from sqlalchemy.dialects.postgresql import insert

from surveys.records.columns import const, one_of
from surveys.records.database import Tx
from surveys.records.tables import inbox

_COLUMNS = ("provider", "provider_id", "sender_index", "payload", "received_at", "state", "attempts", "failure")


@dataclass(frozen=True, slots=True, repr=False)
class Received:
    """One thing a provider delivered, opened. `seq` is the order of arrival."""

    seq: int
    provider: str
    provider_id: str
    received_at: datetime
    attempts: int
    payload: bytes


_PUT = (
    insert(inbox)
    .values({name: bindparam(name) for name in _COLUMNS})
    .on_conflict_do_nothing(index_elements=["provider", "provider_id"])
    .returning(inbox.c.seq)
)
_NEW = (
    select(inbox.c.seq, inbox.c.provider, inbox.c.provider_id, inbox.c.received_at, inbox.c.attempts, inbox.c.payload)
    .where(inbox.c.state == const("new"), inbox.c.seq > bindparam("after"))
    .order_by(inbox.c.seq)
    .limit(bindparam("most"))
)
_BY_SEQ = update(inbox).where(inbox.c.seq == bindparam("the_seq"), inbox.c.state == const("new"))
_DONE = _BY_SEQ.values(state=const("done"), payload=null(), sender_index=null(), handled_at=bindparam("now"))
_FAILED = _BY_SEQ.values(attempts=inbox.c.attempts + 1, failure=bindparam("what")).returning(inbox.c.attempts)
_DEAD = _BY_SEQ.values(state=const("dead"), handled_at=bindparam("now"))
_FORGET = (
    update(inbox)
    .where(inbox.c.sender_index == bindparam("the_sender"), inbox.c.payload.is_not(None))
    .values(payload=null(), sender_index=null(), state=const("done"))
)
_PURGE_DEAD = (
    update(inbox)
    .where(one_of(inbox.c.state, "dead"), inbox.c.handled_at < bindparam("before"), inbox.c.payload.is_not(None))
    .values(payload=null(), sender_index=null())
)

_PURGE_HANDLED = delete(inbox).where(one_of(inbox.c.state, "done"), inbox.c.received_at < bindparam("before"))


async def put(
    tx: Tx,
    provider: str,
    provider_id: str,
    payload: bytes,
    now: datetime,
    sender_index: bytes | None = None,
    failure: str | None = None,
) -> int | None:
    """Keep what arrived, to be handled; its number, or `None` where it was delivered before.

    `sender_index` is `contacts.address_index` of the sender, so that a purge finds what is left of a person here.
    `failure` names the class of what went wrong at a first attempt already made.
    """
    text, place = payload.decode("latin-1"), _place(provider, provider_id)
    return await tx.value(  # type: ignore[no-any-return]
        _PUT,
        provider=provider,
        provider_id=provider_id,
        sender_index=sender_index,
        payload=tx.seals.seal(tx.seals.operations, "inbox", "payload", place, text),
        received_at=now,
        state="new",
        attempts=0 if failure is None else 1,
        failure=None if failure is None else _class_name(failure),
    )


async def put_done(tx: Tx, provider: str, provider_id: str, now: datetime) -> int | None:
    """Note as handled, in this same transaction, what never needed to be kept; `None` where it was delivered before."""
    return await tx.value(  # type: ignore[no-any-return]
        _PUT,
        provider=provider,
        provider_id=provider_id,
        sender_index=None,
        payload=None,
        received_at=now,
        state="done",
        attempts=0,
        failure=None,
    )


async def unhandled(tx: Tx, after: int = 0, limit: int = 100) -> list[Received]:
    """What waits to be handled, in the order of arrival."""
    rows = await tx.rows(_NEW, after=after, most=limit)
    return [Received(*(*row[:-1], _opened(tx, row[1], row[2], row[5]))) for row in rows]


def _opened(tx: Tx, provider: str, provider_id: str, sealed: bytes) -> bytes:
    text = tx.seals.open(tx.seals.operations, "inbox", "payload", _place(provider, provider_id), sealed)
    return text.encode("latin-1")


async def done(tx: Tx, seq: int, now: datetime) -> bool:
    """It is handled and its content forgotten; whether it was still new. `False` means another worker was faster."""
    return await tx.run(_DONE, the_seq=seq, now=now) == 1


async def failed(tx: Tx, seq: int, failure: str, most: int, now: datetime) -> bool:
    """Handling failed (`failure` is the exception's class name). `True` where that was the last of `most` attempts.

    It is dead then: open a task in the same transaction. Its payload stays, sealed, for repair.
    """
    attempts = await tx.value(_FAILED, the_seq=seq, what=_class_name(failure))
    if attempts is None or attempts < most:
        return False
    await tx.run(_DEAD, the_seq=seq, now=now)
    return True


def _class_name(failure: str) -> str:
    if not failure.isidentifier():
        raise ValueError("only the class of a failure is kept, never its message")
    return failure


async def forget_sender(tx: Tx, sender_index: bytes) -> int:
    """Forget everything still kept from this sender."""
    return await tx.run(_FORGET, the_sender=sender_index)


async def forget_dead(tx: Tx, before: datetime) -> int:
    """Forget the content of what died before that instant."""
    return await tx.run(_PURGE_DEAD, before=before)


async def forget_handled(tx: Tx, before: datetime) -> int:
    """Remove the marks of what was handled and came before that instant."""
    return await tx.run(_PURGE_HANDLED, before=before)


def _place(provider: str, provider_id: str) -> str:
    return f"{provider}:{provider_id}"
