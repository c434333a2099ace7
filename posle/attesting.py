"""Records a side's readiness from what was handed in."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from posle.actors import actor
from posle.opening import opened
from surveys.library import load_library
from surveys.steps.readiness import attest, read_readiness


async def record(folder: Path, given: Mapping[str, Any], now: datetime, *, replace_rota: bool = False) -> str:
    """The record's id; ReadinessRefused where anything is missing or wrong."""
    async with opened(folder) as (settings, database):
        library = settings.configured.on(load_library(settings.side.name))
        today = now.astimezone(settings.side.timezone).date()
        document = read_readiness(given, today=today, protocol=library.protocol.version, centres=library.centres)
        async with database.writing() as tx:
            who = actor(database, given["recorded_by"])
            return await attest(tx, document, who, now, replace_rota=replace_rota)
