"""Publishes instruments into a side's database, and lists what is published. A published one is never changed."""

from datetime import datetime
from pathlib import Path

from posle.opening import OPERATOR, opened
from surveys.instruments.compile import compile_form
from surveys.instruments.model import Instrument
from surveys.instruments.stored import dump
from surveys.library import load_library
from surveys.library.compiled import instrument_of
from surveys.records import audit, instruments
from surveys.records.database import Tx
from surveys.records.instruments import Published


async def publish(folder: Path, file: Path, now: datetime) -> tuple[Instrument, bool]:
    """Compile and publish an instrument; whether it is new. FormRefused or AlreadyPublished otherwise."""
    instrument = compile_form(file)
    async with opened(folder) as (_, database), database.writing() as tx:
        return instrument, await _publish(tx, instrument, now)


async def publish_shipped(tx: Tx, now: datetime) -> None:
    """Publish what ships with the side, in this transaction."""
    for file in load_library(tx.side).instruments.values():
        await _publish(tx, instrument_of(file), now)


async def _publish(tx: Tx, instrument: Instrument, now: datetime) -> bool:
    document = dump(instrument)
    new = Published(instrument.name, instrument.version, instrument.digest, document, now, OPERATOR)
    fresh = await instruments.publish(tx, new)
    if fresh:
        audit.record(tx, OPERATOR, "instrument.published", instrument.digest, now)
    return fresh


async def published(folder: Path) -> list[Published]:
    """Every published version of every instrument, oldest first."""
    async with opened(folder) as (_, database), database.reading() as tx:
        return await instruments.every(tx)
