"""Plans a participant's waves anew after the completion date was corrected.

What was sent, or may have been, stays and counts; a wave that is closed stays closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from surveys.records import deliveries, invitations, safe_contacts
from surveys.records.database import Tx
from surveys.records.deliveries import Delivery, NewDelivery
from surveys.records.invitations import Invitation, InvitationState
from surveys.records.participants import Participant
from surveys.records.tasks import NewTask
from surveys.rules.calendar import start_of_day
from surveys.rules.protocol import SafeContactRule
from surveys.rules.schedule import Plan, PlannedMessage, Planning, SentMessage, plan_invitation, veiled
from surveys.rules.vocabulary import DeliveryKind, DeliveryState
from surveys.steps.alarm import open_task
from surveys.steps.configured import protocol_of
from surveys.steps.expire import close_wave
from surveys.steps.planning import Late
from surveys.steps.safety import safe_contact_of, safe_hours
from surveys.steps.service import Service

CORRECTED = "date_corrected"
_STARTED = (DeliveryKind.NOTICE, DeliveryKind.REMINDER)
_LEFT = (DeliveryState.SENT, DeliveryState.CLAIMED, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Replanned:
    """The waves that have a new plan, and those that can never be asked now."""

    moved: tuple[str, ...]
    late: tuple[Late, ...]


async def replan(tx: Tx, service: Service, person: Participant, completed_on: date, now: datetime) -> Replanned:
    """Plan every wave of the present course that is not closed yet by the new completion date."""
    safe = await safe_contact_of(tx, service, person.id)
    protocol = await protocol_of(tx, service, person.protocol)
    planning = Planning(protocol, safe_hours(service, safe, protocol), safe.reminders if safe else None)
    every = await deliveries.of_participant(tx, person.id)
    moved, late = [], []
    for wave in await invitations.of_participant(tx, person.id):
        if wave.course != person.course or wave.state == InvitationState.CLOSED:
            continue
        rows = [row for row in every if row.invitation == wave.id and row.kind in _STARTED]
        sent = [_sent(row) for row in rows if row.state in _LEFT]
        plan = plan_invitation(planning, protocol.wave(wave.wave), completed_on, now, service.chance, sent)
        plan = await _veiled(tx, service, protocol.safe_contact, wave, plan, now)
        if plan.reason is None:
            await _move(tx, service, person, wave, plan, rows, now)
            moved.append(wave.wave)
        else:
            await close_wave(tx, wave, plan.reason, now)
            await open_task(tx, NewTask(person.centre, plan.reason, wave.id, person.id), now)
            late.append(Late(wave.wave, plan.reason))
    return Replanned(tuple(moved), tuple(late))


async def _veiled(
    tx: Tx, service: Service, rule: SafeContactRule | None, wave: Invitation, plan: Plan, now: datetime
) -> Plan:
    """Where people are written to by a safe contact, the due date is kept nowhere in clear, corrected or not."""
    if rule is None:
        return plan
    await safe_contacts.need_from(tx, wave.participant, wave.id, plan.due_on - timedelta(days=rule.valid_days))
    return veiled(plan, rule.open_days, service.zone, now)


def _sent(row: Delivery) -> SentMessage:
    return SentMessage(row.kind, row.sequence, row.finished_at or row.claimed_at or row.due_at)


async def _move(
    tx: Tx, service: Service, person: Participant, wave: Invitation, plan: Plan, rows: Sequence[Delivery], now: datetime
) -> None:
    begins = min(start_of_day(plan.due_on, service.zone), plan.closes_at)
    begun = wave.state == InvitationState.OPEN or any(row.state in _LEFT for row in rows)
    opens = min(wave.opens_at, begins) if begun else begins
    await invitations.move(tx, wave.id, plan.due_on, opens, plan.closes_at)
    anew = {(message.kind, message.sequence): message for message in plan.messages}
    for row in rows:
        message = anew.pop((row.kind, row.sequence), None) if row.state is DeliveryState.PLANNED else None
        if message is not None:
            await deliveries.move(tx, row.id, message.at, message.not_after, CORRECTED)
        else:
            await deliveries.cancel(tx, row.id, CORRECTED, now)
    taken = {(row.kind, row.sequence) for row in rows}
    for message in anew.values():
        number = message.sequence
        if (message.kind, number) in taken:
            number = await deliveries.next_sequence(tx, wave.id, message.kind)
        await deliveries.plan(tx, [_delivery(message, number, person, wave)])


def _delivery(message: PlannedMessage, number: int, person: Participant, wave: Invitation) -> NewDelivery:
    """A row that was cancelled or failed stays as it is; what replaces it takes the next free number."""
    return NewDelivery(
        message.kind, number, person.channel, message.at, message.why, person.id, wave.id, not_after=message.not_after
    )
