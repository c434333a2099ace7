"""Writes down what a turn of the conversation decided: consent, answers, alarms, endings; in the caller's transaction.

It must never store an answer outside a live, consented interview of the bound sender.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from surveys.instruments.engine import Change
from surveys.instruments.form import Form
from surveys.instruments.model import Kind
from surveys.instruments.state import State, to_json
from surveys.records import answers, audit, consents, contacts, deliveries, interviews, invitations, participants, tasks
from surveys.records.contacts import Contact
from surveys.records.database import Tx
from surveys.records.interviews import Interview
from surveys.records.invitations import Invitation
from surveys.records.participants import Participant
from surveys.rules.vocabulary import Channel, Disposition, Purpose
from surveys.steps.alarm import raise_alarms
from surveys.steps.facts import window_of
from surveys.steps.ports import Incoming
from surveys.steps.service import PERSON, Service
from surveys.steps.turn import Act, Stage, Turn
from surveys.steps.withdraw import withdraw


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote, by which contact, and the wave and interview that are open to them."""

    participant: Participant
    contact: Contact
    invitation: Invitation | None = None
    interview: Interview | None = None
    form: Form | None = None
    next_interview: str = ""
    """The id that an interview gets if it begins now, so that its buttons can name it."""


async def settle(tx: Tx, service: Service, person: Person, said: Incoming, turn: Turn, now: datetime) -> Person:
    """Record the turn; gives back the person with a new interview where one began."""
    for act in turn.acts:
        person = await _act(tx, service, person, said, act, turn, now)
    if turn.state is not None and person.interview is not None:
        await _keep(tx, service, person, turn, turn.state, now)
    if turn.findings:
        interview = person.interview.id if person.interview else None
        await raise_alarms(tx, person.participant, interview, turn.findings, now)
    return person


async def _act(tx: Tx, service: Service, person: Person, said: Incoming, act: Act, turn: Turn, now: datetime) -> Person:
    match act:
        case Act.BEGIN:
            return await _begin(tx, person, said.channel, now)
        case Act.AGREE | Act.REFUSE:
            await _consent(tx, service, person, said, act is Act.AGREE, now)
        case Act.WITHDRAW:
            await withdraw(tx, service, person.participant.id, PERSON, now)
        case Act.COMPLETE:
            await _close(tx, person, Disposition.COMPLETE, now)
        case Act.WRONG_NUMBER | Act.BLOCKED:
            await suspend(tx, person.participant, person.contact.id, act.value, now)
        case Act.UNBLOCKED | Act.LEAVE:
            await audit.record(tx, PERSON, f"conversation.{act}", person.participant.id, now)
        case Act.SPEAK if turn.language:
            await participants.set_language(tx, person.participant.id, turn.language, now)
            await audit.record(tx, PERSON, "participant.language", person.participant.id, now, language=turn.language)
    return person


async def _begin(tx: Tx, person: Person, mode: Channel, now: datetime) -> Person:
    invitation = person.invitation
    assert invitation is not None
    interview = await interviews.begin(
        tx, person.next_interview, invitation.id, person.participant.id, person.contact.id, invitation.instrument, invitation.version,
        stage=Stage.CONSENT, mode=mode, now=now,
    )  # fmt: skip
    await invitations.mark_open(tx, invitation.id, now)
    await audit.record(tx, PERSON, "interview.begun", interview.id, now)
    return replace(person, interview=interview)


async def _consent(tx: Tx, service: Service, person: Person, said: Incoming, given: bool, now: datetime) -> None:
    assert person.interview is not None
    assert person.invitation is not None
    language = person.participant.language
    await consents.add(
        tx, person.participant.id, Purpose.EVALUATION, given=given,
        version=str(service.library.text_version("consent_wave")),
        text_hash=service.library.text_digest("consent_wave", language), language=language, channel=said.channel,
        message=said.message, invitation=person.invitation.id, now=now,
    )  # fmt: skip
    await audit.record(tx, PERSON, "consent.recorded", person.invitation.id, now, given=given)
    if given:
        await interviews.set_stage(tx, person.interview.id, Stage.ITEMS, now)
    else:
        await _close(tx, person, Disposition.REFUSAL, now)


async def _close(tx: Tx, person: Person, how: Disposition, now: datetime) -> None:
    """The wave is over for this person: reminders stop, the interview ends, the disposition stands."""
    assert person.interview is not None
    assert person.invitation is not None
    await deliveries.cancel_planned(tx, person.participant.id, "answered", now, invitation=person.invitation.id)
    await interviews.end(tx, person.interview.id, how, now)
    await invitations.close(tx, person.invitation.id, how, how, now)
    await audit.record(tx, PERSON, "invitation.closed", person.invitation.id, now, disposition=how)


async def suspend(tx: Tx, person: Participant, contact: str, reason: str, now: datetime) -> None:
    """This address is not written to any more until staff have looked: a task opens, no other channel is tried."""
    await contacts.suspend(tx, contact, reason, now)
    await tasks.open_once(tx, person.centre, f"contact_{reason}", person.id, participant=person.id, now=now)
    await audit.record(tx, "service", "contact.suspended", contact, now, reason=reason)


async def _keep(tx: Tx, service: Service, person: Person, turn: Turn, state: State, now: datetime) -> None:
    assert person.interview is not None
    await interviews.keep(tx, person.interview, to_json(state), state.turn, now)
    for change in turn.changes:
        await _record(tx, service, person, change, state, now)
    if turn.changes:
        items = " ".join(change.item for change in turn.changes)
        await audit.record(tx, PERSON, "answer.recorded", person.interview.id, now, items=items)


async def _record(tx: Tx, service: Service, person: Person, change: Change, state: State, now: datetime) -> None:
    assert person.interview is not None
    assert person.form is not None
    if change.value is None and change.missing is None:
        await answers.clear(tx, person.interview.id, change.item)
        return
    item = person.form.instrument.item(change.item)
    start, end = (
        (None, None) if item.kind is Kind.NOTE else window_of(item, dict(state.facts), service.local(now).date())
    )
    await answers.put(
        tx, person.interview, change.item, change.value, change.missing, window=(start, end),
        mode=person.interview.mode, now=now,
    )  # fmt: skip
