"""The two addresses that the SMS provider posts to: what people write, and how far our messages came.

It must never act on a form that the provider did not sign, never answer 200 before what came is committed, and never
say more than a status: whoever is wrong about anything sees the same 403.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from bot.replies import Replies
from bot.sms.reading import Arrived, Form, NotAForm, Receipt, addressed, arrived, parse, receipt
from bot.sms.signature import HEADER, Signatures
from surveys.records.failures import DatabaseUnavailable
from surveys.steps.ports import Outgoing
from web.bodies import Bodies, TooBig, TooSlow

_log = logging.getLogger(__name__)
PATH: Final = "/hooks/sms"
STATUS_PATH: Final = "/hooks/sms/status"
BIGGEST: Final = 64 * 1024
SLOWEST: Final = 5.0
"""Seconds that a body may take to arrive."""
AT_ONCE: Final = 50
"""Bodies awaited at a time; the one that has taken longest is given up for whoever comes then."""
NOTHING: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""TwiML that says nothing: the same for everybody, known or not."""

TakeMessage = Callable[[Arrived, bytes], Awaitable[Outgoing | None]]
"""Commits one message and gives the reply; raises DatabaseUnavailable."""
TakeReceipt = Callable[[Receipt], Awaitable[None]]
"""Commits one receipt; raises DatabaseUnavailable."""


class _Refused(Exception):
    """The request is answered with this status, and had no effect."""

    def __init__(self, status: int = 403) -> None:
        super().__init__(f"answered with {status}")
        self.status = status


class SmsWebhook:
    """An ASGI endpoint for both addresses. `public_url` is the configured one, without a slash at its end; `number`,
    where there is one, is the only one that people write to."""

    def __init__(
        self,
        public_url: str,
        account: str,
        auth_token: str,
        take: TakeMessage,
        note: TakeReceipt,
        replies: Replies,
        *,
        biggest: int = BIGGEST,
        slowest: float = SLOWEST,
        number: str = "",
    ) -> None:
        self._public = public_url
        self._account = account.encode()
        self._signatures = Signatures(auth_token)
        self._take, self._note, self._replies = take, note, replies
        self._biggest, self._bodies = biggest, Bodies(biggest, slowest, AT_ONCE)
        self._number = number

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: 200 after the commit, otherwise a bare status."""
        reply = None
        try:
            signature = self._admit(scope)
            raw = await self._body(receive)
            reply = await self._commit(scope["path"], self._signed(scope["path"], raw, signature), raw)
            status = 200
        except _Refused as refused:
            status = refused.status
        except ClientDisconnect:
            return
        await _respond(send, status, scope["path"] == PATH)
        if reply is not None:
            self._replies.start(reply)

    def _admit(self, scope: Scope) -> bytes:
        """By the headers alone; the signature, where there is exactly one."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        signatures = [value for name, value in headers if name == HEADER]
        given = dict(headers)
        kind = given.get(b"content-type", b"").split(b";")[0].strip().lower()
        plain = given.get(b"content-encoding", b"identity").lower() == b"identity"
        length = given.get(b"content-length", b"0")
        small = length.isdigit() and len(length) <= 12 and int(length) <= self._biggest
        if scope["method"] != "POST" or scope["query_string"] or len(signatures) != 1:
            raise _Refused
        if kind != b"application/x-www-form-urlencoded" or not plain or not small:
            raise _Refused
        return signatures[0]

    async def _body(self, receive: Receive) -> bytes:
        try:
            return await self._bodies.read(receive)
        except (TooBig, TooSlow):
            pass
        raise _Refused

    def _signed(self, path: str, raw: bytes, signature: bytes) -> Form:
        """The form, where the provider signed it for this address and this account."""
        try:
            form = parse(raw)
        except NotAForm:
            form = {}
        right = self._signatures.hold(f"{self._public}{path}", form, signature)
        ours = hmac.compare_digest(form.get("AccountSid", "").encode(), self._account)
        if not (form and right and ours):
            raise _Refused
        return form

    async def _commit(self, path: str, form: Form, raw: bytes) -> Outgoing | None:
        try:
            if path == PATH:
                if not addressed(form, self._number):
                    raise NotAForm
                return await self._take(arrived(form), raw)
            await self._note(receipt(form))
            return None
        except NotAForm:
            status = 403
        except DatabaseUnavailable:
            status = 503
        except Exception as failure:  # not acknowledged: the provider may bring it again, and the listing finds it
            _log.error("an SMS was not taken: %s", type(failure).__name__)
            status = 503
        raise _Refused(status)


async def _respond(send: Send, status: int, speaks: bool) -> None:
    # after a refusal nobody reads what may still come on this connection
    body = NOTHING if status == 200 and speaks else b""
    headers = [(b"content-length", b"%d" % len(body)), (b"content-type", b"text/xml")]
    headers += [] if status == 200 else [(b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
