"""The Bot API server: `/bot<token>/<method>`. Every call is checked strictly, then done, written down and answered.

It must never do anything for a call that it refuses, nor answer one in other words than Telegram's.
"""

import asyncio
import contextlib
import re
from typing import Any

from starlette.types import Receive, Scope, Send

from simulator import intake, strict
from simulator.answers import body_of, reset, respond
from simulator.bodies import BIGGEST, parameters
from simulator.calls import call
from simulator.faults import Fault, Faults
from simulator.ledger import Refused
from simulator.pacing import Pacing
from simulator.refusals import Refusal, unauthorized
from simulator.updates import Updates
from simulator.webhook import Poster
from simulator.world import Bot, World

Json = dict[str, Any]
_PATH = re.compile(r"/bot(?P<token>[^/]+)/(?P<method>[A-Za-z]+)/?\Z", re.ASCII)
_TOKEN = re.compile(r"[0-9]{1,17}:[A-Za-z0-9_-]{1,80}\Z", re.ASCII)
NOT_FOUND: Json = {"ok": False, "error_code": 404, "description": "Not Found"}


class BotApi:
    """One ASGI application for all bots of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        self.pacing = Pacing()
        self.under_way = 0
        """Calls that are being handled; a bot that polls is not at work."""
        self.closing = asyncio.Event()
        self._poster = Poster()
        self._updates: dict[int, Updates] = {}

    def add_bot(self, token: str, name: str = "Upitnik", username: str = "") -> Bot:
        """A bot of this token. Raises ValueError where no token looks like that."""
        if not _TOKEN.match(token):
            raise ValueError("a token is <number>:<letters>")
        return self.world.add_bot(token, name, username)

    def updates(self, bot: Bot) -> Updates:
        """The bot's queue."""
        if bot.id not in self._updates:

            async def reply(told: Json) -> None:
                await self._from_webhook(bot, told)

            self._updates[bot.id] = Updates(self.world.clock, self._poster, reply)
        return self._updates[bot.id]

    @property
    def quiet(self) -> bool:
        """No update waits for a bot, and no call is being handled."""
        return not self.under_way and all(updates.quiet for updates in self._updates.values())

    async def close(self) -> None:
        """Stop delivering, and let go of calls that hang."""
        self.closing.set()
        for updates in self._updates.values():
            await updates.close()
        await self._poster.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call over HTTP."""
        found = _PATH.match(scope["path"])
        body = await body_of(receive, BIGGEST)
        if found is None or not _TOKEN.match(found["token"]) or scope["method"] not in ("GET", "POST"):
            await respond(send, self.world.now(), 404, NOT_FOUND)
            return
        if body is None:
            await respond(send, self.world.now(), 413, _error(Refusal(413, "Request Entity Too Large")))
            return
        polling = found["method"].lower() == "getupdates"
        self.under_way += not polling
        try:
            await self._handle(scope, send, found["token"], found["method"], body)
        finally:
            self.under_way -= not polling

    async def _handle(self, scope: Scope, send: Send, token: str, asked: str, body: bytes) -> None:
        bot, method, fault = self.world.bots.get(token), asked, None
        names: tuple[str, ...] = ()
        try:
            if bot is None:
                raise unauthorized()
            method = strict.canonical(asked)
            raw, form = parameters(_content_type(scope), scope["query_string"], body)
            names = tuple(raw)
            told = strict.checked(method, raw, form=form)
            fault = self.faults.take(method, told)
            if fault is not None and await self._fails_first(scope, send, fault):
                return
            status, answer = 200, {"ok": True, "result": await self._do(bot, method, told)}
        except Refusal as refusal:
            self._note(bot, method, refusal, names)
            status, answer = refusal.status, _error(refusal)
        if fault is None or not await self._fails_after(scope, send, fault):
            await respond(send, self.world.now(), status, answer)

    async def _do(self, bot: Bot, method: str, told: Json) -> Any:
        chat = told.get("chat_id")
        self.pacing.spend(method, bot.id, chat)
        updates, message = self.updates(bot), None
        at = self.world.now().isoformat(timespec="microseconds")
        if method == "getUpdates":
            return await intake.get_updates(updates, told)
        if method == "setWebhook":
            result: Any = intake.set_webhook(updates, told)
        elif method == "deleteWebhook":
            result = intake.delete_webhook(updates, told)
        elif method == "getWebhookInfo":
            result = intake.webhook_info(updates)
        else:
            result, message = call(self.world, bot, method, told)
        self.world.ledger.accept(at, bot.id, method, told, message, chat)
        return result

    def _note(self, bot: Bot | None, method: str, refusal: Refusal, names: tuple[str, ...]) -> None:
        at = self.world.now().isoformat(timespec="microseconds")
        number = bot.id if bot else None
        self.world.ledger.refused.append(Refused(at, number, method, refusal.status, refusal.description, names))

    async def _fails_first(self, scope: Scope, send: Send, fault: Fault) -> bool:
        """A fault before anything is done."""
        if fault.kind == "hang_before":
            await self._pause(fault.seconds)
        if fault.kind in ("reset_before", "hang_before"):
            await reset(scope)
            return True
        if fault.kind != "status":
            return False
        if fault.spoken:
            raise Refusal(fault.status, fault.words, round(fault.seconds) if fault.status == 429 else None)
        await respond(send, self.world.now(), fault.status, b"<html><body>gateway</body></html>")
        return True

    async def _fails_after(self, scope: Scope, send: Send, fault: Fault) -> bool:
        """A fault once it is done; False where the answer may still go out."""
        if fault.kind in ("hang_after", "slow"):
            await self._pause(fault.seconds)
        if fault.kind in ("reset_after", "hang_after"):
            await reset(scope)
            return True
        if fault.kind == "garbage":
            await respond(send, self.world.now(), 200, b"<html><body>portal</body></html>")
        return fault.kind == "garbage"

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.closing.wait(), seconds)

    async def _from_webhook(self, bot: Bot, told: Json) -> None:
        """A call that came as the answer to an update; nobody is told what becomes of it."""
        method = str(told.pop("method"))
        try:
            method = strict.canonical(method)
            await self._do(bot, method, strict.checked(method, told, form=False))
        except Refusal as refusal:
            self._note(bot, method, refusal, tuple(told))


def _content_type(scope: Scope) -> bytes:
    return next((value for name, value in scope["headers"] if name == b"content-type"), b"")


def _error(refusal: Refusal) -> Json:
    told: Json = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    return told | ({"parameters": {"retry_after": refusal.retry_after}} if refusal.retry_after is not None else {})
