"""Messages that stand in somebody's chat and are to be deleted there, ours and theirs, whoever it is.

Only a keyed index and the sealed address are kept, never a text; a row goes as soon as its message is gone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.trace_tables import ephemeral_messages as table

_TABLE = "ephemeral_messages"
SLACK = timedelta(minutes=5)
"""Two machines' clocks are no further apart."""


class Direction(StrEnum):
    """From us, or from the person."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True, repr=False)
class Trace:
    """One message that is to go; `message` is the provider's number of it."""

    id: str
    chat: bytes
    address: str
    message: str
    sent_at: datetime
    tries: int


_PUT = insert(table).on_conflict_do_nothing(index_elements=["chat", "message"])
_CHAT = bindparam("the_chat", type_=table.c.chat.type)
_COLUMNS = (table.c.id, table.c.chat, table.c.message, table.c.sent_at, table.c.tries, table.c.address)
_NOW = or_(table.c.due_at <= bindparam("now"), table.c.sent_at > bindparam("after"))
_NEXT = select(table.c.due_at).order_by(table.c.due_at).limit(1)
_IS_DUE = select(table.c.id).where(_NOW).limit(1)
_DUE = select(*_COLUMNS).where(_NOW).order_by(table.c.due_at).limit(bindparam("most"))
_DUE_IN = _DUE.where(table.c.chat == _CHAT)
_CHATS = select(table.c.chat).where(_NOW).distinct()
_ENDING = (
    update(table)
    .where(table.c.chat == _CHAT, table.c.due_at > bindparam("at"), table.c.message != bindparam("kept"))
    .values(due_at=bindparam("at"))
)
_MOVE = (
    update(table)
    .where(table.c.chat == _CHAT, table.c.message == bindparam("the_message"))
    .values(due_at=bindparam("at"))
)
_AGAIN = (
    update(table)
    .where(table.c.id == bindparam("the_id"))
    .values(due_at=bindparam("at"), tries=table.c.tries + bindparam("tried"))
)
_GONE = delete(table).where(table.c.id == bindparam("the_id"))


def chat_index(tx: Tx, address: str) -> bytes:
    """The keyed index under which a chat is found here; no other table has the same for it."""
    return tx.seals.index(_TABLE, "chat", address)


async def note(tx: Tx, address: str, message: str, direction: Direction, sent_at: datetime, due_at: datetime) -> None:
    """A message stands in that chat until `due_at`; one that is known already stays as it is."""
    name = new_id("e", tx.chance)
    sealed = tx.seals.seal(tx.seals.operations, _TABLE, "address", name, address)
    row: dict[str, Any] = {
        "id": name, "chat": chat_index(tx, address), "address": sealed, "message": message,
        "direction": direction.value, "sent_at": sent_at, "due_at": due_at, "tries": 0,
    }  # fmt: skip
    await tx.run(_PUT, **row)


async def end(tx: Tx, chat: bytes, at: datetime, kept: str = "") -> int:
    """All messages of the chat are to go at that instant, but the one that is `kept` for now; how many."""
    return await tx.run(_ENDING, the_chat=chat, at=at, kept=kept)


async def move(tx: Tx, chat: bytes, message: str, at: datetime) -> None:
    """That message is to go at that instant."""
    await tx.run(_MOVE, the_chat=chat, the_message=message, at=at)


async def anything_due(tx: Tx, now: datetime) -> bool:
    """Whether anything is to go now: the idle tick's only question."""
    return await tx.row(_IS_DUE, now=now, after=now + SLACK) is not None


async def next_due(tx: Tx) -> datetime | None:
    """When the next message is to go."""
    row = await tx.row(_NEXT)
    return row[0] if row else None


async def due(tx: Tx, now: datetime, chat: bytes | None = None, limit: int = 500) -> list[Trace]:
    """What is to go now, the longest due first; of one chat, or of all. So is what the clock, set back, says was sent
    later than now."""
    given: dict[str, Any] = {"now": now, "after": now + SLACK, "most": limit}
    rows = await tx.rows(_DUE_IN, the_chat=chat, **given) if chat is not None else await tx.rows(_DUE, **given)
    key = tx.seals.operations
    return [
        Trace(row[0], row[1], tx.seals.open(key, _TABLE, "address", row[0], row[5]), row[2], row[3], row[4])
        for row in rows
    ]


async def chats_due(tx: Tx, now: datetime) -> frozenset[bytes]:
    """Every chat in which anything is to go now, by its keyed index."""
    return frozenset(row[0] for row in await tx.rows(_CHATS, now=now, after=now + SLACK))


async def again(tx: Tx, trace: str, at: datetime, *, tried: bool) -> None:
    """It could not be deleted; the next try is at that instant."""
    await tx.run(_AGAIN, the_id=trace, at=at, tried=int(tried))


async def gone(tx: Tx, trace: str) -> None:
    """It is gone from the chat, or never will be: nothing is kept of it."""
    await tx.run(_GONE, the_id=trace)
