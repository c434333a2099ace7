"""The kill switch: holds a side, a centre or a person; two people lift it. Both are written down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posle.actors import actor, two_actors
from posle.opening import OPERATOR, opened
from surveys.library import load_library
from surveys.records import audit, holds, participants
from surveys.records.database import Tx
from surveys.records.holds import WHOLE_SIDE, Hold, Scope

_NO_SIGN = re.compile(r"[^\w.,+-]+")
_LONGEST = 60


class NothingHeld(Exception):
    """No hold stands there; `posle plan` shows what is held."""


class NoSuchCentre(Exception):
    """There is no such centre; the message names those there are."""


class ReasonUnclear(Exception):
    """The reason must be a few words, at most 60 letters, and no names."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a hold is about."""

    scope: Scope
    name: str


async def hold(
    folder: Path, centre: str | None, participant: str | None, reason: str, by: str | None, now: datetime
) -> str:
    """Set a hold; its id. Messages that the service starts stop there at once."""
    async with opened(folder) as (_, database), database.writing() as tx:
        target = await _target(tx, centre, participant)
        who = actor(database, by) if by else OPERATOR
        placed = await holds.place(tx, target.scope, target.name, _code(reason), who, now)
        audit.record(tx, who, "hold.placed", placed, now, scope=target.scope, target=target.name)
        return placed


async def release(folder: Path, centre: str | None, participant: str | None, by: Sequence[str], now: datetime) -> int:
    """Lift every hold on exactly this; how many. Needs two people; NothingHeld where none stands."""
    async with opened(folder) as (_, database), database.writing() as tx:
        target = await _target(tx, centre, participant)
        who = two_actors(database, by)
        lifted = await holds.release(tx, target.scope, target.name, who, now)
        if not lifted:
            raise NothingHeld
        audit.record(tx, who, "hold.released", target.name, now, scope=target.scope, lifted=lifted)
        return lifted


async def standing(folder: Path) -> list[Hold]:
    """Every hold that is not lifted."""
    async with opened(folder) as (_, database), database.reading() as tx:
        return await holds.standing(tx)


async def _target(tx: Tx, centre: str | None, participant: str | None) -> Target:
    if participant is not None:
        return Target(Scope.PERSON, (await participants.get(tx, participant)).id)
    if centre is None:
        return Target(Scope.SIDE, WHOLE_SIDE)
    known = load_library(tx.side).centres
    if centre not in known:
        raise NoSuchCentre(f"there is no such centre; there are {', '.join(sorted(known))}")
    return Target(Scope.CENTRE, centre)


def _code(reason: str) -> str:
    code = _NO_SIGN.sub("_", reason.strip())
    if not code.strip("_") or len(code) > _LONGEST:
        raise ReasonUnclear
    return code
