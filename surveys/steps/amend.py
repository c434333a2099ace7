"""What happens to people who take part: corrections, new addresses, a second course, prison, emigration, death.

Each is one transaction. It must never bring back anybody who withdrew, nor let an old address stay anybody's identity.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.language.catalogue import languages
from surveys.records import audit, consents, contacts, invitations, participants
from surveys.records.consents import NewConsent
from surveys.records.contacts import NewContact
from surveys.records.database import Tx
from surveys.records.invitations import InvitationState
from surveys.records.participants import Participant
from surveys.records.tasks import NewTask
from surveys.records.tombstones import Fate
from surveys.rules.reasons import Reason
from surveys.rules.roles import EVERY_CENTRE
from surveys.rules.vocabulary import ENDED, Channel, Purpose, SmsScript, Status
from surveys.steps.alarm import open_task
from surveys.steps.amendment import Amendment, Kind, read_amendment
from surveys.steps.contact_change import Change, make, unconfirm
from surveys.steps.enrolment import refuse_unreadable
from surveys.steps.expire import close_wave
from surveys.steps.fitting import fit
from surveys.steps.gone import gone
from surveys.steps.numbers import see_that_it_is_theirs_now
from surveys.steps.planning import Late, plan_person
from surveys.steps.reconfirm import said_anew
from surveys.steps.replan import replan
from surveys.steps.safe_contact import SafeContact, keep
from surveys.steps.safety import safe_contact_of
from surveys.steps.service import Service

BY_ONE_HAND = "contact_amended"
"""The coordinators' task: one hand changed how she is reached, which takes two and a day in the console."""
_REACHED = (Kind.PHONE, Kind.TELEGRAM, Kind.CHANNEL)


class AmendmentRefused(ValueError):
    """This cannot be so for this person; the message says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Amended:
    """What followed. `token` is shown once, to staff; `tasks` lists the waves that can never be asked now."""

    participant: str
    kind: Kind
    token: str | None = None
    moved: tuple[str, ...] = ()
    tasks: tuple[Late, ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    tx: Tx
    service: Service
    person: Participant
    change: Amendment
    now: datetime
    actor: str
    safe: SafeContact | None = None

    def done(self, token: str | None = None, moved: tuple[str, ...] = (), tasks: tuple[Late, ...] = ()) -> Amended:
        return Amended(self.person.id, self.change.kind, token, moved, tasks)

    async def set(self, **fields: Any) -> Participant:
        await participants.change(self.tx, self.person.id, self.now, **fields)
        return await participants.get(self.tx, self.person.id)


def read(service: Service, given: Mapping[str, Any], now: datetime) -> Amendment:
    """What was handed in, checked; EnrolmentRefused names the first key that is wrong."""
    return read_amendment(given, today=service.local(now).date(), languages=languages())


async def amend(service: Service, change: Amendment, actor: str, now: datetime) -> Amended:
    """Make the change, everything or nothing. NoSuchParticipant or AmendmentRefused where it cannot be made."""
    safe = await said_anew(service, change.participant, change.safe, change.recorded_by, now) if change.safe else None
    async with service.database.writing() as tx:
        person = await participants.get(tx, change.participant)
        if person.status in ENDED:
            raise AmendmentRefused("participant: has left for good; nothing about them is changed any more")
        amended = await _STEPS[change.kind](_Case(tx, service, person, change, now, actor, safe))
        if change.kind in _REACHED and service.library.protocol.safe_contact is not None:
            await open_task(tx, NewTask(EVERY_CENTRE, BY_ONE_HAND, person.id, person.id), now)
        audit.record(tx, actor, "participant.amended", person.id, now, kind=change.kind)
    return amended


async def _completed_on(case: _Case) -> Amended:
    assert case.change.completed_on is not None
    person = await _dated(case, completed_on=case.change.completed_on)
    again = await replan(case.tx, case.service, person, case.change.completed_on, case.now)
    return case.done(moved=again.moved, tasks=again.late)


async def _dated(case: _Case, **fields: Any) -> Participant:
    """The person, changed. On a side of safe contacts a date plans the waves and is kept nowhere."""
    if case.service.library.protocol.safe_contact is not None:
        fields.pop("completed_on")
    return await case.set(**fields) if fields else case.person


async def _safe_contact(case: _Case) -> Amended:
    """Hours, notice, words …, corrected; it was not confirmed anew by that. What is planned is fitted to it."""
    assert case.safe is not None
    await keep(case.tx, case.person.id, case.safe, case.actor, case.now)
    await fit(case.tx, case.service, case.person, case.safe, case.now)
    return case.done()


async def _phone(case: _Case) -> Amended:
    """Another number on the same channel; whoever writes by Telegram keeps it only to be called."""
    assert case.change.phone is not None
    if case.person.channel is not Channel.TELEGRAM:
        await make(case.tx, case.service, case.person, Change(case.person.channel, case.change.phone), case.actor,
                   case.now)  # fmt: skip
        return case.done()
    await contacts.replace(case.tx, case.person.id, Channel.PHONE, case.now)
    await contacts.add(case.tx, NewContact(case.person.id, Channel.PHONE, case.change.phone), case.now)
    await see_that_it_is_theirs_now(case.tx, case.service, case.person, case.change.phone, case.now)
    await unconfirm(case.tx, case.service, case.person.id, case.actor, case.now)
    return case.done()


async def _telegram(case: _Case) -> Amended:
    """The old chat is nobody's from now on, and its last question is not live any more."""
    if case.person.channel is not Channel.TELEGRAM:
        raise AmendmentRefused("kind: this person is not reached by Telegram")
    token = await make(case.tx, case.service, case.person, Change(Channel.TELEGRAM), case.actor, case.now)
    return case.done(token=token)


async def _channel(case: _Case) -> Amended:
    assert case.change.channel is not None
    if case.change.channel is case.person.channel:
        raise AmendmentRefused("channel: is this person's already; correct a number with phone, a chat with telegram")
    change = Change(case.change.channel, case.change.phone)
    return case.done(token=await make(case.tx, case.service, case.person, change, case.actor, case.now))


async def _language(case: _Case) -> Amended:
    await case.set(language=case.change.language)
    return case.done()


async def _sms_script(case: _Case) -> Amended:
    if case.change.sms_script is SmsScript.CYRILLIC and case.person.language != "sr_Cyrl":
        raise AmendmentRefused("sms_script: cyrillic is for language sr_Cyrl; change that first, or choose latin")
    await case.set(sms_script=case.change.sms_script)
    return case.done()


async def _word(case: _Case) -> Amended:
    refuse_unreadable(case.change.other_word, case.person.language)
    await case.set(other_word=case.change.other_word)
    return case.done()


async def _second_course(case: _Case) -> Amended:
    """What is open of the course before ends; its answers stay. The new course has its own waves and consent."""
    completed_on, tx, now = case.change.completed_on, case.tx, case.now
    before = (await participants.private(tx, case.person.id)).completed_on
    assert completed_on is not None
    if before is not None and completed_on <= before:
        raise AmendmentRefused("completed_on: must lie after the completion of the course before")
    for wave in await invitations.of_participant(tx, case.person.id):
        if wave.state != InvitationState.CLOSED:
            await close_wave(tx, wave, Reason.OTHER_COURSE, now)
    await consents.record_many(tx, _consents(case), now)
    status = Status.ACTIVE if case.person.status is Status.MOVED_ABROAD else case.person.status
    if status is not case.person.status:
        await case.service.tombstones.append(case.person.id, Fate.BACK, now)
    person = await _dated(case, course=case.person.course + 1, protocol=case.service.library.protocol.version,
                          completed_on=completed_on, status=status)  # fmt: skip
    safe = await safe_contact_of(tx, case.service, person.id)
    return case.done(tasks=await plan_person(tx, case.service, person, completed_on, now, safe))


def _consents(case: _Case) -> list[NewConsent]:
    given = case.change.consent
    assert given is not None
    agreed = {
        Purpose.CONTACT: given.contact, Purpose.EVALUATION: given.evaluation, Purpose.CALL: given.call,
    }  # fmt: skip
    return [
        NewConsent(
            case.person.id, purpose, yes, given.version, language=case.person.language, recorded_by=given.recorded_by
        )
        for purpose, yes in agreed.items()
    ]


async def _in_custody(case: _Case) -> Amended:
    """What is planned waits; a wave that passes meanwhile closes as such."""
    await case.set(status=Status.IN_CUSTODY)
    return case.done()


async def _released(case: _Case) -> Amended:
    if case.person.status is not Status.IN_CUSTODY:
        raise AmendmentRefused("kind: this person is not in custody")
    await case.set(status=Status.ACTIVE)
    return case.done()


async def _moved_abroad(case: _Case) -> Amended:
    return await _gone(case, Fate.MOVED_ABROAD)


async def _deceased(case: _Case) -> Amended:
    return await _gone(case, Fate.DECEASED)


async def _gone(case: _Case, fate: Fate) -> Amended:
    await gone(case.tx, case.service, case.person.id, fate, case.now)
    return case.done()


_STEPS: Mapping[Kind, Callable[[_Case], Awaitable[Amended]]] = {
    Kind.COMPLETED_ON: _completed_on,
    Kind.PHONE: _phone,
    Kind.TELEGRAM: _telegram,
    Kind.CHANNEL: _channel,
    Kind.LANGUAGE: _language,
    Kind.SMS_SCRIPT: _sms_script,
    Kind.WORD: _word,
    Kind.SAFE_CONTACT: _safe_contact,
    Kind.SECOND_COURSE: _second_course,
    Kind.IN_CUSTODY: _in_custody,
    Kind.RELEASED: _released,
    Kind.MOVED_ABROAD: _moved_abroad,
    Kind.DECEASED: _deceased,
}
