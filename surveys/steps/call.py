"""A call by a member of staff: a delivery like any other, under the same rules, and the number only once it is allowed.

It must never give a number outside the person's own hours, on a hold, without consent to be called, past the cap, or
where there is nothing to call about.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from surveys.records import audit, calls, claims, contacts, deliveries, participants, ticks
from surveys.records.claims import Claimed
from surveys.records.contacts import Contact
from surveys.records.database import Tx
from surveys.records.deliveries import NewDelivery
from surveys.records.participants import Participant
from surveys.rules.contact import Allowed, Cancelled, Held, Moved, SendFacts, may_send, put_off_by
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import Channel, DeliveryKind
from surveys.steps.configured import protocol_of
from surveys.steps.dispatch import facts_of
from surveys.steps.notice import LONGEST_VALID
from surveys.steps.occasion import About, Occasion, occasion_of
from surveys.steps.safe_contact import SafeContact
from surveys.steps.safety import safe_contact_of, safe_hours, safety_of
from surveys.steps.service import Service
from surveys.steps.standing import words_at

_AT_WORK = timedelta(hours=1)
"""A service that finished no tick for longer is not at work."""
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
    about: About = About.SURVEY


async def open_call(service: Service, participant: str, actor: str, now: datetime) -> Call:
    """The number, revealed for one call, which counts as a message; CallRefused where any rule forbids it, and
    NoSuchParticipant where there is nobody. What was agreed may be confirmed anew in this very call."""
    async with service.database.writing() as tx:
        person = await participants.get(tx, participant)
        occasion = await occasion_of(tx, service, person, now)
        if occasion is None:
            raise CallRefused(await _nothing(tx, now), Reason.NO_OCCASION)
        claimed = await _claimed(tx, service, person, occasion, now)
        contact = await safe_contact_of(tx, service, participant)
        safe = await safety_of(tx, service, claimed, contact, now)
        if safe is not None and _may_confirm(occasion, contact):
            safe = replace(safe, reconfirmed=True)
        protocol = await protocol_of(tx, service, person.protocol)
        facts = facts_of(claimed, protocol, safe_hours(service, contact, protocol), safe)
        facts = await _fitted(tx, service, facts, claimed, occasion, now)
        _refuse(service, facts, now)
        assert claimed.address is not None
        await deliveries.mark_sent(tx, claimed.delivery, claimed.lease, now, None)
        assert claimed.invitation is not None
        assert claimed.contact is not None
        await calls.begin(tx, participant, claimed.invitation, claimed.contact, actor, now)
        audit.record(tx, actor, "contact.revealed", participant, now, why=occasion.about)
    until = facts.hours.between(now, now + LONGEST_VALID)[0][1]
    return Call(claimed.address, until, to_anybody_else(service, person, now), claimed.language, occasion.about)


def to_anybody_else(service: Service, person: Participant, now: datetime) -> str:
    """What to say, as long as the call lasts, if somebody else answers or takes the telephone."""
    return words_at(service, person.centre, service.local(now), Channel.PHONE)(SOMEONE_ELSE, person.language)


async def _nothing(tx: Tx, now: datetime) -> str:
    """Waves open and alerts come by what the service does: where it does not run, nothing is known, and it says so."""
    last = await ticks.latest(tx)
    if last is None or now - last > _AT_WORK:
        return "Nothing to call about is known: posle serve is not at work on this side. Start it, then ask again."
    return Reason.NO_OCCASION.line


def _may_confirm(occasion: Occasion, contact: SafeContact | None) -> bool:
    """A call to confirm needs nothing confirmed before it; one that she asked for needs that her contact was not
    changed since she last confirmed it."""
    if occasion.about is About.ASKED:
        return contact is not None and contact.confirmed() is not None
    return occasion.about is About.CONFIRM


async def _claimed(tx: Tx, service: Service, person: Participant, occasion: Occasion, now: datetime) -> Claimed:
    """The call as a delivery, claimed: what the contact rule is asked about."""
    wave = occasion.wave.id
    number = await deliveries.next_sequence(tx, wave, DeliveryKind.CALL)
    await deliveries.plan(
        tx, [NewDelivery(DeliveryKind.CALL, number, Channel.PHONE, now, occasion.about, person.id, wave)]
    )
    rows = await deliveries.of_participant(tx, person.id)
    made = next(r.id for r in rows if (r.invitation, r.kind, r.sequence) == (wave, DeliveryKind.CALL, number))
    claimed = await claims.claim(tx, made, now, service.day_start(now))
    assert claimed is not None
    return await _reached(tx, claimed)


async def _reached(tx: Tx, claimed: Claimed) -> Claimed:
    """Who is written to by SMS has one number; who is reached in a chat may have given one to be called on."""
    own: Contact | None = None
    for channel in (Channel.PHONE, Channel.SMS):
        own = own or await contacts.current(tx, claimed.participant, channel)
    if own is None:
        return replace(claimed, contact=None, address=None, chosen_channel=Channel.PHONE)
    held_by_staff = own.verified_at or own.created_at
    return replace(
        claimed, contact=own.id, address=own.address, verified_at=held_by_staff, suspended_at=own.suspended_at,
        chosen_channel=Channel.PHONE,
    )  # fmt: skip


async def _fitted(
    tx: Tx, service: Service, facts: SendFacts, claimed: Claimed, occasion: Occasion, now: datetime
) -> SendFacts:
    """A call to confirm something comes before its wave, one that was asked for may come after it; each of these is
    capped on its own, as it stands in for no message."""
    if occasion.about is About.SURVEY:
        return facts
    made = [
        each for each in await deliveries.of_participant(tx, claimed.participant)
        if each.kind is DeliveryKind.CALL and each.why == occasion.about and each.id != claimed.delivery
        and each.claimed_at is not None and each.invitation == occasion.wave.id
    ]  # fmt: skip
    facts = replace(facts, opens_at=now, sent_this_wave=len(made))
    if occasion.about is About.CONFIRM:
        return facts
    today = sum(each.claimed_at is not None and each.claimed_at >= service.day_start(now) for each in made)
    return replace(facts, closes_at=now + LONGEST_VALID, closed=False, course_is_current=True, sent_today=today)


def _refuse(service: Service, facts: SendFacts, now: datetime) -> None:
    match may_send(facts, now, service.chance):
        case Cancelled(Reason.NO_ALLOWED_TIME):  # a call is for now: what keeps it from being made now is the reason
            reason = put_off_by(facts, now) or Reason.NO_ALLOWED_TIME
            raise CallRefused(reason.line, reason)
        case Held(reason) | Moved(_, reason) | Cancelled(reason):
            raise CallRefused(reason.line, reason)
        case Allowed():
            return
