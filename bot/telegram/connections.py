"""Kept HTTP/1.1 connections to a provider, for small calls: one at a time on each, its answer read whole.

It must never make a call twice, nor say `NoConnection` once a byte of one may have left. It logs nothing, and follows
no redirect, cookie or proxy. A general client costs more CPU than all the rest of a reply does.
"""

import asyncio
import ssl
from collections.abc import Mapping
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import aiohappyeyeballs
import httptools

BIGGEST_ANSWER = 8 * 1024 * 1024
KEPT = 15.0
"""Seconds after which an idle connection is not used again: well before a provider would close it under a call."""


class NoConnection(Exception):
    """No connection came about: not a byte of the call was written."""


class Broken(Exception):
    """The connection ended, or fell silent, under a call: perhaps it was done."""


class Place(NamedTuple):
    """Where calls go: whether by TLS, the host and its port."""

    tls: bool
    host: str
    port: int


class Answer(NamedTuple):
    """One answer; names of headers in small letters."""

    status: int
    headers: Mapping[bytes, bytes]
    body: bytes


def place_of(url: str) -> tuple[Place, bytes]:
    """Where a URL leads, and the first lines of a POST there. ValueError where it leads nowhere."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isascii() or " " in url:
        raise ValueError("this leads nowhere")
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2]
    return Place(tls, parts.hostname, parts.port or (443 if tls else 80)), (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\n".encode()
    )


class Connections:
    """At most so many at once. `patience`: seconds in which a connection must come about, the wait for one included."""

    def __init__(self, most: int, patience: float) -> None:
        self._patience = patience
        self._room = asyncio.Semaphore(most)
        self._idle: dict[Place, list[_Connection]] = {}
        self._open: set[_Connection] = set()
        self._tls: ssl.SSLContext | None = None

    async def ask(self, place: Place, call: bytes, seconds: float) -> Answer:
        """Write the call, once, and wait so long for its answer. Raises `NoConnection` or, once it may have left,
        `Broken`."""
        connection = await self._taken(place)
        try:
            return await connection.ask(call, seconds)
        finally:
            if connection.is_free:
                self._idle.setdefault(place, []).append(connection)
            else:
                connection.drop()
            self._room.release()

    def close(self) -> None:
        """Drop all; calls under way are `Broken`."""
        for connection in list(self._open):
            connection.drop()
        self._idle.clear()

    async def _taken(self, place: Place) -> "_Connection":
        kept = None if self._room.locked() else self._kept(place)
        if kept is not None:
            await self._room.acquire()  # at once
            return kept
        try:
            async with asyncio.timeout(self._patience):
                await self._room.acquire()
                try:
                    return self._kept(place) or await self._connected(place)
                except BaseException:
                    self._room.release()
                    raise
        except (OSError, ValueError):  # names that are none are ValueErrors; time that is over is an OSError
            pass
        raise NoConnection  # out here, so that no cause that names the host hangs on to it

    def _kept(self, place: Place) -> "_Connection | None":
        idle = self._idle.get(place, [])
        while idle:
            connection = idle.pop()
            if connection.is_fresh:
                return connection
            connection.drop()
        return None

    async def _connected(self, place: Place) -> "_Connection":
        """By whichever of the host's addresses answers first: one of two families is often a dead end."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(place.host, place.port, type=1)
        own = await aiohappyeyeballs.start_connection(found, happy_eyeballs_delay=0.25, interleave=1)
        if place.tls and self._tls is None:
            self._tls = ssl.create_default_context()
        tls, name = (self._tls, place.host) if place.tls else (None, None)
        _, connection = await loop.create_connection(
            lambda: _Connection(self._open), sock=own, ssl=tls, server_hostname=name
        )
        return connection


class _Connection(asyncio.Protocol):
    """One connection; `among` are all that are open."""

    def __init__(self, among: "set[_Connection]") -> None:
        self._loop = asyncio.get_running_loop()
        self._among = among
        self._answer: asyncio.Future[Answer] | None = None
        self.is_free = False
        """Its last answer was read whole, and it may take another call."""

    @property
    def is_fresh(self) -> bool:
        """Whether it may still be used."""
        return self.is_free and not self._transport.is_closing() and self._loop.time() - self._since < KEPT

    async def ask(self, call: bytes, seconds: float) -> Answer:
        """Write the call and wait for its answer."""
        self._parser = httptools.HttpResponseParser(self)
        self._headers: dict[bytes, bytes] = {}
        self._body = bytearray()
        self._size, self._until_closed, self.is_free = 0, False, False
        self._answer = self._loop.create_future()
        silence = self._loop.call_later(seconds, self.drop)
        self._transport.write(call)
        try:
            return await self._answer
        finally:
            silence.cancel()

    def drop(self) -> None:
        """Close it at once; a call under way is `Broken`."""
        self.is_free = False
        self._transport.abort()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Broken())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._among.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._among.discard(self)
        if exc is None and self._until_closed:
            self._complete()
        self.drop()

    def data_received(self, data: bytes) -> None:
        self._size += len(data)
        if self._answer is None or self._answer.done() or self._size > BIGGEST_ANSWER:
            self.drop()  # nothing was asked, or nobody wants so much
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:  # what our own callbacks raise is one too
            self.drop()

    def on_message_begin(self) -> None:
        if self._answer is None or self._answer.done():
            self.drop()  # more than was asked for: nobody could say what the next answer belongs to

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        self._until_closed = not {b"content-length", b"transfer-encoding"} & self._headers.keys()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() < 200:
            self._headers.clear()  # "go on": the answer is still to come
            return
        if self._complete():
            self.is_free, self._since = self._parser.should_keep_alive(), self._loop.time()

    def _complete(self) -> bool:
        if self._answer is None or self._answer.done():
            return False
        self._answer.set_result(Answer(self._parser.get_status_code(), self._headers, bytes(self._body)))
        return True
