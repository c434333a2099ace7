"""The address that Telegram posts updates to. The secret is compared before a byte of the body is read.

It must never answer 200 before the update is committed, nor say more than a status to anybody.
"""

import hmac
import logging
import re
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from bot.replies import Replies, Take, Taken
from bot.telegram.updates import NotAnUpdate
from surveys.records.failures import DatabaseUnavailable
from web.bodies import TooBig, TooSlow, read_body

_log = logging.getLogger(__name__)
PATH: Final = "/hooks/telegram"
SECRET_HEADER: Final = b"x-telegram-bot-api-secret-token"
BIGGEST: Final = 256 * 1024
SLOWEST: Final = 10.0
"""Seconds that a body may take to arrive."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}\Z", re.ASCII)


class _Refused(Exception):
    """The request is answered with this status, and had no effect."""

    def __init__(self, status: int) -> None:
        super().__init__(f"answered with {status}")
        self.status = status


class Webhook:
    """An ASGI endpoint for `starlette.routing.Route(PATH, webhook)`. `secret`: 32 to 256 of A-Z a-z 0-9 _ and -."""

    def __init__(
        self, take: Take, replies: Replies, secret: str, *, biggest: int = BIGGEST, slowest: float = SLOWEST
    ) -> None:
        if not _SECRET.match(secret):
            raise ValueError("a webhook's secret needs 32 to 256 of the characters A-Z a-z 0-9 _ and -")
        self._take = take
        self._replies = replies
        self._secret = secret.encode()
        self._biggest = biggest
        self._slowest = slowest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: 200 after the commit, otherwise a bare status."""
        reply = None
        try:
            self._admit(scope)
            taken = await self._commit(await self._body(receive))
            reply, status = taken.reply, 200
        except _Refused as refused:
            status = refused.status
        except ClientDisconnect:
            return
        await _respond(send, status)
        if reply is not None:
            self._replies.start(reply)

    def _admit(self, scope: Scope) -> None:
        """By the headers alone; who does not know the secret learns nothing from anything else being wrong."""
        if scope["method"] != "POST":
            raise _Refused(404)
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        secrets = [value for name, value in headers if name == SECRET_HEADER]
        if not hmac.compare_digest(secrets[0] if len(secrets) == 1 else b"", self._secret):
            raise _Refused(403)
        given = dict(headers)
        if given.get(b"content-type", b"").split(b";")[0].strip().lower() != b"application/json":
            raise _Refused(415)
        if given.get(b"content-encoding", b"identity").lower() != b"identity":
            raise _Refused(415)
        length = given.get(b"content-length", b"0")
        if not length.isdigit() or len(length) > 12 or int(length) > self._biggest:
            raise _Refused(413)

    async def _body(self, receive: Receive) -> bytes:
        try:
            return await read_body(receive, self._biggest, self._slowest)
        except TooBig:
            status = 413
        except TooSlow:
            status = 408
        raise _Refused(status)

    async def _commit(self, raw: bytes) -> Taken:
        try:
            return await self._take(raw)
        except NotAnUpdate:
            status = 400
        except DatabaseUnavailable:
            status = 503
        except Exception as failure:  # not acknowledged, so Telegram brings it again
            _log.error("an update was not taken: %s", type(failure).__name__)
            status = 503
        raise _Refused(status)


async def _respond(send: Send, status: int) -> None:
    # after a refusal nobody reads what may still come on this connection
    closing = [] if status == 200 else [(b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0"), *closing]})
    await send({"type": "http.response.body", "body": b""})
