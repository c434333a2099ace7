"""Sessions in a chat: where somebody, known or not, stands in the everyday survey, or that the gate has opened.

Nothing here says whose chat it is: only a keyed index is kept, and the row goes with the session.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, or_, select, update

from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.ids import new_token
from surveys.records.trace_tables import chat_sessions as table
from surveys.records.traces import chat_index

OPEN, LEFT = -1, -2
"""The places of a session whose gate has opened, and of one that was ended behind it by a withdrawal."""
TAG = 10


@dataclass(frozen=True, slots=True)
class ChatSession:
    """`place` is the cover's question; `tag` marks its buttons; `bubble` is known once the provider has taken it."""

    chat: bytes
    tag: str
    language: str
    place: int
    bubble: str | None
    last_at: datetime


_COLUMNS = shaped(table, ChatSession)
_CHAT = bindparam("the_chat", type_=table.c.chat.type)
_FIND = select(*_COLUMNS).where(table.c.chat == _CHAT)
_IDLE = (
    select(*_COLUMNS)
    .where(or_(table.c.last_at <= bindparam("before"), table.c.last_at > bindparam("after")))
    .order_by(table.c.last_at)
    .limit(bindparam("most"))
)
_OLDEST = select(table.c.last_at).order_by(table.c.last_at).limit(1)
_OF_CHAT = update(table).where(table.c.chat == _CHAT)
_MOVE = _OF_CHAT.values(place=bindparam("new_place"), last_at=bindparam("now"))
_BUBBLE = _OF_CHAT.where(table.c.tag == bindparam("the_tag")).values(bubble=bindparam("new_bubble"))
_END = delete(table).where(table.c.chat == _CHAT)


async def find(tx: Tx, address: str) -> ChatSession | None:
    """The session under way in this chat, or `None`."""
    row = await tx.row(_FIND, the_chat=chat_index(tx, address))
    return ChatSession(*row) if row else None


async def begin(tx: Tx, address: str, language: str, now: datetime) -> ChatSession:
    """A new session at the cover's first question."""
    made = ChatSession(chat_index(tx, address), new_token(tx.chance)[:TAG], language, 0, None, now)
    await tx.run(insert(table), **{name: getattr(made, name) for name in ChatSession.__slots__})
    return made


async def move(tx: Tx, session: ChatSession, place: int, now: datetime) -> ChatSession:
    """Where it stands now."""
    await tx.run(_MOVE, the_chat=session.chat, new_place=place, now=now)
    return replace(session, place=place, last_at=now)


async def set_bubble(tx: Tx, address: str, tag: str, bubble: str) -> None:
    """The provider's number of the session's one bubble."""
    await tx.run(_BUBBLE, the_chat=chat_index(tx, address), the_tag=tag, new_bubble=bubble)


async def idle(tx: Tx, before: datetime, after: datetime, limit: int = 200) -> list[ChatSession]:
    """Sessions in which nothing was said since `before`; or, by a clock that was set back, since `after`."""
    return [ChatSession(*row) for row in await tx.rows(_IDLE, before=before, after=after, most=limit)]


async def quiet_since(tx: Tx) -> datetime | None:
    """When something was last said in the session that has been quiet longest."""
    row = await tx.row(_OLDEST)
    return row[0] if row else None


async def end_of(tx: Tx, address: str) -> None:
    """No session is under way in this chat any more."""
    await tx.run(_END, the_chat=chat_index(tx, address))


async def end(tx: Tx, session: ChatSession) -> None:
    """It is over, and nothing of it is kept."""
    await tx.run(_END, the_chat=session.chat)
