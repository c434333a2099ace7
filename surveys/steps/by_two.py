"""What concerns the side and takes two people: asked for by one, agreed to by another, done as the second one agrees.

Nobody agrees with themselves, and nothing is agreed to that was not asked for as it stands.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from surveys.records import approvals, audit
from surveys.records.approvals import Approval
from surveys.records.database import Tx
from surveys.rules.roles import EVERY_CENTRE, Reader
from surveys.steps import second_person

VALID = timedelta(days=7)


class Matter(StrEnum):
    """What two people agree to. Values are stored: never rename one."""

    LINE = "line_called"
    WORDING = "wording"
    TEXT = "consent_text"
    RECONSENT = "reconsent"
    MERGE = "merge_centres"
    PHONE = "centre_phone"
    PROTOCOL = "protocol"


class TakesAnother(PermissionError):
    """Somebody else must agree: nobody does with themselves, and what was not asked for is not agreed to."""


async def waiting(tx: Tx, matter: Matter, now: datetime) -> dict[str, Approval]:
    """What was asked for and is not agreed to yet, by its subject."""
    found = (each for each in await approvals.standing(tx, now) if each.action == matter and each.granted_at is None)
    return {each.subject: each for each in found}


async def ask(tx: Tx, reader: Reader, matter: Matter, subject: str, now: datetime, centre: str = EVERY_CENTRE) -> str:
    """Ask a colleague; asked for already, it stays as it was asked for first. The request's id."""
    if (found := (await waiting(tx, matter, now)).get(subject)) is not None:
        return found.id
    name = await approvals.ask(tx, matter, subject, centre, reader.account, now, now + VALID)
    audit.record(tx, reader.account, "agreement.asked", subject, now, kind=matter)
    return name


async def agree(tx: Tx, reader: Reader, matter: Matter, subject: str, now: datetime) -> Approval:
    """Agree, and use the agreement up; TakesAnother where it is the reader's own request or there is none."""
    found = (await waiting(tx, matter, now)).get(subject)
    if found is None or not reader.sees(found.centre) or not await second_person.grant(tx, found, reader.account, now):
        raise TakesAnother
    await approvals.use(tx, matter, subject, now)
    audit.record(tx, reader.account, "agreement.given", subject, now, kind=matter, asked_by=found.asked_by)
    return found
