"""Claiming many messages that are due at once, every rule asked, beside a bare update of the same number of rows."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posle.opening import opened, service_of
from posle.serving.process import keep_what_is_loaded
from surveys.records import contacts
from surveys.records.contacts import NewContact
from surveys.rules.vocabulary import Channel
from surveys.steps.dispatch import AT_ONCE, claim_ready
from surveys.steps.enrol import enrol_many, read
from surveys.steps.service import Service
from tests.bench.process import free_port
from tests.bench.side import make_side, people
from tests.bench.table import Row

_BATCH = 500
_ENROLLED_AT_ONCE = 2000


async def measure(root: Path, quick: bool) -> list[Row]:
    """Seconds until everything due is claimed, as few at once as `dispatch` does, and as many as the floor."""
    count = 1000 if quick else 40_000
    rows: list[Row] = []
    for at_once in (AT_ONCE, _BATCH):
        folder = root / str(at_once)
        folder.mkdir()
        seconds, cpu, claimed = await _claim(folder, count, at_once)
        floor = _floor(folder / "floor.db", claimed)
        rows.append(Row(f"claiming {claimed:,} due, {at_once} a commit", seconds, "s", floor, "≤ 5 s"))
        rows.append(Row(f"claiming {claimed:,} due, {at_once} a commit: CPU", cpu, "s"))
    return rows


async def _claim(root: Path, count: int, at_once: int) -> tuple[float, float, int]:
    side = await make_side(root, port=free_port(), api_url="http://127.0.0.1:9")
    async with opened(side.folder) as (settings, database):
        service = service_of(settings, database, enrols=True)
        noon = _noon_of_a_workday(service)
        await _bound(service, count, noon)
        keep_what_is_loaded()
        began, used, claimed, looked_at = time.perf_counter(), time.process_time(), 0, 1
        while looked_at:
            ready, looked_at = await claim_ready(service, noon, at_once)
            claimed += len(ready)
        return time.perf_counter() - began, time.process_time() - used, claimed


def _noon_of_a_workday(service: Service) -> datetime:
    """At which everybody's first message is due: no holiday, and not the eve of one."""
    at = datetime.now(UTC).replace(hour=11, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while not service.hours.is_allowed(at):
        at += timedelta(days=1)
    return at


async def _bound(service: Service, count: int, now: datetime) -> None:
    """People who pressed Start long ago, entered after their due date: written to at the first allowed hour."""
    overdue = service.local(now).date() - timedelta(days=20)
    rows = [read(service, each, now) for each in people(count, overdue)]
    for place in range(0, count, _ENROLLED_AT_ONCE):
        enrolled = await enrol_many(service, rows[place : place + _ENROLLED_AT_ONCE], now)
        async with service.database.writing(long=True) as tx:
            several = [
                NewContact(each.participant, Channel.TELEGRAM, str(1 + place + number), verified_at=now)
                for number, each in enumerate(enrolled)
            ]
            await contacts.add_many(tx, several, now)


def _floor(file: Path, count: int) -> float:
    records = sqlite3.connect(file, isolation_level=None)
    records.execute("PRAGMA journal_mode=WAL")
    records.execute("PRAGMA synchronous=FULL")
    records.execute("CREATE TABLE planned (id INTEGER PRIMARY KEY, state TEXT, due INTEGER, lease TEXT)")
    records.execute("CREATE INDEX due ON planned (due) WHERE state = 'planned'")
    records.execute("BEGIN")
    records.executemany("INSERT INTO planned VALUES (?, 'planned', 1, NULL)", ((number,) for number in range(count)))
    records.execute("COMMIT")
    began = time.perf_counter()
    while True:
        records.execute("BEGIN IMMEDIATE")
        due = records.execute(f"SELECT id FROM planned WHERE state = 'planned' AND due <= 1 LIMIT {_BATCH}").fetchall()
        records.executemany("UPDATE planned SET state = 'claimed', lease = 'l' WHERE id = ?", due)
        records.execute("COMMIT")
        if not due:
            break
    seconds = time.perf_counter() - began
    records.close()
    return seconds
