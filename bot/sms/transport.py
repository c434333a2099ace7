"""The connections to the SMS provider: the library's asynchronous client, turned to the configured address.

It must never log a URL, a number or a body, nor send anything twice: every call has a connection of its own, so that
a stale one can never make a message's fate doubtful.
"""

import base64
import logging
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response

from bot.sms.failures import NotSent, PerhapsDone

BIGGEST = 4 * 1024 * 1024
"""Bytes of an answer; a page of a thousand messages is well below."""
_NOTHING_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


def quiet_library() -> None:
    """Silence the library's loggers, which write URLs, parameters and answers."""
    logging.getLogger("twilio").setLevel(logging.CRITICAL + 10)
    for name in ("twilio.async_http_client", "twilio.http_client"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 10)


class RedirectedClient(AsyncTwilioHttpClient):  # type: ignore[misc]  # it has no types
    """The library's HTTP client, which sends every call to `base`. `open` before the first call, `close` at the end."""

    def __init__(self, base: str, *, connect: float = 5.0, read: float = 15.0) -> None:
        quiet_library()
        super().__init__(pool_connections=False)
        self._base = base.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=connect + read, sock_connect=connect, sock_read=read)
        self._own: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Make the session, in the running event loop; connections are made when they are needed."""
        self._own = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=20, force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=self._timeout,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close the connections."""
        if self._own is not None:
            await self._own.close()

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the library's signature
        allow_redirects: bool = False,  # noqa: ARG002 - a redirect of a message is never followed
    ) -> Response:
        """One call. Raises NotSent or PerhapsDone."""
        assert self._own is not None, "open it first"
        parts = urlsplit(url)
        query = "&".join(each for each in (parts.query, urlencode(params or {}, doseq=True)) if each)
        target = f"{self._base}{parts.path}" + (f"?{query}" if query else "")
        body = urlencode(data, doseq=True).encode() if data else None
        told = {name: value for name, value in (headers or {}).items() if name.lower() != "content-type"}
        if body is not None:
            told["Content-Type"] = "application/x-www-form-urlencoded"
        if auth:
            told["Authorization"] = "Basic " + base64.b64encode(":".join(auth).encode()).decode()
        try:
            async with self._own.request(method, target, data=body, headers=told, allow_redirects=False) as answer:
                content = await answer.content.read(BIGGEST)
                return Response(answer.status, content.decode("utf-8", "replace"), dict(answer.headers))
        except _NOTHING_LEFT:
            pass
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise PerhapsDone from None
        raise NotSent
