"""Wrong words at the gate are counted: after so many the code word opens nothing any more, and nobody can see it.

What was typed is kept nowhere. The duress word and a withdrawal are heard whatever the count. Words that are agreed on
anew, in person, begin the count anew.
"""

from datetime import datetime, timedelta

from surveys.records import audit, participants, safe_contacts
from surveys.records.database import Tx
from surveys.records.tasks import NewTask
from surveys.steps.alarm import open_task
from surveys.steps.service import PERSON

MISSED, TASK = "gate.missed", "gate_closed"
MOST = 10
"""So many wrong words and no more: the code word is typed rightly long before, by whoever knows it."""
_WITHIN = timedelta(days=45)
"""As long as a wave is open, however many links it takes."""


async def are_spent(tx: Tx, participant: str, now: datetime) -> bool:
    """Whether so many wrong words were typed that none opens the gate any more."""
    return await _missed(tx, participant, now) >= MOST


async def note_miss(tx: Tx, participant: str, now: datetime) -> None:
    """One more wrong word; the last one that counts opens a task for staff, who renew the words in person."""
    missed = await _missed(tx, participant, now)
    if missed >= MOST:
        return
    audit.record(tx, PERSON, MISSED, participant, now)
    if missed + 1 == MOST:
        person = await participants.get(tx, participant)
        await open_task(tx, NewTask(person.centre, TASK, participant, participant), now)


async def _missed(tx: Tx, participant: str, now: datetime) -> int:
    last = await safe_contacts.latest(tx, participant)
    since = max(last.recorded_at, now - _WITHIN) if last is not None else now - _WITHIN
    entries = await audit.of_subject(tx, participant)
    return sum(each.action == MISSED and each.at >= since for each in entries)
