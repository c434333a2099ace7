"""Exports rows from the command line; the audit keeps the codes of who agreed. Rows of a side need two people."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from assessment.files import write_beside
from posle.actors import actor, two_actors
from posle.opening import opened, service_of
from surveys.records.database import Database
from surveys.steps.export import Counts, export


async def export_rows(
    folder: Path, out: Path, by: Sequence[str], now: datetime, *, research: bool, language: str
) -> Counts:
    """Write the export into `out`; one of the refusals otherwise."""
    async with opened(folder) as (settings, database):
        needs_two = not research or settings.two_people
        who = two_actors(database, by) if needs_two else _by(database, by)
        return await export(
            service_of(settings, database, enrols=research),
            out,
            who,
            now,
            research=research,
            beside=partial(write_beside, language),
        )


def _by(database: Database, names: Sequence[str]) -> str:
    """The codes of everybody who is named; whoever holds the side's folder where nobody is."""
    return "+".join(sorted({actor(database, name) for name in names})) or "operator"
