"""What two people must agree to: asked for by one, granted by another, used once, worth nothing after a while.

Nobody grants what they asked for themselves; the row is never removed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.staff_tables import approvals


@dataclass(frozen=True, slots=True)
class Approval:
    """One request. `subject` is an opaque id, `centre` whose staff may grant it (`*`: the whole side's)."""

    id: str
    action: str
    subject: str
    centre: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    granted_by: str | None
    granted_at: datetime | None
    used_at: datetime | None


_INSERT = insert(approvals)
_LIVE = (approvals.c.used_at.is_(None), approvals.c.expires_at > bindparam("now"))
_STANDING = select(*shaped(approvals, Approval)).where(*_LIVE).order_by(approvals.c.asked_at, approvals.c.id)
_GRANT = (
    update(approvals)
    .where(
        approvals.c.id == bindparam("the_id"), approvals.c.asked_by != bindparam("by"),
        approvals.c.granted_at.is_(None), *_LIVE,
    )
    .values(granted_by=bindparam("by"), granted_at=bindparam("now"))
)  # fmt: skip
_USE = (
    update(approvals)
    .where(
        approvals.c.action == bindparam("the_action"), approvals.c.subject == bindparam("the_subject"),
        approvals.c.granted_at.is_not(None), *_LIVE,
    )
    .values(used_at=bindparam("now"))
    .returning(approvals.c.asked_by, approvals.c.granted_by)
)  # fmt: skip


_DROP = update(approvals).where(approvals.c.id == bindparam("the_id"), *_LIVE).values(expires_at=bindparam("now"))


async def ask(tx: Tx, action: str, subject: str, centre: str, by: str, now: datetime, expires_at: datetime) -> str:
    """Ask a colleague to agree; the request's id."""
    name = new_id("v", tx.chance)
    await tx.run(
        _INSERT, id=name, action=action, subject=subject, centre=centre, asked_by=by, asked_at=now,
        expires_at=expires_at, granted_by=None, granted_at=None, used_at=None,
    )  # fmt: skip
    return name


async def standing(tx: Tx, now: datetime) -> list[Approval]:
    """Every request that is neither used nor expired."""
    return [Approval(*row) for row in await tx.rows(_STANDING, now=now)]


async def grant(tx: Tx, approval: str, by: str, now: datetime) -> bool:
    """Agree; False where it is one's own, was granted already, or is gone."""
    return await tx.run(_GRANT, the_id=approval, by=by, now=now) == 1


async def drop(tx: Tx, approval: str, now: datetime) -> None:
    """It is worth nothing from now on."""
    await tx.run(_DROP, the_id=approval, now=now)


async def use(tx: Tx, action: str, subject: str, now: datetime) -> tuple[str, str] | None:
    """Use an agreement up: the two accounts; `None` where there is none."""
    row = await tx.row(_USE, the_action=action, the_subject=subject, now=now)
    return (row[0], row[1]) if row else None
