"""Lets go what the protocol's clocks say is to go: contact details, whole people, notes of alerts, rows of the audit.

Safe to repeat and to interrupt: each person is a transaction, and a scrub that a crash cut short is made good by the
next look. It must never touch anybody with an open wave or an open alert.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.records import audit, erasure, holds, participants, retention, ticks
from surveys.records.database import Tx
from surveys.records.holds import Scope
from surveys.rules.retention import Clock, RetentionRule, to_go
from surveys.rules.vocabulary import Status
from surveys.steps.purge import purge
from surveys.steps.service import SERVICE, Service
from surveys.steps.withdraw import ERASED

RETAINED = "retained"
_BATCH = 200
_NIGHT = range(1, 5)
_DAILY, _AT_LATEST, _LONG = timedelta(hours=20), timedelta(hours=47), timedelta(days=30)
_STILL_HERE = (Status.ACTIVE, Status.SUSPENDED, Status.IN_CUSTODY)


@dataclass(frozen=True, slots=True)
class LetGo:
    """How many people were purged or lost their contact details; how many notes and audit rows went."""

    purged: int = 0
    contacts: int = 0
    notes: int = 0
    audit: int = 0

    @property
    def anything(self) -> bool:
        """Whether old copies are to be scrubbed away."""
        return any((self.purged, self.contacts, self.notes, self.audit))


async def retain_nightly(service: Service, now: datetime) -> None:
    """Once a night, when nobody is kept waiting by the scrub; by day only where a night was missed.

    A clock that is far ahead must not erase everybody: nothing goes while the whole side is on HOLD, nor at the first
    look after a long time in which nobody looked.
    """
    async with service.database.reading() as tx:
        last, held = await ticks.last(tx, RETAINED), await holds.standing(tx)
    if any(each.scope == Scope.SIDE for each in held):
        return
    since = now - last if last else _LONG
    if since >= _LONG:
        async with service.database.writing() as tx:
            await ticks.record(tx, RETAINED, now)
    elif since >= _AT_LATEST or (since >= _DAILY and service.local(now).hour in _NIGHT):
        await retain(service, SERVICE, now)


async def retain(service: Service, actor: str, now: datetime) -> LetGo:
    """Let go what is due, and scrub; nothing where the protocol names no clocks."""
    gone = LetGo()
    if (rule := service.library.protocol.retention) is not None:
        purged, forgotten = await _people(service, rule, actor, now)
        async with service.database.writing() as tx:
            notes = await retention.forget_notes(tx, now - rule.alerts)
            gone = LetGo(purged, forgotten, notes, await audit.forget(tx, now - rule.audit, now))
            if gone.anything:
                await ticks.record(tx, ERASED, now)
    await scrub(service)
    async with service.database.writing() as tx:
        await ticks.record(tx, RETAINED, now)
    return gone


async def _people(service: Service, rule: RetentionRule, actor: str, now: datetime) -> tuple[int, int]:
    counts, after = {Clock.ALL: 0, Clock.CONTACT: 0}, ""
    while True:
        async with service.database.reading() as tx:
            people = await retention.over(tx, now - rule.soonest, after, _BATCH)
        if not people:
            return counts[Clock.ALL], counts[Clock.CONTACT]
        after = people[-1].participant
        for each in people:
            if to_go(rule, each.kept, now) is not None:
                async with service.database.writing() as tx:
                    what = await _one(tx, service, rule, (each.participant, actor), now)
                if what is not None:
                    counts[what] += 1


async def _one(tx: Tx, service: Service, rule: RetentionRule, who: tuple[str, str], now: datetime) -> Clock | None:
    """Looked at again in the transaction that acts: a wave may have opened meanwhile."""
    participant, actor = who
    kept = await retention.of(tx, participant)
    what = to_go(rule, kept, now)
    if what is Clock.ALL:
        await purge(tx, service, participant, actor, now)
    elif what is Clock.CONTACT:
        person = await participants.get(tx, participant)
        await erasure.forget_contact(tx, participant, now, recognised=person.status not in _STILL_HERE)
        audit.record(tx, actor, "contact.forgotten", participant, now)
        await ticks.record(tx, ERASED, now)
    return what


async def scrub(service: Service) -> None:
    """Scrub where anything was erased since the last scrub that was finished."""
    async with service.database.reading() as tx:
        erased = await ticks.runs(tx, ERASED)
    if erased:
        await erasure.scrub(service.database)
        async with service.database.writing() as tx:
            await ticks.clear(tx, ERASED, erased)
