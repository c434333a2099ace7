"""Brings a backup back: replays withdrawals and purges since, and leaves the side on HOLD for two people to lift."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from posle.opening import OPERATOR, opened, service_of
from posle.settings import Settings, load_settings
from posle.wiring import TOMBSTONES
from surveys.records import audit, backup, backup_dates, holds
from surveys.records.database import Tx
from surveys.records.holds import WHOLE_SIDE, Scope
from surveys.records.participants import NoSuchParticipant
from surveys.records.sealing import Seals
from surveys.records.tombstones import Fate, Tombstone, last_words
from surveys.steps.gone import gone_since
from surveys.steps.purge import purge
from surveys.steps.retain import scrub
from surveys.steps.service import SERVICE, Service
from surveys.steps.withdraw import delete_answers, withdraw

HELD, HELD_BLIND = "restored_backup", holds.BLIND


@dataclass(frozen=True, slots=True)
class Restored:
    """`replayed` people had withdrawn or been purged since; `last_audit` is to be compared with what is known of."""

    last_audit: int
    last_tick: datetime | None
    replayed: int
    tombstones: bool


class PastItsDay(Exception):
    """This backup's last day is over: it holds whom the side erased since. Restore a newer one and delete this; where
    it is all that is left, say --past-its-day, which is audited."""


async def restore(folder: Path, file: Path, now: datetime, *, past_its_day: bool = False) -> Restored:
    """Put the backup in the empty place of the side's database; BackupRefused where it does not belong there,
    PastItsDay where it should be there no more."""
    settings = load_settings(folder)
    late = _is_late(settings, backup_dates.last_day(file), now)
    if late and not past_its_day:
        raise PastItsDay
    seals = Seals.load(settings.keys.file, settings.side.name)
    blind = _is_blind(settings)

    async def hold(tx: Tx, came: backup.Restored) -> None:
        await holds.place(tx, Scope.SIDE, WHOLE_SIDE, HELD_BLIND if blind else HELD, OPERATOR, now)
        audit.record(tx, OPERATOR, "side.restored", "side", now, last_audit=came.last_audit, blind=blind, late=late)

    came = await backup.restore(file, settings.database, seals, hold)
    async with opened(folder) as (_, database):
        replayed = await replay(service_of(settings, database), now)
    return Restored(came.last_audit, came.last_tick, replayed, not blind)


async def hold_where_put_by_hand(settings: Settings, service: Service, now: datetime) -> None:
    """A backup that was copied into the database's place by hand says so by its day: what was sent since is not known
    to it, so the side is held as `restore` holds it. In this order: killed between, it is held once more."""
    file = settings.database_file
    if file is None or (until := backup_dates.last_day(file)) is None:
        return
    blind = _is_blind(settings)
    async with service.database.writing() as tx:
        await holds.place(tx, Scope.SIDE, WHOLE_SIDE, HELD_BLIND if blind else HELD, SERVICE, now)
        late = _is_late(settings, until, now)
        audit.record(tx, SERVICE, "side.restored", "side", now, blind=blind, late=late)
    await asyncio.to_thread(backup_dates.unmark, file)


def _is_blind(settings: Settings) -> bool:
    return not (settings.folder / TOMBSTONES).is_file()


def _is_late(settings: Settings, until: date | None, now: datetime) -> bool:
    return until is not None and until < now.astimezone(settings.side.timezone).date()


async def replay(service: Service, now: datetime) -> int:
    """What the tombstones tell and the database does not know of is done again; of how many people."""
    stones = last_words(service.tombstones.read())
    replayed = 0
    for stone in stones.values():
        replayed += await _replay_one(service, stone, now)
    if replayed:
        await scrub(service)
    return replayed


async def _replay_one(service: Service, stone: Tombstone, now: datetime) -> bool:
    if stone.fate is Fate.BACK:
        return False
    async with service.database.writing() as tx:
        try:
            if stone.fate in (Fate.DECEASED, Fate.MOVED_ABROAD):
                return await gone_since(tx, service, stone.participant, stone.fate, OPERATOR, now)
            if stone.fate is Fate.ANSWERS_DELETED:
                await withdraw(tx, service, stone.participant, OPERATOR, now)
                return await delete_answers(tx, service, stone.participant, OPERATOR, now)
            step = purge if stone.fate is Fate.PURGED else withdraw
            return await step(tx, service, stone.participant, OPERATOR, now)
        except NoSuchParticipant:  # enrolled after the backup was made
            return False
