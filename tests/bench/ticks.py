"""What a tick costs while nothing is due, however much is planned; the floor is one indexed look and one commit."""

import sqlite3
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from posle.opening import opened, service_of
from posle.serving.due import Due
from posle.serving.telegram import TelegramAccount
from posle.settings import Settings
from scheduler.clock import SystemClock
from surveys.records import deliveries
from surveys.steps.service import Service
from tests.bench.process import free_port
from tests.bench.side import enrol_crowd, make_side
from tests.bench.table import Row

_RUNS = 300
_INVITATIONS = """
WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :count)
INSERT INTO invitations (id, participant, wave, course, due_on, opens_at, closes_at, instrument, version, state)
SELECT printf('ibench%08d', n), participant, wave, 1000 + n, due_on, opens_at + :year, closes_at + :year,
       instrument, version, 'planned'
FROM counted, (SELECT * FROM invitations LIMIT 1)
"""
_DELIVERIES = """
INSERT INTO deliveries (id, participant, invitation, kind, sequence, channel, state, why, due_at, attempts)
SELECT 'd' || substr(id, 2), participant, id, 'notice', 0, 'telegram', 'planned', 'bench', opens_at, 0
FROM invitations WHERE id LIKE 'ibench%'
"""
_YEAR = 365 * 86_400 * 1_000_000


async def measure(root: Path, quick: bool) -> list[Row]:
    """Milliseconds of wall time, medians over many ticks."""
    rows: list[Row] = []
    for count in (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000):
        folder = root / str(count)
        folder.mkdir()
        rows += await _with_planned(folder, count)
    return rows


async def _with_planned(root: Path, count: int) -> list[Row]:
    side = await make_side(root, port=free_port(), api_url="http://127.0.0.1:9")
    await enrol_crowd(side.folder, 1)
    file = side.folder / "posle.db"
    _plan(file, count)
    look, commit = _floor(file, root / "floor.db")
    async with opened(side.folder) as (settings, database):
        service = service_of(settings, database)
        question = await _each(_question(service))
        tick = await _each(_due(service, settings).run)
    return [
        Row(f"{count:,} planned: is anything due?", question, "ms", look, "≤ 0.2 ms"),
        Row(f"{count:,} planned: a whole idle tick", tick, "ms", look + commit),
    ]


def _question(service: Service) -> Callable[[], Awaitable[None]]:
    async def ask() -> None:
        async with service.database.reading() as tx:
            assert not await deliveries.anything_due(tx, datetime.now(UTC))

    return ask


def _due(service: Service, settings: Settings) -> Due:
    clock = SystemClock()
    return Due(service, TelegramAccount(service, settings, clock.now), clock, None)


async def _each(work: Callable[[], Awaitable[None]]) -> float:
    times = []
    await work()
    for _ in range(_RUNS):
        began = time.perf_counter()
        await work()
        times.append(time.perf_counter() - began)
    return median(times) * 1e3


def _plan(file: Path, count: int) -> None:
    """Rows of the shape that enrolment makes, all of them due next year."""
    with sqlite3.connect(file) as records:
        records.execute(_INVITATIONS, {"count": count, "year": _YEAR})
        records.execute(_DELIVERIES)
    records.close()


def _floor(file: Path, own: Path) -> tuple[float, float]:
    """Milliseconds of the bare look-up on the same rows, and of one durable row."""
    planned = sqlite3.connect(file)
    now = time.time() * 1e6
    look = _median(
        lambda: planned.execute(
            "SELECT 1 FROM deliveries WHERE state = 'planned' AND due_at <= ? LIMIT 1", (now,)
        ).fetchone()
    )
    planned.close()
    records = sqlite3.connect(own, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        records.execute("PRAGMA " + pragma)
    records.execute("CREATE TABLE tick (at)")
    commit = _median(lambda: records.execute("INSERT INTO tick VALUES (1)"))
    records.close()
    return look, commit


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return median(times) * 1e3
