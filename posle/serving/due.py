"""The ticks of one side: what is looked at again and again, in monotonic time. Each is safe to repeat and interrupt."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from bot.sms.reading import interpret
from bot.telegram.updates import PROVIDER, read
from posle.serving.senders import Account
from posle.serving.telegram import TelegramAccount
from scheduler.clock import Clock
from scheduler.ticks import Tick
from surveys.records import audit, holds, ticks
from surveys.records.holds import Scope
from surveys.rules.clock import ClockGuard, ClockTrouble
from surveys.steps import configured, overview
from surveys.steps.confirm_in_time import ask_in_time
from surveys.steps.dispatch import dispatch
from surveys.steps.expire import expire
from surveys.steps.lines_due import ask_for_lines
from surveys.steps.outcome import recover
from surveys.steps.receive import Interpret, retry_inbox
from surveys.steps.retain import retain_nightly, scrub
from surveys.steps.service import SERVICE, Service
from surveys.steps.sms_inbound import PROVIDER as SMS
from surveys.steps.tidy import tidy

DUE = "due"
TIDY_SECONDS = 3600.0
COUNT_SECONDS = 600.0


def interpreters(now: datetime) -> Mapping[str, Interpret]:
    """By provider, for what waits in the inbox: how old it is goes by our own clock by now."""
    return {PROVIDER: partial(read, provider_now=now), SMS: interpret}


class Due:
    """Everything that is due, in one tick: the inbox first, then endings, then messages."""

    def __init__(self, service: Service, account: Account, clock: Clock, guard: ClockGuard | None) -> None:
        self._service, self._account, self._clock, self._guard = service, account, clock, guard
        self.turn = asyncio.Lock()
        """Held by whoever looks, and by whoever moves the clock that this goes by: no claim is under way then."""

    async def run(self) -> None:
        """One look at all of it, and one at a time; the tick is recorded once it is done."""
        async with self.turn:
            await self._look()

    async def _look(self) -> None:
        service, now = self._service, self._clock.now()
        await self._watch_clock(now)
        await configured.refresh(service, now)
        await recover(service, now)
        for reply in await retry_inbox(service, interpreters(now), now):
            self._account.answer(reply)
        await expire(service, now)
        await dispatch(service, self._account.send_notice, self._clock.now)
        async with service.database.writing() as tx:
            await ticks.record(tx, DUE, now)

    async def tidy(self) -> None:
        """Forget what nobody needs any more."""
        await tidy(self._service, self._clock.now())
        await ask_in_time(self._service, self._clock.now())
        await ask_for_lines(self._service, self._clock.now())
        await retain_nightly(self._service, self._clock.now())
        await scrub(self._service)

    async def count(self) -> None:
        """Count ahead what the overview shows."""
        await overview.refresh(self._service, self._clock.now())

    async def _watch_clock(self, now: datetime) -> None:
        trouble = self._guard.trouble(now, self._clock.monotonic()) if self._guard else None
        if trouble is not None:
            await hold_for(self._service, trouble, now)
            # held durably: from here on what counts is the clock as it now stands, else no release would ever last
            self._guard = ClockGuard(now, self._clock.monotonic())


async def hold_for(service: Service, trouble: ClockTrouble, now: datetime) -> None:
    """The automatic HOLD of the whole side (safety.md, I20), once while it stands."""
    async with service.database.writing() as tx:
        standing = await holds.standing(tx)
        if any(each.scope == Scope.SIDE and each.reason == trouble for each in standing):
            return
        placed = await holds.place(tx, Scope.SIDE, holds.WHOLE_SIDE, trouble, SERVICE, now)
        audit.record(tx, SERVICE, "hold.placed", placed, now, reason=trouble)


async def check_clock(service: Service, guard: ClockGuard | None, now: datetime) -> None:
    """At start: a wall clock earlier than the last committed tick is trouble; a later one is an outage."""
    async with service.database.reading() as tx:
        last = await ticks.latest(tx)
    trouble = guard.trouble_at_start(last) if guard else None
    if trouble is not None:
        await hold_for(service, trouble, now)


def ticks_of(due: Due, account: TelegramAccount | None, seconds: float) -> tuple[Tick, ...]:
    """Due work at the pace of the settings; registering with the provider until it is done; tidying once an hour."""
    return (
        Tick(DUE, seconds, due.run),
        *((Tick("register", max(1.0, seconds), account.register),) if account is not None else ()),
        *((Tick("traces", seconds, account.wipe),) if account is not None else ()),
        Tick("tidy", TIDY_SECONDS, due.tidy),
        Tick("overview", COUNT_SECONDS, due.count),
    )
