"""A copy of one's own data, for the person themselves; it never says whether anybody else takes part.

Every copy ends with the same sentence, which neither confirms nor denies. A survivor's copy goes by her safe channel
alone, which is for staff to see to.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from surveys.records import answers, audit, consents, contacts, invitations, participants, safe_contacts
from surveys.records.database import Tx
from surveys.records.participants import Participant
from surveys.rules.vocabulary import Status
from surveys.steps.safe_contact import current
from surveys.steps.service import Service
from surveys.steps.stored_answer import decode

ABOUT_OTHERS = "access_answer"
_WORDS = ("code", "duress")
"""Slow hashes of words: of no use to anybody, so in no copy."""


async def copy_of(tx: Tx, service: Service, participant: str, actor: str, now: datetime) -> dict[str, Any]:
    """Everything kept about one person, opened, and the sentence about others; NoSuchParticipant where there is nobody.

    After a purge there is nothing left but the id and how waves ended.
    """
    person = await participants.get(tx, participant)
    audit.record(tx, actor, "person.copied", participant, now)
    return {
        "participant": participant, "status": person.status, "centre": person.centre, "language": person.language,
        **(await _kept(tx, person) if person.status is not Status.PURGED else {}),
        "waves": [
            {"wave": each.wave, "state": each.state, "disposition": each.disposition}
            for each in await invitations.of_participant(tx, participant)
        ],
        **(await _handed_over(tx, service, person)),
        "about_others": service.library.text(ABOUT_OTHERS, person.language),
    }  # fmt: skip


async def _handed_over(tx: Tx, service: Service, person: Participant) -> dict[str, Any]:
    """On a side of safe contacts, by which channel and in which hours alone the copy may reach the person."""
    if service.library.protocol.safe_contact is None or person.status is Status.PURGED:
        return {}
    contact = await current(tx, person.id)
    if contact is None or contact.do_not_contact:
        return {"hand_over_only": "in person, when she comes by herself; nobody contacts her"}
    return {"hand_over_only": {"channel": person.channel, "hours": list(contact.hours), "else": "in person"}}


async def _kept(tx: Tx, person: Participant) -> dict[str, Any]:
    private = await participants.private(tx, person.id)
    return {
        "gender": person.gender, "other_word": private.other_word,
        "born_on": private.born_on.isoformat() if private.born_on else None,
        "completed_on": private.completed_on.isoformat() if private.completed_on else None,
        "contacts": [
            {"channel": each.channel, "address": each.address} for each in await contacts.of_participant(tx, person.id)
        ],
        "consents": [
            {"purpose": each.purpose, "given": each.given, "version": each.version, "at": each.at.isoformat()}
            for each in await consents.of_participant(tx, person.id)
        ],
        "safe_contact": [_readable(each.document) for each in await safe_contacts.history(tx, person.id)],
        "answers": [
            {"item": each.item, "value": decode(each.value)[0], "missing": decode(each.value)[1],
             "at": each.given_at.isoformat()}
            for each in await answers.of_participant(tx, person.id)
        ],
    }  # fmt: skip


def _readable(document: str) -> Mapping[str, Any]:
    return {key: value for key, value in json.loads(document).items() if key not in _WORDS}
