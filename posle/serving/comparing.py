"""Reads the provider's list of messages: what is new in it every few minutes, the whole of it every night.

Posts get lost, and the provider hardly repeats them: an SMS that is only listed is handled from there. Nothing is sent
from here; where the list cannot be read it is tried again later each time, and in the end staff are told.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.sms.client import Listed, SmsMessenger
from bot.sms.failures import Answered, NotSent, PerhapsDone
from bot.sms.reading import NotAForm, addressed, as_posted, failure, legible
from scheduler.clock import Clock
from surveys.records.sms_messages import STAGES
from surveys.steps import sms_comparing as steps
from surveys.steps.service import Service
from surveys.steps.sms_inbound import HeardSms

_log = logging.getLogger(__name__)
NIGHTLY = timedelta(hours=24)
LOOKED_EVERY = timedelta(minutes=5)
FAILURES = (Answered, NotSent, PerhapsDone)
ALARMING = 6
"""Failed readings one after the other, about an hour's worth, after which staff are told."""


@dataclass(slots=True)
class _Counted:
    """What one look at the provider's list found."""

    listed: int = 0
    held: int = 0
    adopted: int = 0


class Comparing:
    """`redact` takes off what is due. `number` is the one that people write to, where there is one."""

    def __init__(
        self,
        service: Service,
        messenger: SmsMessenger,
        clock: Clock,
        number: str,
        redact: Callable[[], Awaitable[None]],
    ) -> None:
        self._service, self._messenger, self._clock = service, messenger, clock
        self._number, self._redact = number, redact
        self._failed = 0
        self._rests_until = 0.0

    async def run(self) -> None:
        """Compare all of it, or look at what is new, whichever is due; neither while it rests after a failure."""
        if self._clock.monotonic() < self._rests_until:
            return
        now = self._clock.now()
        looked = await steps.last_look(self._service, steps.LOOK)
        compared = await steps.last_look(self._service, steps.COMPARISON)
        try:
            if compared is None or looked is None or now - compared >= NIGHTLY:
                await self.compare()
            elif now - looked >= LOOKED_EVERY:
                await self._count(looked - steps.OVERLAP)
                await steps.note_look_through(self._service, now)
            self._failed = 0
        except FAILURES as fault:
            await self._rest(fault)

    async def _rest(self, fault: Exception) -> None:
        _log.warning("the provider's list could not be read: %s", type(fault).__name__)
        self._rests_until = self._clock.monotonic() + 60.0 * min(60, 2**self._failed)
        self._failed += 1
        if self._failed >= ALARMING:
            await steps.note_not_compared(self._service, self._clock.now())

    async def compare(self) -> None:
        """Everything that is listed, against ours: what holds a body still is redacted, and counted again."""
        first = await self._count()
        if first.held:
            await self._redact()
            first.held = (await self._count()).held
        counts = {"listed": first.listed, "held": first.held, "adopted": first.adopted}
        await steps.note_comparison(self._service, counts, self._clock.now())

    async def _count(self, since: datetime | None = None) -> _Counted:
        counted = _Counted()
        async for each in self._messenger.listed(since=since):
            if each.inbound and not addressed({"To": each.to}, self._number):
                continue
            counted.listed += 1
            counted.held += each.holds_body
            if each.status in STAGES:
                counted.adopted += await steps.note_listed(self._service, self._seen(each), self._clock.now())
        return counted

    def _seen(self, each: Listed) -> steps.Seen:
        told = (each.sid, each.inbound, each.status, failure(each.status, each.error), each.holds_body, each.created_at)
        return steps.Seen(*told, heard=self._heard(each) if each.inbound else None)

    def _heard(self, each: Listed) -> HeardSms | None:
        if not legible(each.sender, each.text, each.media):
            return None
        try:
            arrived, raw = as_posted(each.sid, each.sender, each.text, each.media)
        except NotAForm:
            return None
        age = self._clock.now() - each.created_at if each.created_at else steps.OVERLAP
        return HeardSms(each.sid, replace(arrived.said, age=age.total_seconds()), arrived.content, raw)
