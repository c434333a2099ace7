"""Takes SMS bodies off the provider and proves it: after each final status, and against its list every night.

It goes on under every hold, repeats what failed, and looks only: nothing is ever sent from here.
"""

import logging
from datetime import datetime, timedelta

from bot.sms.client import Listed, SmsMessenger
from bot.sms.failures import Answered, NotSent, PerhapsDone
from bot.sms.reading import failure
from posle.serving.comparing import Comparing
from scheduler.clock import Clock
from surveys.records.sms_messages import FINAL, STAGES
from surveys.steps import sms_wiping as steps
from surveys.steps.service import Service

_log = logging.getLogger(__name__)
_FAILURES = (Answered, NotSent, PerhapsDone)


class Wiping:
    """`run` at every tick. `number` is the one that people write to, where there is one."""

    def __init__(self, service: Service, messenger: SmsMessenger, clock: Clock, number: str = "") -> None:
        self._service, self._messenger, self._clock = service, messenger, clock
        self._comparing = Comparing(service, messenger, clock, number, self._redact)

    async def run(self) -> None:
        """Redact what is due, ask after what is silent, look for what is doubtful, and compare the lists when due."""
        await self._ask_silent()
        await self._redact()
        await self._look_for_unknown()
        await self._comparing.run()

    async def _redact(self) -> None:
        for sid, tries in await steps.bodies_to_redact(self._service, self._clock.now()):
            try:
                gone = await self._messenger.redact(sid)
            except _FAILURES as fault:
                _log.warning("a body could not be redacted: %s", type(fault).__name__)
                gone = False
            await steps.note_redaction(self._service, sid, gone, tries, self._clock.now())

    async def _ask_silent(self) -> None:
        """A receipt that never came is fetched; what has come no further is asked for later."""
        for sid, tries in await steps.silent(self._service, self._clock.now()):
            try:
                found = await self._messenger.fetch(sid)
            except _FAILURES:
                return
            await self._keep(found, sid, tries)

    async def _keep(self, found: Listed | None, sid: str, tries: int) -> None:
        now = self._clock.now()
        if found is None:
            await steps.note_gone(self._service, sid, now)
            return
        if found.status in STAGES:
            error = failure(found.status, found.error)
            await steps.note_status(self._service, sid, found.status, error, now)
        if STAGES.get(found.status) != FINAL:
            await steps.ask_again(self._service, sid, tries, now)

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
