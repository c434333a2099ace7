"""Takes SMS bodies off the provider and proves it: after each final status, and against its list every night.

It goes on under every hold, repeats what failed, and looks only: nothing is ever sent from here.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sms.client import Listed, SmsMessenger
from bot.sms.failures import Answered, NotSent, PerhapsDone
from bot.sms.reading import failure
from scheduler.clock import Clock
from surveys.records.sms_messages import STAGES
from surveys.steps import sms_wiping as steps
from surveys.steps.service import Service

_log = logging.getLogger(__name__)
NIGHTLY = timedelta(hours=24)
_FAILURES = (Answered, NotSent, PerhapsDone)


@dataclass(slots=True)
class _Counted:
    """What one look at the provider's list found."""

    listed: int = 0
    held: int = 0
    adopted: int = 0


class Wiping:
    """`run` at every tick; the nightly look is made where a day has gone by since the last."""

    def __init__(self, service: Service, messenger: SmsMessenger, clock: Clock) -> None:
        self._service, self._messenger, self._clock = service, messenger, clock

    async def run(self) -> None:
        """Redact what is due, ask after what is silent, look for what is doubtful, and once a day compare the lists."""
        await self._ask_silent()
        await self._redact()
        await self._look_for_unknown()
        if await steps.comparison_is_due(self._service, self._clock.now(), NIGHTLY):
            await self.compare()

    async def _redact(self) -> None:
        for sid, tries in await steps.bodies_to_redact(self._service, self._clock.now()):
            try:
                gone = await self._messenger.redact(sid)
            except _FAILURES as fault:
                _log.warning("a body could not be redacted: %s", type(fault).__name__)
                gone = False
            await steps.note_redaction(self._service, sid, gone, tries, self._clock.now())

    async def _ask_silent(self) -> None:
        """A receipt that never came is fetched."""
        for sid in await steps.silent(self._service, self._clock.now()):
            try:
                found = await self._messenger.fetch(sid)
            except _FAILURES:
                return
            await self._keep(found, sid)

    async def _keep(self, found: Listed | None, sid: str) -> None:
        if found is None:
            await steps.note_gone(self._service, sid, self._clock.now())
        elif found.status in STAGES:
            error = failure(found.status, found.error)
            await steps.note_status(self._service, sid, found.status, error, self._clock.now())

    async def compare(self) -> None:
        """Everything that the provider lists, against ours: what holds a body still is redacted, and counted again."""
        try:
            first = await self._count()
            if first.held:
                await self._redact()
                first.held = (await self._count()).held
        except _FAILURES as fault:
            _log.warning("the provider's list could not be read: %s", type(fault).__name__)
            return
        counts = {"listed": first.listed, "held": first.held, "adopted": first.adopted}
        await steps.note_comparison(self._service, counts, self._clock.now())

    async def _count(self) -> _Counted:
        counted = _Counted()
        async for each in self._messenger.listed():
            counted.listed += 1
            if each.holds_body:
                counted.held += 1
            if each.status in STAGES:
                error = failure(each.status, each.error)
                seen = steps.Seen(each.sid, each.inbound, each.status, error, each.holds_body)
                counted.adopted += await steps.note_listed(self._service, seen, self._clock.now())
        return counted

    async def _look_for_unknown(self) -> None:
        """Sends whose answer was lost: is there a message at that time to that number? A person decides."""
        for doubtful in await steps.doubtful(self._service):
            try:
                found = [each async for each in self._messenger.listed(to=doubtful.address)]
            except _FAILURES:
                return
            near = [each.sid for each in found if not each.inbound and _near(each.created_at, doubtful.claimed_at)]
            await steps.note_look(self._service, doubtful, near, self._clock.now())


def _near(created_at: datetime | None, claimed_at: datetime) -> bool:
    slack = timedelta(minutes=5)
    return created_at is not None and claimed_at - slack <= created_at <= claimed_at + slack
