"""A Messages resource: create, list, fetch, redact, delete, with signed receipts, faults on order, and phones.

Strict: what the provider's description does not know is refused. It must never be reachable but from this machine.
"""

import asyncio
import base64
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from starlette.types import Receive, Scope, Send

from simulator.answers import body_of, reset, respond
from simulator.faults import Faults
from simulator.twilio_posts import Posts
from simulator.twilio_strict import Wrong, check_create, checked
from simulator.twilio_world import Account, Call, Json, Sms, SmsWorld, as_json, validity

PREFIX: Final = "/2010-04-01/"
BIGGEST: Final = 64 * 1024
TOO_LATE: Final = 30036
_PATH = re.compile(r"/2010-04-01/Accounts/(AC[0-9a-fA-F]{32})/Messages(?:/((?:SM|MM)[0-9a-fA-F]{32}))?\.json\Z")


class TwilioApi:
    """The provider. `faults` fails calls by method (`create`, `list`, `fetch`, `update`, `delete`)."""

    def __init__(self, world: SmsWorld) -> None:
        self.world = world
        self.faults = Faults()
        self.posts = Posts()
        self._tasks: set[asyncio.Task[None]] = set()
        self.changed: Callable[[str], None] = _nobody

    def add_account(self, sid: str, token: str, sender: str, **told: Any) -> Account:
        """An account with this sender."""
        self.world.accounts[sid] = Account(sid, token, sender, **told)
        return self.world.accounts[sid]

    @property
    def quiet(self) -> bool:
        """Whether no post is under way or waits."""
        return not self._tasks and not self.posts.under_way

    async def close(self) -> None:
        """End all posts."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.posts.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call of the resource."""
        now, method = self.world.clock.now(), ""
        try:
            account, sid = self._admit(scope)
            method = _METHODS.get((scope["method"], sid is not None), "")
            raw = await body_of(receive, BIGGEST)
            if not method or raw is None:
                raise Wrong(405, 20004, "method not allowed")
            query = raw if scope["method"] == "POST" else scope["query_string"]
            given = dict(parse_qsl(query.decode(), keep_blank_values=True))
            await self._faulted(scope, send, account, method, sid, given)
        except Wrong as wrong:
            self.world.refused.append(Call(now, method, code=wrong.code))
            await respond(send, now, wrong.status, {"code": wrong.code, "message": wrong.words, "status": wrong.status})

    async def _faulted(
        self, scope: Scope, send: Send, account: Account, method: str, sid: str | None, given: dict[str, str]
    ) -> None:
        fault = self.faults.take(method, {})
        now = self.world.clock.now()
        if fault is not None and fault.kind == "reset_before":
            await reset(scope)
            return
        if fault is not None and fault.kind == "status":
            told: Any = {"code": 20000 + fault.status, "message": "by order", "status": fault.status}
            await respond(send, now, fault.status, told if fault.spoken else b"by order")
            return
        if fault is not None and fault.kind == "hang_before":
            await asyncio.sleep(fault.seconds)
        status, told = self._do(account, method, sid, given)
        if fault is not None and fault.kind in ("reset_after", "hang_after"):
            await asyncio.sleep(fault.seconds if fault.kind == "hang_after" else 0)
            await reset(scope)
            return
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        garbage = fault is not None and fault.kind == "garbage"
        await respond(send, now, status, b"<html>" if garbage else b"" if told is None else told)

    def _admit(self, scope: Scope) -> tuple[Account, str | None]:
        found = _PATH.match(scope["path"])
        given = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        if not found or found[1] not in self.world.accounts:
            raise Wrong(404, 20404, "the resource was not found")
        account = self.world.accounts[found[1]]
        right = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode()
        if given != f"Basic {right}":
            raise Wrong(401, 20003, "authenticate")
        return account, found[2]

    def _do(self, account: Account, method: str, sid: str | None, given: dict[str, str]) -> tuple[int, Json | None]:
        if method == "create":
            return 201, self._create(account, given)
        if method == "list":
            return 200, self._list(account, given)
        message = account.messages.get(sid or "")
        if message is None:
            raise Wrong(404, 20404, "the resource was not found")
        if method == "update":
            self._update(message, checked("update", given))
        elif method == "delete":
            self._finished(message)
            del account.messages[message.sid]
        self._accept(method, message, given)
        return (204, None) if method == "delete" else (200, as_json(account, message))

    def _create(self, account: Account, given: dict[str, str]) -> Json:
        told = checked("create", given)
        check_create(told)
        self._allowed(account, told)
        now = self.world.clock.now()
        valid = validity(now, told.get("ValidityPeriod", 36_000))
        body = "" if told.get("ContentRetention") == "discard" else told["Body"]
        message = Sms(
            account.next_sid(), account.sender, told["To"], body, now, "queued",
            callback=told.get("StatusCallback", ""), valid_until=valid,
            service=told.get("MessagingServiceSid"), seen=told["Body"],
            obfuscated=told.get("AddressRetention") == "obfuscate",
        )  # fmt: skip
        account.messages[message.sid] = message
        self._accept("create", message, told)
        if not self.world.held:
            self._begin(self._deliver(account, message))
        return as_json(account, message)

    def _allowed(self, account: Account, told: Json) -> None:
        if ("ContentRetention" in told or "AddressRetention" in told) and not account.privacy:
            raise Wrong(400, 30029, "message privacy is not enabled")
        if told.get("From", account.sender) != account.sender:
            raise Wrong(400, 21606, "the sender is not this account's")
        if told.get("MessagingServiceSid", account.service) != account.service:
            raise Wrong(400, 21703, "the service is not this account's")
        if told["To"] in account.opted:
            raise Wrong(400, 21610, "the recipient opted out")
        if told["To"] in account.refusals:
            raise Wrong(400, account.refusals[told["To"]], "refused by order")

    def _list(self, account: Account, given: dict[str, str]) -> Json:
        told = checked("list", given)
        size, page = told.get("PageSize", 50), told.get("Page", 0)
        chosen = [
            each for each in sorted(account.messages.values(), key=lambda one: one.sid, reverse=True)
            if told.get("To", each.to) == each.to and told.get("From", each.sender) == each.sender
        ]  # fmt: skip
        shown = chosen[page * size : (page + 1) * size]
        more = (page + 1) * size < len(chosen)
        onward = urlencode({**given, "Page": page + 1, "PageToken": f"PA{page + 1}"})
        uri = f"{PREFIX}Accounts/{account.sid}/Messages.json"
        self.world.wire.append(Call(self.world.clock.now(), "list", parameters=tuple(told.items())))
        return {
            "messages": [as_json(account, each) for each in shown], "page": page, "page_size": size, "uri": uri,
            "next_page_uri": f"{uri}?{onward}" if more else None, "previous_page_uri": None, "first_page_uri": uri,
            "start": page * size, "end": page * size + len(shown),
        }  # fmt: skip

    def _update(self, message: Sms, told: Json) -> None:
        self._finished(message)
        if told.get("Body", "") != "":
            raise Wrong(400, 20001, "a body can only be taken away")
        message.body = ""
        message.updated = self.world.clock.now()

    def _finished(self, message: Sms) -> None:
        lapsed = message.valid_until is not None and self.world.clock.now() > message.valid_until
        if not message.final and not (message.status == "sent" and lapsed):
            raise Wrong(409, 20009, "the message is not finished yet")

    def _accept(self, method: str, message: Sms, told: Json) -> None:
        call = Call(self.world.clock.now(), method, message.sid, message.to, tuple(sorted(told.items())))
        self.world.wire.append(call)

    def _begin(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def release(self) -> None:
        """What was held goes on its way; what has lapsed meanwhile fails."""
        self.world.held = False
        for account in self.world.accounts.values():
            for message in account.messages.values():
                if message.status == "queued":
                    self._begin(self._deliver(account, message))

    async def _deliver(self, account: Account, message: Sms) -> None:
        lapsed = message.valid_until is not None and self.world.clock.now() > message.valid_until
        error = TOO_LATE if lapsed else account.fates.get(message.to)
        steps = ("failed",) if lapsed else ("sent", "undelivered" if error else "delivered")
        for status in steps:
            message.status, message.error = status, error if status in ("failed", "undelivered") else None
            self.changed(message.to)
            await self.receipt(account, message)

    async def receipt(self, account: Account, message: Sms, status: str = "") -> int:
        """Post one receipt (again, or of another status); the answer's status."""
        if not message.callback:
            return 0
        told = {
            "AccountSid": account.sid, "MessageSid": message.sid, "SmsSid": message.sid, "From": message.sender,
            "To": message.to, "MessageStatus": status or message.status, "SmsStatus": status or message.status,
            "ApiVersion": "2010-04-01",
        }  # fmt: skip
        if message.error is not None and not status:
            told["ErrorCode"] = str(message.error)
        return await self.posts.post(account.token, message.callback, told)

    async def text(self, number: str, body: str, account: Account | None = None, *, media: int = 0) -> Sms:
        """A person sends an SMS to the account's sender."""
        account = account or next(iter(self.world.accounts.values()))
        now: datetime = self.world.clock.now()
        message = Sms(account.next_sid(), number, account.sender, body, now, "received", inbound=True, seen=body)
        account.messages[message.sid] = message
        self.changed(number)
        await self.bring(account, message, media=media)
        return message

    async def bring(self, account: Account, message: Sms, *, media: int = 0, body: str | None = None) -> int:
        """Post an inbound message (again); the answer's status."""
        said = message.seen if body is None else body
        told = {
            "AccountSid": account.sid, "MessageSid": message.sid, "SmsMessageSid": message.sid, "SmsSid": message.sid,
            "From": message.sender, "To": account.sender, "Body": said, "NumMedia": str(media), "NumSegments": "1",
            "ApiVersion": "2010-04-01", "SmsStatus": "received", "FromCountry": "RS",
        }  # fmt: skip
        if account.opt_out and said.strip().upper() in ("STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT"):
            account.opted.add(message.sender)
            told["OptOutType"] = "STOP"
        return await self.posts.post(account.token, account.inbound_url, told)


_METHODS = {
    ("POST", False): "create", ("GET", False): "list", ("GET", True): "fetch", ("POST", True): "update",
    ("DELETE", True): "delete",
}  # fmt: skip


def _nobody(_: str) -> None:
    """Nobody watches the phones."""
