"""Closes waves whose time is over: the disposition says how far the person came, and what they answered is kept.

Safe to repeat and to interrupt: each wave is closed in a transaction of its own batch, and a closed one stays closed.
"""

from datetime import datetime

from surveys.records import answers, audit, deliveries, interviews, invitations, participants, tasks
from surveys.records.database import Tx
from surveys.records.invitations import Invitation
from surveys.rules.disposition import Course, how_it_ended
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import DeliveryKind, DeliveryState
from surveys.steps.notice import CALL_TASK
from surveys.steps.service import SERVICE, Service
from surveys.steps.stored_answer import decode

_BATCH = 200


async def expire(service: Service, now: datetime) -> int:
    """Close every wave that is over; how many there were."""
    total = 0
    while True:
        async with service.database.reading() as tx:
            if not await invitations.closing(tx, now, 1):
                return total
        async with service.database.writing() as tx:
            over = await invitations.closing(tx, now, _BATCH)
            for invitation in over:
                await close_wave(tx, invitation, Reason.WAVE_OVER, now)
        total += len(over)


async def close_wave(tx: Tx, invitation: Invitation, reason: Reason, now: datetime) -> None:
    """Close one wave that is not closed yet, with how far the person came; what is planned for it is cancelled."""
    how = how_it_ended(await _course(tx, invitation))
    for interview in await interviews.of_invitation(tx, invitation.id):
        await interviews.end(tx, interview.id, how, now)
    await deliveries.cancel_of_invitation(tx, invitation.id, reason, now)
    await invitations.close(tx, invitation.id, how, now, reason)
    for task in await tasks.of_participant(tx, invitation.participant):
        if (task.kind, task.subject) == (CALL_TASK, invitation.id):
            await tasks.close(tx, task.id, SERVICE, now)
    audit.record(tx, SERVICE, "invitation.closed", invitation.id, now, disposition=how)


async def _course(tx: Tx, invitation: Invitation) -> Course:
    talks = await interviews.of_invitation(tx, invitation.id)
    kept = [answer for talk in talks for answer in await answers.of_interview(tx, talk.id)]
    rows = [
        row for row in await deliveries.of_participant(tx, invitation.participant)
        if row.invitation == invitation.id and row.kind in (DeliveryKind.NOTICE, DeliveryKind.REMINDER)
    ]  # fmt: skip
    sent, why = [row.state for row in rows], {row.reason for row in rows}
    return Course(
        status=(await participants.get(tx, invitation.participant)).status,
        began=bool(talks),
        answers=sum(decode(answer.value)[0] is not None for answer in kept),
        unsafe=bool(why & {Reason.DO_NOT_CONTACT, Reason.NO_SAFE_CONTACT}),
        not_reconfirmed=Reason.NOT_RECONFIRMED in why,
        sent=sent.count(DeliveryState.SENT),
        perhaps_sent=sent.count(DeliveryState.UNKNOWN),
    )
