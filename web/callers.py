"""Who calls, and how often. An address that floods is turned away, and takes nothing from anybody else.

An address is the connection's own. A header counts only where the connection comes from a proxy that the operator
named, and of it only what that proxy added: what a client wrote there is never believed. No address is ever logged or
written down.
"""

import re
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

Network = IPv4Network | IPv6Network
_Address = IPv4Address | IPv6Address
AT_ONCE = 120.0
"""Requests that one address may make at a time: many phones share the address of a mobile operator."""
A_SECOND = 2.0
"""And how many more each second."""
_REMEMBERED = 10_000
_WITH_PORT = re.compile(r"(?P<four>[0-9.]+):[0-9]{1,5}|\[(?P<six>[0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?", re.ASCII)
_HOUSE = 64
"""Bits of an IPv6 address that name a house; whoever has one has all addresses in it."""


@dataclass(slots=True)
class _Left:
    """How many requests an address had left, at a time of the monotonic clock."""

    requests: float
    at: float


class Callers:
    """Counts the requests of each address. `proxies` are the operator's own; None where a proxy is in front that nobody
    named, so that addresses cannot be told apart and nobody is turned away."""

    def __init__(
        self, proxies: Sequence[Network] | None = (), *, at_once: float = AT_ONCE, a_second: float = A_SECOND
    ) -> None:
        self._proxies, self._at_once, self._a_second = proxies, at_once, a_second
        self._left: OrderedDict[str, _Left] = OrderedDict()

    def of(self, scope: Scope) -> str | None:
        """Who makes this request; None where that cannot be told, and for whatever runs on this machine itself."""
        peer = _parsed(scope["client"][0]) if self._proxies is not None and scope.get("client") else None
        if peer is None:
            return None
        if not _within(peer, self._proxies or ()):
            return None if peer.is_loopback else _named(peer)
        return self._behind(scope)

    def _behind(self, scope: Scope) -> str | None:
        """The last address in the header that is no proxy of ours: the one that our own proxy saw."""
        said = ",".join(v.decode("latin-1") for name, v in scope["headers"] if name == b"x-forwarded-for")
        for part in reversed(said.split(",")) if said.strip() else ():
            address = _parsed(_without_port(part.strip()))
            if address is None:
                return "unreadable"
            if not _within(address, self._proxies or ()):
                return _named(address)
        return None

    def has_left(self, caller: str | None, now: float) -> bool:
        """Whether that address may make one more request."""
        return caller is None or caller not in self._left or self._refilled(caller, now) >= 1

    def counts(self, caller: str | None, now: float) -> None:
        """It made one."""
        if caller is None:
            return
        left = self._refilled(caller, now) if caller in self._left else self._at_once
        self._left[caller] = _Left(max(0.0, left - 1), now)
        self._left.move_to_end(caller)
        if len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)

    def admits(self, caller: str | None, now: float) -> bool:
        """Both: whether it may make one more, which is counted."""
        if not self.has_left(caller, now):
            return False
        self.counts(caller, now)
        return True

    def _refilled(self, caller: str, now: float) -> float:
        known = self._left[caller]
        return min(self._at_once, known.requests + max(0.0, now - known.at) * self._a_second)


def networks(written: Collection[str]) -> tuple[Network, ...]:
    """Addresses and networks as settings name them; ValueError for anything else, and for one that is everybody."""
    found = tuple(ip_network(each) for each in written)
    if any(each.prefixlen < 8 for each in found):
        raise ValueError("names everybody")
    return found


def _without_port(written: str) -> str:
    """Some proxies write `192.0.2.1:port`, `[2001:db8::1]` or `[2001:db8::1]:port`."""
    found = _WITH_PORT.fullmatch(written)
    return found["four"] or found["six"] if found else written


def _parsed(text: str) -> _Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _within(address: _Address, several: Collection[Network]) -> bool:
    return any(address in each for each in several)


def _named(address: _Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _HOUSE), strict=False))
    return str(address)
