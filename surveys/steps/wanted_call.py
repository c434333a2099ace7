"""Whoever says that they want to be called, and when, is called then: a task at that time, inside their own hours.

The task says when, never why. Saying so is consent to be called, recorded like any other.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from surveys.instruments.engine import Change
from surveys.records import consents
from surveys.records.consents import NewConsent
from surveys.records.database import Tx
from surveys.records.participants import Participant
from surveys.records.tasks import NewTask
from surveys.rules.hours import SafeHours
from surveys.rules.vocabulary import Channel, Purpose
from surveys.steps.alarm import open_task
from surveys.steps.safety import hours_for
from surveys.steps.service import Service

ITEM, TASK = "wants_call", "call_wanted"
_NOON = time(12)
_HALVES = {"call_morning": (time(0), _NOON), "call_afternoon": (_NOON, time(23, 59))}
_AGREED = "call_agreed_time"
_WITHIN = timedelta(days=21)


async def note_wanted_call(
    tx: Tx, service: Service, person: Participant, changes: Iterable[Change], channel: Channel, now: datetime
) -> None:
    """Where one of these answers asks for a call: the consent, and the task at the time that was asked for."""
    wanted = next((each.value for each in changes if each.item == ITEM), None)
    if wanted != _AGREED and wanted not in _HALVES:
        return
    if not await consents.in_force(tx, person.id, Purpose.CALL):
        new = NewConsent(person.id, Purpose.CALL, True, ITEM, language=person.language, channel=channel)
        await consents.record(tx, new, now)
    hours = await hours_for(tx, service, person)
    due = when(hours, _HALVES.get(str(wanted)), now)
    await open_task(tx, NewTask(person.centre, TASK, person.id, person.id, due), now)


def when(hours: SafeHours, half: tuple[time, time] | None, now: datetime) -> datetime | None:
    """The first allowed instant in that half of a day; the first one at all where the hours leave none of it."""
    windows = hours.between(now, now + _WITHIN)
    for start, end in windows if half else ():
        local, last = start.astimezone(hours.zone), end.astimezone(hours.zone)
        begins = max(local, local.replace(hour=half[0].hour, minute=0, second=0, microsecond=0)) if half else local
        if half and begins.time() < half[1] and begins < last:
            return begins.astimezone(now.tzinfo)
    return windows[0][0] if windows else None
