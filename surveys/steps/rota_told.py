"""What became of the on-call list, whichever way it changed: audited by centre; coordinators are told.

Nobody is put on the list, taken off it, moved or replaced silently: not in the console, by a merge, nor on the command
line.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from surveys.records import audit
from surveys.records.database import Tx
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE
from surveys.steps.alarm import open_task

CHANGED = "rota_changed"
Row = Mapping[str, Any]


async def tell(
    tx: Tx, record: str, before: Sequence[Row], after: Sequence[Row], actor: str, now: datetime, into: str | None = None
) -> None:
    """Say by centre what the record changed, and open the coordinators' task: who is gone, or is told of alerts now.
    `into` names where the rows went, if they all went to one centre."""
    gone, new = _without(before, after), _without(after, before)
    told = gone if gone and into else [*gone, *new]  # who went to one centre is told of where they went from
    for centre in sorted({str(row["centre"]) for row in told}):
        audit.record(tx, actor, "rota.changed", record, now, centre=centre, into=into, count=len(after))
    if gone or new:
        await open_task(tx, NewTask(EVERY_CENTRE, CHANGED, record), now)


def _without(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """The rows that are not among the others; one that stands twice must stand there twice."""
    left, found = list(others), []
    for row in rows:
        if row in left:
            left.remove(row)
        else:
            found.append(row)
    return found
