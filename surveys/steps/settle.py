"""Writes down what a turn of the conversation decided: consent, answers, alarms, endings; in the caller's transaction.

It must never store an answer outside a live, consented interview of the bound sender.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from surveys.instruments.engine import Change
from surveys.instruments.form import Form
from surveys.instruments.state import State, to_json
from surveys.records import answers, audit, consents, contacts, deliveries, interviews, invitations, participants
from surveys.records.answers import Answer
from surveys.records.consents import NewConsent
from surveys.records.database import Tx
from surveys.records.interviews import Interview, NewInterview
from surveys.records.invitations import Invitation
from surveys.records.participants import Participant
from surveys.records.tasks import NewTask
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import Channel, DeliveryKind, Disposition, Purpose
from surveys.steps.alarm import open_task, raise_alarms
from surveys.steps.facts import window_of
from surveys.steps.ports import Incoming
from surveys.steps.service import PERSON, SERVICE, Service
from surveys.steps.stored_answer import encode
from surveys.steps.traces import clear_of
from surveys.steps.turn import Act, Stage, Turn
from surveys.steps.wanted_call import note_wanted_call
from surveys.steps.withdraw import withdraw

ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote, by which contact, and the wave and interview that are open to them."""

    participant: Participant
    contact: str
    invitation: Invitation | None = None
    interview: Interview | None = None
    form: Form | None = None
    by: str = PERSON
    """Who wrote it down, in the audit: the person, or the member of staff who heard it in a call."""


async def settle(tx: Tx, service: Service, person: Person, said: Incoming, turn: Turn, now: datetime) -> Person:
    """Record the turn; gives back the person with the interview as it was before this turn was saved."""
    if Act.BEGIN in turn.acts:
        person = await _begin(tx, person, said.channel, now)
    await _save(tx, person, said, turn, now)
    if turn.state is not None:
        await _keep(tx, service, person, said.channel, turn, turn.state, now)
    await note_wanted_call(tx, service, person.participant, turn.changes, said.channel, now)
    if turn.findings:
        await raise_alarms(
            tx, person.participant, person.interview.id if person.interview else None, turn.findings, now
        )
    for act in turn.acts:
        await _act(tx, service, person, said, act, turn, now)
    return person


async def _begin(tx: Tx, person: Person, mode: Channel, now: datetime) -> Person:
    invitation = person.invitation
    assert invitation is not None
    new = NewInterview(
        invitation.id, person.participant.id, invitation.instrument, invitation.version, Stage.CONSENT, mode,
        person.contact,
    )  # fmt: skip
    interview = await interviews.start(tx, new, now)
    await invitations.opened(tx, invitation.id, now)
    await deliveries.cancel_kind(tx, invitation.id, DeliveryKind.NOTICE, Reason.BEGUN, now)
    audit.record(tx, person.by, "interview.begun", interview.id, now)
    return replace(person, interview=interview)


async def _save(tx: Tx, person: Person, said: Incoming, turn: Turn, now: datetime) -> None:
    """Where the interview stands now; the bubble is known at once where it is edited, else once it was sent."""
    before, reply = person.interview, turn.reply
    asks = reply is not None and reply.asks
    if before is None or (turn.state is None and not asks):
        return
    stage = Stage.ITEMS if Act.AGREE in turn.acts else before.stage
    bubble = said.message if asks and reply is not None and reply.same and said.press else None
    state = to_json(turn.state) if turn.state is not None else before.state
    await interviews.save(tx, before, stage, state, bubble, now)


async def _keep(
    tx: Tx, service: Service, person: Person, channel: Channel, turn: Turn, state: State, now: datetime
) -> None:
    assert person.interview is not None
    if not turn.changes:
        return
    gone = [change.item for change in turn.changes if change.value is None and change.missing is None]
    kept = [change for change in turn.changes if change.item not in gone]
    await answers.remove(tx, person.interview.id, gone)
    mode = channel if channel is Channel.PHONE else person.interview.mode
    await answers.put(tx, [_answer(service, person, change, state, mode, now) for change in kept])
    for change in turn.changes:
        audit.record(tx, person.by, "answer.recorded", person.interview.id, now, item=change.item)


def _answer(service: Service, person: Person, change: Change, state: State, mode: Channel, now: datetime) -> Answer:
    assert person.interview is not None
    assert person.form is not None
    item = person.form.instrument.item(change.item)
    start, end = window_of(item, dict(state.facts), service.local(now).date())
    return Answer(
        interview=person.interview.id, item=change.item, invitation=person.interview.invitation,
        participant=person.participant.id, window_start=start, window_end=end, given_at=now,
        mode=mode, value=encode(change.value, change.missing),
    )  # fmt: skip


async def _act(tx: Tx, service: Service, person: Person, said: Incoming, act: Act, turn: Turn, now: datetime) -> None:
    match act:
        case Act.AGREE:
            await _consent(tx, service, person, said, True, now)
        case Act.REFUSE:
            await _consent(tx, service, person, said, False, now)
            await _close(tx, service, person, Disposition.REFUSAL, now)
        case Act.WITHDRAW:
            await withdraw(tx, service, person.participant.id, person.by, now)
        case Act.COMPLETE:
            await _close(tx, service, person, Disposition.COMPLETE, now)
        case Act.WRONG_NUMBER | Act.BLOCKED:
            await suspend(tx, person.participant.id, person.participant.centre, person.contact, act.value, now)
        case Act.UNBLOCKED | Act.LEAVE:
            audit.record(tx, person.by, f"conversation.{act}", person.participant.id, now)
        case Act.SPEAK if turn.language:
            await participants.change(tx, person.participant.id, now, language=turn.language)
            audit.record(tx, person.by, "participant.language", person.participant.id, now, language=turn.language)


async def _consent(tx: Tx, service: Service, person: Person, said: Incoming, given: bool, now: datetime) -> None:
    assert person.invitation is not None
    language = person.participant.language
    read = service.text_at("consent_wave", person.interview.last_at if person.interview else now)
    new = NewConsent(
        person.participant.id, Purpose.EVALUATION, given, read.number,
        text_hash=read.digest(language, said.channel, person.participant.sms_script),
        language=language, channel=said.channel, message=said.message, invitation=person.invitation.id,
    )  # fmt: skip
    await consents.record(tx, new, now)
    audit.record(tx, person.by, "consent.recorded", person.invitation.id, now, given=given)


async def _close(tx: Tx, service: Service, person: Person, how: Disposition, now: datetime) -> None:
    """The wave is over for this person: reminders stop, the interview ends, the disposition stands."""
    assert person.interview is not None
    assert person.invitation is not None
    await deliveries.cancel_of_invitation(tx, person.invitation.id, ANSWERED, now)
    await interviews.end(tx, person.interview.id, how, now)
    await invitations.close(tx, person.invitation.id, how, now)
    await clear_of(tx, service, person.participant.id, now)
    audit.record(tx, person.by, "invitation.closed", person.invitation.id, now, disposition=how)


async def suspend(tx: Tx, participant: str, centre: str, contact: str, reason: str, now: datetime) -> None:
    """This address is not written to any more until staff have looked: a task opens, no other channel is tried."""
    await contacts.suspend(tx, contact, reason, now)
    await open_task(tx, NewTask(centre, f"contact_{reason}", participant, participant), now)
    audit.record(tx, SERVICE, "contact.suspended", contact, now, reason=reason)
