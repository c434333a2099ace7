"""How long the console's pages take with 100,000 people, beside a page that reads nothing but the session."""

import sqlite3
import time
from pathlib import Path
from statistics import median

from surveys.records.database import Database
from surveys.rules.roles import Role
from surveys.steps import overview
from tests.bench.table import Row
from tests.databases import any_seals, fresh_sqlite
from tests.staff.answered import go_through
from tests.staff.office import Client, opened
from tests.steps.stage import make_stage

_RUNS = 15
_COUNTED = "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :count) "
_EACH = {
    "participants": {"id": "printf('p-%020d', n)"},
    "invitations": {"id": "id || '-' || n", "participant": "printf('p-%020d', n)"},
    "deliveries": {
        "id": "id || '-' || n", "participant": "printf('p-%020d', n)", "invitation": "invitation || '-' || n",
        "interview": "NULL", "provider_message": "NULL", "state": "'sent'",
    },
}  # fmt: skip
_PAGES = {
    Role.WORKER: (
        "/staff/", "/staff/people", "/staff/people?status=withdrawn", "/staff/responses", "/staff/responses?unread=yes",
        "/staff/overview",
    ),
    Role.COORDINATOR: (
        "/staff/", "/staff/people", "/staff/overview", "/staff/audit", "/staff/audit?action=task.opened",
    ),
    Role.ADMINISTRATOR: ("/staff/accounts",),
}  # fmt: skip


async def measure(root: Path, quick: bool) -> list[Row]:
    """Milliseconds from asking to the last byte, medians."""
    count = 10_000 if quick else 100_000
    database = await Database.open(fresh_sqlite(root), any_seals())
    stage = await make_stage(database, root)
    await go_through(stage, choice=1)
    _multiply(Path(database.url.removeprefix("sqlite:///")), count)
    await overview.count(stage.service, stage.now)
    rows = []
    async with opened(stage) as office:
        for role, paths in _PAGES.items():
            client = await office.client(role)
            floor = await _each(client, "/staff/me")
            rows += [
                Row(f"{count:,} people, {role}: {path}", await _each(client, path), "ms", floor, "< 100 ms")
                for path in paths
            ]
    await database.close()
    return rows


async def _each(client: Client, path: str) -> float:
    times = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        assert (await client.get(path)).status_code == 200, path
        times.append(time.perf_counter() - began)
    return median(times) * 1e3


def _multiply(file: Path, count: int) -> None:
    """Rows like those of the one person who went through a whole wave."""
    with sqlite3.connect(file, timeout=30) as records:
        for table, changed in _EACH.items():
            names = [row[1] for row in records.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(changed.get(name, name) for name in names)
            source = f"(SELECT * FROM {table} WHERE participant IS NOT NULL)" if "participant" in names else table
            records.execute(
                f"{_COUNTED} INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM counted, {source}",
                {"count": count},
            )
    records.execute("ANALYZE")
    records.close()
