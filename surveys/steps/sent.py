"""Writes down replies that were sent, together: those that are reported while others wait share a transaction.

Nobody is told that a reply is recorded before it durably is; whatever is not plainly sent is recorded by itself.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from surveys.records import deliveries, interviews
from surveys.records.database import Tx
from surveys.records.deliveries import Finished, ForeignLease
from surveys.rules.vocabulary import Channel, DeliveryState
from surveys.steps import sms
from surveys.steps.outcome import record_outcome
from surveys.steps.ports import Outcome, Outgoing, Sent
from surveys.steps.service import Service
from surveys.steps.traces import note_sent


@dataclass(frozen=True, slots=True)
class _Report:
    """A reply, the provider's id of it, and who waits until it is written down."""

    message: Outgoing
    there: str | None
    recorded: "asyncio.Future[None]"

    def finish(self, failure: Exception | None) -> None:
        """Tell whoever waits, if anybody still does."""
        if self.recorded.done():
            return
        if failure is None:
            self.recorded.set_result(None)
        else:
            self.recorded.set_exception(failure)


class SentReplies:
    """`now` is the wall clock. One for each service."""

    def __init__(self, service: Service, now: Callable[[], datetime]) -> None:
        self._service, self._now = service, now
        self._waiting: list[_Report] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, message: Outgoing, outcome: Outcome) -> None:
        """As `record_outcome` for a reply: returns once it is durable, and raises what it would raise."""
        if not isinstance(outcome, Sent):
            await record_outcome(self._service, message, outcome, self._now())
            return
        report = _Report(message, outcome.message, asyncio.get_running_loop().create_future())
        self._waiting.append(report)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="sent")
        await report.recorded

    async def _write(self) -> None:
        reports: list[_Report] = []
        failure: Exception | None = None
        foreign: set[str] = set()
        try:
            async with self._service.database.writing() as tx:
                reports = self._take()  # everybody who came while the turn was waited for
                foreign = await _mark(tx, self._service, reports, self._now())
        except Exception as failed:  # everybody of this transaction is told
            failure = failed
            reports = reports or self._take()
        for report in reports:
            report.finish(failure or (ForeignLease() if report.message.delivery in foreign else None))

    def _take(self) -> list[_Report]:
        """From here on a new report begins another transaction."""
        reports, self._waiting, self._writing = self._waiting, [], None
        return reports


async def _mark(tx: Tx, service: Service, reports: Sequence[_Report], now: datetime) -> set[str]:
    """Mark all as sent; those that were not this worker's any more."""
    several = [Finished(r.message.delivery, r.message.lease, DeliveryState.SENT, r.there) for r in reports]
    foreign = {each.delivery for each in await deliveries.mark_many(tx, several, now)}
    for report in reports:
        message, there = report.message, report.there
        await note_sent(tx, service, message, there, now)
        if message.channel is Channel.SMS and there and message.delivery not in foreign:
            await sms.note_sent(tx, service, there, message, now)
        # an edited bubble is known already
        if message.interview and there and there != message.edit and message.delivery not in foreign:
            await interviews.set_bubble(tx, message.interview, message.turn, there)
    return foreign
