"""An interview by telephone: in a call that was opened, staff read each screen aloud and type what they hear.

It must never begin without such a call, nor outlast it; every answer goes through the same engine as on the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from surveys.library.helplines import open_lines
from surveys.records import audit, calls, consents, contacts, participants, tasks
from surveys.records.calls import CallMade
from surveys.records.database import Tx
from surveys.records.interviews import InterviewMoved
from surveys.records.participants import Participant
from surveys.rules.vocabulary import Channel, Purpose, Status
from surveys.steps.notice import CALL_TASK
from surveys.steps.page_said import PageSaid, Screen
from surveys.steps.safety import unsafe_now
from surveys.steps.screens import say
from surveys.steps.service import Service
from surveys.steps.settle import Person, suspend
from surveys.steps.standing import with_wave
from surveys.steps.turn import Act

LONGEST = timedelta(hours=2)
"""What is typed later than this after the call was opened was not said in it."""


class Outcome(StrEnum):
    """How a call ended in which no interview came to an end."""

    NO_ANSWER = "no_answer"
    SOMEONE_ELSE = "someone_else"
    CALL_LATER = "call_later"
    WRONG_NUMBER = "wrong_number"


_DONE = (Act.COMPLETE, Act.REFUSE, Act.WITHDRAW, Act.WRONG_NUMBER, Outcome.WRONG_NUMBER)
"""After these nobody needs to be called again for this wave."""


class NoCall(LookupError):
    """No call to this person is going on; open one first."""


@dataclass(frozen=True, slots=True, repr=False)
class Heard:
    """What to read aloud next. `lines` are the helplines that are open now; `over` says that the call has ended."""

    screen: Screen
    lines: Sequence[str]
    over: Act | None


async def going_on(tx: Tx, participant: str, now: datetime) -> CallMade | None:
    """The call to this person that is going on, where there is one."""
    return await calls.live(tx, participant, now - LONGEST)


async def in_call(service: Service, participant: str, said: PageSaid, actor: str, now: datetime) -> Heard:
    """Take one form, in one transaction; NoCall where no call is going on, or nothing may be asked (any more)."""
    for _ in range(3):
        try:
            async with service.database.writing() as tx:
                return await _taken(tx, service, participant, said, actor, now)
        except InterviewMoved:  # two people typed at once: the second is shown what the first led to
            continue
    raise NoCall


async def _taken(
    tx: Tx, service: Service, participant: str, said: PageSaid, actor: str, now: datetime
) -> Heard:  # fmt: skip
    call = await going_on(tx, participant, now)
    person = await _who(tx, service, call, actor, now) if call else None
    if call is None or person is None:
        raise NoCall
    screen, over = await say(tx, service, person, Channel.PHONE, said, now)
    if over is not None:
        await _end(tx, call, over, actor, now)
    return Heard(screen, lines_now(service, screen.language, now), over)


async def _who(tx: Tx, service: Service, call: CallMade, actor: str, now: datetime) -> Person | None:
    """Whom the call is with, where the wave that it is about is still open to them."""
    participant = await participants.get(tx, call.participant)
    if participant.channel is not Channel.PHONE or not await _may_be_asked(tx, participant, call):
        return None
    if await unsafe_now(tx, service, participant.id, call.invitation) is not None:
        return None  # what was agreed is confirmed anew first; it may be in this very call
    person = await with_wave(tx, service, participant, call.contact, now)
    if person.invitation is None or person.invitation.id != call.invitation:
        return None
    return Person(participant, call.contact, person.invitation, person.interview, person.form, actor)


async def _may_be_asked(tx: Tx, participant: Participant, call: CallMade) -> bool:
    if participant.status is not Status.ACTIVE or not await consents.in_force(tx, participant.id, Purpose.CONTACT):
        return False
    current = [each for each in await contacts.of_participant(tx, participant.id) if each.id == call.contact]
    return any(each.replaced_at is None and each.suspended_at is None for each in current)


async def hang_up(service: Service, participant: str, how: Outcome, actor: str, now: datetime) -> None:
    """The call came to nothing; NoCall where none is going on. A wrong number is called no more, and a task opens."""
    async with service.database.writing() as tx:
        call = await going_on(tx, participant, now)
        if call is None:
            raise NoCall
        if how is Outcome.WRONG_NUMBER:
            person = await participants.get(tx, participant)
            await suspend(tx, person.id, person.centre, call.contact, how.value, now)
        await _end(tx, call, how, actor, now)


async def _end(tx: Tx, call: CallMade, how: Act | Outcome, actor: str, now: datetime) -> None:
    await calls.end(tx, call.id, how.value, now)
    if how in _DONE:
        await tasks.close_about(tx, call.participant, (CALL_TASK,), actor, now)
    audit.record(tx, actor, "call.ended", call.participant, now, how=how.value)


def lines_now(service: Service, language: str, now: datetime) -> Sequence[str]:
    """The side's helplines that are open now, as they are read aloud."""
    local = service.local(now)
    found = open_lines(service.helplines, local, today_is_holiday=service.holidays.is_holiday(local.date()))
    return [line.said(language) for line in found]
