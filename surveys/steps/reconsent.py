"""Somebody who left agrees anew: one member of staff asks, another agrees, and only then are they enrolled again.

The old row stays withdrawn for ever; the agreement is worth one enrolment, within a week.
"""

from datetime import datetime

from surveys.records import approvals, audit
from surveys.records.approvals import Approval
from surveys.records.database import Tx
from surveys.records.participants import Participant
from surveys.rules.roles import Reader
from surveys.rules.vocabulary import Status
from surveys.steps import by_two, second_person
from surveys.steps.by_two import Matter, TakesAnother


class NotLeft(ValueError):
    """This person did not leave, so nothing is to be agreed to anew."""


async def ask(tx: Tx, reader: Reader, person: Participant, now: datetime) -> None:
    """Say that they agreed anew, in person; a colleague must agree too. NotLeft."""
    if person.status is not Status.WITHDRAWN:
        raise NotLeft
    await by_two.ask(tx, reader, Matter.RECONSENT, person.id, now, person.centre)


async def agree(tx: Tx, reader: Reader, person: Participant, now: datetime) -> None:
    """The colleague knows of it and agrees. TakesAnother where it is the reader's own request, or there is none."""
    found = await standing(tx, person.id, now)
    if found is None or not await second_person.grant(tx, found, reader.account, now):
        raise TakesAnother
    audit.record(tx, reader.account, "agreement.given", person.id, now, kind=Matter.RECONSENT, asked_by=found.asked_by)


async def standing(tx: Tx, participant: str, now: datetime) -> Approval | None:
    """The request about this person that is neither used nor lapsed."""
    every = await approvals.standing(tx, now)
    return next((each for each in every if (each.action, each.subject) == (Matter.RECONSENT, participant)), None)


async def granted(tx: Tx, participant: str, now: datetime) -> bool:
    """Whether two people agreed that this person is enrolled anew."""
    found = await standing(tx, participant, now)
    return found is not None and found.granted_at is not None


async def use(tx: Tx, participant: str, now: datetime) -> bool:
    """Use the agreement up; False where there is none."""
    return await approvals.use(tx, Matter.RECONSENT, participant, now) is not None
