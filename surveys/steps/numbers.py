"""One number, one person: a number of this centre is refused, one of another centre is held for the coordinator.

It must never say, to staff of one centre, that somebody is enrolled in another.
"""

from datetime import datetime

from surveys.records import audit, contacts, holds
from surveys.records.contacts import Found
from surveys.records.database import Tx
from surveys.records.holds import Scope
from surveys.records.participants import Participant
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE
from surveys.rules.vocabulary import Channel, Status
from surveys.steps.alarm import open_task
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.service import SERVICE

SHARED, UNTESTED = "number_shared", "number_untested"
_GONE = (Status.WITHDRAWN, Status.PURGED, Status.DECEASED)


async def see_that_it_is_theirs(tx: Tx, person: Participant, number: str, now: datetime) -> None:
    """Once it is written down for this person. EnrolmentRefused where this centre has it for somebody else."""
    others = [each for each in await _found(tx, number) if each.participant != person.id and each.status not in _GONE]
    if any(each.centre == person.centre for each in others):
        raise EnrolmentRefused("phone: belongs to somebody who is enrolled in this centre; look for them first")
    if others:
        await holds.place(tx, Scope.PERSON, person.id, SHARED, SERVICE, now)
        await open_task(tx, NewTask(EVERY_CENTRE, SHARED, person.id, person.id), now)
        audit.record(tx, SERVICE, "participant.held", person.id, now, reason=SHARED)


async def _found(tx: Tx, number: str) -> list[Found]:
    return [each for channel in (Channel.SMS, Channel.PHONE) for each in await contacts.find(tx, channel, number)]
