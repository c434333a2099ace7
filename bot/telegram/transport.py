"""The library's request layer over one pool of kept connections, telling *never left* from *perhaps done*.

It must never log a URL (the token is in it), nor let one out in an error; no redirect, cookie or proxy is followed.
"""

import json
import logging
import time
from binascii import hexlify
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from telegram._utils.types import ODVInput
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.telegram.failures import NotSent, PerhapsDone, Unsendable
from bot.telegram.reading import failure_of, result_of

NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
"""Raised by the HTTP client only before the first byte of a request is written."""
HEADERS = {
    "User-Agent": "posle", "Accept-Encoding": "identity", "Content-Type": "application/x-www-form-urlencoded",
}  # fmt: skip
BIGGEST_ANSWER = 8 * 1024 * 1024
LOGGERS = ("telegram", "httpx", "httpcore", "aiohttp", "aiohttp.client", "aiohttp.access", "aiohttp.internal")


def quiet_libraries() -> None:
    """Silence every logger that would write URLs (and in them the token), whole updates or answers."""
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 10)


class Transport(BaseRequest):
    """One pool for all calls of one bot. `connect`, `read` in seconds; at most `connections` at once."""

    __slots__ = ("_connect", "_connections", "_date", "_environment", "_monotonic", "_read", "_session", "_urls")

    def __init__(
        self,
        *,
        connect: float = 5.0,
        read: float = 15.0,
        connections: int = 100,
        proxies_from_environment: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        quiet_libraries()
        self._connect = connect
        self._read = read
        self._connections = connections
        self._environment = proxies_from_environment
        self._monotonic = monotonic
        self._session: aiohttp.ClientSession | None = None
        self._urls: dict[str, URL] = {}
        self._date: tuple[datetime, float] | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take, unless a call says otherwise."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool. Connections are made when they are needed, so this never fails for the provider's sake."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                # a connection is dropped well before a provider would close it under a request
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=15.0),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=self._environment,
                headers=HEADERS,
                timeout=self._timeout(self._read),
                skip_auto_headers=("Accept",),
            )

    async def shutdown(self) -> None:
        """Close the pool; calls under way fail."""
        if self._session is not None:
            await self._session.close()

    def _timeout(self, read: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=self._connect + read + 15.0, connect=self._connect, sock_read=read)

    def provider_now(self) -> datetime | None:
        """The provider's own clock (UTC), from its last answer and our monotonic clock since; None before the first."""
        if self._date is None:
            return None
        date, at = self._date
        return date + timedelta(seconds=self._monotonic() - at)

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """A successful answer as the library expects it. Raises as `reading.result_of`; logs nothing."""
        return {"result": result_of(payload)}

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the library's signature
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Make one call, once. Returns only successes; raises `NotSent`, `Unsendable`, `PerhapsDone`, `Limited`,
        `Answered`."""
        body = _encoded(request_data)
        if body is None:
            raise Unsendable
        read = read_timeout if isinstance(read_timeout, int | float) else self._read
        outcome = await self._exchange(method, url, body, read)
        if isinstance(outcome, TelegramError):  # raised out here, so that no cause that names the URL hangs on to it
            raise outcome
        return outcome

    async def call(self, url: str, told: Mapping[str, object]) -> Any:
        """One Bot API call with plain parameters, and its result: `do_request` without the library's own layers, which
        cost more than the network does. Raises the same, and `PerhapsDone` where the answer cannot be read."""
        body = _form(told.items())
        if body is None:
            raise Unsendable
        outcome = await self._exchange("POST", url, body, self._read)
        if isinstance(outcome, TelegramError):  # raised out here for the same reason as above
            raise outcome
        return result_of(outcome[1])

    async def _exchange(self, method: str, url: str, body: bytes, read: float) -> tuple[int, bytes] | TelegramError:
        try:
            return await self._attempt(method, url, body, read)
        except NEVER_LEFT:
            return NotSent()
        except Exception:  # whatever else goes wrong in there: nobody can say that nothing left
            return PerhapsDone()

    async def _attempt(self, method: str, url: str, body: bytes, read: float) -> tuple[int, bytes] | TelegramError:
        if self._session is None or self._session.closed:
            return NotSent()
        address = self._urls.get(url) or self._urls.setdefault(url, URL(url, encoded=True))
        timeout = self._session.timeout if read == self._read else self._timeout(read)
        async with self._session.request(method, address, data=body, timeout=timeout, allow_redirects=False) as answer:
            self._note_date(answer.headers.get("Date"))
            payload = await _body(answer)
            if 200 <= answer.status <= 299:
                return answer.status, payload
            return failure_of(answer.status, payload, answer.headers.get("Retry-After"))

    def _note_date(self, header: str | None) -> None:
        at = self._monotonic()
        if header is None or (self._date is not None and at - self._date[1] < 1.0):
            return  # the header counts whole seconds: once a second is enough
        try:
            date = parsedate_to_datetime(header)
        except ValueError:
            return
        self._date = (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC), at


def _encoded(data: RequestData | None) -> bytes | None:
    """Form-encoded, as the library's own layer does. None where a text holds what UTF-8 has no bytes for."""
    if data is None:
        return b""
    if data.contains_files:
        return None
    return _form(data.json_parameters.items())


def _form(fields: Iterable[tuple[str, object]]) -> bytes | None:
    """Texts as they are, everything else as JSON."""
    try:
        return b"&".join(_field(name, _written(value)) for name, value in fields)
    except (ValueError, TypeError):  # UnicodeEncodeError is a ValueError
        return None


def _written(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int else json.dumps(value)  # most are ids, and an encoder costs more than they


def _field(name: str, value: str) -> bytes:
    """Every byte escaped where one has to be: Cyrillic needs it anyway, and this is many times as fast as urlencode."""
    plain = value.isascii() and value.isalnum()
    return b"%b=%b" % (name.encode(), value.encode() if plain or not value else b"%" + hexlify(value.encode(), b"%"))


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    payload = bytearray()
    while chunk := await answer.content.readany():
        payload += chunk
        if len(payload) > BIGGEST_ANSWER:
            raise aiohttp.ClientPayloadError
    return bytes(payload)
