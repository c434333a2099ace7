"""Alerts: a risk answer opens exactly one, with ids and urgency only; never the answer, the number or a name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, null, select, update
from sqlalchemy.dialects.postgresql import insert

from surveys.records.columns import const, one_of, shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.tables import alerts
from surveys.rules.vocabulary import Urgency


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: `open`, then `acknowledged`, then `closed`. `escalate_at` is when the next person is told.

    `escalations` counts how often somebody was told. A `drill` is about nobody: it has no participant. `answered` is
    what was said to the side's own question as it was closed.
    """

    id: str
    participant: str | None
    centre: str
    interview: str | None
    item: str | None
    rule: str
    urgency: Urgency
    call_consented: bool
    state: str
    opened_at: datetime
    escalate_at: datetime | None
    escalations: int
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    answered: bool | None
    drill: bool

    def is_red(self, now: datetime) -> bool:
        """Whether nobody took it in time: nobody could be told, the first did not answer, or its timer has run out."""
        late = self.escalate_at is None or self.escalate_at <= now
        return self.state == "open" and (self.escalations != 1 or late)


@dataclass(frozen=True, slots=True)
class NewAlert:
    """What a risk rule found. `rule` is its code. Without `escalate_at` somebody is told at once."""

    participant: str | None
    centre: str
    rule: str
    urgency: Urgency
    call_consented: bool
    interview: str | None = None
    item: str | None = None
    escalate_at: datetime | None = None
    drill: bool = False


_OPEN = insert(alerts).on_conflict_do_nothing(index_elements=["interview", "item", "rule"])
_COLUMNS = shaped(alerts, Alert)
_GET = select(*_COLUMNS).where(alerts.c.id == bindparam("the_id"))
_OF = (
    select(*_COLUMNS)
    .where(alerts.c.participant == bindparam("the_participant"))
    .order_by(alerts.c.opened_at, alerts.c.id)
)
_ALL = select(*_COLUMNS).order_by(alerts.c.opened_at.desc(), alerts.c.id).limit(bindparam("most"))
_STANDING = select(*_COLUMNS).where(one_of(alerts.c.state, "open", "acknowledged")).order_by(alerts.c.opened_at)
_WAITING = (
    select(*_COLUMNS)
    .where(alerts.c.state != const("closed"))
    .order_by(alerts.c.state.desc(), alerts.c.urgency.desc(), alerts.c.opened_at, alerts.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("place"))
)
"""By the words themselves: `open` before `acknowledged`, `urgent` before `task` before `alert`."""
_OF_CENTRE = _WAITING.where(alerts.c.centre == bindparam("the_centre"))
_UNANSWERED = (
    select(*_COLUMNS)
    .where(alerts.c.state == const("open"), alerts.c.escalate_at <= bindparam("now"))
    .order_by(alerts.c.escalate_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_DUE = (
    select(alerts.c.id)
    .where(alerts.c.state == const("open"), alerts.c.escalate_at <= bindparam("now"))
    .order_by(alerts.c.escalate_at)
    .limit(1)
)
_ONE_OPEN = update(alerts).where(alerts.c.id == bindparam("the_id"), alerts.c.state == const("open"))
_ESCALATE = _ONE_OPEN.values(escalations=alerts.c.escalations + 1, escalate_at=bindparam("next"))
_WAIT = _ONE_OPEN.values(escalate_at=bindparam("next"))
_HASTEN = _WAIT.where(alerts.c.escalate_at > bindparam("next"))
_ACKNOWLEDGE = _ONE_OPEN.values(
    state=const("acknowledged"), acknowledged_at=bindparam("now"), acknowledged_by=bindparam("by")
)
_CLOSE = (
    update(alerts)
    .where(alerts.c.id == bindparam("the_id"), alerts.c.state == const("acknowledged"))
    .values(
        state=const("closed"),
        closed_at=bindparam("now"),
        closed_by=bindparam("by"),
        answered=bindparam("said"),
        note=bindparam("sealed"),
    )
)
_TAKEN_BY = select(alerts.c.id).where(
    alerts.c.state == const("acknowledged"), alerts.c.acknowledged_by == bindparam("whose")
)
_REOPEN = (
    update(alerts)
    .where(alerts.c.id == bindparam("the_id"), alerts.c.state == const("acknowledged"))
    .values(state=const("open"), acknowledged_at=null(), acknowledged_by=null(), escalate_at=bindparam("now"))
)
_NOTE = select(alerts.c.note).where(alerts.c.id == bindparam("the_id"))
_COUNTS = select(alerts.c.urgency, alerts.c.state, func.count()).group_by(alerts.c.urgency, alerts.c.state)


async def open_one(tx: Tx, new: NewAlert, now: datetime) -> str | None:
    """Open an alert; its id, or `None` where this interview's item opened it by this rule already."""
    name = new_id("a", tx.chance)
    opened = await tx.run(
        _OPEN,
        id=name,
        participant=new.participant,
        centre=new.centre,
        interview=new.interview,
        item=new.item,
        rule=new.rule,
        urgency=new.urgency,
        call_consented=new.call_consented,
        state="open",
        opened_at=now,
        escalate_at=new.escalate_at or now,
        escalations=0,
        acknowledged_at=None,
        acknowledged_by=None,
        closed_at=None,
        closed_by=None,
        answered=None,
        note=None,
        drill=new.drill,
    )
    return name if opened else None


async def get(tx: Tx, alert: str) -> Alert | None:
    """The alert, or `None`."""
    row = await tx.row(_GET, the_id=alert)
    return Alert(*row) if row else None


async def of_participant(tx: Tx, participant: str) -> list[Alert]:
    """All alerts about one participant, in order."""
    return [Alert(*row) for row in await tx.rows(_OF, the_participant=participant)]


async def standing(tx: Tx) -> list[Alert]:
    """Everything not closed yet, oldest first."""
    return [Alert(*row) for row in await tx.rows(_STANDING)]


async def waiting(tx: Tx, centre: str | None, place: int = 0, limit: int = 50) -> list[Alert]:
    """A page of what is not closed, of one centre or of all: open ones first, urgent ones first, then the oldest."""
    if centre is None:
        return [Alert(*row) for row in await tx.rows(_WAITING, most=limit, place=place)]
    return [Alert(*row) for row in await tx.rows(_OF_CENTRE, most=limit, place=place, the_centre=centre)]


async def latest(tx: Tx, limit: int) -> list[Alert]:
    """The newest alerts, closed ones too."""
    return [Alert(*row) for row in await tx.rows(_ALL, most=limit)]


async def unanswered(tx: Tx, now: datetime, limit: int) -> list[Alert]:
    """Open alerts whose timer has run out."""
    return [Alert(*row) for row in await tx.rows(_UNANSWERED, now=now, most=limit)]


async def anything_due(tx: Tx, now: datetime) -> bool:
    """Whether the timer of any open alert has run out."""
    return await tx.row(_DUE, now=now) is not None


async def escalate(tx: Tx, alert: str, next_at: datetime | None) -> bool:
    """One more step up; whether it was still unanswered. With `None` it stays open and red, and escalates no more."""
    return await tx.run(_ESCALATE, the_id=alert, next=next_at) == 1


async def wait(tx: Tx, alert: str, until: datetime) -> None:
    """Nobody could be told: look at it again then. It counts as no step."""
    await tx.run(_WAIT, the_id=alert, next=until)


async def hasten(tx: Tx, alert: str, at: datetime) -> None:
    """Whoever was to be told cannot be reached: the next one is told by then, not later."""
    await tx.run(_HASTEN, the_id=alert, next=at)


async def acknowledge(tx: Tx, alert: str, by: str, now: datetime) -> bool:
    """Somebody takes it (`by` is their opaque id); whether it was still open."""
    return await tx.run(_ACKNOWLEDGE, the_id=alert, by=by, now=now) == 1


async def taken_by(tx: Tx, account: str) -> list[str]:
    """The alerts that this account took and nobody closed."""
    return [str(row[0]) for row in await tx.rows(_TAKEN_BY, whose=account)]


async def reopen_taken_by(tx: Tx, account: str, now: datetime) -> list[str]:
    """Whoever took these cannot see to them any more: they are open again and go on up from where they were."""
    found = await taken_by(tx, account)
    for alert in found:
        await tx.run(_REOPEN, the_id=alert, now=now)
    return found


async def close(
    tx: Tx, alert: str, by: str, now: datetime, *, answered: bool | None = None, note: str | None = None
) -> bool:
    """It is dealt with; whether it had been acknowledged and was not closed yet. The note is sealed."""
    sealed = None if note is None else tx.seals.seal(tx.seals.operations, "alerts", "note", alert, note)
    return await tx.run(_CLOSE, the_id=alert, by=by, now=now, said=answered, sealed=sealed) == 1


async def note(tx: Tx, alert: str) -> str | None:
    """The note left at closing, opened; a sensitive read, to be audited by the caller."""
    sealed = await tx.value(_NOTE, the_id=alert)
    return None if sealed is None else tx.seals.open(tx.seals.operations, "alerts", "note", alert, sealed)


async def counts(tx: Tx) -> dict[tuple[Urgency, str], int]:
    """How many, by urgency and state."""
    return {(urgency, state): number for urgency, state, number in await tx.rows(_COUNTS)}
