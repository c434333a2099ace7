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

from telegram._utils.types import ODVInput
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from bot.telegram.connections import Connections, NoConnection, Place, place_of
from bot.telegram.failures import NotSent, PerhapsDone, Unsendable
from bot.telegram.reading import failure_of, result_of

HEADERS = b"User-Agent: posle\r\nAccept-Encoding: identity\r\nContent-Type: application/x-www-form-urlencoded\r\n"
LOGGERS = ("telegram", "httpx", "httpcore", "aiohttp", "aiohttp.client", "aiohttp.access", "aiohttp.internal")


def quiet_libraries() -> None:
    """Silence every logger that would write URLs (and in them the token), whole updates or answers."""
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 10)


class Transport(BaseRequest):
    """One pool for all calls of one bot. `connect`, `read` in seconds; at most `connections` at once."""

    __slots__ = ("_connect", "_connections", "_date", "_monotonic", "_places", "_pool", "_read")

    def __init__(
        self,
        *,
        connect: float = 5.0,
        read: float = 15.0,
        connections: int = 100,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        quiet_libraries()
        self._connect = connect
        self._read = read
        self._connections = connections
        self._monotonic = monotonic
        self._pool: Connections | None = None
        self._places: dict[str, tuple[Place, bytes]] = {}
        self._date: tuple[datetime, float] | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take, unless a call says otherwise."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool. Connections are made when they are needed, so this never fails for the provider's sake."""
        if self._pool is None:
            self._pool = Connections(self._connections, self._connect)

    async def shutdown(self) -> None:
        """Close the pool; calls under way fail."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

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
        method: str,  # noqa: ARG002 - what is not posted here is never called
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
        outcome = await self._exchange(url, body, read)
        if isinstance(outcome, TelegramError):  # raised out here, so that no cause that names the URL hangs on to it
            raise outcome
        return outcome

    async def call(self, url: str, told: Mapping[str, object]) -> Any:
        """One Bot API call with plain parameters, and its result: `do_request` without the library's own layers, which
        cost more than the network does. Raises the same, and `PerhapsDone` where the answer cannot be read."""
        body = _form(told.items())
        if body is None:
            raise Unsendable
        outcome = await self._exchange(url, body, self._read)
        if isinstance(outcome, TelegramError):  # raised out here for the same reason as above
            raise outcome
        return result_of(outcome[1])

    async def _exchange(self, url: str, body: bytes, read: float) -> tuple[int, bytes] | TelegramError:
        try:
            return await self._attempt(url, body, read)
        except NoConnection:
            return NotSent()
        except Exception:  # whatever else goes wrong in there: nobody can say that nothing left
            return PerhapsDone()

    async def _attempt(self, url: str, body: bytes, read: float) -> tuple[int, bytes] | TelegramError:
        if self._pool is None:
            raise NoConnection
        place, head = self._places.get(url) or self._place(url)
        call = b"%b%bContent-Length: %d\r\n\r\n%b" % (head, HEADERS, len(body), body)
        status, headers, payload = await self._pool.ask(place, call, read)
        self._note_date(headers.get(b"date"))
        if 200 <= status <= 299:
            return status, payload
        return failure_of(status, payload, headers.get(b"retry-after", b"").decode("latin-1"))

    def _place(self, url: str) -> tuple[Place, bytes]:
        try:
            found = place_of(url)
        except ValueError:
            raise NoConnection from None
        return self._places.setdefault(url, found)

    def _note_date(self, header: bytes | None) -> None:
        at = self._monotonic()
        if header is None or (self._date is not None and at - self._date[1] < 1.0):
            return  # the header counts whole seconds: once a second is enough
        try:
            date = parsedate_to_datetime(header.decode("latin-1"))
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
