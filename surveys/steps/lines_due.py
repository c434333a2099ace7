"""Helplines are called again every 90 days: where the last record of that is older, a task says so, once.

It changes nothing of what is shown: a line hides itself by its own date.
"""

from datetime import datetime

from surveys.library.helplines import stale_lines
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE
from surveys.steps.alarm import open_task
from surveys.steps.lines import lines_of
from surveys.steps.service import Service

TASK = "helplines_due"


async def ask_for_lines(service: Service, now: datetime) -> None:
    """Open the coordinator's task where it is due; safe to repeat. A line never verified is its doctor's matter."""
    today = service.local(now).date()
    async with service.database.writing() as tx:
        lines = await lines_of(tx, service.library)
        lapsed = [max(line.called_on()) for line in stale_lines(lines, today) if line.called_on()]
        if lapsed:
            await open_task(tx, NewTask(EVERY_CENTRE, TASK, f"{service.side}.{max(lapsed)}"), now)
