"""How the demo leads a side's clock: lines of JSON over two inherited pipes. Nothing else in the project reads them.

The parent says what time it is; the child looks at what is due, and answers with when the next thing will be.
"""

import asyncio
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any


class LedClock:
    """A wall clock that the demo sets. With `runs`, it goes on by itself from where it was set."""

    def __init__(self, at: datetime, *, runs: bool) -> None:
        self._at, self._runs, self._since = at, runs, time.monotonic()

    def set(self, at: datetime) -> None:
        """It is now `at`."""
        self._at, self._since = at, time.monotonic()

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        passed = time.monotonic() - self._since if self._runs else 0.0
        return self._at + timedelta(seconds=passed)

    def monotonic(self) -> float:
        """The system's own; the demo never moves it."""
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Ends:
    """The two file descriptors of one side of the reins."""

    reads: int
    writes: int


def pipes() -> tuple[Ends, Ends]:
    """The parent's ends and the child's; only the child's are inheritable."""
    down_out, down_in = os.pipe()
    up_out, up_in = os.pipe()
    for inherited in (down_out, up_in):
        os.set_inheritable(inherited, True)
    return Ends(up_out, down_in), Ends(down_out, up_in)


async def lines(descriptor: int) -> asyncio.StreamReader:
    """A reader of the lines that come in at one end."""
    reader = asyncio.StreamReader(limit=2**20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", 0))
    return reader


class Reins:
    """The parent's end: one order at a time, each answered before the next."""

    def __init__(self, ends: Ends) -> None:
        self._ends = ends
        self._lines: asyncio.StreamReader | None = None
        self._turn = asyncio.Lock()
        self._held = True

    async def ask(self, **order: Any) -> Mapping[str, Any]:
        """Give an order and wait for its answer; EOFError where the child has gone."""
        async with self._turn:
            if not self._held:
                raise EOFError("the demo is ending")
            if self._lines is None:
                self._lines = await lines(self._ends.reads)
            os.write(self._ends.writes, json.dumps(order).encode() + b"\n")
            answer = await self._lines.readline()
            if not answer:
                raise EOFError("the side's process has ended; look at its log")
            result: Mapping[str, Any] = json.loads(answer)
            return result

    def close(self) -> None:
        """Let go: the child ends. Safe to call twice."""
        if self._held:
            os.close(self._ends.writes)
        self._held = False

    async def go_to(self, at: datetime) -> datetime | None:
        """Set the clock, let the side look at what is due; when the next thing will be."""
        return moment((await self.ask(do="go", at=at.isoformat()))["next"])

    async def settle(self) -> datetime | None:
        """Wait until every reply has left; when the next thing will be."""
        return moment((await self.ask(do="settle"))["next"])


def moment(text: str | None) -> datetime | None:
    """An ISO instant, or nothing."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


async def obey(ends: Ends, act: Callable[[Mapping[str, Any]], Any]) -> None:
    """The child's end: do what each line orders and answer it, until the parent closes its end."""
    reader = await lines(ends.reads)
    while line := await reader.readline():
        answer = await act(json.loads(line))
        os.write(ends.writes, json.dumps(answer).encode() + b"\n")
