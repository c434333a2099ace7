"""The on-call list as the console changes it: one row at a time, in a new record of readiness beside the old ones.

It must never change a list that somebody else changed meanwhile, nor keep a row that `posle ready` would refuse, nor
leave a centre's alerts to nobody; whoever is replaced or taken off, the coordinators are told by a task.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.records import audit, readiness
from surveys.records.database import Tx
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE
from surveys.steps.alarm import open_task
from surveys.steps.readiness import HOST, IN_CONSOLE, NotAttested, amend, read_worker

CHANGED = "rota_changed"


class RotaRefused(ValueError):
    """The list stays as it is; the message says why."""


class ChangedMeanwhile(RotaRefused):
    """Somebody else changed the list; look at it again."""


class NobodyLeft(RotaRefused):
    """No other row and no host organisation would be told of an alert."""


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """The list in force. `record` names the record of readiness that it stands in, empty where there is none."""

    record: str
    rows: Sequence[Mapping[str, Any]]


async def listed(tx: Tx) -> Listed:
    """Who is on call, in the order of the record."""
    last = await readiness.latest(tx)
    return Listed(last.id, json.loads(last.document).get("on_call", [])) if last else Listed("", [])


async def put(
    tx: Tx, row: Mapping[str, Any], place: int | None, seen: str, centres: Collection[str], actor: str, now: datetime
) -> None:
    """Put a row in `place`, or at the end. ReadinessRefused names the key that is wrong; RotaRefused otherwise."""
    read_worker(row, "on_call", centres)
    rows = list((await _unchanged(tx, seen)).rows)
    if place is not None and place >= len(rows):
        raise ChangedMeanwhile
    old = None if place is None else rows[place]
    rows = [*rows, row] if place is None else [*rows[:place], row, *rows[place + 1 :]]
    await _keep(tx, rows, old, str(row["centre"]), actor, now)


async def take_off(tx: Tx, place: int, seen: str, actor: str, now: datetime) -> None:
    """Take the row in `place` off the list. What nobody covers any more is held by itself (safety.md)."""
    rows = list((await _unchanged(tx, seen)).rows)
    if place >= len(rows):
        raise ChangedMeanwhile
    gone = rows.pop(place)
    await _keep(tx, rows, gone, str(gone["centre"]), actor, now)


async def _unchanged(tx: Tx, seen: str) -> Listed:
    standing = await listed(tx)
    if not standing.record:
        raise NotAttested
    if standing.record != seen:
        raise ChangedMeanwhile
    return standing


async def _see_that_somebody_is_left(tx: Tx, rows: Sequence[Mapping[str, Any]], centre: str) -> None:
    """NobodyLeft where alerts of the centre that the row was for would reach nobody."""
    last = await readiness.latest(tx)
    document = json.loads(last.document) if last else {}
    reached = any(row["centre"] in (centre, EVERY_CENTRE) for row in rows)
    if not reached and not any(document.get(key) for key in HOST):
        raise NobodyLeft


async def _keep(
    tx: Tx, rows: Sequence[Mapping[str, Any]], gone: Mapping[str, Any] | None, centre: str, actor: str, now: datetime
) -> None:
    was = str(gone["centre"]) if gone else centre
    if gone:
        await _see_that_somebody_is_left(tx, rows, was)
    name = await amend(tx, now, **{"on_call": list(rows), IN_CONSOLE: True})
    into = centre if was != centre else None
    audit.record(tx, actor, "rota.changed", name, now, centre=was, into=into, count=len(rows))
    if gone:
        await open_task(tx, NewTask(EVERY_CENTRE, CHANGED, name), now)
