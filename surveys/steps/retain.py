"""Lets go what the protocol's clocks say is to go: contact details, whole people, notes of alerts, rows of the audit.

Safe to repeat and to interrupt: each person is a transaction, and a scrub that a crash cut short is made good by the
next look. It must never touch anybody with an open wave or an open alert.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.records import audit, erasure, holds, participants, retention, ticks
from surveys.records.database import Tx
from surveys.records.holds import Scope
from surveys.records.oversight import FORGOTTEN
from surveys.rules.retention import Clock, RetentionRule, reached, to_go
from surveys.rules.vocabulary import Status
from surveys.steps.purge import purge
from surveys.steps.service import SERVICE, Service
from surveys.steps.withdraw import ERASED

RETAINED, REACHED = "retained", "retained_until"
_BATCH = 200
_NIGHT = range(1, 5)
_DAILY, _AT_LATEST = timedelta(hours=20), timedelta(hours=47)
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

    A clock that is far ahead must not erase anybody: nothing goes while the whole side is on HOLD, and what goes is
    what was due by the time that is known to have passed from look to look, whatever the clock says now.
    """
    async with service.database.reading() as tx:
        last, before, held = await ticks.last(tx, RETAINED), await ticks.last(tx, REACHED), await holds.standing(tx)
    if any(each.scope == Scope.SIDE for each in held):
        return
    if last is None or now < last:
        async with service.database.writing() as tx:
            await _looked(tx, now, min(now, before or now))
    elif now - last >= _AT_LATEST or (now - last >= _DAILY and service.local(now).hour in _NIGHT):
        await retain(service, SERVICE, now, reached(before or last, last, now))


async def _looked(tx: Tx, now: datetime, until: datetime) -> None:
    await ticks.record(tx, RETAINED, now)
    await ticks.record(tx, REACHED, until)


async def retain(service: Service, actor: str, now: datetime, until: datetime | None = None) -> LetGo:
    """Let go what is due by `until`, and scrub; nothing where the protocol names no clocks. A person who does it by
    hand vouches for the clock."""
    gone, by = LetGo(), until or now
    if (rule := service.library.protocol.retention) is not None:
        purged, forgotten = await _people(service, rule, actor, (now, by))
        async with service.database.writing() as tx:
            notes = await retention.forget_notes(tx, by - rule.alerts)
            gone = LetGo(purged, forgotten, notes, await audit.forget(tx, by - rule.audit, now))
            if gone.anything:
                await ticks.record(tx, ERASED, now)
    await scrub(service)
    async with service.database.writing() as tx:
        await _looked(tx, now, by)
    return gone


Times = tuple[datetime, datetime]
"""What the clock says, and the instant that what goes is due by."""


async def _people(service: Service, rule: RetentionRule, actor: str, at: Times) -> tuple[int, int]:
    counts, after, (_, by) = {Clock.ALL: 0, Clock.CONTACT: 0}, "", at
    while True:
        async with service.database.reading() as tx:
            people = await retention.over(tx, by - rule.soonest, after, _BATCH)
        if not people:
            return counts[Clock.ALL], counts[Clock.CONTACT]
        after = people[-1].participant
        for each in people:
            if to_go(rule, each.kept, by) is not None:
                async with service.database.writing() as tx:
                    what = await _one(tx, service, rule, (each.participant, actor), at)
                if what is not None:
                    counts[what] += 1


async def _one(tx: Tx, service: Service, rule: RetentionRule, who: tuple[str, str], at: Times) -> Clock | None:
    """Looked at again in the transaction that acts: a wave may have opened meanwhile."""
    (participant, actor), (now, by) = who, at
    kept = await retention.of(tx, participant)
    what = to_go(rule, kept, by)
    if what is Clock.ALL:
        await purge(tx, service, participant, actor, now)
    elif what is Clock.CONTACT:
        person = await participants.get(tx, participant)
        await erasure.forget_contact(tx, participant, now, recognised=person.status not in _STILL_HERE)
        audit.record(tx, actor, FORGOTTEN, participant, now)
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
