"""Alerts reach a person: the next on the list is told when the one before did not take it in time, to the end.

It tells staff alone, that something waits and never what; it goes on under every HOLD (safety.md, I20). A callout is
claimed, durably, before it leaves. Where it is unknown whether it arrived it is told again: a mail too many costs
nothing, a mail too few may cost a life. What a participant gets is never resent like this.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from surveys.library.alerting import Alerting
from surveys.records import alerts, audit, callouts
from surveys.records.alerts import Alert
from surveys.records.callouts import Callout, NewCallout
from surveys.records.database import Tx
from surveys.records.tasks import NewTask
from surveys.rules.rota import Contact, Rota, told_next
from surveys.steps.alarm import open_task
from surveys.steps.ports import Outcome, Pager, Refused, Sent, TryLater, Undeliverable, Unknown
from surveys.steps.readiness import rota_of
from surveys.steps.service import SERVICE, Service

LEASE = timedelta(minutes=2)
"""A claim that is older was abandoned: it is told again."""
SOON, LATEST = timedelta(minutes=1), timedelta(minutes=10)
"""How long until a callout that could not leave is tried again: a minute more each time."""
NOBODY_TOLD = timedelta(hours=1)
"""At the top, where every callout failed, the ladder is not left alone for a day."""
AT_ONCE = 20
TRIES_BEFORE_TASK = 3
NOT_TOLD, NOBODY_THERE = "alert_not_told", "alert_nobody_there"
"""Tasks: a callout does not get through; there is nobody to be told, or no means."""


class Means(StrEnum):
    """How staff are told."""

    MAIL = "mail"
    SMS = "sms"

    def address(self, contact: Contact) -> str:
        """The contact's address by this means; empty where there is none."""
        return contact.email if self is Means.MAIL else contact.phone

    def text(self, alerting: Alerting, callout: Callout) -> str:
        """What leaves by it."""
        words = alerting.mail if self is Means.MAIL else alerting.short
        return words(callout.alert, callout.urgency, callout.drill)


@dataclass(frozen=True, slots=True)
class Pagers:
    """What this side can tell its staff by."""

    by: Mapping[Means, Pager]

    async def page(self, service: Service, callout: Callout) -> Outcome:
        """One callout by its means; later, where that means is not wired any more."""
        pager = self.by.get(Means(callout.means))
        if pager is None:
            return TryLater(LATEST.total_seconds())
        return await pager.page(
            Means(callout.means).text(service.library.alerting, callout), callout.address, callout.id
        )


async def escalate(service: Service, pagers: Pagers, now: Callable[[], datetime]) -> int:
    """Plan who is to be told, then tell everybody who is due; how many were told or tried. Safe to interrupt."""
    await climb(service, pagers, now())
    return await tell(service, pagers, now)


async def climb(service: Service, pagers: Pagers, now: datetime) -> None:
    """One rung up for every open alert whose timer has run out: callouts, timer and audit in one transaction.

    A side without any means leaves them red, as they are: `posle doctor` says so, and they are told once there is one.
    """
    if not pagers.by:
        return
    async with service.database.reading() as tx:
        if not await alerts.anything_due(tx, now):
            return
    async with service.database.writing() as tx:
        rota = await rota_of(tx, service.zone)
        for alert in await alerts.unanswered(tx, now, AT_ONCE):
            await _climb(tx, service.library.alerting, pagers, rota, alert, now)


async def _climb(tx: Tx, alerting: Alerting, pagers: Pagers, rota: Rota, alert: Alert, now: datetime) -> None:
    seen = await callouts.recipients(tx, alert.id)
    told = [each for each in rota.everybody() if _was_told(tx, seen, each)]
    rung = told_next(rota, alert.centre, now, told)
    ways = _ways(pagers, rung.contacts if rung else ())
    if rung is None or not ways:
        await open_task(tx, NewTask(alert.centre, NOBODY_THERE, alert.id, alert.participant), now)
        await alerts.wait(tx, alert.id, now + LATEST)
        return
    for means, address in ways:
        await callouts.plan(tx, NewCallout(alert.id, alert.escalations, means, address, rung.last), now)
    pause = alerting.repeat if rung.last else alerting.within[alert.urgency]
    await alerts.escalate(tx, alert.id, now + pause)
    audit.record(tx, SERVICE, "alert.escalated", alert.id, now, step=alert.escalations, top=rung.last, told=len(ways))


def _was_told(tx: Tx, seen: Iterable[bytes], contact: Contact) -> bool:
    return any(callouts.recipient(tx, address) in seen for address in (contact.email, contact.phone) if address)


def _ways(pagers: Pagers, contacts: Iterable[Contact]) -> list[tuple[Means, str]]:
    found = [(means, means.address(each)) for each in contacts for means in pagers.by]
    return list(dict.fromkeys((means, address) for means, address in found if address))


async def tell(service: Service, pagers: Pagers, now: Callable[[], datetime]) -> int:
    """Claim what is due, and tell all of it at the same time, so that one slow server keeps nobody waiting."""
    async with service.database.reading() as tx:
        if not await callouts.anything_due(tx, now()):
            return 0
    claimed = await claim(service, now())
    async with asyncio.TaskGroup() as group:
        for callout in claimed:
            group.create_task(_tell(service, pagers, callout, now))
    return len(claimed)


async def claim(service: Service, now: datetime) -> list[Callout]:
    """The callouts that are now this worker's, durably, before anything leaves."""
    async with service.database.writing() as tx:
        claimed = await callouts.claim_due(tx, now, now + LEASE, AT_ONCE)
        for callout in claimed:
            audit.record(tx, SERVICE, "callout.claimed", callout.id, now, alert=callout.alert, tries=callout.attempts)
    return claimed


async def _tell(service: Service, pagers: Pagers, callout: Callout, now: Callable[[], datetime]) -> None:
    outcome = await pagers.page(service, callout)
    async with service.database.writing() as tx:
        await _record(tx, callout, outcome, now())


async def _record(tx: Tx, callout: Callout, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Sent():
            if await callouts.finish(tx, callout, "told", now):
                audit.record(tx, SERVICE, "callout.told", callout.id, now)
        case Undeliverable(code) | Refused(code):
            if await callouts.finish(tx, callout, "failed", now, code):
                await _pass_on(tx, callout, code, now)
        case TryLater(seconds):
            pause = min(LATEST, max(SOON * callout.attempts, timedelta(seconds=seconds)))
            await _again(tx, callout, now + pause, "try_later", now)
        case Unknown():
            await _again(tx, callout, now + SOON * min(callout.attempts, 10), "connection_lost", now)
        case _:
            assert_never(outcome)


async def _pass_on(tx: Tx, callout: Callout, code: str, now: datetime) -> None:
    """This address takes nothing: the next person is told at once, and somebody has to mend the list."""
    await _task(tx, callout, now)
    audit.record(tx, SERVICE, "callout.failed", callout.id, now, error=code)
    if not callout.last:
        await alerts.hasten(tx, callout.alert, now)
    elif not await callouts.anybody_told(tx, callout.alert):
        await alerts.hasten(tx, callout.alert, now + NOBODY_TOLD)


async def _again(tx: Tx, callout: Callout, at: datetime, error: str, now: datetime) -> None:
    if await callouts.put_back(tx, callout, at, error) and callout.attempts >= TRIES_BEFORE_TASK:
        await _task(tx, callout, now)


async def _task(tx: Tx, callout: Callout, now: datetime) -> None:
    await open_task(tx, NewTask(callout.centre, NOT_TOLD, callout.alert), now)


async def resume(service: Service, now: datetime) -> int:
    """At the start of a side's only process: whoever was perhaps not told is told again. How many."""
    async with service.database.writing() as tx:
        return await callouts.take_over(tx, now)
