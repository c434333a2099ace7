"""Rotates a side's keys and writes down that it was done; no key ever leaves the key file."""

from datetime import datetime
from pathlib import Path

from posle.opening import OPERATOR, opened
from surveys.records import audit, rotation
from surveys.records.rotation import Rotated


async def turn_keys(folder: Path, now: datetime) -> Rotated:
    """A new generation; gives how many values moved and which keys were retired."""
    async with opened(folder) as (_, database):
        turned = await rotation.rotate(database)
        async with database.writing() as tx:
            audit.record(tx, OPERATOR, "keys.rotated", "side", now, moved=turned.moved, retired=len(turned.retired))
        return turned
