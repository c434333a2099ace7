"""`posle reconfirm`: a safe contact confirmed anew, from the command line."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from posle.actors import actor
from posle.opening import opened, service_of
from surveys.steps.reconfirm import reconfirm


async def reconfirm_one(
    folder: Path, participant: str, given: Mapping[str, Any], by: str, now: datetime, *, words_stay: bool = False
) -> None:
    """Record it; the refusals of `surveys.steps.reconfirm`."""
    async with opened(folder) as (settings, database):
        service = service_of(settings, database)
        await reconfirm(service, participant, given, actor(database, by), by, now, words_stay=words_stay)
