"""What waits for staff: open alerts and tasks, listed, and said to be seen to, from the command line.

It shows opaque ids, kinds and times; never an answer, a number or a name.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from posle.actors import actor
from posle.opening import OPERATOR, opened
from surveys.records import alerts, audit, tasks
from surveys.records.alerts import Alert
from surveys.records.database import Tx
from surveys.records.tasks import Task
from surveys.steps import taking


class NothingWaits(Exception):
    """No open alert or task has this id; `posle tasks` lists those there are."""


class AskedAtClosing(Exception):
    """An alert that was taken is closed with `posle close`, which asks this side's question."""


class Waiting(TypedDict):
    """One thing to look at. `late` says that nobody took an alert in time."""

    id: str
    what: str
    kind: str
    centre: str
    participant: str | None
    since: str
    call_consented: bool | None
    late: bool


async def waiting(folder: Path, centre: str | None, now: datetime) -> list[Waiting]:
    """Alerts first, the most urgent first, then tasks; each oldest first, of one centre or of all. It is audited."""
    async with opened(folder) as (settings, database), database.writing() as tx:
        zone = settings.side.timezone
        standing = [each for each in await alerts.standing(tx) if centre in (None, each.centre)]
        standing.sort(key=lambda each: (each.urgency != "urgent", each.opened_at))
        listed = [_alert(each, now, each.opened_at.astimezone(zone)) for each in standing]
        listed += [_task(each, each.opened_at.astimezone(zone)) for each in await _every_task(tx, centre)]
        audit.record(tx, OPERATOR, "waiting.read", "side", now, count=len(listed))
        return listed


async def _every_task(tx: Tx, centre: str | None) -> list[Task]:
    """However many there are, the oldest first: a task that is not listed is a person nobody looks at."""
    found: list[Task] = []
    while page := await tasks.standing(tx, centre, found[-1].id if found else ""):
        found += page
    return sorted(found, key=lambda each: (each.opened_at, each.id))


def _alert(alert: Alert, now: datetime, since: datetime) -> Waiting:
    return {
        "id": alert.id, "what": f"alert ({alert.state})", "kind": str(alert.urgency), "centre": alert.centre,
        "participant": alert.participant, "since": since.isoformat(timespec="minutes"),
        "call_consented": alert.call_consented, "late": alert.is_red(now),
    }  # fmt: skip


def _task(task: Task, since: datetime) -> Waiting:
    return {
        "id": task.id, "what": "task", "kind": task.kind, "centre": task.centre, "participant": task.participant,
        "since": since.isoformat(timespec="minutes"), "call_consented": None, "late": False,
    }  # fmt: skip


async def settle(folder: Path, ids: Sequence[str], by: str, now: datetime) -> list[str]:
    """Acknowledge open alerts, close tasks; all of them or none. NothingWaits names none.

    An acknowledged alert is closed by `posle close` alone, which asks what must be asked.
    """
    async with opened(folder) as (_, database), database.writing() as tx:
        who = actor(database, by)
        done = []
        for each in ids:
            if await taking.take(tx, each, who, now):
                done.append("alert.acknowledged")
            elif await tasks.close(tx, each, who, now):
                done.append("task.closed")
                audit.record(tx, who, "task.closed", each, now)
            elif (found := await alerts.get(tx, each)) is not None and found.state == "acknowledged":
                raise AskedAtClosing
            else:
                raise NothingWaits
        return done
