"""Asks staff to confirm a safe contact anew as soon as it may be, long before its wave: a task, once for each wave.

It sends nothing, and asks nothing of who has left, is not to be contacted, or is on hold: after a duress word nobody
calls her, and the task would ask for just that.
"""

from collections.abc import Collection
from datetime import datetime

from surveys.records import holds, invitations, participants, safe_contacts
from surveys.records.database import Tx
from surveys.records.tasks import NewTask
from surveys.rules.vocabulary import Status
from surveys.steps.alarm import open_task
from surveys.steps.safe_contact import current
from surveys.steps.safety import RECONFIRM, TASK_AFTER, is_to_be_confirmed
from surveys.steps.service import Service


async def ask_in_time(service: Service, now: datetime) -> None:
    """Open what tasks there are to open; safe to repeat."""
    if service.library.protocol.safe_contact is None:
        return
    async with service.database.writing() as tx:
        held = {each.target for each in await holds.standing(tx) if each.scope == holds.Scope.PERSON}
        for name in await safe_contacts.waves_to_come(tx, now):
            await _ask(tx, service, name, held, now)


async def _ask(tx: Tx, service: Service, name: str, held: Collection[str], now: datetime) -> None:
    wave = await invitations.get(tx, name)
    if wave is None or wave.closes_at <= now or wave.participant in held:
        return
    person = await participants.get(tx, wave.participant)
    contact = await current(tx, person.id)
    if person.status is not Status.ACTIVE or (contact is not None and contact.do_not_contact):
        return
    if await is_to_be_confirmed(tx, service, person.id, wave, now):
        await open_task(tx, NewTask(person.centre, RECONFIRM, wave.id, person.id, now + TASK_AFTER), now)
