"""Whose time may be over: what the clocks of the protocol go by, read for everybody at once. It changes nothing of a
person; only notes of closed alerts and tasks are forgotten here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, bindparam, case, exists, func, null, or_, select, update

from surveys.records.alert_tables import alerts, callouts
from surveys.records.columns import Instant, const, one_of
from surveys.records.database import Tx
from surveys.records.page_tables import page_links
from surveys.records.safe_tables import safe_contacts, safe_waves
from surveys.records.tables import contacts, invitations, links, participants, tasks
from surveys.rules.retention import Kept
from surveys.rules.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Person:
    """One person and what their clocks go by."""

    participant: str
    kept: Kept


_ANSWERED = one_of(invitations.c.disposition, "complete", "partial", "break_off")
_THEIRS = invitations.c.participant == participants.c.id
_LAST = select(func.max(invitations.c.closed_at)).where(_THEIRS).scalar_subquery()
_OPEN = exists().where(_THEIRS, invitations.c.state != const("closed"))
_THEIRS_ALONE = (safe_contacts, safe_waves, links, page_links)
_PRIVATE = ("other_word", "born_on", "completed_on", "reconsented_on")
_REACHABLE = or_(
    exists().where(and_(contacts.c.participant == participants.c.id, contacts.c.address.is_not(None))),
    *(exists().where(each.c.participant == participants.c.id) for each in _THEIRS_ALONE),
    *(participants.c[each].is_not(None) for each in _PRIVATE),
)
_SETTLED = select(func.max(alerts.c.closed_at)).where(alerts.c.participant == participants.c.id).scalar_subquery()
_ALARMED = exists().where(and_(alerts.c.participant == participants.c.id, alerts.c.state != const("closed")))
_SAID = select(
    participants.c.id,
    participants.c.status,
    participants.c.enrolled_at,
    participants.c.changed_at,
    _LAST,
    _SETTLED,
    *(case((each, 1), else_=0) for each in (_OPEN, exists().where(_THEIRS, _ANSWERED), _REACHABLE, _ALARMED)),
)
_OVER = (
    _SAID.where(
        participants.c.status != const("purged"),
        participants.c.changed_at <= bindparam("before", type_=Instant),
        ~_OPEN,
        participants.c.id > bindparam("after", type_=String),
    )
    .order_by(participants.c.id)
    .limit(bindparam("most"))
)
_ONE = _SAID.where(participants.c.id == bindparam("the_id"))


async def over(tx: Tx, before: datetime, after: str, limit: int) -> list[Person]:
    """People without an open wave whose row nobody changed since `before`, in the order of their ids."""
    return [_read(row) for row in await tx.rows(_OVER, before=before, after=after, most=limit)]


async def of(tx: Tx, participant: str) -> Kept:
    """What the clocks of one person go by."""
    row = await tx.row(_ONE, the_id=participant)
    assert row is not None
    return _read(row).kept


def _read(row: Sequence[Any]) -> Person:
    name, status, enrolled, changed, last, settled, still_open, answered, reachable, alarmed = row
    over_at = None if still_open or alarmed else max(enrolled, changed, last or enrolled, settled or enrolled)
    return Person(name, Kept(Status(status), over_at, bool(answered), bool(reachable)))


_CLOSED = select(alerts.c.id).where(alerts.c.closed_at <= bindparam("before", type_=Instant))
_NOTES = (
    update(alerts).where(alerts.c.closed_at <= bindparam("before"), alerts.c.note.is_not(None)).values(note=null()),
    update(tasks).where(tasks.c.closed_at <= bindparam("before"), tasks.c.note.is_not(None)).values(note=null()),
    update(callouts).where(callouts.c.alert.in_(_CLOSED), callouts.c.address.is_not(None)).values(address=null()),
)


async def forget_notes(tx: Tx, before: datetime) -> int:
    """Forget what was noted in alerts and tasks that were closed before that, and whom of staff they were sent to."""
    return sum([await tx.run(each, before=before) for each in _NOTES])
