"""Interviews: a conversation under way about one invitation. Its state holds answers, so it is always sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from surveys.records import keys
from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.tables import interviews
from surveys.rules.vocabulary import Channel

_TABLE = "interviews"


@dataclass(frozen=True, slots=True, repr=False)
class Interview:
    """One interview with its state opened (`None` before the first item, and after a purge).

    `turn` counts what was exchanged; `bubble` is the provider's id of the message whose buttons are live.
    """

    id: str
    invitation: str
    participant: str
    contact: str | None
    instrument: str
    version: str
    stage: str
    turn: int
    mode: Channel
    bubble: str | None
    started_at: datetime
    last_at: datetime
    ended_at: datetime | None
    outcome: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class NewInterview:
    """An interview that begins."""

    invitation: str
    participant: str
    instrument: str
    version: str
    stage: str
    mode: Channel
    contact: str | None = None


_INSERT = insert(interviews)
_COLUMNS = shaped(interviews, Interview)
_ABOUT = select(interviews.c.invitation).where(interviews.c.id == bindparam("the_id"))
_LIVE = (
    select(*_COLUMNS)
    .where(interviews.c.participant == bindparam("the_participant"), interviews.c.ended_at.is_(None))
    .order_by(interviews.c.started_at.desc(), interviews.c.id)
    .limit(1)
)
_OF_INVITATION = (
    select(*_COLUMNS)
    .where(interviews.c.invitation == bindparam("the_invitation"))
    .order_by(interviews.c.started_at, interviews.c.id)
)
_BY_ID = update(interviews).where(interviews.c.id == bindparam("the_id"))
_SAVE = _BY_ID.where(interviews.c.turn == bindparam("was"), interviews.c.ended_at.is_(None)).values(
    stage=bindparam("new_stage"),
    state=bindparam("new_state"),
    turn=interviews.c.turn + 1,
    bubble=bindparam("new_bubble"),
    last_at=bindparam("now"),
)
_BUBBLE = _BY_ID.where(interviews.c.turn == bindparam("was")).values(bubble=bindparam("new_bubble"))
_END = _BY_ID.where(interviews.c.ended_at.is_(None)).values(
    ended_at=bindparam("now"), last_at=bindparam("now"), outcome=bindparam("how")
)


_END_LIVE = (
    update(interviews)
    .where(interviews.c.participant == bindparam("the_participant"), interviews.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"), last_at=bindparam("now"), outcome=bindparam("how"))
)


class InterviewMoved(Exception):
    """Another message was handled meanwhile; read the interview again."""


async def start(tx: Tx, new: NewInterview, now: datetime) -> Interview:
    """Begin; `AlreadyThere` where this invitation has a live interview."""
    made = Interview(
        new_id("t", tx.chance),
        new.invitation,
        new.participant,
        new.contact,
        new.instrument,
        new.version,
        new.stage,
        0,
        new.mode,
        None,
        now,
        now,
        None,
        None,
        None,
    )
    await tx.run(_INSERT, **{name: getattr(made, name) for name in Interview.__slots__})
    return made


async def live(tx: Tx, participant: str) -> Interview | None:
    """The participant's interview under way, or `None`."""
    row = await tx.row(_LIVE, the_participant=participant)
    return await _opened(tx, row) if row else None


async def of_invitation(tx: Tx, invitation: str) -> list[Interview]:
    """All interviews about one invitation, in order."""
    return [await _opened(tx, row) for row in await tx.rows(_OF_INVITATION, the_invitation=invitation)]


async def invitation_of(tx: Tx, interview: str) -> str | None:
    """Which invitation an interview is about; nothing of it is opened."""
    found = await tx.value(_ABOUT, the_id=interview)
    return None if found is None else str(found)


async def _opened(tx: Tx, row: Sequence[Any]) -> Interview:
    sealed = row[-1]
    if sealed is None:
        return Interview(*row)
    key = (await keys.of(tx, row[2])).answers
    return Interview(*(*row[:-1], tx.seals.open(key, _TABLE, "state", row[0], sealed)))


async def save(tx: Tx, interview: Interview, stage: str, state: str | None, bubble: str | None, now: datetime) -> None:
    """Where it stands after one more turn; `InterviewMoved` where it is not at `interview.turn` any more."""
    sealed = None
    if state is not None:
        key = (await keys.of(tx, interview.participant)).answers
        sealed = tx.seals.seal(key, _TABLE, "state", interview.id, state)
    given = {"was": interview.turn, "new_stage": stage, "new_state": sealed, "new_bubble": bubble, "now": now}
    if not await tx.run(_SAVE, the_id=interview.id, **given):
        raise InterviewMoved


async def set_bubble(tx: Tx, interview: str, turn: int, bubble: str) -> bool:
    """The provider's id of the question asked at this turn; `False` where the interview has moved on."""
    return await tx.run(_BUBBLE, the_id=interview, was=turn, new_bubble=bubble) == 1


async def end(tx: Tx, interview: str, outcome: str, now: datetime) -> bool:
    """End it; whether it was still under way."""
    return await tx.run(_END, the_id=interview, how=outcome, now=now) == 1


async def end_live(tx: Tx, participant: str, outcome: str, now: datetime) -> int:
    """End whatever interview the participant has under way; how many there were."""
    return await tx.run(_END_LIVE, the_participant=participant, how=outcome, now=now)
