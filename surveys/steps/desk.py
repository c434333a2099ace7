"""What one member of staff may see: of their own centre, and only what their role is for; every read is audited.

A row of another centre is answered exactly like one that is not there (safety.md, I17).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from surveys.records import (
    alerts,
    approvals,
    audit,
    consents,
    contacts,
    desk,
    holds,
    invitations,
    participants,
    reviews,
    tasks,
)
from surveys.records.alerts import Alert
from surveys.records.approvals import Approval
from surveys.records.consents import Consent
from surveys.records.contacts import Contact
from surveys.records.database import Tx
from surveys.records.desk import ANY, Answered, GoingOut, Shown
from surveys.records.holds import Hold, Scope
from surveys.records.participants import NoSuchParticipant, Participant
from surveys.records.reviews import Review
from surveys.records.tasks import Task
from surveys.rules.roles import May, Reader
from surveys.rules.vocabulary import Status
from surveys.steps.contact_change import TASK as CHANGE
from surveys.steps.facts import UNKNOWN, word_for
from surveys.steps.notice import CALL_TASK
from surveys.steps.outlook import Wave, waves_of
from surveys.steps.responses import Response, response_of
from surveys.steps.safe_contact import SafeContact, current
from surveys.steps.safety import OVERDUE, RECONFIRM
from surveys.steps.service import Service
from surveys.steps.withdraw import MOOT


class NotFound(LookupError):
    """There is no such thing for this reader; whether there is one for others is not said."""


@dataclass(frozen=True, slots=True)
class Today:
    """What waits. Most urgent and oldest first; `held` is why nothing is sent, where something holds."""

    alerts: Sequence[Alert]
    tasks: Sequence[Task]
    going_out: Sequence[GoingOut]
    held: Sequence[Hold]
    approvals: Sequence[Approval]


@dataclass(frozen=True, slots=True)
class Person:
    """One participant as staff see them; contact details are left out until they are revealed."""

    participant: Participant
    waves: Sequence[Wave]
    consents: Sequence[Consent]
    holds: Sequence[Hold]
    tasks: Sequence[Task]
    alerts: Sequence[Alert]
    safe: SafeContact | None = None
    reached: Sequence[Contact] = ()
    recorders: Mapping[str, str] = field(default_factory=dict)
    """Who wrote each consent down, by its id."""


@dataclass(frozen=True, slots=True, repr=False)
class Read:
    """One response beside the person's other waves, and its review."""

    participant: Participant
    response: Response
    others: Sequence[Response]
    review: Review | None


async def today(
    tx: Tx, service: Service, reader: Reader, now: datetime, from_alert: int = 0, from_task: int = 0
) -> Today:
    """What waits at the reader's centre, a page from these places on, and what goes out until the local day ends."""
    centre = reader.centre
    whose = None if centre == ANY else centre
    standing = await alerts.waiting(tx, whose, from_alert)
    waiting = await tasks.waiting(tx, whose, from_task)
    going = await desk.going_out(tx, centre, service.day_after(now))
    held = [each for each in await holds.standing(tx) if _concerns(each, reader)]
    asked = [each for each in await approvals.standing(tx, now) if reader.sees(each.centre)]
    audit.record(tx, reader.account, "today.read", "side", now, alerts=len(standing), tasks=len(waiting))
    return Today(standing, waiting, going, held, asked)


def _concerns(hold: Hold, reader: Reader) -> bool:
    return hold.scope == Scope.SIDE or (hold.scope == Scope.CENTRE and reader.sees(hold.target))


async def people(
    tx: Tx, reader: Reader, now: datetime, status: Status | None, begins: str, after: str
) -> list[Participant]:
    """A page of the reader's people."""
    found = await desk.people(tx, reader.centre, status, begins, after)
    audit.record(tx, reader.account, "people.read", "side", now, count=len(found))
    return found


async def find(tx: Tx, reader: Reader, participant: str) -> Participant:
    """The participant's row; NotFound where it is missing or of another centre, which answer alike."""
    try:
        found = await participants.get(tx, participant)
    except NoSuchParticipant:
        raise NotFound from None
    if not reader.sees(found.centre):
        raise NotFound
    return found


async def person(tx: Tx, service: Service, reader: Reader, participant: str, now: datetime) -> Person:
    """One participant's page."""
    found = await find(tx, reader, participant)
    standing = await holds.standing(tx)
    mine = [each for each in standing if each.scope == Scope.SIDE or each.target in (found.id, found.centre)]
    audit.record(tx, reader.account, "person.read", found.id, now)
    agreed = await consents.of_participant(tx, found.id)
    gone = found.status is Status.PURGED
    return Person(
        found,
        await waves_of(tx, service, found, standing),
        agreed,
        mine,
        [each for each in await tasks.of_participant(tx, found.id) if each.state == "open"],
        [each for each in await alerts.of_participant(tx, found.id) if each.state != "closed"],
        None if gone else await current(tx, found.id),
        [] if gone else [each for each in await contacts.of_participant(tx, found.id) if each.replaced_at is None],
        {} if gone else {each.id: by for each in agreed if (by := await consents.recorded_by(tx, each.id))},
    )


async def answered(tx: Tx, reader: Reader, now: datetime, before: tuple[datetime, str], shown: Shown) -> list[Answered]:
    """A page of the responses of the reader's own centre, the latest first: nobody reads those of every centre."""
    found = await desk.answered(tx, reader.centre, before, shown)
    audit.record(tx, reader.account, "responses.listed", "side", now, count=len(found))
    return found


async def read(tx: Tx, service: Service, reader: Reader, invitation: str, now: datetime) -> Read:
    """One response with the person's other waves of the same course."""
    wave = await invitations.get(tx, invitation)
    if wave is None or not reader.may(May.SEE_RESPONSES):
        raise NotFound
    found = await find(tx, reader, wave.participant)
    if found.status is Status.PURGED:
        raise NotFound
    every = [each for each in await invitations.of_participant(tx, found.id) if each.course == wave.course]
    others = [await response_of(tx, service, each) for each in every if each.id != wave.id]
    audit.record(tx, reader.account, "response.read", wave.id, now)
    return Read(found, await response_of(tx, service, wave), others, await reviews.of(tx, wave.id))


async def wording(tx: Tx, service: Service, person: Participant, language: str) -> dict[str, str]:
    """What the items' wording needs of this person: genders and the chosen word, for a reader of that language."""
    private = await participants.private(tx, person.id)
    word = word_for(service.library, person.other_gender, private.other_word, language)
    return {"gender": person.gender or UNKNOWN, "other_gender": person.other_gender or UNKNOWN, "other_word": word}


async def review(tx: Tx, service: Service, reader: Reader, invitation: str, note: str, now: datetime) -> None:
    """The reader has read this response; the note is sealed."""
    seen = await read(tx, service, reader, invitation, now)
    await reviews.keep(tx, invitation, seen.participant.id, note, reader.account, now)
    audit.record(tx, reader.account, "response.reviewed", invitation, now)


OWN_STEP = (RECONFIRM, OVERDUE, CALL_TASK, CHANGE)
"""Tasks that end by being done, never by saying that they are."""


class HasItsOwnStep(ValueError):
    """This task ends with the step that it asks for."""


async def finish(tx: Tx, reader: Reader, task: str, now: datetime) -> None:
    """The reader saw to this task; HasItsOwnStep where that cannot simply be said."""
    found = await tasks.get(tx, task)
    if found is None or not reader.sees(found.centre):
        raise NotFound
    if found.kind in OWN_STEP:
        raise HasItsOwnStep
    if not await tasks.close(tx, task, reader.account, now):
        raise NotFound
    audit.record(tx, reader.account, "task.closed", task, now)


SLIP = timedelta(minutes=10)
"""How long somebody may take back that they saw to a task."""


async def may_undo(tx: Tx, reader: Reader, task: str, now: datetime) -> bool:
    """Whether the reader closed this task just now and none like it was opened since."""
    found = await tasks.get(tx, task)
    if found is None or not reader.sees(found.centre) or found.closed_at is None or found.kind in OWN_STEP:
        return False
    last = (await audit.of_subject(tx, task))[-1:]
    if [(each.action, each.actor) for each in last] != [("task.closed", reader.account)]:
        return False
    if found.kind in MOOT and await _is_over(tx, found):
        return False
    return now - found.closed_at < SLIP and not await tasks.stands(tx, found.kind, found.subject)


async def _is_over(tx: Tx, task: Task) -> bool:
    """Whether nobody is to be seen to any more: the person withdrew, or is gone."""
    if not task.participant:
        return False
    return (await participants.get(tx, task.participant)).status not in (Status.ACTIVE, Status.SUSPENDED)


async def undo(tx: Tx, reader: Reader, task: str, now: datetime) -> None:
    """The reader pressed by mistake: the task waits again, as long as before. NotFound where it may not."""
    if not await may_undo(tx, reader, task, now) or not await tasks.reopen(tx, task, reader.account, now - SLIP):
        raise NotFound
    audit.record(tx, reader.account, "task.reopened", task, now)
