"""The socket, taken before any work begins, and the end of serving: a signal stops it in order, status 0."""

import asyncio
import errno
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn

from posle.serving.guard import keep_sweeping, patience


class AddressTaken(Exception):
    """[side] listen: something else listens there already, perhaps another `posle serve`; stop it or name another
    port."""


class AddressRefused(Exception):
    """[side] listen: this machine cannot listen there; the message says why."""


def reserved(host: str, port: int) -> socket.socket:
    """The socket, bound already but deaf until the server listens, when all else is at work; one of the two refusals
    otherwise."""
    name = host.strip("[]")
    door = socket.socket(socket.AF_INET6 if ":" in name else socket.AF_INET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((name, port))
    except OSError as problem:
        door.close()
        if problem.errno == errno.EADDRINUSE:
            raise AddressTaken from None
        why = os.strerror(problem.errno) if problem.errno and problem.errno > 0 else "no such host"
        raise AddressRefused(f"[side] listen: this machine cannot listen there ({why})") from None
    return door


@contextmanager
def stopping(line: str = "ending: what is under way is finished first") -> Iterator[asyncio.Event]:
    """Set once the process is told to end, by SIGTERM or SIGINT; it then says `line`, and ends by itself, after what is
    under way."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    signs = (signal.SIGTERM, signal.SIGINT)

    def end() -> None:
        if not told.is_set():
            told.set()
            say(line)

    for sign in signs:
        loop.add_signal_handler(sign, end)
    try:
        yield told
    finally:
        for sign in signs:
            with suppress(RuntimeError):
                loop.remove_signal_handler(sign)


def say(line: str) -> None:
    """One line for whoever started the process; where nobody reads any more, none."""
    with suppress(OSError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


class Server(uvicorn.Server):
    """A server that leaves signals to `stopping`: its own way ends the process before replies have left."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield

    async def until(self, told: asyncio.Event, door: socket.socket) -> None:
        """Answer at this socket until told to end."""
        waiting = asyncio.create_task(self._told(told))
        sweeping = asyncio.create_task(keep_sweeping(self.server_state.connections, patience()))
        try:
            await self.serve(sockets=[door])
        finally:
            waiting.cancel()
            sweeping.cancel()
            await asyncio.gather(waiting, sweeping, return_exceptions=True)

    async def _told(self, told: asyncio.Event) -> None:
        await told.wait()
        self.should_exit = True
