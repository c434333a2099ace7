"""Faults inside a running service, ordered by a test through files beside its clock: a disk, and named points.

Only `tests.journeys.clocked` installs them. `disk` says `full` or `read-only`; `doom` names one point of `POINTS` and
the signal with which the process meets it, once; `busy` says for how many seconds a locked database is waited for.
"""

import importlib
import os
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial, wraps
from pathlib import Path
from typing import Any

POINTS = {
    "brought": ("bot.telegram.bot:Bot.raw_updates", "after"),
    "arriving": ("posle.serving.telegram:receive", "before"),
    "handled": ("surveys.steps.receive:converse", "after"),
    "committed": ("posle.serving.telegram:receive", "after"),
    "replying": ("bot.telegram.client:TelegramMessenger.send", "before"),
    "left": ("bot.telegram.client:TelegramMessenger.send", "after"),
    "recorded": ("surveys.steps.sent:SentReplies.record", "after"),
    "claiming": ("surveys.steps.dispatch:claims.claim_due", "after"),
    "claimed": ("surveys.steps.dispatch:claim_ready", "after"),
    "turned": ("bot.pace:Pace.turn", "after"),
    "noted": ("surveys.steps.dispatch:record_outcome", "after"),
}
"""By the name of a point: the function, and whether it is met before or after it. `handled` and `claiming` lie inside
an open transaction; `left` comes for replies as for notices."""
Work = Callable[..., Awaitable[Any]]


def install(beside: Path) -> None:
    """Have this process look at the files in the folder `beside`."""
    from surveys.records import sqlite  # noqa: PLC0415 - only now may the service be loaded

    with suppress(FileNotFoundError):
        sqlite.BUSY_SECONDS = float((beside / "busy").read_text())
    _Disk.file = beside / "disk"
    sqlite.sqlite3.connect = partial(sqlite3.connect, factory=_Disk)  # type: ignore[attr-defined]
    for name, (place, when) in POINTS.items():
        _watch(name, place, when, beside / "doom")


class _Disk(sqlite3.Connection):
    """As the file says: no page more, or none that may be written. SQLite itself says what is then wrong."""

    file = Path()

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        """Looks at the file as a transaction begins."""
        if sql == "BEGIN IMMEDIATE":
            state = self.file.read_text() if self.file.exists() else ""
            super().execute(f"PRAGMA query_only={'ON' if state == 'read-only' else 'OFF'}")
            super().execute(f"PRAGMA max_page_count={1 if state == 'full' else 1 << 30}")
        return super().execute(sql, *given)


def _watch(name: str, place: str, when: str, doom: Path) -> None:
    module, _, path = place.partition(":")
    *owners, last = path.split(".")
    owner: Any = importlib.import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    setattr(owner, last, _watched(name, getattr(owner, last), when, doom))


def _watched(name: str, work: Work, when: str, doom: Path) -> Work:
    @wraps(work)
    async def met(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            _meet(name, doom)
        result = await work(*args, **kwargs)
        if when == "after" and not (name == "brought" and not result):  # an empty poll brought nothing
            _meet(name, doom)
        return result

    return met


def _meet(name: str, doom: Path) -> None:
    with suppress(FileNotFoundError):
        point, _, sign = doom.read_text().partition(" ")
        if point == name:
            doom.unlink()
            os.kill(os.getpid(), signal.Signals[sign])
