"""Sends one claimed delivery as an SMS, and takes bodies off the provider again. Never decides whether, never logs.

It must never follow a redirect, nor create a message twice: in doubt the message counts as perhaps sent.
"""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from twilio.base import values
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.base.exceptions import TwilioServiceException as TwilioSpoken
from twilio.rest import Client

from bot.sms.failures import Answered, NotSent, PerhapsDone
from bot.sms.outcomes import RETENTION, judge
from bot.sms.transport import RedirectedClient
from surveys.steps.ports import Outcome, Outgoing, Sent, TryLater, Unknown

_log = logging.getLogger(__name__)
SHORTEST, LONGEST = 6, 36_000
"""Seconds of validity: below, the provider recommends against it; above, it refuses."""
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Sender:
    """Which account sends, and how. `number` may be a name; `service` a messaging service that it belongs to."""

    account: str
    number: str
    callback: str | None
    """Where receipts are posted; None where nobody waits for any."""
    service: str | None = None
    discards: bool = False
    obfuscates: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One message as the provider has it. Of a person's own, what a post of it would say: that post may be lost."""

    sid: str
    inbound: bool
    status: str
    error: int | None
    holds_body: bool
    created_at: datetime | None
    sender: str = field(default="", repr=False)
    to: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    media: str = "0"


class SmsMessenger:
    """Sends by SMS. Never raises for anything that the provider or the network does.

    `without_retention` is called once, where the account turns out to have no privacy; whoever remembers that says so
    by `go_without`."""

    def __init__(
        self,
        sender: Sender,
        auth_token: str,
        http: RedirectedClient,
        without_retention: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._sender = sender
        self._http = http
        self._account = Client(sender.account, auth_token, http_client=http).api.v2010.accounts(sender.account)
        self._private = sender.discards or sender.obfuscates
        self._without_retention = without_retention

    async def send(self, message: Outgoing) -> Outcome:
        """Create one message, once; a second call only where the first was plainly refused for its retention."""
        try:
            return await self._send(message)
        except Exception as fault:  # the port's promise: a fault of ours must not leave a claim without an outcome
            _log.error("a delivery ended in %s; it counts as perhaps sent", type(fault).__name__)
            return Unknown()

    async def _send(self, message: Outgoing) -> Outcome:
        valid = int(message.valid)
        if valid < SHORTEST:
            return TryLater(1.0, tried=False)
        outcome = await self._create(message, valid, self._private)
        if isinstance(outcome, Answered) and outcome.code == RETENTION and self._private:
            self.go_without()
            if self._without_retention is not None:
                await self._without_retention()
            outcome = await self._create(message, valid, False)
        return judge(outcome) if isinstance(outcome, Exception) else outcome

    def go_without(self) -> None:
        """Ask for no retention any more: the account has no message privacy."""
        self._private = False

    async def _create(self, message: Outgoing, valid: int, private: bool) -> Outcome | Exception:
        sender = self._sender
        told: dict[str, Any] = {"body": message.text}
        told |= {"status_callback": sender.callback} if sender.callback else {}
        told |= {"messaging_service_sid": sender.service} if sender.service else {"from_": sender.number}
        if private:
            told |= {"content_retention": "discard"} if sender.discards else {}
            told |= {"address_retention": "obfuscate"} if sender.obfuscates else {}
        try:
            made = await self._account.messages.create_async(
                to=message.address, validity_period=min(valid, LONGEST), **told
            )
        except (TwilioException, NotSent, PerhapsDone, json.JSONDecodeError) as failure:
            return plain(failure)
        return Sent(made.sid) if isinstance(made.sid, str) else Unknown()

    async def redact(self, sid: str) -> bool:
        """Take the body off; whether it is gone (or the whole message). Raises Answered, NotSent, PerhapsDone."""
        try:
            left = await self._account.messages(sid).update_async(body="")
        except (TwilioException, json.JSONDecodeError) as failure:
            told = plain(failure)
            if isinstance(told, Answered) and told.status == 404 and told.spoken:
                return True
            raise told from None
        return not left.body

    async def fetch(self, sid: str) -> Listed | None:
        """How far it came; None where the provider has it no more. Raises as `redact`."""
        try:
            return _listed(await self._account.messages(sid).fetch_async())
        except (TwilioException, json.JSONDecodeError) as failure:
            told = plain(failure)
            if isinstance(told, Answered) and told.status == 404 and told.spoken:
                return None
            raise told from None

    async def listed(self, since: datetime | None = None, to: str | None = None) -> AsyncIterator[Listed]:
        """Everything that the provider has, page by page. Raises as `redact`."""
        told = {"date_sent_after": since or values.unset, "to": to or values.unset}
        try:
            async for each in await self._account.messages.stream_async(page_size=PAGE, **told):
                yield _listed(each)
        except (TwilioException, json.JSONDecodeError) as failure:
            raise plain(failure) from None


def _listed(message: Any) -> Listed:
    inbound = message.direction == "inbound"
    known = (message.sid, inbound, str(message.status), message.error_code, bool(message.body), message.date_created)
    if not inbound:
        return Listed(*known)
    return Listed(*known, message.from_ or "", message.to or "", message.body or "", str(message.num_media or "0"))


def plain(failure: Exception) -> Exception:
    """The library's error without what the provider wrote."""
    if isinstance(failure, TwilioRestException | TwilioSpoken):
        spoken = failure.code is not None and failure.code != failure.status
        return Answered(failure.status, failure.code if spoken else None, spoken)
    return failure if isinstance(failure, NotSent) else PerhapsDone()
