"""Callouts: each telling of one member of staff about one alert. The address is sealed, and forgotten once it is told.

planned → claimed → told or failed; back to planned where it was perhaps not told. A claim is fenced by its lease.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, null, select, update
from sqlalchemy.dialects.postgresql import insert

from surveys.records.alert_tables import alerts
from surveys.records.alert_tables import callouts as table
from surveys.records.columns import const, one_of
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.rules.vocabulary import Urgency


@dataclass(frozen=True, slots=True, repr=False)
class NewCallout:
    """Whom to tell, by which means, at which step of which alert. `last` is the top of the ladder."""

    alert: str
    step: int
    means: str
    address: str
    last: bool


@dataclass(frozen=True, slots=True, repr=False)
class Callout:
    """One claimed callout, with what may be said of its alert. It is told while `lease` is the row's."""

    id: str
    alert: str
    means: str
    last: bool
    attempts: int
    lease: str
    urgency: Urgency
    drill: bool
    centre: str
    address: str


_PLAN = insert(table).on_conflict_do_nothing(index_elements=["alert", "step", "means", "recipient"])
_RECIPIENTS = select(table.c.recipient).where(table.c.alert == bindparam("the_alert"))
_TOLD = select(func.count()).where(table.c.alert == bindparam("the_alert"), table.c.state == const("told"))
_unfinished = table.c.finished_at.is_(None)
_ripe = table.c.due_at <= bindparam("now")
_ANY = select(table.c.id).where(_unfinished, _ripe).order_by(table.c.due_at).limit(1)
_OVER = (
    update(table)
    .where(_unfinished, table.c.alert.in_(select(alerts.c.id).where(alerts.c.state != const("open"))))
    .values(state=const("over"), finished_at=bindparam("now"), address=null())
)
_DUE = (
    select(
        table.c.id, table.c.alert, table.c.means, table.c.last, table.c.attempts, alerts.c.urgency, alerts.c.drill,
        alerts.c.centre, table.c.address,
    )
    .join(alerts, alerts.c.id == table.c.alert)
    .where(_unfinished, _ripe, alerts.c.state == const("open"))
    .order_by(alerts.c.urgency.desc(), table.c.due_at)  # "urgent" sorts after "alert"
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=table)
)  # fmt: skip
_CLAIM = (
    update(table)
    .where(table.c.id == bindparam("the_id"), _unfinished)
    .values(
        state=const("claimed"), claimed_at=bindparam("now"), lease=bindparam("the_lease"), due_at=bindparam("again"),
        attempts=table.c.attempts + 1,
    )
)  # fmt: skip
_MINE = update(table).where(table.c.id == bindparam("the_id"), table.c.lease == bindparam("the_lease"), _unfinished)
_FINISH = _MINE.values(
    state=bindparam("became"), finished_at=bindparam("now"), error=bindparam("what"), address=null()
)  # fmt: skip
_AGAIN = _MINE.values(state=const("planned"), due_at=bindparam("at"), error=bindparam("what"))
_ABANDONED = update(table).where(_unfinished, one_of(table.c.state, "claimed")).values(due_at=bindparam("now"))


def recipient(tx: Tx, address: str) -> bytes:
    """The keyed index of an address, by which it is known who was told already."""
    return tx.seals.index("callouts", "recipient", address.casefold())


async def plan(tx: Tx, new: NewCallout, now: datetime) -> str | None:
    """Tell them as soon as may be; its id, or `None` where it was planned already."""
    name = new_id("c", tx.chance)
    sealed = tx.seals.seal(tx.seals.operations, "callouts", "address", name, new.address)
    planned = await tx.run(
        _PLAN, id=name, alert=new.alert, step=new.step, means=new.means, recipient=recipient(tx, new.address),
        address=sealed, last=new.last, state="planned", due_at=now, attempts=0, claimed_at=None, lease=None,
        finished_at=None, error=None,
    )  # fmt: skip
    return name if planned else None


async def recipients(tx: Tx, alert: str) -> Collection[bytes]:
    """The indexes of everybody whose turn it was already."""
    return {row[0] for row in await tx.rows(_RECIPIENTS, the_alert=alert)}


async def anybody_told(tx: Tx, alert: str) -> bool:
    """Whether anybody at all is known to have been told."""
    return bool(await tx.value(_TOLD, the_alert=alert))


async def anything_due(tx: Tx, now: datetime) -> bool:
    """Whether anybody is to be told now."""
    return await tx.row(_ANY, now=now) is not None


async def claim_due(tx: Tx, now: datetime, again: datetime, limit: int) -> list[Callout]:
    """Claim what is due, urgent ones first. A claim that nobody finished falls due once more at `again`."""
    await tx.run(_OVER, now=now)
    lease = new_id("l", tx.chance)
    rows = await tx.rows(_DUE, now=now, most=limit)
    await tx.many(_CLAIM, [{"the_id": row[0], "now": now, "the_lease": lease, "again": again} for row in rows])
    return [
        Callout(name, alert, means, bool(last), attempts + 1, lease, urgency, bool(drill), centre,
                tx.seals.open(tx.seals.operations, "callouts", "address", name, sealed))
        for name, alert, means, last, attempts, urgency, drill, centre, sealed in rows
    ]  # fmt: skip


async def finish(tx: Tx, callout: Callout, became: str, now: datetime, error: str | None = None) -> bool:
    """`told` or `failed`; whether it was still this worker's."""
    given = {"became": became, "now": now, "what": error}
    return await tx.run(_FINISH, the_id=callout.id, the_lease=callout.lease, **given) == 1


async def put_back(tx: Tx, callout: Callout, at: datetime, error: str) -> bool:
    """Tell them again then; whether it was still this worker's."""
    return await tx.run(_AGAIN, the_id=callout.id, the_lease=callout.lease, at=at, what=error) == 1


async def take_over(tx: Tx, now: datetime) -> int:
    """At the start of a side's only process: what was claimed before is due now. How many there were."""
    return await tx.run(_ABANDONED, now=now)
