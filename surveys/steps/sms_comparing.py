"""Holds the provider's list of messages against ours: what was never posted is handled, what nobody knows is told.

It must never let a body go that nobody here has read, and never closes what a person is to decide.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.records import audit, sms_messages, tasks, ticks
from surveys.records.sms_messages import Direction, SmsMessage
from surveys.records.tasks import NewTask
from surveys.rules.contact import REPLY_WITHIN
from surveys.rules.roles import EVERY_CENTRE
from surveys.steps.alarm import open_task
from surveys.steps.service import SERVICE, Service
from surveys.steps.sms import note_receipt
from surveys.steps.sms_inbound import HeardSms, take_in

COMPARISON, LOOK = "sms_comparison", "sms_look"
"""The whole of the provider's list, and what is new in it."""
YOUNG = REPLY_WITHIN
"""What is listed so early may still be posted, or answered, to us; and older messages are answered no more."""
FOREIGN_AFTER = timedelta(minutes=15)
"""By then every claim has an outcome: a message that no delivery knows was not sent by this database."""
OVERLAP = timedelta(minutes=30)
DIGESTS_FOR = timedelta(days=7)
UNREAD, FOREIGN = "sms_unread", "sms_foreign"


@dataclass(frozen=True, slots=True)
class Seen:
    """One message of the provider's list; `error` is a short word, and of the body only whether there is one."""

    sid: str
    inbound: bool
    status: str
    error: str | None
    holds_body: bool
    created_at: datetime | None = None
    heard: HeardSms | None = None
    """What a person wrote, where it can still be read."""


async def last_look(service: Service, name: str) -> datetime | None:
    """When the list was last read through."""
    async with service.database.reading() as tx:
        return await ticks.last(tx, name)


async def note_listed(service: Service, listed: Seen, now: datetime) -> bool:
    """The provider lists this message; whether it was unknown here. A body taken for gone is to go again.

    A person's message that never reached us is handled now, as if it had been posted; nothing is redacted before.
    """
    sid = listed.sid
    async with service.database.reading() as tx:
        known = await sms_messages.get(tx, sid)
    age = now - listed.created_at if listed.created_at else OVERLAP
    if known is None and age <= YOUNG:
        return False
    if listed.inbound:
        await _listed_inbound(service, listed, known, now)
    else:
        await _listed_outbound(service, listed, known, age, now)
    await _hold_against(service, listed, now)
    return known is None


async def _listed_inbound(service: Service, listed: Seen, known: SmsMessage | None, now: datetime) -> None:
    if known is not None:
        return
    if listed.heard is not None:
        await take_in(service, listed.heard, now)
    async with service.database.writing() as tx:
        audit.record(tx, SERVICE, "sms.found", listed.sid, now, heard=listed.heard is not None)
        if listed.heard is not None:
            return
        await open_task(tx, NewTask(EVERY_CENTRE, UNREAD, listed.sid), now)
        if not listed.holds_body:
            await sms_messages.adopt(tx, listed.sid, Direction.IN, listed.status, now)


async def _listed_outbound(
    service: Service, listed: Seen, known: SmsMessage | None, age: timedelta, now: datetime
) -> None:
    """One that no delivery here knows of was sent by somebody else, or by a database that was restored since."""
    if known is not None:
        await note_receipt(service, listed.sid, listed.status, listed.error, now)
    async with service.database.writing() as tx:
        if known is None:
            await sms_messages.adopt(tx, listed.sid, Direction.OUT, listed.status, now)
        foreign = (known is None or known.delivery is None) and age >= FOREIGN_AFTER
        if foreign and not await tasks.ever(tx, FOREIGN, listed.sid):
            await open_task(tx, NewTask(EVERY_CENTRE, FOREIGN, listed.sid), now)


async def _hold_against(service: Service, listed: Seen, now: datetime) -> None:
    sid = listed.sid
    async with service.database.writing() as tx:
        known = await sms_messages.get(tx, sid)
        if known is not None and listed.holds_body and known.redacted_at is not None:
            await sms_messages.found_held(tx, sid, now)
        if known is not None and not listed.holds_body and known.redacted_at is None and known.final_at is not None:
            await sms_messages.redacted(tx, sid, now)


async def note_comparison(service: Service, counts: dict[str, int], now: datetime) -> None:
    """The proof: how many the provider lists, and how many bodies it holds still."""
    async with service.database.writing() as tx:
        audit.record(tx, SERVICE, "sms.compared", "provider", now, **counts)
        if counts["held"]:
            await open_task(tx, NewTask(EVERY_CENTRE, "sms_bodies_held", "provider"), now)
        await sms_messages.forget_digests(tx, now - DIGESTS_FOR)
        await ticks.record(tx, COMPARISON, now)
        await ticks.record(tx, LOOK, now)


async def note_look_through(service: Service, now: datetime) -> None:
    """What is new at the provider was read through."""
    async with service.database.writing() as tx:
        await ticks.record(tx, LOOK, now)


async def note_not_compared(service: Service, now: datetime) -> None:
    """The list cannot be read, again and again: a message that was never posted to us stays unheard."""
    async with service.database.writing() as tx:
        await open_task(tx, NewTask(EVERY_CENTRE, "sms_not_compared", "provider"), now)
