"""Confirming a safe contact anew, before a wave: with the person, by a member of staff, its words agreed on again.

It never takes anything for granted: what is not said anew stands as it was, and the day is the one that staff give.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from surveys.records import participants
from surveys.rules.vocabulary import Channel
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.safe_contact import current, hashed_words, keep, read_safe_contact
from surveys.steps.service import Service


async def reconfirm(
    service: Service, participant: str, given: Mapping[str, Any], actor: str, by: str, now: datetime
) -> None:
    """Record the safe contact as confirmed; `given` are the keys of `safe_contact` that are said anew. EnrolmentRefused
    where one is wrong, or the side knows no safe contacts; NoSuchParticipant where there is nobody."""
    if service.library.protocol.safe_contact is None:
        raise EnrolmentRefused("reconfirm: this side writes to people without a safe contact; nothing to confirm")
    today = service.local(now).date()
    async with service.database.reading() as tx:
        person = await participants.get(tx, participant)
        before = await current(tx, participant)
    read = read_safe_contact(
        {"confirmed_on": today.isoformat(), **given}, today=today, notices=service.library.notice_names(person.channel),
        words=person.channel is not Channel.PHONE, recorded_by=by, before=before,
    )  # fmt: skip
    contact = await hashed_words(service.database.seals, read)
    async with service.database.writing() as tx:
        await keep(tx, participant, contact, actor, now)
