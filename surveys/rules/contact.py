"""May the service start this message now? Asked in the transaction that claims it, of facts read in that transaction.

Pure and total. It never allows what a single guard forbids, and it never chooses another channel.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.rules.calendar import aware, local_day, start_of_day
from surveys.rules.chance import Chance
from surveys.rules.hours import SafeHours
from surveys.rules.protocol import Caps
from surveys.rules.reasons import Reason
from surveys.rules.spread import drain_at
from surveys.rules.vocabulary import Channel, DeliveryKind, Status

REPLY_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Safe:
    """What must hold besides on a side of safe contacts: the side is ready, somebody is on call now, or was until two
    hours ago, and the safe contact is there, wanted, and confirmed anew for this wave."""

    ready: bool
    covered: bool
    recorded: bool
    wanted: bool
    reconfirmed: bool


@dataclass(frozen=True, slots=True)
class SendFacts:
    """What is known when a notice or a reminder is claimed; the counts leave this message out.

    `opens_at` and `closes_at` are None where there is no invitation; from `not_after` on the message is too late.
    `consent` is the word in force on being contacted, `call_consent` on being called, `closed` that the invitation has
    ended. Sent means sent, claimed or unknown.
    """

    kind: DeliveryKind
    channel: Channel
    chosen_channel: Channel
    status: Status
    consent: bool
    call_consent: bool
    side_held: bool
    centre_held: bool
    person_held: bool
    closed: bool
    course_is_current: bool
    opens_at: datetime | None
    closes_at: datetime | None
    not_after: datetime | None
    has_address: bool
    verified: bool
    suspended: bool
    sent_today: int
    sent_this_wave: int
    hours: SafeHours
    caps: Caps
    safe: "Safe | None" = None
    """Only where people are written to by a safe contact."""
    begun: bool = False
    """The person began the wave by themselves: reminders need no notice before them."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Every rule holds at this instant."""


@dataclass(frozen=True, slots=True)
class Held:
    """Not now; it stays planned and is asked again."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Moved:
    """Not now, but at `to`, an allowed instant."""

    to: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Never."""

    reason: Reason


Verdict = Allowed | Held | Moved | Cancelled

_GONE = {
    Status.WITHDRAWN: Reason.WITHDRAWN,
    Status.PURGED: Reason.PURGED,
    Status.DECEASED: Reason.DECEASED,
    Status.MOVED_ABROAD: Reason.MOVED_ABROAD,
}
_AWAY = {Status.SUSPENDED: Reason.SUSPENDED, Status.IN_CUSTODY: Reason.IN_CUSTODY}


def may_send(facts: SendFacts, now: datetime, chance: Chance) -> Verdict:
    """The verdict: what ends it for good first, then what holds it, then what moves it, each in a fixed order.

    `chance` only spreads what is moved inside the hours.
    """
    aware(now)
    if (ends := _first(_ends(facts, now))) is not None:
        return Cancelled(ends)
    if (holds := _first(_holds(facts))) is not None:
        return Held(holds)
    moved = next(_moves(facts, now), None)
    if moved is None:
        return Allowed()
    to = drain_at(moved[0], facts.hours, _latest(facts), chance)
    return Cancelled(Reason.NO_ALLOWED_TIME) if to is None else Moved(to, moved[1])


def put_off_by(facts: SendFacts, now: datetime) -> Reason | None:
    """What alone keeps it from being sent at this moment, where nothing holds or ends it."""
    return next((reason for _, reason in _moves(facts, now)), None)


_Guards = tuple[tuple[bool, Reason], ...]


def _first(guards: _Guards) -> Reason | None:
    return next((reason for stands, reason in guards if stands), None)


def _ends(facts: SendFacts, now: datetime) -> _Guards:
    return (
        (facts.status in _GONE, _GONE.get(facts.status, Reason.WITHDRAWN)),
        (not facts.consent, Reason.NO_CONSENT),
        (_is_a_call(facts) and not facts.call_consent, Reason.NO_CALL_CONSENT),
        (facts.opens_at is None or facts.closes_at is None, Reason.NO_INVITATION),
        (not facts.course_is_current, Reason.OTHER_COURSE),
        (facts.closed, Reason.ANSWERED),
        (facts.closes_at is not None and facts.closes_at <= now, Reason.WAVE_OVER),
        (facts.not_after is not None and facts.not_after <= now, Reason.TOO_LATE),
        (facts.channel is not facts.chosen_channel, Reason.OTHER_CHANNEL),
        (facts.sent_this_wave >= facts.caps.per_wave, Reason.CAP_OF_THE_WAVE),
    )


def _holds(facts: SendFacts) -> _Guards:
    return (
        (facts.side_held, Reason.SIDE_HELD),
        (facts.centre_held, Reason.CENTRE_HELD),
        (facts.person_held, Reason.PERSON_HELD),
        (facts.status is not Status.ACTIVE, _AWAY.get(facts.status, Reason.SUSPENDED)),
        (not facts.has_address, Reason.NO_CONTACT),
        (facts.suspended, Reason.CONTACT_SUSPENDED),
        (not facts.verified, Reason.NOT_BOUND),
        (_has_no_notice(facts), Reason.NOTICE_NOT_SENT),
        *_safety(facts.safe),
    )


def _safety(safe: Safe | None) -> _Guards:
    if safe is None:
        return ()
    return (
        (not safe.ready, Reason.NOT_READY),
        (not safe.recorded, Reason.NO_SAFE_CONTACT),
        (not safe.wanted, Reason.DO_NOT_CONTACT),
        (not safe.reconfirmed, Reason.NOT_RECONFIRMED),
        (not safe.covered, Reason.NOT_COVERED),
    )


def _is_a_call(facts: SendFacts) -> bool:
    return facts.channel is Channel.PHONE or facts.kind is DeliveryKind.CALL


def _has_no_notice(facts: SendFacts) -> bool:
    return facts.kind is DeliveryKind.REMINDER and facts.sent_this_wave == 0 and not facts.begun


def _moves(facts: SendFacts, now: datetime) -> Iterator[tuple[datetime, Reason]]:
    if facts.opens_at is not None and facts.opens_at > now:
        yield facts.opens_at, Reason.NOT_OPEN_YET
    if facts.sent_today >= facts.caps.per_day:
        tomorrow = local_day(now, facts.hours.zone) + timedelta(days=1)
        yield start_of_day(tomorrow, facts.hours.zone), Reason.CAP_OF_THE_DAY
    if not facts.hours.is_allowed(now):
        yield now, Reason.OUTSIDE_HOURS


def _latest(facts: SendFacts) -> datetime:
    assert facts.closes_at is not None
    return facts.closes_at if facts.not_after is None else min(facts.closes_at, facts.not_after)
