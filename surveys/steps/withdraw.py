"""Withdrawal: for good, at every stage, by anybody's words. Cancels all that is planned in the same transaction.

Nothing undoes it. The tombstone is on disk before the acknowledgement leaves, so that a restored backup knows of it.
"""

from datetime import datetime

from surveys.records import (
    answers,
    approvals,
    audit,
    consents,
    deliveries,
    erasure,
    interviews,
    invitations,
    links,
    participants,
    tasks,
    ticks,
)
from surveys.records.consents import NewConsent
from surveys.records.database import Tx
from surveys.records.tasks import NewTask
from surveys.records.tombstones import Fate
from surveys.rules.vocabulary import Disposition, Purpose, Status
from surveys.steps.alarm import open_task
from surveys.steps.service import SERVICE, Service
from surveys.steps.traces import clear_of

REASON = "withdrawn"
ERASED = "erased"
"""The mark that something was erased and old copies of it are still to be scrubbed away."""
COERCION = "withdrew_do_not_contact"
"""The private task after a survivor's withdrawal: possibly somebody else's doing, and she is not to be contacted."""
CHANGE = "change_contact"
MOOT = (
    "contact_changed",
    "contact_amended",
    "reconfirm",
    "reconfirm_overdue",
    "call",
    "call_wanted",
    "number_untested",
)


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


async def delete_answers(tx: Tx, service: Service, participant: str, actor: str, now: datetime) -> bool:
    """Delete what somebody who withdrew had answered before; False where there is nothing, or they did not withdraw."""
    person = await participants.get(tx, participant)
    if person.status is not Status.WITHDRAWN or not await erasure.forget_answers(tx, participant):
        return False
    await ticks.record(tx, ERASED, now)
    audit.record(tx, actor, "answers.deleted", participant, now)
    await service.tombstones.append(participant, Fate.ANSWERS_DELETED, now)
    return True


async def may_delete(tx: Tx, participant: str) -> bool:
    """Whether there are answers that somebody who withdrew can be offered to have deleted."""
    withdrew = (await participants.get(tx, participant)).status is Status.WITHDRAWN
    return withdrew and await answers.any_of(tx, participant)


async def end_everything(tx: Tx, participant: str, how: Disposition, reason: str, now: datetime) -> None:
    """Cancel what is planned, end a live interview, close open waves with this disposition; finished waves stay."""
    await deliveries.cancel_of_participant(tx, participant, reason, now)
    await interviews.end_live(tx, participant, how, now)
    await invitations.close_open(tx, participant, how, now, reason)
    await _ask_staff_nothing_more(tx, participant, now)


async def _ask_staff_nothing_more(tx: Tx, participant: str, now: datetime) -> None:
    """What staff were to do with this person is over: to confirm, to call, to test a number, to agree to another."""
    for each in await tasks.of_participant(tx, participant):
        if each.state == "open" and each.kind in MOOT:
            await tasks.set_note(tx, each.id, "")
            await tasks.close(tx, each.id, SERVICE, now)
    for asked in await approvals.standing(tx, now):
        if asked.subject == participant and asked.action == CHANGE:
            await approvals.drop(tx, asked.id, now)
