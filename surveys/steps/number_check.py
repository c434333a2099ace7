"""The test message by which a number is confirmed, in the presence of a member of staff: sent, seen, deleted together.

It asks the same guards as any message that is started here; it says nothing and carries no link.
"""

from datetime import datetime, timedelta

from surveys.records import audit, consents, contacts, deliveries, holds, participants, tasks
from surveys.records.contacts import Contact
from surveys.records.database import Tx
from surveys.records.deliveries import NewDelivery
from surveys.records.participants import Participant
from surveys.rules.vocabulary import Channel, DeliveryKind, DeliveryState, Purpose, Status
from surveys.steps.notice import valid_for
from surveys.steps.numbers import UNTESTED
from surveys.steps.ports import Outgoing
from surveys.steps.safety import hours_for, unsafe_to_test
from surveys.steps.service import Service
from surveys.steps.show import Shown
from surveys.steps.sms_text import plain

WHY = "confirms_number"
SEEN_WITHIN = timedelta(hours=1)
BETWEEN = timedelta(minutes=2)
"""Between two test messages to one person."""


class NotConfirmable(Exception):
    """This number cannot be tested now; the message says why."""


async def open_test(service: Service, participant: str, actor: str, now: datetime) -> Outgoing:
    """The claimed test message, committed before it is sent; NotConfirmable where a guard forbids it."""
    async with service.database.writing() as tx:
        person = await participants.get(tx, participant)
        contact = await _guarded(tx, service, person, now)
        delivery, lease = await deliveries.born_claimed(
            tx, NewDelivery(DeliveryKind.TEST, 0, Channel.SMS, now, WHY, participant), now
        )
        audit.record(tx, actor, "contact.tested", contact.id, now)
        left = valid_for(await hours_for(tx, service, person), now)
    text = plain(Shown(service.library.text("test_message", person.language)))
    return Outgoing(
        delivery, Channel.SMS, contact.address, text, lease=lease, valid=min(300.0, left),
        until=now + timedelta(seconds=left),
    )  # fmt: skip


async def _guarded(tx: Tx, service: Service, person: Participant, now: datetime) -> Contact:
    if person.status is not Status.ACTIVE or not await consents.in_force(tx, person.id, Purpose.CONTACT):
        raise NotConfirmable("this participant is not to be written to")
    targets = (holds.WHOLE_SIDE, person.centre, person.id)
    if any(each.target in targets for each in await holds.standing(tx)):
        raise NotConfirmable("sending is held, here or for this participant")
    if not (await hours_for(tx, service, person)).is_allowed(now):
        raise NotConfirmable("it is outside the hours in which messages are sent")
    unsafe = await unsafe_to_test(tx, service, person, now)
    if unsafe is not None:
        raise NotConfirmable(unsafe.line)
    contact = await contacts.current(tx, person.id, Channel.SMS)
    if contact is None or contact.suspended_at is not None:
        raise NotConfirmable("there is no number for SMS here that may be written to")
    if any(now - each < BETWEEN for each in await _tests(tx, person.id)):
        raise NotConfirmable("a test message has just been sent; wait two minutes")
    return contact


async def confirm(service: Service, participant: str, actor: str, now: datetime) -> None:
    """The member of staff saw it arrive and be deleted: the number is this person's. NotConfirmable where none was sent
    within the last hour."""
    async with service.database.writing() as tx:
        contact = await contacts.current(tx, participant, Channel.SMS)
        if contact is None or not any(now - each <= SEEN_WITHIN for each in await _tests(tx, participant, sent=True)):
            raise NotConfirmable("no test message was sent within the last hour; send one first")
        await contacts.verify(tx, contact.id, now)
        for task in await tasks.of_participant(tx, participant):
            if task.kind == UNTESTED and task.state == "open":
                await tasks.close(tx, task.id, actor, now)
        audit.record(tx, actor, "contact.verified", contact.id, now)


async def _tests(tx: Tx, participant: str, *, sent: bool = False) -> list[datetime]:
    rows = [each for each in await deliveries.of_participant(tx, participant) if each.kind is DeliveryKind.TEST]
    return [each.claimed_at for each in rows if each.claimed_at and (not sent or each.state is DeliveryState.SENT)]
