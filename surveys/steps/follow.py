"""Reminders count from the real first message: where it left later than planned, what follows it is planned anew."""

from datetime import datetime, timedelta

from surveys.records import deliveries, invitations, participants
from surveys.records.database import Tx
from surveys.records.deliveries import Delivery
from surveys.rules.calendar import local_day, start_of_day
from surveys.rules.protocol import Protocol
from surveys.rules.reasons import Reason
from surveys.rules.schedule import Planning, SentMessage, plan_invitation
from surveys.rules.spread import draw
from surveys.rules.vocabulary import DeliveryKind, DeliveryState
from surveys.steps.configured import protocol_of
from surveys.steps.safety import safe_contact_of, safe_hours
from surveys.steps.service import Service


async def follow_notice(tx: Tx, service: Service, participant: str, invitation: str, now: datetime) -> None:
    """Move the wave's planned reminders where the first of them would come too soon after this notice."""
    planned = [
        each for each in await deliveries.of_participant(tx, participant)
        if each.invitation == invitation and each.kind is DeliveryKind.REMINDER
        and each.state is DeliveryState.PLANNED
    ]  # fmt: skip
    if not planned:
        return
    protocol = await protocol_of(tx, service, (await participants.get(tx, participant)).protocol)
    first = protocol.reminders.after_days[0]
    if planned[0].due_at < now + timedelta(days=first - 1):
        await _replan(tx, service, protocol, invitation, planned, now)


async def _count_on(
    tx: Tx, service: Service, protocol: Protocol, participant: str, planned: list[Delivery], now: datetime
) -> None:
    """Where no completion date is kept: the protocol's days from this notice on, in the person's own hours."""
    hours = safe_hours(service, await safe_contact_of(tx, service, participant), protocol)
    after = protocol.reminders.after_days
    for row in planned:
        if row.sequence >= len(after):  # planned by a version that this program cannot follow any more
            await deliveries.cancel(tx, row.id, Reason.FEWER_AGREED, now)
            continue
        start = start_of_day(local_day(now, service.zone) + timedelta(days=after[row.sequence]), service.zone)
        windows = hours.next_day(start, row.not_after) if row.not_after else []
        if windows:
            await deliveries.move(tx, row.id, draw(windows, service.chance), row.not_after)
        else:
            await deliveries.cancel(tx, row.id, Reason.NO_ALLOWED_TIME, now)


async def _replan(
    tx: Tx, service: Service, protocol: Protocol, invitation: str, planned: list[Delivery], now: datetime
) -> None:
    wave = await invitations.get(tx, invitation)
    assert wave is not None
    completed_on = (await participants.private(tx, wave.participant)).completed_on
    if completed_on is None:
        await _count_on(tx, service, protocol, wave.participant, planned, now)
        return
    sent = [SentMessage(DeliveryKind.NOTICE, 0, now)]
    planning = Planning(protocol, service.hours_of(protocol))
    plan = plan_invitation(planning, protocol.wave(wave.wave), completed_on, now, service.chance, sent)
    anew = {message.sequence: message for message in plan.messages}
    skipped = {message.sequence: message.reason for message in plan.skipped}
    for row in planned:
        if row.sequence in anew:
            await deliveries.move(tx, row.id, anew[row.sequence].at, anew[row.sequence].not_after)
        elif row.sequence in skipped:
            await deliveries.cancel(tx, row.id, skipped[row.sequence], now)
