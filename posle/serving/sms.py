"""One side's SMS account at work: takes what people write and what became of our messages, sends, and wipes.

No body stays at the provider longer than it must, and every night the provider's own list is held against ours. It must
never send a message again to find out whether it was sent: it only looks.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.pace import Pace
from bot.replies import Replies
from bot.sms.client import Sender, SmsMessenger
from bot.sms.reading import Arrived, Receipt
from bot.sms.transport import RedirectedClient
from bot.sms.webhook import STATUS_PATH, SmsWebhook
from posle.serving.paused import LONGEST_TURN, is_over, stood_still
from posle.serving.restraint import Restraint
from posle.settings import Settings
from surveys.records.failures import DatabaseUnavailable
from surveys.steps import sms
from surveys.steps.outcome import TOO_MANY_REPLIES
from surveys.steps.ports import Outcome, Outgoing, Refused, TryLater
from surveys.steps.sent import SentReplies
from surveys.steps.service import Service
from surveys.steps.sms_inbound import HeardSms, take_in

REPLY_SECONDS: Final = 55.0
PER_SECOND: Final = 10.0
MARGIN: Final = 25.0
"""Seconds by which the provider's time ends before the hours do: what a call, and its own clock, may take."""


def in_time(message: Outgoing, now: datetime) -> Outgoing:
    """The message with the time that is left for it now, not when it was claimed."""
    if message.until is None:
        return message
    return replace(message, valid=min(message.valid, (message.until - now).total_seconds() - MARGIN))


def sender_of(settings: Settings) -> Sender:
    """Which account sends, and how."""
    sms = settings.need_sms()
    return Sender(
        sms.account_sid, sms.sender, settings.side.public_url + STATUS_PATH, sms.messaging_service_sid, sms.discards,
        sms.obfuscates,
    )  # fmt: skip


class SmsAccount:
    """`now` is the wall clock. `start` and `stop` frame its use; nothing at start can fail for the provider's sake."""

    def __init__(self, service: Service, settings: Settings, now: Callable[[], datetime]) -> None:
        self.settings = settings.need_sms()
        self._service, self._now = service, now
        self.http = RedirectedClient(self.settings.api_url)
        public = settings.side.public_url
        self.number = "" if self.settings.messaging_service_sid else self.settings.sender
        """What people write to; a messaging service may have several."""
        self._no_privacy = False
        self.messenger = SmsMessenger(sender_of(settings), self.settings.auth_token, self.http, self._note_no_privacy)
        self._pace = Pace(service.chance, per_second=PER_SECOND)
        self._restraint = Restraint()
        self.replies = Replies(self._send_reply)
        self._sent = SentReplies(service, now)
        self.webhook = SmsWebhook(
            public, self.settings.account_sid, self.settings.auth_token, self.take, self.note, self.replies,
            number=self.number,
        )  # fmt: skip

    async def start(self) -> None:
        """Open the connections."""
        self.http.open()
        if await sms.has_no_privacy(self._service):
            self.messenger.go_without()

    async def stop(self) -> None:
        """Let replies leave, then close."""
        await self.replies.drain()
        await self.http.close()

    async def send_notice(self, message: Outgoing) -> Outcome:
        """One message that the service starts, in its turn."""
        waiting = self._pace.waiting()
        if waiting > LONGEST_TURN:
            return TryLater(waiting, tried=False)
        if await stood_still(self._pace.turn(message.address)) or is_over(message, self._now()):
            return TryLater(0, tried=False)
        outcome = await self.messenger.send(in_time(message, self._now()))
        if isinstance(outcome, TryLater):
            self._pace.rest(outcome.seconds)
        return outcome

    def answer(self, message: Outgoing) -> None:
        """One reply, in the background."""
        self.replies.start(message)

    async def take(self, arrived: Arrived, raw: bytes) -> Outgoing | None:
        """Commit one inbound message; the reply, once it has been acknowledged."""
        await self.replies.settled(arrived.said.sender)
        heard = HeardSms(
            arrived.sid, arrived.said, arrived.content, raw, arrived.replied, arrived.opted_out
        )  # fmt: skip
        return (await take_in(self._service, heard, self._now())).reply

    async def note(self, receipt: Receipt) -> None:
        """Commit one receipt."""
        await sms.note_receipt(self._service, receipt.sid, receipt.status, receipt.error, self._now())

    async def tell_staff(self) -> None:
        """The task for an account without message privacy, where that was found out."""
        if self._no_privacy:
            await sms.note_no_privacy(self._service, self._now())
            self._no_privacy = False

    async def _note_no_privacy(self) -> None:
        """At once, as this process may have no ticks; where the database cannot, at the next tick."""
        self._no_privacy = True
        with suppress(DatabaseUnavailable):
            await self.tell_staff()

    async def _send_reply(self, message: Outgoing) -> None:
        """Within its time, and not endlessly: a machine at the other end may answer every answer."""
        left = min(REPLY_SECONDS, message.seconds)
        deadline = time.monotonic() + left
        if not self._restraint.allows(message.address, self._now()):
            outcome: Outcome = Refused(TOO_MANY_REPLIES)
        else:
            outcome = await self.messenger.send(message) if left > 0 else TryLater(REPLY_SECONDS)
        if isinstance(outcome, TryLater) and time.monotonic() + outcome.seconds < deadline:
            outcome = await self.messenger.send(message)
        await self._sent.record(message, outcome)
