"""Durable enrolment of many people at once (`posle import`), beside plain rows of the same number in one commit."""

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

from posle.enrolling import enrol_rows
from tests.bench.process import free_port
from tests.bench.side import make_side, people
from tests.bench.standin import StandIn
from tests.bench.table import Row


async def measure(root: Path, quick: bool) -> list[Row]:
    """People a second, everything included: checks, sealing, plan, links, audit, commit."""
    count, api = 500 if quick else 5000, free_port()
    server = await StandIn(lambda *_: None).listen(api)
    side = await make_side(root, port=free_port(), api_url=f"http://127.0.0.1:{api}")
    now = datetime.now(UTC)
    rows = list(enumerate(people(count, now.date()), 1))
    before = _rows_in(side.folder / "posle.db")
    began = time.perf_counter()
    await enrol_rows(side.folder, rows, now)
    seconds = time.perf_counter() - began
    server.close()
    written = _rows_in(side.folder / "posle.db") - before
    floor = _plain(root / "floor.db", written)
    return [Row(f"import of {count:,} people", count / seconds, "/s", count / floor, "≥ 1,000/s")]


def _rows_in(file: Path) -> int:
    with sqlite3.connect(file) as records:
        tables = [name for (name,) in records.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return sum(int(records.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in tables)


def _plain(file: Path, count: int) -> float:
    """Seconds for so many rows of 200 bytes in one durable transaction."""
    records = sqlite3.connect(file, isolation_level=None)
    records.execute("PRAGMA journal_mode=WAL")
    records.execute("PRAGMA synchronous=FULL")
    records.execute("CREATE TABLE plain (id TEXT PRIMARY KEY, value BLOB)")
    rows = [(f"p{number:010d}", bytes(200)) for number in range(count)]
    began = time.perf_counter()
    records.execute("BEGIN IMMEDIATE")
    records.executemany("INSERT INTO plain VALUES (?, ?)", rows)
    records.execute("COMMIT")
    seconds = time.perf_counter() - began
    records.close()
    return seconds
