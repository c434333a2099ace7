"""What will be sent to whom and when, or why nothing will, for a whole side. It shows ids, instants and codes alone."""

from pathlib import Path

from posle.opening import opened, service_of
from surveys.records import holds, participants
from surveys.rules.reasons import Reason
from surveys.steps.outlook import Wave, waves_of


async def look_ahead(folder: Path) -> list[Wave]:
    """Every wave of every participant, in the order of their ids."""
    async with opened(folder) as (settings, database), database.reading(long=True) as tx:
        service, standing = service_of(settings, database), await holds.standing(tx)
        waves: list[Wave] = []
        people = await participants.page(tx)
        while people:
            for person in people:
                waves += await waves_of(tx, service, person, standing)
            people = await participants.page(tx, after=people[-1].id)
        return waves


def in_words(code: str | None) -> str:
    """A reason as one line that staff can read; another code as it is."""
    if code is None:
        return ""
    return Reason(code).line if code in set(Reason) else code
