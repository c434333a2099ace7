"""Withdrawal: for good, at every stage, by anybody's words. Cancels all that is planned in the same transaction.

Nothing undoes it. The tombstone is on disk before the acknowledgement leaves, so that a restored backup knows of it.
"""

from datetime import datetime

from surveys.records import audit, consents, deliveries, interviews, invitations, links, participants
from surveys.records.consents import NewConsent
from surveys.records.database import Tx
from surveys.records.tasks import NewTask
from surveys.records.tombstones import Fate
from surveys.rules.vocabulary import Disposition, Purpose, Status
from surveys.steps.alarm import open_task
from surveys.steps.service import Service
from surveys.steps.traces import clear_of

REASON = "withdrawn"
COERCION = "withdrew_do_not_contact"
"""The private task after a survivor's withdrawal: possibly somebody else's doing, and she is not to be contacted."""


async def withdraw(tx: Tx, service: Service, participant: str, actor: str, now: datetime) -> bool:
    """Withdraw this participant; False where they had withdrawn already (nothing changes then)."""
    person = await participants.get(tx, participant)
    if person.status in (Status.WITHDRAWN, Status.PURGED):
        return False
    await participants.change(tx, participant, now, status=Status.WITHDRAWN)
    refusals = [NewConsent(participant, purpose, False, REASON) for purpose in Purpose]
    await consents.record_many(tx, refusals, now)
    await end_everything(tx, participant, Disposition.WITHDRAWN, REASON, now)
    await links.revoke(tx, participant, None, now)
    await clear_of(tx, service, participant, now)
    audit.record(tx, actor, "participant.withdrawn", participant, now)
    if service.library.protocol.safe_contact is not None:
        await open_task(tx, NewTask(person.centre, COERCION, participant, participant), now)
    await service.tombstones.append(participant, Fate.WITHDRAWN, now)
    return True


async def end_everything(tx: Tx, participant: str, how: Disposition, reason: str, now: datetime) -> None:
    """Cancel what is planned, end a live interview, close open waves with this disposition; finished waves stay."""
    await deliveries.cancel_of_participant(tx, participant, reason, now)
    await interviews.end_live(tx, participant, how, now)
    await invitations.close_open(tx, participant, how, now, reason)
