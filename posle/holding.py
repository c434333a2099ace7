"""The kill switch: holds a side, a centre or a person; two people lift it. Both are written down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posle.actors import actor, two_actors
from posle.opening import OPERATOR, opened, service_of
from posle.restoring import replay
from posle.settings import Settings
from posle.wiring import library_of
from surveys.instruments.form import Form
from surveys.library import load_library
from surveys.records import audit, holds, participants
from surveys.records.database import Database, Tx
from surveys.records.holds import BURNED, WHOLE_SIDE, Scope
from surveys.records.tombstones import Tombstones
from surveys.steps import configured

_NO_SIGN = re.compile(r"[^\w.,+-]+")
_LONGEST = 60


class NothingHeld(Exception):
    """No hold stands there; `posle plan` shows what is held."""


class WithdrawalsUnknown(Exception):
    """This backup came back without the tombstone file: put its newest copy back and release again, or enter every
    withdrawal since the backup anew and say --withdrawals-entered."""


class NoSuchCentre(Exception):
    """There is no such centre; the message names those there are."""


class CoverNotReplaced(Exception):
    """The cover that was burned is still the active one; put another in [page] cover or covers/, then release."""


class NoCover(Exception):
    """This side stands behind no cover; hold it with a reason instead."""


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


async def hold_burned(folder: Path, by: str | None, now: datetime) -> str:
    """Hold the side because its cover may be known; its id. It is released only once another cover is active."""
    async with opened(folder) as (settings, database), database.writing() as tx:
        covers = library_of(settings).covers
        if not covers:
            raise NoCover
        who = actor(database, by) if by else OPERATOR
        placed = await holds.place(tx, Scope.SIDE, WHOLE_SIDE, _burned(covers[0]), who, now)
        audit.record(tx, who, "hold.placed", placed, now, reason=BURNED)
        return placed


def _burned(cover: Form) -> str:
    """The hold's reason: it says which cover, by its content, so that a new name for the old one does not do."""
    return f"{BURNED}.{cover.instrument.digest[:16]}"


async def release(
    folder: Path, centre: str | None, participant: str | None, by: Sequence[str], now: datetime, *,
    entered: bool = False,
) -> int:  # fmt: skip
    """Lift every hold on exactly this; how many. Needs two people; NothingHeld where none stands.

    WithdrawalsUnknown where the side came back without its tombstones and neither are they back, nor was it said that
    every withdrawal was `entered` again.
    """
    async with opened(folder) as (settings, database):
        if centre is None and participant is None:
            await _knows_withdrawals(settings, database, by, now, entered)
        return await _release(settings, database, centre, participant, by, now)


async def _knows_withdrawals(
    settings: Settings, database: Database, by: Sequence[str], now: datetime, entered: bool
) -> None:  # fmt: skip
    async with database.writing() as tx:
        blind = await holds.blind(tx)
        if blind is None:
            return
        who, service = two_actors(database, by), service_of(settings, database)
        if entered:
            audit.record(tx, who, "side.withdrawals_entered", "side", now)
            return
    if not _is_back(service.tombstones, blind.since):
        raise WithdrawalsUnknown
    await replay(service, now)


def _is_back(tombstones: Tombstones, since: datetime) -> bool:
    """Whether it is the file from before: one that the side has begun since tells only what happened since."""
    stones = tombstones.read()
    return tombstones.path.is_file() and (not stones or stones[0].at < since)


async def _release(
    settings: Settings, database: Database, centre: str | None, participant: str | None, by: Sequence[str],
    now: datetime,
) -> int:  # fmt: skip
    async with database.writing() as tx:
        target = await _target(tx, centre, participant)
        who = two_actors(database, by)
        burned = {_burned(each) for each in library_of(settings).covers[:1]}
        if any(each.scope == target.scope == Scope.SIDE and each.reason in burned for each in await holds.standing(tx)):
            raise CoverNotReplaced  # the console's way of lifting leaves such a hold standing
        lifted = await holds.release(tx, target.scope, target.name, who, now, replaced=True)
        if not lifted:
            raise NothingHeld
        audit.record(tx, who, "hold.released", target.name, now, scope=target.scope, lifted=lifted)
        return lifted


async def _target(tx: Tx, centre: str | None, participant: str | None) -> Target:
    if participant is not None:
        return Target(Scope.PERSON, (await participants.get(tx, participant)).id)
    if centre is None:
        return Target(Scope.SIDE, WHOLE_SIDE)
    known = (await configured.read(tx)).on(load_library(tx.side)).centres
    if centre not in known:
        raise NoSuchCentre(f"there is no such centre; there are {', '.join(sorted(known))}")
    return Target(Scope.CENTRE, centre)


def _code(reason: str) -> str:
    code = _NO_SIGN.sub("_", reason.strip())
    if not code.strip("_") or len(code) > _LONGEST:
        raise ReasonUnclear
    return code
