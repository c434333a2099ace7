"""Consent given anew by somebody who left: asked for by one, agreed to by another, on that person's page."""

from staff.asked import Answer, Asked, GoTo, Page
from surveys.rules.roles import May
from surveys.steps import desk, reconsent
from surveys.steps.by_two import TakesAnother
from surveys.steps.desk import NotFound


async def ask(asked: Asked) -> Answer:
    """They agreed anew, in person: ask a colleague."""
    async with asked.service.database.writing() as tx:
        person = await desk.find(tx, asked.reader.reader, asked.path["participant"])
        try:
            await reconsent.ask(tx, asked.reader.reader, person, asked.now)
        except reconsent.NotLeft:
            raise NotFound from None
    return GoTo(f"/staff/people/{person.id}")


async def agree(asked: Asked) -> Answer:
    """Agree with the colleague."""
    async with asked.service.database.writing() as tx:
        person = await desk.find(tx, asked.reader.reader, asked.path["participant"])
        try:
            await reconsent.agree(tx, asked.reader.reader, person, asked.now)
        except TakesAnother:
            raise asked.takes_another() from None
    return GoTo(f"/staff/people/{person.id}")


PAGES = (
    Page("POST", "/staff/people/{participant}/reconsent", ask, May.ENROL, strong=True),
    Page("POST", "/staff/people/{participant}/reconsent/agree", agree, May.RELEASE, strong=True),
)
