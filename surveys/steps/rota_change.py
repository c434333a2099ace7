"""The on-call list as the console changes it, by rows, in a new record of readiness beside the old ones.

It must never change a list that somebody else changed meanwhile, nor keep a row that `posle ready` would refuse, nor
leave a centre's alerts to nobody; whoever is put on, replaced or taken off, the coordinators are told by a task.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.records import readiness
from surveys.records.database import Tx
from surveys.rules.roles import EVERY_CENTRE
from surveys.steps.readiness import HOST, IN_CONSOLE, NotAttested, amend, read_worker
from surveys.steps.rota_told import tell


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
    if (before := (await listed(tx)).rows) == rows:
        return
    name = await amend(tx, now, **{"on_call": list(rows), IN_CONSOLE: True})
    await tell(tx, name, before, rows, actor, now, into=centre if was != centre else None)


async def hand_over(
    tx: Tx, places: Collection[int], to: Mapping[str, str], centres: Collection[str], actor: str, now: datetime
) -> None:
    """Somebody else (`name`, `phone`, `email`) stands in these places from now on, at the same centre, order and hours.
    A row that says no more than one they have already falls away. ReadinessRefused names the key that is wrong."""
    before = (await listed(tx)).rows
    own = [row for row in before if _is_of(row, to["email"])]
    rows: list[Mapping[str, Any]] = []
    for place, row in enumerate(before):
        theirs = {**row, **to} if place in places else row
        if place in places:
            read_worker(theirs, "on_call", centres)
        if place not in places or not any(_covers(each, theirs) for each in own):
            rows.append(theirs)
    name = await amend(tx, now, **{"on_call": rows, IN_CONSOLE: True})
    await tell(tx, name, before, rows, actor, now)


def rows_of(rows: Sequence[Mapping[str, Any]], login: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Where in the list this address stands: the place in it, and the row."""
    return [(place, row) for place, row in enumerate(rows) if _is_of(row, login)]


def _is_of(row: Mapping[str, Any], login: str) -> bool:
    return bool(row["email"].strip().casefold() == login.strip().casefold())


def _covers(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether the first row is on call at least where and when the second is."""
    return one["centre"] == other["centre"] and (not one.get("hours") or one.get("hours") == other.get("hours"))
