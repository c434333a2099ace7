"""Kept connections: answers read whole however they end, one call at a time, no call made twice, none left behind."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.telegram import connections
from bot.telegram.connections import Answer, Broken, Connections, NoConnection, Place, place_of

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
CALL = b"POST / HTTP/1.1\r\nHost: it\r\nContent-Length: 0\r\n\r\n"
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: now\r\n\r\nok"


@asynccontextmanager
async def listening(peer: Peer, tls: ssl.SSLContext | None = None) -> AsyncIterator[Place]:
    """Somebody who does so with each connection."""
    server = await asyncio.start_server(peer, "127.0.0.1", 0, ssl=tls)
    try:
        yield Place(tls is not None, "127.0.0.1", server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await asyncio.sleep(0.01)  # so that its own end of each connection ends too


class Says:
    """Answers every call with these bytes, in pieces; counts connections and calls."""

    def __init__(self, *pieces: bytes, hangs_up: bool = False) -> None:
        self.pieces, self.hangs_up = pieces, hangs_up
        self.connections, self.calls = 0, 0
        self.gone = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.calls += 1
                for piece in self.pieces:
                    writer.write(piece)
                    await writer.drain()
                if self.hangs_up:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.gone.set()
            writer.close()


@asynccontextmanager
async def pool(most: int = 2, patience: float = 0.3) -> AsyncIterator[Connections]:
    """Connections that are dropped at the end."""
    made = Connections(most, patience)
    try:
        yield made
    finally:
        made.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - the other side is waited for
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    "pieces",
    [
        [FINE],
        [FINE[:9], FINE[9:40], FINE[40:-1], FINE[-1:]],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nDATE: now\r\n\r\n1\r\no\r\n", b"1\r\nk\r\n0\r\n\r\n"],
        [b"HTTP/1.1 100 Continue\r\n\r\n", FINE],
    ],
)
async def test_an_answer_is_read_whole_and_its_connection_kept(pieces: list[bytes]) -> None:
    peer = Says(*pieces)
    async with listening(peer) as place, pool() as ours:
        for _ in range(2):
            status, headers, body = await ours.ask(place, CALL, 1.0)
            assert (status, headers[b"date"], body) == (200, b"now", b"ok")
    assert (peer.connections, peer.calls) == (1, 2)


@pytest.mark.parametrize(
    "head", [b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"]
)
async def test_an_answer_that_ends_with_its_connection_is_one(head: bytes) -> None:
    peer = Says(head, b"ok", hangs_up=True)
    async with listening(peer) as place, pool() as ours:
        assert await ours.ask(place, CALL, 1.0) == Answer(200, (await ours.ask(place, CALL, 1.0)).headers, b"ok")
    assert peer.connections == 2


@pytest.mark.parametrize(
    "said",
    [
        b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", b"nonsense\r\n\r\n", b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
    ],
)  # fmt: skip
async def test_i13_half_an_answer_is_none_and_nothing_is_made_twice(said: bytes) -> None:
    peer = Says(said, hangs_up=True)
    async with listening(peer) as place, pool() as ours:
        with pytest.raises(Broken):
            await ours.ask(place, CALL, 1.0)
    assert peer.calls == 1


async def test_i13_a_kept_connection_that_falls_silent_or_breaks_is_never_a_reason_to_ask_again() -> None:
    peer = Says(FINE)
    async with listening(peer) as place, pool() as ours:
        await ours.ask(place, CALL, 1.0)
        peer.pieces, peer.hangs_up = (), True
        with pytest.raises(Broken):
            await ours.ask(place, CALL, 1.0)
        peer.hangs_up = False
        with pytest.raises(Broken):
            await ours.ask(place, CALL, 0.05)
    assert (peer.connections, peer.calls) == (2, 3)


async def test_a_connection_that_the_other_side_closed_or_that_was_idle_for_long_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    peer = Says(FINE, hangs_up=True)
    async with listening(peer) as place, pool() as ours:
        await ours.ask(place, CALL, 1.0)
        await until(lambda: not ours._open)
        peer.hangs_up = False
        await ours.ask(place, CALL, 1.0)
        monkeypatch.setattr(connections, "KEPT", 0.0)
        await ours.ask(place, CALL, 1.0)
    assert peer.connections == 3


async def test_more_than_may_be_open_wait_and_give_up_with_nothing_sent() -> None:
    peer = Says()
    async with listening(peer) as place, pool(most=1, patience=0.05) as ours:
        first = asyncio.create_task(ours.ask(place, CALL, 5.0))
        await until(lambda: peer.calls > 0)
        with pytest.raises(NoConnection):
            await ours.ask(place, CALL, 1.0)
        first.cancel()
        assert isinstance((await asyncio.gather(first, return_exceptions=True))[0], asyncio.CancelledError)
        peer.pieces = (FINE,)
        assert (await ours.ask(place, CALL, 1.0)).body == b"ok"
    assert (peer.connections, peer.calls) == (2, 2)


async def test_answers_without_end_and_bytes_that_nobody_asked_for_end_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "BIGGEST_ANSWER", 1000)
    peer = Says(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", *[bytes(500)] * 10)
    async with listening(peer) as place, pool() as ours:
        with pytest.raises(Broken):
            await ours.ask(place, CALL, 1.0)
        peer.pieces = (FINE + FINE,)
        assert (await ours.ask(place, CALL, 1.0)).body == b"ok"
        peer.pieces = (FINE,)
        assert (await ours.ask(place, CALL, 1.0)).body == b"ok"
    assert peer.connections == 3


async def test_closing_breaks_calls_under_way_and_leaves_no_connection() -> None:
    peer = Says()
    async with listening(peer) as place, pool() as ours:
        under_way = asyncio.create_task(ours.ask(place, CALL, 5.0))
        await until(lambda: peer.calls > 0)
        ours.close()
        assert isinstance((await asyncio.gather(under_way, return_exceptions=True))[0], Broken)
        await asyncio.wait_for(peer.gone.wait(), 5)


async def test_nothing_is_sent_to_whose_certificate_nobody_vouches_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = _certificate(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    peer = Says(FINE)
    async with listening(peer, server) as place:
        async with pool() as ours:
            with pytest.raises(NoConnection):
                await ours.ask(place, CALL, 1.0)
        assert peer.calls == 0
        trusting = ssl.create_default_context(cafile=certificate)
        monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
        async with pool(patience=5.0) as ours:
            assert (await ours.ask(place, CALL, 1.0)).body == b"ok"
            with pytest.raises(NoConnection):  # the name counts, not only who vouches
                await ours.ask(place._replace(host="localhost"), CALL, 1.0)
    assert peer.calls == 1


def _certificate(folder: Path) -> Path:
    """A fresh certificate of 127.0.0.1 with its key, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "it")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = folder / "it.pem"
    file.write_bytes(key.private_bytes(*plain) + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize(
    ("url", "place", "lines"),
    [
        ("https://it.example/X/getMe", Place(True, "it.example", 443), b"/X/getMe HTTP/1.1\r\nHost: it.example"),
        ("http://127.0.0.1:81/a?b=c", Place(False, "127.0.0.1", 81), b"/a?b=c HTTP/1.1\r\nHost: 127.0.0.1:81"),
        ("http://[::1]:81", Place(False, "::1", 81), b"/ HTTP/1.1\r\nHost: [::1]:81"),
    ],
)  # fmt: skip
def test_a_url_says_where_to_and_what_first(url: str, place: Place, lines: bytes) -> None:
    assert place_of(url) == (place, b"POST " + lines + b"\r\n")


@pytest.mark.parametrize("url", ["", "nonsense", "http://", "http://[", "ftp://it/", "http://it:x/", "http://it/a b"])
def test_what_leads_nowhere_is_no_place(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        place_of(url)
