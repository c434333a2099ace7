"""What will be sent to whom and when, or why nothing will: the planned rows, with what stands in their way now.

It shows opaque ids, waves, instants and codes; never an address.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from surveys.records import contacts, deliveries, invitations, retention
from surveys.records.database import Tx
from surveys.records.deliveries import Delivery
from surveys.records.holds import Hold, Scope
from surveys.records.invitations import Invitation
from surveys.records.participants import Participant
from surveys.rules.reasons import Reason
from surveys.rules.retention import last_day
from surveys.rules.vocabulary import Channel, DeliveryKind, DeliveryState, Status
from surveys.steps.notice import lacks_page
from surveys.steps.safety import unsafe_now
from surveys.steps.service import Service

_HELD = {Scope.SIDE: Reason.SIDE_HELD, Scope.CENTRE: Reason.CENTRE_HELD, Scope.PERSON: Reason.PERSON_HELD}
_STARTED = (DeliveryKind.NOTICE, DeliveryKind.REMINDER)


class Message(TypedDict):
    """One message that the service starts. `at` is ISO with a zone; `reason` says why it was moved or cancelled."""

    kind: str
    number: int
    at: str
    state: str
    reason: str | None


class Wave(TypedDict):
    """One participant's wave. `reason` is why nothing (more) is sent; `waits_for` what stands in the way for now.
    `contact_until` and `all_until`: when contact details, and everything, of the person go by the protocol's clocks,
    as things stand; None where it has none. `protocol` is the version under which the person was enrolled; None before
    that was kept."""

    participant: str
    centre: str
    wave: str
    course: int
    due_on: str
    closes_at: str
    state: str
    disposition: str | None
    messages: list[Message]
    waits_for: str | None
    reason: str | None
    contact_until: str | None
    all_until: str | None
    protocol: str | None


async def waves_of(tx: Tx, service: Service, person: Participant, standing: Sequence[Hold]) -> list[Wave]:
    """Every wave of one participant; `standing` are the holds that stand."""
    every = await deliveries.of_participant(tx, person.id)
    obstacle = await _obstacle(tx, service, person, standing)
    waves, every_wave = [], await invitations.of_participant(tx, person.id)
    until = await _kept_until(tx, service, person, every_wave)
    for invitation in every_wave:
        unsafe = obstacle or await unsafe_now(tx, service, person.id, invitation.id)
        wave = _wave(person, invitation, _of(every, invitation), unsafe, service.zone)
        wave["contact_until"], wave["all_until"] = until
        waves.append(wave)
    return waves


async def _kept_until(
    tx: Tx, service: Service, person: Participant, waves: Sequence[Invitation]
) -> tuple[str | None, str | None]:
    """As things stand: an open wave counts as over once it closes."""
    rule, kept = service.library.protocol.retention, await retention.of(tx, person.id)
    open_until = [each.closes_at for each in waves if each.state != "closed"]
    kept = replace(kept, over_at=max(open_until)) if open_until else kept
    last = last_day(rule, kept) if rule else None
    if rule is None or kept.over_at is None or last is None or person.status is Status.PURGED:
        return None, None
    first = min(last, kept.over_at + rule.contact)
    return _local(first, service.zone), _local(last, service.zone)


async def _obstacle(tx: Tx, service: Service, person: Participant, standing: Sequence[Hold]) -> Reason | None:
    """What keeps anything from being sent to this person now, and may yet pass."""
    for hold in standing:
        if hold.scope == Scope.SIDE or hold.target in (person.centre, person.id):
            return _HELD[Scope(hold.scope)]
    if person.status is not Status.ACTIVE:
        return Reason(person.status.value)
    contact = await contacts.current(tx, person.id, person.channel)
    if contact is None or contact.verified_at is None:
        return Reason.NOT_BOUND if person.channel is Channel.TELEGRAM else Reason.NO_CONTACT
    if contact.suspended_at:
        return Reason.CONTACT_SUSPENDED
    return Reason.NO_PAGE if lacks_page(service, person.channel) else None


def _of(every: Iterable[Delivery], invitation: Invitation) -> list[Delivery]:
    return [each for each in every if each.invitation == invitation.id and each.kind in _STARTED]


def _wave(
    person: Participant, invitation: Invitation, messages: Sequence[Delivery], obstacle: Reason | None, zone: ZoneInfo
) -> Wave:
    planned = any(each.state is DeliveryState.PLANNED for each in messages)
    return Wave(
        participant=person.id,
        centre=person.centre,
        wave=invitation.wave,
        course=invitation.course,
        due_on=invitation.due_on.isoformat(),
        closes_at=_local(invitation.closes_at, zone),
        state=invitation.state,
        disposition=invitation.disposition,
        messages=[_message(each, zone) for each in messages],
        waits_for=obstacle if planned else None,
        reason=None if planned else _why_nothing(invitation, messages),
        contact_until=None,
        all_until=None,
        protocol=person.protocol,
    )


def _why_nothing(invitation: Invitation, messages: Sequence[Delivery]) -> str:
    """The wave's own reason, else why its last message was dropped, else what became of it."""
    dropped = next((each.reason for each in reversed(messages) if each.reason), None)
    return invitation.reason or dropped or invitation.disposition or "sent"


def _message(each: Delivery, zone: ZoneInfo) -> Message:
    at = _local(each.finished_at or each.due_at, zone)
    return Message(kind=each.kind, number=each.sequence, at=at, state=each.state, reason=each.reason)


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat(timespec="seconds")
