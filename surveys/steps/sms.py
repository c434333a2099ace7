"""What becomes of an SMS after the provider took it: receipts move it forward, failures suspend, retry or withdraw.

It must never send anything again by itself but as a new delivery, planned under every rule; and it never keeps a body.
"""

from datetime import datetime, timedelta

from surveys.records import audit, deliveries, invitations, participants, sms_messages, tasks
from surveys.records.contacts import current
from surveys.records.database import Tx
from surveys.records.deliveries import Delivery, NewDelivery
from surveys.records.participants import Participant
from surveys.records.sms_messages import FINAL
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE
from surveys.rules.vocabulary import Channel, DeliveryKind, Status
from surveys.steps.alarm import open_task
from surveys.steps.ports import Outgoing
from surveys.steps.service import PERSON, SERVICE, Service
from surveys.steps.settle import suspend
from surveys.steps.withdraw import withdraw

OPTED_OUT = "opted_out"
RETRIED = ("unreachable_handset", "not_delivered", "queue_full", "too_late")
"""Not delivered, and the address is not at fault: tried once more on another day, under every rule and cap."""
TOLD = ("filtered", "unregistered", "too_long", "no_body", "provider_failure")
"""The sender or the account is at fault: staff look, and the address stays as it is."""
AGAIN = "undelivered"
NO_PRIVACY = "sms_no_privacy"
AGAIN_AFTER = timedelta(days=1)
_STARTED = (DeliveryKind.NOTICE, DeliveryKind.REMINDER)


async def note_no_privacy(service: Service, now: datetime) -> None:
    """The account has no message privacy: a task says so, and as long as it stands no process asks for it again."""
    async with service.database.writing() as tx:
        await open_task(tx, NewTask(EVERY_CENTRE, NO_PRIVACY, "provider"), now)


async def has_no_privacy(service: Service) -> bool:
    """Whether that was found out, by whichever process, and nobody has mended it since."""
    async with service.database.reading() as tx:
        return await tasks.stands(tx, NO_PRIVACY, "provider")


async def note_receipt(service: Service, sid: str, status: str, error: str | None, now: datetime) -> None:
    """A receipt came, perhaps again, out of order, or before the call that sent the message was answered."""
    async with service.database.writing() as tx:
        if await sms_messages.advance(tx, sid, status, error, now):
            await _not_delivered(tx, service, sid, now)


async def note_sent(tx: Tx, service: Service, sid: str, sent: Outgoing, now: datetime) -> None:
    """The provider took this delivery as this message; what a receipt said before is acted on now."""
    row = await deliveries.get(tx, sent.delivery)
    until = now + timedelta(seconds=sent.valid)  # it left a little before: this is never too early
    until = min(until, sent.until) if sent.until is not None else until
    await sms_messages.note_sent(tx, sid, sent.delivery, row.participant if row else None, now, until)
    await _not_delivered(tx, service, sid, now)


async def _not_delivered(tx: Tx, service: Service, sid: str, now: datetime) -> None:
    message = await sms_messages.get(tx, sid)
    if message is None or message.error is None or message.stage != FINAL or message.delivery is None:
        return
    row = await deliveries.get(tx, message.delivery)
    audit.record(tx, SERVICE, "sms.not_delivered", message.delivery, now, error=message.error)
    if row is not None and row.participant is not None:
        person = await participants.get(tx, row.participant)
        await _consequence(tx, service, person, row, message.error, now)


async def _consequence(tx: Tx, service: Service, person: Participant, row: Delivery, error: str, now: datetime) -> None:
    if error == OPTED_OUT:
        await opted_out(tx, service, person.id, now)
    elif error in RETRIED and row.kind in _STARTED and row.why != AGAIN and row.invitation:
        await _again(tx, row, row.invitation, now)
    elif error in (*RETRIED, *TOLD):
        await open_task(tx, NewTask(person.centre, "sms_not_delivered", row.id, person.id), now)
    else:
        contact = await current(tx, person.id, Channel.SMS)
        if contact is not None and contact.suspended_at is None:
            await suspend(tx, person.id, person.centre, contact.id, error, now)


async def _again(tx: Tx, row: Delivery, invitation: str, now: datetime) -> None:
    """One more delivery of the same kind, tomorrow: hours, consent and caps are asked as it is claimed."""
    wave = await invitations.get(tx, invitation)
    if wave is None or wave.state == "closed":
        return
    sequence = await deliveries.next_sequence(tx, invitation, row.kind)
    new = NewDelivery(
        row.kind, sequence, row.channel, now + AGAIN_AFTER, AGAIN, row.participant, invitation, not_after=row.not_after
    )
    await deliveries.plan(tx, [new])


async def opted_out(tx: Tx, service: Service, participant: str, now: datetime) -> None:
    """The provider says that the person opted out there: a withdrawal like any other."""
    person = await participants.get(tx, participant)
    if person.status not in (Status.WITHDRAWN, Status.PURGED):
        await withdraw(tx, service, participant, PERSON, now)
