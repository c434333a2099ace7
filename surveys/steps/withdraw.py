"""Withdrawal: for good, at every stage, by anybody's words. Cancels all that is planned in the same transaction.

Nothing undoes it. The tombstone is on disk before the acknowledgement leaves, so that a restored backup knows of it.
"""

from datetime import datetime

from surveys.records import audit, consents, deliveries, interviews, invitations, links, participants
from surveys.records.database import Tx
from surveys.rules.vocabulary import Disposition, Purpose, Status
from surveys.steps.service import Service

REASON = "withdrawn"


async def withdraw(tx: Tx, service: Service, participant: str, actor: str, now: datetime) -> bool:
    """Withdraw this participant; False where they had withdrawn already (nothing changes then)."""
    person = await participants.get(tx, participant)
    if person is None or person.status in (Status.WITHDRAWN, Status.PURGED):
        return False
    await participants.set_status(tx, participant, Status.WITHDRAWN, now)
    for purpose in Purpose:
        await consents.add(tx, participant, purpose, given=False, version=REASON, now=now)
    await end_everything(tx, participant, Disposition.WITHDRAWN, REASON, now)
    await links.revoke_all(tx, participant, None, now)
    await audit.record(tx, actor, "participant.withdrawn", participant, now)
    await service.tombstones.append(participant, REASON, now)
    return True


async def end_everything(tx: Tx, participant: str, how: Disposition, reason: str, now: datetime) -> None:
    """Cancel what is planned, end a live interview, close open waves with this disposition; finished waves stay."""
    await deliveries.cancel_planned(tx, participant, reason, now)
    await interviews.end_live(tx, participant, how, now)
    await invitations.close_open(tx, participant, how, reason, now)
