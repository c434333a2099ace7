"""Exports rows from the command line: two different people must agree, and the audit keeps their codes."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from posle.actors import two_actors
from posle.opening import opened, service_of
from surveys.steps.export import Counts, export


async def export_rows(folder: Path, out: Path, by: Sequence[str], now: datetime, *, research: bool) -> Counts:
    """Write answers.csv and responses.csv into `out`; one of the refusals otherwise."""
    async with opened(folder) as (settings, database):
        who = two_actors(database, by)
        return await export(service_of(settings, database), out, who, now, research=research)
