"""Purging: what identifies a person is destroyed for good, on their wish or when the promised time is over.

Opaque ids, times and dispositions stay, so that counts stay true. Scrub the database after the transaction.
"""

from datetime import datetime

from surveys.records import audit, chats, contacts, erasure, participants, ticks
from surveys.records.database import Tx
from surveys.records.tombstones import Fate
from surveys.rules.vocabulary import Channel, Disposition, Status
from surveys.steps.service import Service
from surveys.steps.traces import clear_of
from surveys.steps.withdraw import ERASED, end_everything

REASON = "purged"


async def purge(tx: Tx, service: Service, participant: str, actor: str, now: datetime) -> bool:
    """Purge this participant; False where that was done before. NoSuchParticipant where there is none."""
    person = await participants.get(tx, participant)
    if person.status is Status.PURGED:
        return False
    await end_everything(tx, participant, Disposition.WITHDRAWN, REASON, now)
    await clear_of(tx, service, participant, now)
    for contact in await contacts.of_participant(tx, participant):
        if contact.channel is Channel.TELEGRAM:
            await chats.end_of(tx, contact.address)
    await erasure.erase(tx, participant, now)
    await ticks.record(tx, ERASED, now)
    audit.record(tx, actor, "participant.purged", participant, now)
    await service.tombstones.append(participant, Fate.PURGED, now)
    return True
