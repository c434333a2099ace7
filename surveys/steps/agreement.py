"""Two people for what one may not do alone: asked for by one, done as the other agrees, both in the audit.

Nobody agrees with themselves; who asks must see what is asked for, and who agrees too.
"""

from datetime import datetime, timedelta

from surveys.records import approvals, audit, holds
from surveys.records.approvals import Approval
from surveys.records.database import Tx
from surveys.records.holds import Scope
from surveys.rules.roles import EVERY_CENTRE, Reader
from surveys.steps import second_person

VALID = timedelta(days=1)
RELEASE, EXPORT = "release", "export"


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


async def ask_export(tx: Tx, reader: Reader, now: datetime) -> str:
    """Ask that the pseudonymous answers may be handed out to the reader, once; the request's id."""
    if (waiting := await export_asked(tx, reader, now)) is not None:
        return waiting.id
    name = await approvals.ask(tx, EXPORT, reader.account, EVERY_CENTRE, reader.account, now, now + VALID)
    audit.record(tx, reader.account, "export.asked", "side", now)
    return name


async def export_asked(tx: Tx, reader: Reader, now: datetime) -> Approval | None:
    """The reader's own request that was neither used nor has lapsed."""
    standing = await approvals.standing(tx, now)
    return next((each for each in standing if (each.action, each.asked_by) == (EXPORT, reader.account)), None)


async def use_export(tx: Tx, reader: Reader, now: datetime) -> str | None:
    """Use the agreement up: both accounts for the audit; `None` where nobody agreed."""
    both = await approvals.use(tx, EXPORT, reader.account, now)
    return None if both is None else f"{both[0]}+{both[1]}"


async def grant(tx: Tx, reader: Reader, found: Approval, now: datetime) -> bool:
    """Agree, and do what was asked; False where it is the reader's own request, or is granted already, or it
    would lift a hold over a side that does not know who withdrew."""
    if found.subject == f"{Scope.SIDE}:{holds.WHOLE_SIDE}" and await holds.blind(tx):
        return False  # withdrawals may be unknown: `posle release` says what is to be done
    if not await second_person.grant(tx, found, reader.account, now):
        return False
    if found.action == EXPORT:
        audit.record(tx, reader.account, "export.agreed", found.asked_by, now)
        return True
    scope, _, target = found.subject.partition(":")
    if await approvals.use(tx, found.action, found.subject, now):
        await holds.release(tx, Scope(scope), target, f"{found.asked_by}+{reader.account}", now)
        audit.record(tx, reader.account, "hold.released", target, now, scope=scope, asked_by=found.asked_by)
    return True
