"""Who may be the second person: not oneself, and no account that the first person could have made or opened for this.

An account that was activated or set up anew a few days ago agrees to nothing yet, longer where the one who asks invited
it. Nor does anybody agree to what is asked for with an account that they invited lately, or that such an account did.
It must be asked wherever two people are needed; there is no other way to grant.
"""

from datetime import datetime, timedelta

from surveys.records import approvals, audit
from surveys.records.approvals import Approval
from surveys.records.audit import Audited
from surveys.records.database import Tx

SETTLED, INVITED_BY_ASKER = timedelta(days=7), timedelta(days=30)
"""How long after it was activated an account agrees to nothing; and to nothing of who invited it, nor who invited it to
what it asks for."""
_ACTIVATED = "account.activated"
_INVITED = ("account.invited", "account.invited_again")


async def grant(tx: Tx, found: Approval, account: str, now: datetime) -> bool:
    """Agree; False where it is one's own request, was granted already or is gone, or the account is too new for it."""
    if not await settled(tx, account, found.asked_by, now):
        return False
    return await approvals.grant(tx, found.id, account, now)


async def settled(tx: Tx, account: str, asker: str, now: datetime) -> bool:
    """Whether this account is old enough to agree with that one, and has not made it lately."""
    if account in await _makers(tx, asker, now):
        return False
    activated = _activated(await audit.of_subject(tx, account))
    if activated is None:
        return True
    by_asker = asker in await _makers(tx, account, now)
    return now - activated.at >= (INVITED_BY_ASKER if by_asker else SETTLED)


async def _makers(tx: Tx, account: str, now: datetime) -> set[str]:
    """Who invited this account lately, and who invited these lately: whoever has one may have them all."""
    found: set[str] = set()
    left = [account]
    while left:
        invited = await _invited_by(tx, left.pop(), now)
        left += invited - found
        found |= invited
    return found - {account}


async def _invited_by(tx: Tx, account: str, now: datetime) -> set[str]:
    entries = await audit.of_subject(tx, account)
    activated = _activated(entries)
    if activated is None:
        return set()
    lately = (each for each in entries if now - INVITED_BY_ASKER < each.at <= activated.at)
    return {each.actor for each in lately if each.action in _INVITED}


def _activated(entries: list[Audited]) -> Audited | None:
    return next((each for each in reversed(entries) if each.action == _ACTIVATED), None)
