"""Answers somebody's request for their own data from the command line: the same command and sentence for everybody."""

from datetime import datetime
from pathlib import Path
from typing import Any

from posle.actors import actor
from posle.opening import opened, service_of
from surveys.steps.access import copy_of


async def answer(folder: Path, participant: str, by: str, now: datetime) -> dict[str, Any]:
    """The copy; NoSuchParticipant where there is nobody. The reading is audited."""
    async with opened(folder) as (settings, database), database.writing() as tx:
        return await copy_of(tx, service_of(settings, database), participant, actor(database, by), now)
