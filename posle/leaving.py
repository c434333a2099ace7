"""Takes people out from the command line: withdrawal, for good, and purge, which destroys what is known."""

from datetime import datetime
from pathlib import Path

from posle.actors import actor
from posle.opening import OPERATOR, opened, service_of
from surveys.steps.purge import purge as purge_step
from surveys.steps.retain import LetGo, retain, scrub
from surveys.steps.withdraw import delete_answers
from surveys.steps.withdraw import withdraw as withdraw_step


async def withdraw(folder: Path, participant: str, by: str | None, now: datetime, *, and_answers: bool = False) -> bool:
    """Withdraw, and delete earlier answers where that was wished; False where they had withdrawn already."""
    async with opened(folder) as (settings, database):
        service, who = service_of(settings, database), actor(database, by) if by else OPERATOR
        async with database.writing() as tx:
            new = await withdraw_step(tx, service, participant, who, now)
            if and_answers:
                await delete_answers(tx, service, participant, who, now)
        await scrub(service)
        return new


async def purge(folder: Path, participant: str, by: str, now: datetime) -> bool:
    """Purge and scrub; False where that was done already (the scrub is repeated, in case it was cut short)."""
    async with opened(folder) as (settings, database):
        service, who = service_of(settings, database), actor(database, by)
        async with database.writing() as tx:
            done = await purge_step(tx, service, participant, who, now)
        await scrub(service)
        return done


async def purge_due(folder: Path, by: str, now: datetime) -> LetGo:
    """Let go at once what the protocol's clocks say is to go."""
    async with opened(folder) as (settings, database):
        return await retain(service_of(settings, database), actor(database, by), now)
