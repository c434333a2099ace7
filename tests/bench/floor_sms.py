"""The floor of SMS: a form read, one row made durable, the next question as TwiML. Signed or not is not asked.

Run as `python -m tests.bench.floor_sms PORT DATABASE`.
"""

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from urllib.parse import parse_qs

import uvloop

from tests.bench.floor import ITEMS, Incoming

_TEXT = "<Response><Message>{step}/{of} Koliko često, {step}. pitanje? 1 nikad … 4 često</Message></Response>"
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%b"


class SmsFloor:
    """A table of answers, and how far each number has come."""

    def __init__(self, database: str) -> None:
        self._records = sqlite3.connect(database, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._records.execute("PRAGMA " + pragma)
        self._records.execute("CREATE TABLE answer (chat, step, value, PRIMARY KEY (chat, step)) WITHOUT ROWID")
        self._steps: dict[str, int] = {}

    def take(self, raw: bytes, acknowledge: Callable[[bytes], None]) -> None:
        """One SMS, durable before its 200."""
        form = parse_qs(raw.decode())
        sender, said = form["From"][0], form["Body"][0]
        step = 0 if said == "/start" else self._steps[sender] + 1
        self._records.execute("BEGIN IMMEDIATE")
        self._records.execute("INSERT INTO answer VALUES (?, ?, ?)", (sender, step, said))
        self._records.execute("COMMIT")
        self._steps[sender] = step
        text = _TEXT.format(step=step, of=ITEMS).encode()
        acknowledge(_OK % (len(text), text))


async def serve(port: int, database: str) -> None:
    """Serve until killed."""
    loop, floor = asyncio.get_running_loop(), SmsFloor(database)
    server = await loop.create_server(lambda: Incoming(floor), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(int(sys.argv[1]), sys.argv[2]))
