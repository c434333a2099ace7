"""Two people for what one may not do alone: asked for by one, done as the other agrees, both in the audit.

Nobody agrees with themselves; who asks must see what is asked for, and who agrees too.
"""

from datetime import datetime, timedelta

from surveys.records import approvals, audit, holds
from surveys.records.approvals import Approval
from surveys.records.database import Tx
from surveys.records.holds import Scope
from surveys.rules.roles import EVERY_CENTRE, Reader

VALID = timedelta(days=1)
RELEASE = "release"


async def ask_release(
    tx: Tx, reader: Reader, scope: Scope, target: str, now: datetime, centre: str = EVERY_CENTRE
) -> str:
    """Ask that holds on exactly this be lifted; the request's id. `centre` is whose staff may agree."""
    asked = f"{scope}:{target}"
    for each in await approvals.standing(tx, now):
        if (each.action, each.subject, each.granted_at) == (RELEASE, asked, None):
            return each.id
    whose = target if scope is Scope.CENTRE else centre
    name = await approvals.ask(tx, RELEASE, asked, whose, reader.account, now, now + VALID)
    audit.record(tx, reader.account, "release.asked", target, now, scope=scope)
    return name


async def grant(tx: Tx, reader: Reader, found: Approval, now: datetime) -> bool:
    """Agree, and do what was asked; False where it is the reader's own request, or is granted already."""
    if not await approvals.grant(tx, found.id, reader.account, now):
        return False
    scope, _, target = found.subject.partition(":")
    if await approvals.use(tx, found.action, found.subject, now):
        await holds.release(tx, Scope(scope), target, f"{found.asked_by}+{reader.account}", now)
        audit.record(tx, reader.account, "hold.released", target, now, scope=scope, asked_by=found.asked_by)
    return True
