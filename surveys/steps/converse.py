"""A person's message, taken into the records: who it is, where they stand, what follows, written down and answered.

Everything happens in the caller's transaction. A number or chat alone is never identity; a stranger changes nothing.
"""

from datetime import datetime

from surveys.instruments.state import from_json
from surveys.language.commands import Command, command
from surveys.language.script import script_of
from surveys.records import consents, contacts, interviews, invitations, participants
from surveys.records.contacts import Contact
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.rules.vocabulary import Disposition, Purpose, Status
from surveys.steps.facts import facts_of
from surveys.steps.link import bind
from surveys.steps.ports import Event, Incoming, Outgoing
from surveys.steps.reply import answer
from surveys.steps.service import Service
from surveys.steps.settle import Person, settle
from surveys.steps.show import Shown
from surveys.steps.speech import Words, words_for
from surveys.steps.turn import Act, Reply, Stage, Standing, Turn, decide

_SILENT = (Event.BLOCKED, Event.UNBLOCKED, Event.EDITED, Event.IGNORED)


async def converse(tx: Tx, service: Service, said: Incoming, now: datetime) -> Outgoing | None:
    """Handle one message and give the reply to send, already claimed; None where nothing is answered."""
    if said.event is Event.IGNORED:
        return None
    contact = await contacts.find(tx, said.channel, said.sender)
    if said.event is Event.START and said.text:
        return await _by_link(tx, service, contact, said, now)
    if contact is None:
        return await _stranger(tx, service, said, now)
    return await _known(tx, service, contact, said, now)


async def _by_link(tx: Tx, service: Service, contact: Contact | None, said: Incoming, now: datetime) -> Outgoing | None:
    bound = await bind(tx, said.text, said.channel, said.sender, now)
    if bound is not None:
        contact = await contacts.find(tx, said.channel, said.sender)
        assert contact is not None
        return await _known(tx, service, contact, said, now, greeting="start_greeting")
    if contact is not None:
        return await _known(tx, service, contact, said, now, greeting="start_again")
    return await _say(tx, service, said, "link_invalid", now)


async def _stranger(tx: Tx, service: Service, said: Incoming, now: datetime) -> Outgoing | None:
    if said.event in _SILENT:
        return None
    if said.event is Event.TEXT and command(said.text) is Command.WITHDRAW:
        return await _say(tx, service, said, "withdrawal", now)
    return await _say(tx, service, said, "unknown_sender", now)


async def _say(tx: Tx, service: Service, said: Incoming, text: str, now: datetime) -> Outgoing | None:
    """To somebody who is not bound here: the same words whoever it is."""
    language = "sr_Cyrl" if said.event is Event.TEXT and script_of(said.text) == "cyrillic" else "sr_Latn"
    words = words_for(service.library, "", service.local(now), service.holidays)(text, language)
    reply = Reply(toast=words) if said.press else Reply(Shown(words))
    return await answer(tx, said, reply, now)


async def _known(
    tx: Tx, service: Service, contact: Contact, said: Incoming, now: datetime, greeting: str | None = None
) -> Outgoing | None:
    person = await _reachable(tx, contact, said, now)
    if person is None:
        return None
    person = await _with_wave(tx, service, person, now)
    standing = await _standing(tx, service, person, now)
    if greeting and standing.form is None:
        turn = Turn(Reply(Shown(standing.words(greeting, standing.language))))
    else:
        turn = decide(standing, said)
    person = await settle(tx, service, person, said, turn, now)
    if turn.reply is None:
        return None
    return await answer(
        tx, said, turn.reply, now, participant=person.participant.id,
        interview=person.interview.id if person.interview else None, bubble=standing.bubble,
        final=Act.WITHDRAW in turn.acts,
    )  # fmt: skip


async def _reachable(tx: Tx, contact: Contact, said: Incoming, now: datetime) -> Person | None:
    """The participant, where they may be talked to at all. After a withdrawal nothing is answered, ever."""
    participant = await participants.get(tx, contact.participant)
    if participant is None or participant.status is not Status.ACTIVE:
        return None
    if not await consents.in_force(tx, participant.id, Purpose.CONTACT):
        return None
    if contact.suspended_at is not None:
        if contact.reason != Act.BLOCKED or said.event in _SILENT:
            return None
        await contacts.resume(tx, contact.id, now)
    return Person(participant, contact)


async def _with_wave(tx: Tx, service: Service, person: Person, now: datetime) -> Person:
    """The wave that is open now, or due and not yet closed: it opens at once for somebody who writes."""
    invitation = await invitations.current(tx, person.participant.id, now, service.local(now).date())
    if invitation is None:
        return person
    form = await service.form(tx, invitation.instrument, invitation.version)
    interview = await interviews.live(tx, invitation.id)
    return Person(person.participant, person.contact, invitation, interview, form, new_id("i", service.chance))


async def _standing(tx: Tx, service: Service, person: Person, now: datetime) -> Standing:
    language, interview = person.participant.language, person.interview
    local = service.local(now)
    return Standing(
        language=language,
        words=_words(service, person.participant.centre, local),
        now=local,
        form=person.form,
        stage=Stage(interview.stage) if interview else None,
        state=from_json(interview.state) if interview and interview.state else None,
        tag=(interview.id if interview else person.next_interview)[-8:],
        bubble=interview.bubble if interview else None,
        facts=await _facts(tx, service, person, local) if interview and not interview.state else (),
    )


def _words(service: Service, centre: str, local: datetime) -> Words:
    phone = service.library.centres[centre].phone if centre in service.library.centres else ""
    return words_for(service.library, phone, local, service.holidays)


async def _facts(tx: Tx, service: Service, person: Person, local: datetime) -> tuple[tuple[str, str], ...]:
    assert person.invitation is not None
    earlier = await invitations.of_participant(tx, person.participant.id)
    answered = (Disposition.COMPLETE, Disposition.PARTIAL)
    missed = any(
        each.course == person.invitation.course and each.due_on < person.invitation.due_on
        and each.disposition not in answered for each in earlier
    )  # fmt: skip
    facts = facts_of(service.library, person.participant, person.invitation.wave, local.date(), earlier_missed=missed)
    return tuple(facts.items())
