"""One side's Telegram account at work: takes updates, sends replies and notices, registers itself as long as it must.

The bot's number is stamped into the database at the first start; another bot on the same database is refused.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.pace import Pace
from bot.replies import Replies
from bot.telegram.account import set_webhook
from bot.telegram.age import Ages
from bot.telegram.bot import open_bot
from bot.telegram.client import TelegramMessenger
from bot.telegram.names import bot_id
from bot.telegram.polling import Polling
from bot.telegram.transport import Transport
from bot.telegram.updates import PROVIDER
from bot.telegram.webhook import PATH, Webhook
from posle.serving.paused import LONGEST_TURN, is_over, stood_still
from posle.serving.restraint import Allowance, Restraint
from posle.settings import Settings, Telegram
from surveys.records import audit, stamps
from surveys.steps.chat import end_idle
from surveys.steps.outcome import TOO_MANY_REPLIES, TOO_MANY_STRANGERS
from surveys.steps.ports import Outcome, Outgoing, Refused, TryLater
from surveys.steps.receive import Received, receive
from surveys.steps.sent import SentReplies
from surveys.steps.service import SERVICE, Service
from surveys.steps.traces import sweep

REPLY_SECONDS = 55.0
"""A reply that cannot leave within this many seconds is not sent at all (safety.md, I4)."""


class AnotherBot(Exception):
    """This database belongs to another bot; check [telegram] token, or begin a new side."""


class TelegramAccount:
    """`now` is the wall clock. `start` and `stop` frame its use; nothing at start can fail for the provider's sake."""

    def __init__(
        self, service: Service, settings: Settings, now: Callable[[], datetime], pace: Pace | None = None
    ) -> None:
        self.settings: Telegram = settings.need_telegram()
        self._service, self._now = service, now
        self._public = settings.side.public_url
        self.transport = Transport()
        self.bot = open_bot(self.settings.token, self.settings.api_url, self.transport)
        self._ages = Ages(self.bot, self.transport, now)
        self._messenger = TelegramMessenger(self.bot)
        self._pace = pace or Pace(service.chance)
        self.replies = Replies(self._send_reply)
        self._sent = SentReplies(service, now)
        seals = service.database.seals
        self._secret = seals.index("telegram", "webhook", self.settings.token).hex()
        self.webhook = Webhook(self._take, self.replies, self._secret)
        self._registered = False
        self._restraint = Restraint()
        # Behind a gate known and unknown senders are answered alike, under a flood too.
        self._strangers = None if service.library.covers else Allowance()
        self._polling: asyncio.Task[None] | None = None

    async def start(self, *, takes: bool = True) -> None:
        """Open the pool and, where asked for, begin to poll; a process that `takes` no updates never does."""
        await self._stamp()
        await self.transport.initialize()
        if takes and self.settings.mode == "polling":
            polling = Polling(self.bot, self._take, self.replies, self._service.chance)
            self._polling = asyncio.create_task(polling.run(), name="polling")

    async def stop(self) -> None:
        """Take nothing more, let replies leave, close the pool."""
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        await self.replies.drain()
        await self.transport.shutdown()

    async def register(self) -> None:
        """Say where updates are to be posted; tried again at every tick until the provider has taken it."""
        if self._registered or self.settings.mode == "polling":
            return
        await set_webhook(self.bot, self._public + PATH, self._secret)
        self._registered = True

    async def send_notice(self, message: Outgoing) -> Outcome:
        """One message that the service starts, in its turn."""
        waiting = self._pace.waiting()
        if waiting > LONGEST_TURN:
            return TryLater(waiting, tried=False)
        if await stood_still(self._pace.turn(message.address)) or is_over(message, self._now()):
            return TryLater(0, tried=False)
        outcome = await self._messenger.send(message)
        if isinstance(outcome, TryLater):
            self._pace.rest(outcome.seconds)
        return outcome

    def answer(self, message: Outgoing) -> None:
        """One reply, in the background."""
        self.replies.start(message)

    async def wipe(self, address: str | None = None) -> None:
        """Delete what is to go, in one chat or in all. No HOLD stops it, and it waits for no turn."""
        if address is None:
            await end_idle(self._service, self._now())
        await sweep(self._service, self._messenger.send, self._now, address)

    async def _stamp(self) -> None:
        number = bot_id(self.settings.token)
        async with self._service.database.writing() as tx:
            stamp = await stamps.check(tx)
            if stamp.bot is None:
                await stamps.set_bot(tx, number)
                audit.record(tx, SERVICE, "bot.stamped", stamp.installation, self._now(), bot=number)
            elif stamp.bot != number:
                raise AnotherBot

    async def _take(self, raw: bytes) -> Received:
        began = time.monotonic()
        number, said = await self._ages.read(raw)
        await self.replies.settled(said.sender)
        received = await receive(self._service, PROVIDER, number, said, raw, self._now())
        return _at_its_time(received, time.monotonic() - began)

    async def _send_reply(self, message: Outgoing) -> None:
        """Within its time, and not endlessly: a machine at the other end may answer every answer."""
        deadline = time.monotonic() + min(REPLY_SECONDS, message.seconds)
        await asyncio.sleep(message.pause)
        left = deadline - time.monotonic()
        if message.stranger and self._strangers is not None and not self._strangers.allows(time.monotonic()):
            outcome: Outcome = Refused(TOO_MANY_STRANGERS)
        elif not self._restraint.allows(message.address, self._now()):
            outcome = Refused(TOO_MANY_REPLIES)
        else:
            outcome = await self._messenger.send(message) if left > 0 else TryLater(REPLY_SECONDS)
        while isinstance(outcome, TryLater) and time.monotonic() + outcome.seconds < deadline:
            await asyncio.sleep(outcome.seconds)
            outcome = await self._messenger.send(_answered(message))
        await self._sent.record(message, outcome)
        await self.wipe(message.address)


def _answered(message: Outgoing) -> Outgoing:
    """What is shown, without the press: that was answered, and a second answer would be refused like an old press."""
    return replace(message, press=None) if message.text else message


def _at_its_time(received: Received, taken: float) -> Received:
    """A reply with a time of its own leaves then, however long it took to find; where that is over, at the next."""
    reply = received.reply
    if reply is None or not reply.pause:
        return received
    return replace(received, reply=replace(reply, pause=-taken % reply.pause))
