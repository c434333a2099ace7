"""Who may be the second person: not oneself, and no account that the first person could have made or opened for this.

An account that was activated or set up anew a few days ago agrees to nothing yet, longer where the one who asks invited
it. It must be asked wherever two people are needed; there is no other way to grant.
"""

from datetime import datetime, timedelta

from surveys.records import approvals, audit
from surveys.records.approvals import Approval
from surveys.records.audit import Audited
from surveys.records.database import Tx

SETTLED, INVITED_BY_ASKER = timedelta(days=7), timedelta(days=30)
"""How long after it was activated an account agrees to nothing; and to nothing of who invited it."""
_ACTIVATED = "account.activated"
_INVITED = ("account.invited", "account.invited_again")


async def grant(tx: Tx, found: Approval, account: str, now: datetime) -> bool:
    """Agree; False where it is one's own request, was granted already or is gone, or the account is too new for it."""
    if not await settled(tx, account, found.asked_by, now):
        return False
    return await approvals.grant(tx, found.id, account, now)


async def settled(tx: Tx, account: str, asker: str, now: datetime) -> bool:
    """Whether this account is old enough to agree with that one."""
    entries = await audit.of_subject(tx, account)
    activated = _last(entries, _ACTIVATED)
    if activated is None:
        return True
    invited = [each for each in entries if each.action in _INVITED and each.at <= activated.at]
    by_asker = bool(invited) and any(each.actor == asker for each in invited if each.at > now - INVITED_BY_ASKER)
    return now - activated.at >= (INVITED_BY_ASKER if by_asker else SETTLED)


def _last(entries: list[Audited], action: str) -> Audited | None:
    return next((each for each in reversed(entries) if each.action == action), None)
