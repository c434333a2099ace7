"""Enrols one person, or many at once: consent, contact, sealed case code, plan and deep link, all in one transaction.

It must never keep the case code, the token or a number in clear, nor enrol anybody without consent to be contacted.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from surveys.language.catalogue import languages
from surveys.records import audit, consents, contacts, participants
from surveys.records.consents import NewConsent
from surveys.records.contacts import NewContact
from surveys.records.database import Tx
from surveys.records.evaluators import seal_for_evaluators
from surveys.records.participants import NewParticipant, Participant
from surveys.records.tasks import NewTask
from surveys.rules.vocabulary import Channel, Purpose
from surveys.steps.alarm import open_task
from surveys.steps.coming_back import come_back
from surveys.steps.enrolment import Enrolment, EnrolmentRefused, read_enrolment
from surveys.steps.link import first_link
from surveys.steps.numbers import UNTESTED, see_that_it_is_theirs
from surveys.steps.once import Newcomer, see_that_code_is_theirs
from surveys.steps.planning import Late, plan_person
from surveys.steps.safe_contact import Given, SafeContact, hashed_words, keep, read_safe_contact
from surveys.steps.service import SERVICE, Service

CASE_CODE = "case_code"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The new participant. `token` is shown once, to staff; `late` lists the waves that are over already."""

    participant: str
    token: str | None
    late: tuple[Late, ...]


def read(service: Service, given: Mapping[str, Any], now: datetime) -> Enrolment:
    """What was handed in, checked against this side; EnrolmentRefused names the first key that is wrong."""
    centres = {name: tuple(centre.words.values()) for name, centre in service.library.centres.items()}
    today, rule = service.local(now).date(), service.library.protocol.safe_contact
    new = read_enrolment(given, today=today, centres=centres, languages=languages(), safely=rule is not None)
    if new.safe is not None:
        read_safe(service, new, today)
    return new


def read_safe(service: Service, new: Enrolment, today: date) -> Given:
    """The safe contact of somebody to be enrolled, checked."""
    assert new.safe is not None
    return read_safe_contact(
        new.safe, today=today, notices=service.library.notice_names(new.channel),
        words=new.channel is not Channel.PHONE, recorded_by=new.consent.recorded_by,
    )  # fmt: skip


async def enrol(service: Service, new: Enrolment, now: datetime) -> Enrolled:
    """Enrol one person; everything or nothing."""
    return (await enrol_many(service, [new], now))[0]


async def enrol_many(service: Service, several: Sequence[Enrolment], now: datetime) -> list[Enrolled]:
    """Enrol many in one transaction; everybody or nobody."""
    rows = [_row(service, new) for new in several]
    kept = await asyncio.gather(*(_hashed(service, new, now) for new in several))
    async with service.database.writing(long=len(several) > 1) as tx:
        await participants.enrolling(tx)
        people = await participants.add_many(tx, rows, now)
        await consents.record_many(tx, _consents(people, several), now)
        await contacts.add_many(tx, _contacts(people, several, now), now)
        await _each_is_new(tx, service, people, several, rows, now)
        rest = zip(people, several, kept, strict=True)
        return [await _begin(tx, service, person, new, contact, now) for person, new, contact in rest]


async def _each_is_new(
    tx: Tx, service: Service, people: Sequence[Participant], several: Sequence[Enrolment],
    rows: Sequence[NewParticipant], now: datetime,
) -> None:  # fmt: skip
    """EnrolmentRefused, with its place, for the first who is enrolled already or left and did not agree again."""
    places = {person.id: place for place, person in enumerate(people)}
    for place, (person, new, row) in enumerate(zip(people, several, rows, strict=True)):
        try:
            selves = await come_back(tx, person.id, new, row.case_index, now)
            newcomer = Newcomer(person, row.reconsented_on, places, selves)
            if row.case_index is not None:
                await see_that_code_is_theirs(tx, service, newcomer, row.case_index, now)
            if new.phone:
                await see_that_it_is_theirs(tx, service, newcomer, new.phone, now)
        except EnrolmentRefused as refusal:
            refusal.place = place
            raise


async def _hashed(service: Service, new: Enrolment, now: datetime) -> SafeContact | None:
    if new.safe is None:
        return None
    given = read_safe(service, new, service.local(now).date())
    return await hashed_words(service.database.seals, given)


def _row(service: Service, new: Enrolment) -> NewParticipant:
    """Where a safe contact is needed, the completion date plans the waves and is kept nowhere."""
    public, protocol = service.evaluators_public, service.library.protocol
    if public is None:
        raise EnrolmentRefused("[keys] evaluators_public: is missing; without it no case code can be sealed")
    seals, once = service.database.seals, protocol.enrolment.once_per_case_code
    return NewParticipant(
        centre=new.centre, channel=new.channel, language=new.language,
        case_code=seal_for_evaluators(public, new.case_code, CASE_CODE), gender=new.gender,
        other_gender=new.other_gender, other_word=new.other_word, born_on=new.born_on,
        completed_on=new.completed_on if protocol.safe_contact is None else None,
        case_index=participants.case_index(seals, new.case_code) if once else None,
        reconsented_on=new.reconsent.on if new.reconsent else None, sms_script=new.sms_script,
        protocol=protocol.version,
    )  # fmt: skip


def _consents(people: Sequence[Participant], several: Sequence[Enrolment]) -> list[NewConsent]:
    anew = [
        NewConsent(person.id, Purpose.CONTACT, new.consent.contact, new.consent.version, new.consent.text_hash,
                   language=new.language,
                   recorded_by=new.reconsent.recorded_by)
        for person, new in zip(people, several, strict=True) if new.reconsent
    ]  # fmt: skip
    return anew + [
        NewConsent(person.id, purpose, given, new.consent.version, new.consent.text_hash, language=new.language,
                   recorded_by=new.consent.recorded_by)
        for person, new in zip(people, several, strict=True)
        for purpose, given in (
            (Purpose.CONTACT, new.consent.contact), (Purpose.EVALUATION, new.consent.evaluation),
            (Purpose.CALL, new.consent.call),
        )
    ]  # fmt: skip


def _contacts(people: Sequence[Participant], several: Sequence[Enrolment], now: datetime) -> list[NewContact]:
    """Whoever gave their number to staff, in person, is reached by it; a test message shows that it was written down
    rightly."""
    return [
        NewContact(person.id, Channel.SMS if new.channel is Channel.SMS else Channel.PHONE, new.phone,
                   None if new.channel is Channel.TELEGRAM else now)
        for person, new in zip(people, several, strict=True) if new.phone
    ]  # fmt: skip


async def _begin(
    tx: Tx, service: Service, person: Participant, new: Enrolment, safe: SafeContact | None, now: datetime
) -> Enrolled:
    if safe is not None:
        await keep(tx, person.id, safe, SERVICE, now)
    late = await plan_person(tx, service, person, new.completed_on, now, safe)
    if new.channel is Channel.SMS:
        await open_task(tx, NewTask(person.centre, UNTESTED, person.id, person.id), now)
    token = await first_link(tx, service, person, now) if new.channel is Channel.TELEGRAM else None
    audit.record(
        tx, SERVICE, "participant.enrolled", person.id, now, centre=new.centre, channel=new.channel, adult=_of_age(new)
    )
    return Enrolled(person.id, token, late)


def _of_age(new: Enrolment) -> str:
    """By what it is known that the person is of age, in a word for the audit."""
    return "born_on" if new.born_on else "attested" if new.adult else "not_said"
