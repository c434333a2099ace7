"""Confirming a safe contact anew, before a wave: with the person, by a member of staff, its words agreed on again.

It never takes anything for granted: what is not said anew stands as it was, and the day is the one that staff give.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from surveys.records import participants, tasks
from surveys.rules.vocabulary import ENDED, Channel
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.fitting import fit
from surveys.steps.safe_contact import SafeContact, current, hashed_words, keep, read_safe_contact
from surveys.steps.safety import OVERDUE, RECONFIRM
from surveys.steps.service import Service


async def reconfirm(
    service: Service, participant: str, given: Mapping[str, Any], actor: str, by: str, now: datetime, *,
    words_stay: bool = False,
) -> None:  # fmt: skip
    """Record the safe contact as confirmed; `given` are the keys of `safe_contact` that are said anew. EnrolmentRefused
    where one is wrong, or the side knows no safe contacts; NoSuchParticipant where there is nobody."""
    today = service.local(now).date()
    await _words_anew(service, participant, given, words_stay)
    contact = await said_anew(service, participant, {"confirmed_on": today.isoformat(), **given}, by, now)
    async with service.database.writing() as tx:
        person = await participants.get(tx, participant)
        if person.status in ENDED:
            raise EnrolmentRefused("participant: has left for good; nothing about them is changed any more")
        await keep(tx, participant, contact, actor, now)
        await fit(tx, service, person, contact, now)
        await tasks.close_about(tx, participant, (RECONFIRM, OVERDUE), actor, now)


async def _words_anew(service: Service, participant: str, given: Mapping[str, Any], words_stay: bool) -> None:
    """Words are agreed anew each time: with new ones, or because the person said that the old ones stay."""
    async with service.database.reading() as tx:
        person = await participants.get(tx, participant)
        before = await current(tx, participant)
    if words_stay or "code_word" in given or given.get("do_not_contact") or before is None or not before.code:
        return
    if person.channel is not Channel.PHONE:
        raise EnrolmentRefused(
            "safe_contact.code_word and duress_word: are agreed on anew each time; give both in --changes, or say "
            "--words-agreed where she herself wants the old ones to stay"
        )


async def said_anew(
    service: Service, participant: str, given: Mapping[str, Any], by: str, now: datetime
) -> SafeContact:
    """The safe contact that stands with what is said anew, its words hashed; outside any transaction."""
    if service.library.protocol.safe_contact is None:
        raise EnrolmentRefused("safe_contact: this side writes to people without a safe contact; there is none")
    async with service.database.reading() as tx:
        person = await participants.get(tx, participant)
        before = await current(tx, participant)
    read = read_safe_contact(
        given, today=service.local(now).date(), notices=service.library.notice_names(person.channel),
        words=person.channel is not Channel.PHONE, recorded_by=by, before=before,
    )  # fmt: skip
    return await hashed_words(service.database.seals, read)
