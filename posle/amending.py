"""Corrects what is known of a participant from the command line, and prints what followed from it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.telegram.names import deep_link
from posle.actors import actor
from posle.enrolling import bot_name
from posle.opening import opened, service_of
from surveys.language.catalogue import languages
from surveys.steps.amend import amend
from surveys.steps.amendment import read_amendment


async def amend_one(folder: Path, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What `posle amend` prints; one of the refusals otherwise, and then nothing was changed."""
    async with opened(folder) as (settings, database):
        service = service_of(settings, database)
        change = read_amendment(given, today=service.local(now).date(), languages=languages())
        name = await bot_name(settings) if change.kind == "telegram" else ""
        done = await amend(service, change, actor(database, change.recorded_by), now)
        link = {"telegram_link": deep_link(name, done.token)} if done.token else {}
        return {
            "participant": done.participant,
            "kind": done.kind,
            "moved": done.moved,
            **link,
            "tasks": [{"wave": late.wave, "reason": late.reason} for late in done.tasks],
        }
