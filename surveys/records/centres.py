"""Centres in the rows of everybody: how much belongs to one, and moving all of it to another in one transaction."""

from collections.abc import Mapping

from sqlalchemy import bindparam, func, select, update

from surveys.records.alert_tables import alerts
from surveys.records.database import Tx
from surveys.records.staff_tables import accounts, approvals
from surveys.records.tables import invitations, participants, tasks

_TABLES = (participants, invitations, alerts, tasks, accounts, approvals)
"""Every table that names a centre; a test goes through all tables."""
_MOVES = tuple(
    update(each).where(each.c.centre == bindparam("gone")).values(centre=bindparam("into")) for each in _TABLES
)
_COUNTED = {
    "people": select(func.count()).select_from(participants).where(participants.c.centre == bindparam("the_centre")),
    "accounts": select(func.count())
    .select_from(accounts)
    .where(accounts.c.centre == bindparam("the_centre"), accounts.c.state != "closed"),
    "tasks": select(func.count())
    .select_from(tasks)
    .where(tasks.c.centre == bindparam("the_centre"), tasks.c.state == "open"),
    "alerts": select(func.count())
    .select_from(alerts)
    .where(alerts.c.centre == bindparam("the_centre"), alerts.c.state != "closed"),
}


async def move(tx: Tx, gone: str, into: str) -> int:
    """Move all of it; how many people."""
    people = 0
    for each in _MOVES:
        moved = await tx.run(each, gone=gone, into=into)
        people = moved if each is _MOVES[0] else people
    return people


async def of_one(tx: Tx, centre: str) -> Mapping[str, int]:
    """How much of what waits or lives belongs to it: `people`, `accounts`, `tasks`, `alerts`."""
    found: dict[str, int] = {}
    for name, statement in _COUNTED.items():
        row = await tx.row(statement, the_centre=centre)
        found[name] = int(row[0]) if row else 0
    return found
