"""Opens a call from the command line: the number is shown once, where every rule allows the call now."""

from datetime import datetime
from pathlib import Path
from typing import TypedDict

from posle.actors import actor
from posle.opening import opened, service_of
from surveys.steps.call import open_call


class Shown(TypedDict):
    """What `posle call` prints. `call_until` is ISO with a zone."""

    participant: str
    number: str
    call_until: str
    someone_else_answers: str


async def call(folder: Path, participant: str, by: str, now: datetime) -> Shown:
    """The call; CallRefused or NoSuchParticipant where it must not be made."""
    async with opened(folder) as (settings, database):
        found = await open_call(service_of(settings, database), participant, actor(database, by), now)
        until = found.until.astimezone(settings.side.timezone).isoformat(timespec="minutes")
    return Shown(
        participant=participant, number=found.number, call_until=until, someone_else_answers=found.someone_else
    )
