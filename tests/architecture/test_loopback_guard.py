"""The guard itself: every way out that Python has is refused, and the refusal is noticed even where it is swallowed."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable

import pytest
import uvloop

from tests.loopback.loopback_guard import OffTheLoopback

FAR = "203.0.113.7"
FAR6 = "2001:db8::7"
NAME = "surveys.example.org"


def _open(family: int = socket.AF_INET, kind: int = socket.SOCK_STREAM) -> socket.socket:
    sock = socket.socket(family, kind)
    sock.settimeout(1)
    return sock


def _with(use: Callable[[socket.socket], object], *how: int) -> Callable[[], object]:
    def go() -> object:
        with _open(*how) as sock:
            return use(sock)

    return go


WAYS: dict[str, Callable[[], object]] = {
    "connect": _with(lambda sock: sock.connect((FAR, 80))),
    "connect by name": _with(lambda sock: sock.connect((NAME, 80))),
    "connect over IPv6": _with(lambda sock: sock.connect((FAR6, 80)), socket.AF_INET6),
    "connect_ex": _with(lambda sock: sock.connect_ex((FAR, 80))),
    "sendto": _with(lambda sock: sock.sendto(b"x", (FAR, 80)), socket.AF_INET, socket.SOCK_DGRAM),
    "sendto with flags": _with(lambda sock: sock.sendto(b"x", 0, (FAR, 80)), socket.AF_INET, socket.SOCK_DGRAM),
    "sendmsg": _with(lambda sock: sock.sendmsg([b"x"], [], 0, (FAR, 80)), socket.AF_INET, socket.SOCK_DGRAM),
    "below the class": _with(lambda sock: super(socket.socket, sock).connect((FAR, 80))),
    "create_connection": lambda: socket.create_connection((NAME, 443), timeout=1),
    "getaddrinfo": lambda: socket.getaddrinfo(NAME, 80),
    "gethostbyname": lambda: socket.gethostbyname(NAME),
}
LOOP_WAYS: dict[str, Callable[[asyncio.AbstractEventLoop], Awaitable[object]]] = {
    "create_connection": lambda loop: loop.create_connection(asyncio.Protocol, FAR, 80),
    "create_connection by name": lambda loop: loop.create_connection(asyncio.Protocol, NAME, 80),
    "getaddrinfo": lambda loop: loop.getaddrinfo(NAME, 80),
}


@pytest.mark.leaves_the_loopback
@pytest.mark.parametrize("way", WAYS)
def test_every_way_off_this_machine_is_refused(way: str) -> None:
    with pytest.raises(OffTheLoopback):
        WAYS[way]()


@pytest.mark.leaves_the_loopback
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("way", LOOP_WAYS)
def test_every_way_off_this_machine_is_refused_in_an_event_loop(
    way: str, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    async def go() -> None:
        await LOOP_WAYS[way](asyncio.get_running_loop())

    with asyncio.Runner(loop_factory=loop) as runner, pytest.raises(OffTheLoopback):
        runner.run(go())


@pytest.mark.leaves_the_loopback
def test_a_swallowed_refusal_is_noticed_all_the_same() -> None:
    with contextlib.suppress(Exception):
        socket.create_connection((FAR, 80))


@pytest.mark.leaves_the_loopback
def test_a_process_that_a_test_starts_is_guarded_too() -> None:
    code = f"import socket; socket.create_connection(({FAR!r}, 80), timeout=1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "OffTheLoopback" in done.stderr


def _greet_and_close(server: socket.socket) -> None:
    server.accept()[0].close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_this_machine_may_be_reached(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_greet_and_close, args=(server,), daemon=True).start()
        with socket.create_connection((name, server.getsockname()[1]), timeout=5) as sock:
            assert sock.recv(1) == b""
