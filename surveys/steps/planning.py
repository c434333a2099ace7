"""Plans a person's waves at enrolment: invitations and planned messages as rows, and a task for what can never be sent.

Nothing here is random but what the given chance draws; nothing is silently left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from surveys.records import deliveries, instruments, invitations, safe_contacts
from surveys.records.database import Tx
from surveys.records.deliveries import NewDelivery
from surveys.records.invitations import NewInvitation
from surveys.records.participants import Participant
from surveys.records.tasks import NewTask
from surveys.rules.calendar import start_of_day
from surveys.rules.reasons import Reason
from surveys.rules.schedule import Plan, PlannedMessage, Planning, plan_waves, veiled
from surveys.rules.vocabulary import Disposition
from surveys.steps.alarm import open_task
from surveys.steps.configured import protocol_of
from surveys.steps.safe_contact import SafeContact
from surveys.steps.safety import safe_hours
from surveys.steps.service import NotPublished, Service


@dataclass(frozen=True, slots=True)
class Late:
    """A wave that can never be asked, and why: it stands in the task list."""

    wave: str
    reason: Reason


async def plan_person(
    tx: Tx, service: Service, person: Participant, completed_on: date, now: datetime, safe: SafeContact | None = None
) -> tuple[Late, ...]:
    """Write the plan of every wave of the participant's present course, by the protocol that they go by; what is too
    late becomes a task."""
    protocol = await protocol_of(tx, service, person.protocol)
    rule = protocol.safe_contact
    planning = Planning(protocol, safe_hours(service, safe, protocol), safe.reminders if safe else None)
    every = plan_waves(planning, completed_on, now, service.chance)
    due = {plan.wave: plan.due_on for plan in every}
    if rule is not None:
        every = tuple(veiled(plan, rule.open_days, service.zone, now) for plan in every)
    plans = [plan for plan in every if plan.reason is not Reason.WAVE_OFF]
    versions = {name: await _version(tx, name) for name in {wave.instrument for wave in protocol.waves}}
    new = [_invitation(service, plan, person, protocol.wave(plan.wave).instrument, versions) for plan in plans]
    ids = await invitations.add_many(tx, new)
    if safe is not None and safe.do_not_contact:
        return await _left_alone(tx, plans, ids, now)
    if rule is not None:
        for plan, each in zip(plans, ids, strict=True):
            await safe_contacts.need_from(tx, person.id, each, due[plan.wave] - timedelta(days=rule.valid_days))
    pairs = zip(plans, ids, strict=True)
    await deliveries.plan(tx, [_delivery(message, person, each) for plan, each in pairs for message in plan.messages])
    return await _too_late(tx, person, plans, ids, now)


async def _left_alone(tx: Tx, plans: Sequence[Plan], ids: Sequence[str], now: datetime) -> tuple[Late, ...]:
    """It was agreed that nobody contacts this person: an outcome of its own."""
    for invitation in ids:
        await invitations.close(tx, invitation, Disposition.UNSAFE_TO_CONTACT, now, Reason.DO_NOT_CONTACT)
    return tuple(Late(plan.wave, Reason.DO_NOT_CONTACT) for plan in plans)


async def _version(tx: Tx, name: str) -> str:
    version = await instruments.latest_version(tx, name)
    if version is None:
        raise NotPublished
    return version


def _invitation(
    service: Service, plan: Plan, person: Participant, name: str, versions: dict[str, str]
) -> NewInvitation:
    """It can be answered from the morning of the due date on, also before the first message was sent."""
    opens = min(start_of_day(plan.due_on, service.zone), plan.closes_at)
    return NewInvitation(
        person.id, plan.wave, person.course, plan.due_on, opens, plan.closes_at, name, versions[name], person.centre
    )


def _delivery(message: PlannedMessage, person: Participant, invitation: str) -> NewDelivery:
    return NewDelivery(
        message.kind, message.sequence, person.channel, message.at, message.why, person.id, invitation,
        not_after=message.not_after,
    )  # fmt: skip


async def _too_late(
    tx: Tx, person: Participant, plans: Sequence[Plan], ids: Sequence[str], now: datetime
) -> tuple[Late, ...]:
    late = []
    for plan, invitation in zip(plans, ids, strict=True):
        if plan.reason is None:
            continue
        await invitations.close(tx, invitation, Disposition.EXPIRED, now, plan.reason)
        await open_task(tx, NewTask(person.centre, plan.reason, invitation, person.id), now)
        late.append(Late(plan.wave, plan.reason))
    return tuple(late)
