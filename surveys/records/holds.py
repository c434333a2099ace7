"""Holds: while one stands over a side, a centre or a person, the service starts no message there. Rows are never
removed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, bindparam, insert, not_, or_, select, update

from surveys.records.columns import const, shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.tables import holds

WHOLE_SIDE = "all"
BLIND = "restored_without_tombstones"
"""Why a side is held whose backup came back without the file that remembers withdrawals."""


class Scope(StrEnum):
    """How far a hold reaches."""

    SIDE = "side"
    CENTRE = "centre"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold. `target` is the centre, the participant, or `all`."""

    id: str
    scope: str
    target: str
    reason: str
    since: datetime
    set_by: str
    released_at: datetime | None
    released_by: str | None


BURNED = "cover_burned"
"""How the reason of a hold begins that stands until the side has another cover; what follows says which one it had."""
_INSERT = insert(holds)
_STANDING = select(*shaped(holds, Hold)).where(holds.c.released_at.is_(None)).order_by(holds.c.since, holds.c.id)
_RELEASE = (
    update(holds)
    .where(
        holds.c.scope == bindparam("the_scope"),
        holds.c.target == bindparam("the_target"),
        holds.c.released_at.is_(None),
        or_(not_(holds.c.reason.startswith(const(BURNED))), bindparam("the_burned", type_=Boolean)),
    )
    .values(released_at=bindparam("now"), released_by=bindparam("by"))
)


async def place(tx: Tx, scope: Scope, target: str, reason: str, by: str, now: datetime) -> str:
    """Set a hold; its id. `reason` is a code, `by` an actor's id."""
    name = new_id("h", tx.chance)
    await tx.run(
        _INSERT,
        id=name,
        scope=scope,
        target=WHOLE_SIDE if scope is Scope.SIDE else target,
        reason=reason,
        since=now,
        set_by=by,
        released_at=None,
        released_by=None,
    )
    return name


async def release(tx: Tx, scope: Scope, target: str, by: str, now: datetime, *, replaced: bool = False) -> int:
    """Lift every hold on exactly this; how many there were. One for a burned cover only where that was `replaced`."""
    lifted = WHOLE_SIDE if scope is Scope.SIDE else target
    return await tx.run(_RELEASE, the_scope=scope, the_target=lifted, by=by, now=now, the_burned=replaced)


async def standing(tx: Tx) -> list[Hold]:
    """Every hold that is not lifted."""
    return [Hold(*row) for row in await tx.rows(_STANDING)]


async def blind(tx: Tx) -> Hold | None:
    """The hold over a side that was restored without knowing who withdrew since."""
    return next((each for each in await standing(tx) if each.scope == Scope.SIDE and each.reason == BLIND), None)
