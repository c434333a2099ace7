"""Helplines are called again every 90 days: where the last record of that is older, a task says so, once.

It changes nothing of what is shown: a line hides itself by its own date.
"""

import json
from datetime import date, datetime

from surveys.library.helplines import STALE_AFTER
from surveys.records import readiness
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE
from surveys.steps.alarm import open_task
from surveys.steps.service import Service

TASK = "helplines_due"


async def ask_for_lines(service: Service, now: datetime) -> None:
    """Open the coordinator's task where it is due; safe to repeat. A side that is not ready has its doctor."""
    async with service.database.writing() as tx:
        last = await readiness.latest(tx)
        said = json.loads(last.document).get("helplines_verified_on") if last is not None else None
        if said and service.local(now).date() - date.fromisoformat(said) > STALE_AFTER:
            await open_task(tx, NewTask(EVERY_CENTRE, TASK, f"{service.side}.{said}"), now)
