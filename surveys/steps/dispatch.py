"""Sends what the service starts: claims what is due, asks every rule in the claiming transaction, records the outcome.

The claim is the one door to sending: nothing leaves that was not claimed before it, and nothing is ever sent twice.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from surveys.records import audit, claims, deliveries
from surveys.records.claims import Claimed
from surveys.records.database import Tx
from surveys.records.deliveries import ForeignLease
from surveys.records.tasks import NewTask
from surveys.rules.contact import Allowed, Cancelled, Held, Moved, Safe, SendFacts, Verdict, may_send
from surveys.rules.hours import SafeHours
from surveys.rules.protocol import Protocol
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import Channel
from surveys.steps.alarm import open_task
from surveys.steps.configured import protocol_of
from surveys.steps.link import NOT_BOUND
from surveys.steps.notice import call_instead, has_no_way, notice
from surveys.steps.outcome import record_outcome
from surveys.steps.ports import Outcome, Outgoing, TryLater
from surveys.steps.safety import ask_to_confirm, safe_contact_of, safe_hours, safety_of
from surveys.steps.service import SERVICE, Service

_log = logging.getLogger(__name__)
_LIFTED_BY_STAFF = (
    Reason.SIDE_HELD, Reason.CENTRE_HELD, Reason.PERSON_HELD, Reason.NOT_READY, Reason.NOT_COVERED,
    Reason.NOT_RECONFIRMED,
)  # fmt: skip
_UNREACHED = (Reason.NOT_BOUND, Reason.NO_CONTACT)
_RECONFIRM = (Reason.NOT_RECONFIRMED, Reason.NO_SAFE_CONTACT)
SOON, TOMORROW = timedelta(minutes=10), timedelta(days=1)
"""When a held message is looked at again: soon where staff may lift a hold, tomorrow where somebody must act first."""
AT_ONCE = 25
"""Claimed in one transaction: less than a second's sending, so that a claim and its send are one moment."""
FRESH = timedelta(seconds=5)
"""A claim that is older is given back and asked every rule again: hours end, people withdraw, staff set a HOLD."""

Send = Callable[[Outgoing], Awaitable[Outcome]]
Ready = list[tuple[Outgoing, Claimed]]


async def dispatch(service: Service, send: Send, now: Callable[[], datetime]) -> int:
    """Send everything that is due; how many messages were claimed."""
    total = 0
    while True:
        async with service.database.reading() as tx:
            if not await deliveries.anything_due(tx, now()):
                return total
        at = now()
        ready, looked_at = await claim_ready(service, at)
        busy = await _send_fresh(service, ready, at, send, now)
        total += len(ready)
        if busy or not looked_at:
            return total


async def _send_fresh(service: Service, ready: Ready, at: datetime, send: Send, now: Callable[[], datetime]) -> bool:
    """Send what was claimed at `at`, as long as the claim is fresh; whether the provider asks to be left alone."""
    for place, (message, claimed) in enumerate(ready):
        if not timedelta(0) <= now() - at <= FRESH:
            await _give_back(service, ready[place:], now())
            return False
        outcome = await send(message)
        await _record(service, message, outcome, now(), claimed)
        if isinstance(outcome, TryLater):
            await _give_back(service, ready[place + 1 :], now() + timedelta(seconds=max(1.0, outcome.seconds)))
            return True
    return False


async def _record(service: Service, message: Outgoing, outcome: Outcome, now: datetime, claimed: Claimed) -> None:
    """A claim that was taken over meanwhile is somebody else's to finish, and stops no other of this batch."""
    try:
        await record_outcome(service, message, outcome, now, claimed)
    except ForeignLease:
        _log.warning("a claimed message had been taken over before its outcome was recorded")


async def _give_back(service: Service, several: Ready, due: datetime) -> None:
    """Whatever is still this worker's is planned again; what was taken over meanwhile is left alone."""
    async with service.database.writing() as tx:
        for message, _ in several:
            with suppress(ForeignLease):
                await deliveries.put_back(tx, message.delivery, message.lease, due, "try_later", tried=False)


async def claim_ready(service: Service, now: datetime, at_once: int = AT_ONCE) -> tuple[Ready, int]:
    """One batch of at most `at_once`: the messages that may go now, and how many were looked at."""
    async with service.database.writing() as tx:
        due = await claims.claim_due(tx, now, service.day_start(now), at_once)
        allowed = [claimed for claimed in due if await _settled(tx, service, claimed, now)]
        ready = [(await notice(tx, service, claimed, now), claimed) for claimed in allowed]
    return ready, len(due)


async def _settled(tx: Tx, service: Service, claimed: Claimed, now: datetime) -> bool:
    """Ask every rule; what may not go is put back or dropped with its reason. Whether it may go."""
    contact = await safe_contact_of(tx, service, claimed.participant)
    safe = await safety_of(tx, service, claimed, contact, now)
    protocol = await protocol_of(tx, service, claimed.protocol)
    facts = facts_of(claimed, protocol, safe_hours(service, contact, protocol), safe)
    verdict = may_send(facts, now, service.chance)
    if isinstance(verdict, Allowed) and has_no_way(service, claimed):
        verdict = Held(Reason.NO_PAGE)
    if isinstance(verdict, Allowed) and claimed.channel is Channel.PHONE:
        await call_instead(tx, claimed, now)
        return False
    if isinstance(verdict, Allowed):
        audit.record(tx, SERVICE, "delivery.claimed", claimed.delivery, now, kind=claimed.kind)
        return True
    await _put_off(tx, claimed, verdict, now)
    return False


async def _put_off(tx: Tx, claimed: Claimed, verdict: Verdict, now: datetime) -> None:
    match verdict:
        case Held(reason):
            later = now + (SOON if reason in _LIFTED_BY_STAFF else TOMORROW)
            await deliveries.put_back(tx, claimed.delivery, claimed.lease, later, reason, tried=False)
            if reason in _RECONFIRM:
                await ask_to_confirm(tx, claimed, now)
            if reason in _UNREACHED:
                await open_task(tx, NewTask(claimed.centre, NOT_BOUND, claimed.participant, claimed.participant), now)
        case Moved(to, reason):
            await deliveries.put_back(tx, claimed.delivery, claimed.lease, to, reason, tried=False)
        case Cancelled(reason):
            await deliveries.drop(tx, claimed.delivery, claimed.lease, now, reason)
            audit.record(tx, SERVICE, "delivery.cancelled", claimed.delivery, now, reason=reason)


def facts_of(claimed: Claimed, protocol: Protocol, hours: SafeHours, safe: Safe | None) -> SendFacts:
    """What the contact rule asks, from what was read in the transaction of the claim."""
    return SendFacts(
        kind=claimed.kind,
        channel=claimed.channel,
        chosen_channel=claimed.chosen_channel,
        status=claimed.status,
        consent=bool(claimed.consent),
        call_consent=bool(claimed.call_consent),
        side_held=claimed.side_held,
        centre_held=claimed.centre_held,
        person_held=claimed.person_held,
        closed=claimed.invitation_state == "closed",
        course_is_current=claimed.course_is_current,
        opens_at=claimed.opens_at,
        closes_at=claimed.closes_at,
        not_after=claimed.not_after,
        has_address=claimed.address is not None,
        verified=claimed.verified_at is not None,
        suspended=claimed.suspended_at is not None,
        sent_today=claimed.sent_today,
        sent_this_wave=claimed.sent_this_wave,
        hours=hours,
        caps=protocol.caps,
        begun=claimed.invitation_state == "open",
        safe=safe,
    )
