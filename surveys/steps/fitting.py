"""Fits what is planned to a safe contact that was said anew: hours, blackout days, how many reminders, or none at all.

It never sends earlier than was planned, and never brings back what was cancelled.
"""

from datetime import datetime

from surveys.records import deliveries, invitations
from surveys.records.database import Tx
from surveys.records.deliveries import Delivery
from surveys.records.invitations import InvitationState
from surveys.records.participants import Participant
from surveys.rules.hours import SafeHours
from surveys.rules.reasons import Reason
from surveys.rules.spread import drain_at
from surveys.rules.vocabulary import DeliveryKind, DeliveryState, Disposition
from surveys.steps.configured import protocol_of
from surveys.steps.safe_contact import SafeContact
from surveys.steps.safety import safe_hours
from surveys.steps.service import Service


async def fit(tx: Tx, service: Service, person: Participant, contact: SafeContact, now: datetime) -> None:
    """Move or cancel what is planned for this person; where nobody is to contact them, close their waves."""
    if contact.do_not_contact:
        await _leave_alone(tx, person, now)
        return
    protocol = await protocol_of(tx, service, person.protocol)
    agreed, hours = protocol.reminders.agreed(contact.reminders), safe_hours(service, contact, protocol)
    for row in await deliveries.of_participant(tx, person.id):
        if row.state is not DeliveryState.PLANNED:
            continue
        if row.kind is DeliveryKind.REMINDER and row.sequence >= agreed:
            await deliveries.cancel(tx, row.id, Reason.FEWER_AGREED, now)
        else:
            await _into_hours(tx, service, row, hours, now)


async def _into_hours(tx: Tx, service: Service, row: Delivery, hours: SafeHours, now: datetime) -> None:
    due = max(row.due_at, now)
    if hours.is_allowed(due) or row.not_after is None or row.not_after <= due:
        return  # what is too late is cancelled, with its reason, as it falls due
    at = drain_at(due, hours, row.not_after, service.chance)
    if at is None:
        await deliveries.cancel(tx, row.id, Reason.NO_ALLOWED_TIME, now)
    else:
        await deliveries.move(tx, row.id, at, row.not_after, Reason.OUTSIDE_HOURS)


async def _leave_alone(tx: Tx, person: Participant, now: datetime) -> None:
    for wave in await invitations.of_participant(tx, person.id):
        if wave.state != InvitationState.CLOSED:
            await deliveries.cancel_of_invitation(tx, wave.id, Reason.DO_NOT_CONTACT, now)
            await invitations.close(tx, wave.id, Disposition.UNSAFE_TO_CONTACT, now, Reason.DO_NOT_CONTACT)
