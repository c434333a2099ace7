"""Refuses every connection, datagram and name look-up that would leave this machine, and keeps count of the attempts.

Loaded by the test session and, through `sitecustomize`, by its child processes: it imports the standard library alone.
"""

import ipaddress
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

LOG = "LOOPBACK_GUARD_LOG"
"""The environment variable that names the file in which attempts are counted, one byte each."""

_LOCAL_NAMES = {"", "localhost", "ip6-localhost", socket.gethostname()}
_UNRESOLVED = ("socket.gethostbyname", "socket.gethostbyaddr")


class OffTheLoopback(ConnectionError):
    """A test tried to reach another machine. Point it at a server of its own on 127.0.0.1."""


def install() -> None:
    """Guard this process, for good."""
    sys.addaudithook(_heard)
    for name in ("connect", "connect_ex"):
        _wrap(socket.socket, name, _check_address)
    _wrap(socket.socket, "sendto", _check_datagram)
    _guard_uvloop()


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        _check_address(arguments[0], arguments[1])
    elif event == "socket.getaddrinfo" or event in _UNRESOLVED:
        _check_name(arguments[0])


def _wrap(owner: type, name: str, check: Callable[..., None]) -> None:
    original = getattr(owner, name)

    def guarded(self: Any, *arguments: Any, **named: Any) -> Any:
        check(self, *arguments)
        return original(self, *arguments, **named)

    setattr(owner, name, guarded)


def _check_datagram(sock: socket.socket, _data: bytes, *rest: Any) -> None:
    _check_address(sock, rest[-1])


def _check_address(_sock: object, address: Any, *_rest: Any) -> None:
    if isinstance(address, tuple) and not _local(_text(address[0])):
        _refuse()


def _check_name(name: Any) -> None:
    """Names are looked up elsewhere; a number is not, and is judged when it is connected to."""
    text = _text(name)
    if not _local(text) and _number(text) is None:
        _refuse()


def _local(host: str) -> bool:
    number = _number(host)
    if number is None:
        return host in _LOCAL_NAMES or host.endswith(".localhost")
    return number.is_loopback


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _text(host: Any) -> str:
    if host is None:
        return ""
    return host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)


def _refuse() -> None:
    log = os.environ.get(LOG)
    if log:
        with open(log, "ab") as file:
            file.write(b".")
    raise OffTheLoopback(OffTheLoopback.__doc__)


def _guard_uvloop() -> None:
    """uvloop looks names up and connects without Python's sockets."""
    try:
        import uvloop  # noqa: PLC0415 - absent on some systems
    except ImportError:
        return

    def check(_loop: object, _protocol: object, host: Any = None, *_rest: Any) -> None:
        _check_address(None, (host,))

    _wrap(uvloop.Loop, "create_connection", check)
    _wrap(uvloop.Loop, "getaddrinfo", lambda _loop, host, *_rest: _check_name(host))


def attempts() -> int:
    """How often this session, or a process that it started, tried to leave."""
    log = os.environ.get(LOG)
    return os.path.getsize(log) if log and os.path.exists(log) else 0
