"""A call by a member of staff: a delivery like any other, under the same rules, and the number only once it is allowed.

It must never give a number outside the person's own hours, on a hold, without consent, or past the cap.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from surveys.records import audit, calls, claims, deliveries, invitations, participants
from surveys.records.claims import Claimed
from surveys.records.database import Tx
from surveys.records.deliveries import NewDelivery
from surveys.rules.contact import Allowed, Cancelled, Held, Moved, SendFacts, may_send
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import Channel, DeliveryKind
from surveys.steps.dispatch import facts_of
from surveys.steps.notice import LONGEST_VALID
from surveys.steps.safety import safe_contact_of, safe_hours, safety_of
from surveys.steps.service import Service
from surveys.steps.standing import words_at

WHY = "staff_calls"
SOMEONE_ELSE = "someone_else_answers"


class CallRefused(Exception):
    """This person must not be called now; the message says why. No number was shown and nothing was recorded."""

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """A call that may be made now. `until` is when its hours end; `someone_else` is what to say to anybody else."""

    number: str
    until: datetime
    someone_else: str
    language: str
    """Of `someone_else`: the person's own."""


async def open_call(service: Service, participant: str, actor: str, now: datetime) -> Call:
    """The number, revealed for one call, which counts as a message; CallRefused where any rule forbids it, and
    NoSuchParticipant where there is nobody. What was agreed may be confirmed anew in this very call."""
    async with service.database.writing() as tx:
        claimed = await _claimed(tx, service, participant, now)
        contact = await safe_contact_of(tx, service, participant)
        safe = await safety_of(tx, service, claimed, contact, now)
        facts = replace(
            facts_of(service, claimed), safe=replace(safe, reconfirmed=True) if safe else None,
            hours=safe_hours(service, contact),
        )  # fmt: skip
        _refuse(service, facts, now)
        assert claimed.address is not None
        await deliveries.mark_sent(tx, claimed.delivery, claimed.lease, now, None)
        assert claimed.invitation is not None
        assert claimed.contact is not None
        await calls.begin(tx, participant, claimed.invitation, claimed.contact, actor, now)
        audit.record(tx, actor, "contact.revealed", participant, now, why=WHY)
    words = words_at(service, claimed.centre, service.local(now), Channel.PHONE)
    until = facts.hours.between(now, now + LONGEST_VALID)[0][1]
    return Call(claimed.address, until, words(SOMEONE_ELSE, claimed.language), claimed.language)


async def _claimed(tx: Tx, service: Service, participant: str, now: datetime) -> Claimed:
    """The call as a delivery, claimed: what the contact rule is asked about."""
    person = await participants.get(tx, participant)
    wave = await invitations.current(tx, person.id, now)
    if wave is None:
        raise CallRefused("no wave is open for this participant; see posle plan", Reason.NO_INVITATION)
    number = await deliveries.next_sequence(tx, wave.id, DeliveryKind.NOTICE)
    new = NewDelivery(DeliveryKind.NOTICE, number, Channel.PHONE, now, WHY, person.id, wave.id)
    await deliveries.plan(tx, [new])
    rows = await deliveries.of_participant(tx, person.id)
    name = next(row.id for row in rows if (row.invitation, row.kind, row.sequence) == (wave.id, new.kind, number))
    claimed = await claims.claim(tx, name, now, service.day_start(now))
    assert claimed is not None
    return claimed


def _refuse(service: Service, facts: SendFacts, now: datetime) -> None:
    match may_send(facts, now, service.chance):
        case Held(reason) | Moved(_, reason) | Cancelled(reason):
            raise CallRefused(reason.line, reason)
        case Allowed():
            return
